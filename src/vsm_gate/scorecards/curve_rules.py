"""Curves as they are written, checked before anything is scored by them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from vsm_gate.documents import Path, nearest
from vsm_gate.errors import Mistake
from vsm_gate.metrics.catalogue import CATALOGUE
from vsm_gate.metrics.metric import Direction
from vsm_gate.scorecards.criterion_language import CriterionError, quantity
from vsm_gate.scorecards.curves import LINES
from vsm_gate.scorecards.layers import Setting
from vsm_gate.scorecards.policy import CurvePoint, OwnCurves


def resolve_curves(setting: Setting | None) -> tuple[OwnCurves | None, list[Mistake]]:
    """The curves that a setting brings, and every mistake in them."""
    if setting is None or setting.value is None:
        return None, []
    lines: dict[str, tuple[CurvePoint, ...]] = {}
    mistakes: list[Mistake] = []
    for metric, points in setting.value.lines.items():
        line = _Line(setting, metric)
        lines[metric] = line.points(points)
        mistakes += line.mistakes
    return OwnCurves(setting.value.version, lines), mistakes


class _Line:
    """The curve of one metric in the making."""

    def __init__(self, setting: Setting, metric: str) -> None:
        self.mistakes: list[Mistake] = []
        self._setting = setting
        self._metric = metric

    def points(self, written: list[tuple[str, Any]]) -> tuple[CurvePoint, ...]:
        """Its points, where each can be read."""
        if self._metric not in LINES:
            hint = nearest(self._metric, LINES) or f"there are curves for {', '.join(LINES)}"
            self._refuse((), f"no dimension is made of `{self._metric}`", hint)
            return ()
        found = list(self._read(written))
        if len(found) == len(written):
            self._check(found)
        return tuple(found)

    def _read(self, written: list[tuple[str, Any]]) -> Iterator[CurvePoint]:
        unit = CATALOGUE[self._metric].unit
        for index, (text, score) in enumerate(written):
            try:
                yield CurvePoint(text, quantity(text, unit), score)
            except CriterionError as problem:
                self._refuse((index, 0), f"`{text}`: {problem.message}", problem.hint)

    def _check(self, points: list[CurvePoint]) -> None:
        """Values go up, and scores the way that is better."""
        better = CATALOGUE[self._metric].direction
        for index, (before, after) in enumerate(pairwise(points), 1):
            if after.value <= before.value:
                self._refuse((index, 0), f"`{after.text}` is not above `{before.text}`")
            rises = after.score >= before.score
            if after.score != before.score and rises is not (better is Direction.HIGHER):
                said = f"the score {'rises' if rises else 'falls'} where it is {better.value} that"
                self._refuse((index, 1), f"{said} is better")

    def _refuse(self, place: Path, message: str, hint: str | None = None) -> None:
        setting = self._setting
        path = (*setting.path, "lines", self._metric, *place)
        said = f"the curve of {self._metric}: {message}"
        self.mistakes.append(setting.layer.document.mistake(path, said, hint))
