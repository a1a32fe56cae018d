"""The baseline that a replay compares with: what the gate would have had at each check. Pure."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable
from fractions import Fraction

from vsm_gate.model.results import Baseline
from vsm_gate.scorecards.policy import BaselineRule
from vsm_gate.scorecards.readings import Cell, Reading
from vsm_gate.scorecards.recorded import AGGREGATES

# A value behind the float nearest to it: in order as the values are, and quicker to compare.
_Place = tuple[float, Fraction]


class Window:
    """The last good checks of the default branch, one a commit, and the baseline they make."""

    def __init__(self, rule: BaselineRule, metrics: Iterable[str]) -> None:
        self.baseline = Baseline()
        self._aggregate = rule.aggregate
        self._size = rule.window
        self._metrics = tuple(metrics)
        # Of each commit in the window, oldest first, its cells; of each metric, its places sorted.
        self._commits: dict[object, dict[str, Cell]] = {}
        self._sorted: dict[str, list[_Place]] = {metric: [] for metric in self._metrics}

    def add(self, check: Reading) -> None:
        """Take in a check in place of an earlier one of its commit (None: of one that no other
        has); the oldest leaves once the window is full.
        """
        new = {
            metric: cell
            for metric in self._metrics
            if (cell := check.cell(metric)) is not None and cell.value is not None
        }
        commit = check.commit
        name = object() if commit is None else str(commit)
        self._drop(name)
        self._commits[name] = new
        for metric, cell in new.items():
            insort(self._sorted[metric], cell.place)
        if len(self._commits) > self._size:
            self._drop(next(iter(self._commits)))
        self.baseline = Baseline(
            {metric: self._value(metric) for metric in self._metrics if self._sorted[metric]}
        )

    def _drop(self, commit: object) -> None:
        for metric, cell in self._commits.pop(commit, {}).items():
            places = self._sorted[metric]
            del places[bisect_left(places, cell.place)]

    def _value(self, metric: str) -> Fraction:
        places = self._sorted[metric]
        if self._aggregate == "median":
            half = len(places) // 2
            return places[half][1] if len(places) % 2 else _between(places[half - 1], places[half])
        newest = reversed(self._commits.values())
        found = [cells[metric].place[1] for cells in newest if metric in cells]
        return AGGREGATES[self._aggregate](found)


def _between(low: _Place, high: _Place) -> Fraction:
    """The middle of two values."""
    return low[1] if low == high else (low[1] + high[1]) / 2
