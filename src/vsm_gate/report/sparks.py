"""Small drawings inside a line of text: a trend, and how changes were judged."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import groupby
from typing import Final

from markupsafe import Markup

from vsm_gate.analytics.picture import Verdicts, Week
from vsm_gate.analytics.warehouse import Row

_WIDTH: Final = 120
_HEIGHT: Final = 28
_EDGE: Final = 3
_FEWEST: Final = 2
# Where the first and the last week of a tall drawing stand, as shares of its width.
LEFT: Final = 0.01
RIGHT: Final = 0.99


def trend(weeks: Sequence[Week], low: int) -> Markup:
    """Weekly median scores on a scale of `low`…100; a week without data is a gap."""
    return _svg("spark", _WIDTH, _HEIGHT, _lines([week.median for week in weeks], low))


def _lines(values: Sequence[float | None], low: int) -> str:
    step = (_WIDTH - 2 * _EDGE) / max(1, len(values) - 1)
    places = [
        (index, None if value is None else _y(value, low)) for index, value in enumerate(values)
    ]
    pieces = []
    for present, group in groupby(places, key=lambda place: place[1] is not None):
        if present:
            run = [f"{_EDGE + step * index:.1f},{y:.1f}" for index, y in group]
            # A lone week has no length: a round cap makes it a dot.
            run = run if len(run) > 1 else run * 2
            pieces.append(f'<polyline points="{" ".join(run)}"/>')
    return "".join(pieces)


def weekly(weeks: Sequence[Week], metric: str) -> Markup:
    """A figure by week, between its least and its most; empty where only one week has it."""
    values = [
        found.value if (found := week.figures.get(metric)) is not None else None for week in weeks
    ]
    known = [value for value in values if value is not None]
    if len(known) < _FEWEST:
        return Markup("")
    low, span = min(known), (max(known) - min(known)) or 1.0
    scaled = [None if value is None else 100 * (value - low) / span for value in values]
    return _svg("spark", _WIDTH, _HEIGHT, _lines(scaled, 0))


def _y(score: float, low: int) -> float:
    inner = _HEIGHT - 2 * _EDGE
    return _EDGE + inner * (100 - min(100.0, max(float(low), score))) / (100 - low)


def judged(verdicts: Verdicts) -> Markup:
    """One bar, split by verdict."""
    parts = (
        ("pass", verdicts.passed),
        ("warn", verdicts.warned),
        ("inconclusive", verdicts.inconclusive),
        ("fail", verdicts.failed),
    )
    return split(parts, verdicts.changes)


def split(parts: Sequence[tuple[str, int]], whole: int) -> Markup:
    """One bar, split into named parts of a whole."""
    pieces, x = [], 0.0
    for name, number in parts:
        width = _WIDTH * number / whole if whole else 0
        if number:
            rect = f'<rect class="{name}" x="{x:.2f}" y="0" width="{width:.2f}" height="10"/>'
            pieces.append(rect)
        x += width
    return _svg("split", _WIDTH, 10, "".join(pieces))


def deployments(weeks: Sequence[tuple[str, Row]], kind: str) -> Markup:
    """Deployments by week as bars from the ground, the failed ones at the bottom."""
    width, height = (940, 110) if kind == "tall" else (_WIDTH, _HEIGHT)
    most = max((row["deployments"] for _, row in weeks), default=0) or 1
    step = width * (RIGHT - LEFT) / max(1, len(weeks) - 1)
    thick = max(1.0, min(22.0, 0.72 * step))
    pieces = []
    for index, (_, row) in enumerate(weeks):
        x = width * LEFT + step * index - thick / 2
        for name, number in (("fill", row["deployments"]), ("fail", row["failed"])):
            tall = height * number / most
            if number:
                pieces.append(
                    f'<rect class="{name}" x="{x:.1f}" y="{height - tall:.1f}"'
                    f' width="{thick:.1f}" height="{tall:.1f}"/>'
                )
    return _svg(f"columns {kind}", width, height, "".join(pieces))


def balance(points: Fraction, of: Iterable[Fraction]) -> Markup:
    """A bar to the right for what is gained, to the left for what is lost; the largest is full."""
    # A gap of less than a point fills no bar.
    most = max((abs(other) for other in of), default=Fraction(0))
    most = max(most, Fraction(1))
    width = float(abs(points) / most) * _WIDTH / 2
    name = "better" if points > 0 else "worse"
    x = _WIDTH / 2 - (0.0 if points > 0 else width)
    inside = (
        f'<rect class="{name}" x="{x:.1f}" y="0" width="{width:.1f}" height="10"/>'
        f'<rect class="was" x="{_WIDTH / 2 - 0.5:.1f}" y="0" width="1" height="10"/>'
    )
    return _svg("balance", _WIDTH, 10, inside)


def interval(low: float, middle: float, high: float) -> Markup:
    """Where a share of 0…1 lies, beside the line of a coin."""
    left, x, right = (_WIDTH * share for share in (low, middle, high))
    inside = (
        f'<rect class="was" x="{_WIDTH / 2 - 0.5:.1f}" y="0" width="1" height="12"/>'
        f'<rect class="fill" x="{left:.1f}" y="5" width="{max(1.0, right - left):.1f}" height="2"/>'
        f'<rect class="fill" x="{x - 2:.1f}" y="2" width="4" height="8"/>'
    )
    return _svg("interval", _WIDTH, 12, inside)


def gauge(before: float | None, now: float) -> Markup:
    """Where a score of 0…100 stands, with a tick where it stood before."""
    pieces = [
        f'<rect class="track" x="0" y="3" width="{_WIDTH}" height="4"/>',
        f'<rect class="fill" x="0" y="3" width="{_across(now):.1f}" height="4"/>',
    ]
    if before is not None:
        x = min(_WIDTH - 1.0, _across(before))
        pieces.append(f'<rect class="was" x="{x:.1f}" y="0" width="1" height="10"/>')
    return _svg("gauge", _WIDTH, 10, "".join(pieces))


def bar(value: float, whole: float) -> Markup:
    """How much of the largest a value is."""
    width = _WIDTH * min(1.0, max(0.0, value / whole)) if whole else 0.0
    inside = f'<rect class="fill" x="0" y="0" width="{width:.1f}" height="4"/>'
    return _svg("bar", _WIDTH, 4, inside)


def _across(score: float) -> float:
    return _WIDTH * min(100.0, max(0.0, score)) / 100


def _svg(kind: str, width: int, height: int, inside: str) -> Markup:
    # Numbers and names of our own making only.
    return Markup(  # noqa: S704
        f'<svg class="{kind}" viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
        f' preserveAspectRatio="none" aria-hidden="true" focusable="false">{inside}</svg>'
    )
