"""The value stream map: process boxes with their data, the waits between them, and the ladder.

Times are medians over the changes that went through a step; the sum of medians is not the median
of the whole, and both are shown. %C/A is the share that left a step complete and accurate.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import cos, pi, sin
from typing import Final, NamedTuple

from markupsafe import Markup, escape

from vsm_gate.analytics.picture import Moment, Stage
from vsm_gate.report import text

_WIDE: Final = 940
_NARROW: Final = 330
_SUMMARY: Final = 150
_NOTHING: Final = Stage(None, 0, 0, 0)


class _Plan(NamedTuple):
    """A step: what happens in it, the stage of its work, the stage of the wait before it, what is
    wasted there, and whether there is no waiting in its work.
    """

    title: str
    what: str
    process: str | None
    wait: str | None
    wasted: tuple[str, ...] = ()
    pure: bool = True


_STEPS: Final = (
    _Plan("Code", "to pull request", "coding", None),
    _Plan("Review", "to last approval", "review", "pickup", ("waste.review_wait",)),
    _Plan("Integrate", "default branch", "main", "merge", ("waste.queue", "waste.rerun")),
    _Plan("Deploy", "to production", "deploy", "ship"),
)
# Where nobody timed reviews: what git alone can tell.
_PLAIN: Final = (
    _Plan("Change", "to the merge", "change", None, ("waste.rerun", "waste.blocked"), pure=False),
    _Plan("Integrate", "default branch", "main", None),
    _Plan("Deploy", "to production", "deploy", "ship"),
)


@dataclass(frozen=True, slots=True)
class Step:
    """A process box: `process` and the `wait` before it in seconds, None where nobody timed it.

    `pure` says that there is no waiting in its process, `queued` that the wait before it is one
    that can be timed.
    """

    title: str
    what: str
    process: float | None
    wait: float | None
    accurate: int
    entered: int
    timed: int
    wasted: tuple[tuple[str, float], ...]
    pure: bool
    queued: bool

    @property
    def complete_accurate(self) -> str:
        """%C/A."""
        return text.percent(self.accurate, self.entered)


@dataclass(frozen=True, slots=True)
class Stream:
    """The steps, and the figures rolled over them."""

    steps: tuple[Step, ...]
    rolled: float | None

    reviewed: bool

    @property
    def process(self) -> float | None:
        """The sum of the work that was timed; None where none was."""
        return _sum(step.process for step in self.steps)

    @property
    def wait(self) -> float | None:
        """The sum of the waiting that was timed; None where none was."""
        return _sum(step.wait for step in self.steps)

    @property
    def activity(self) -> float | None:
        """The activity ratio in %: process ÷ (process + wait).

        None where reviews were not timed: what git alone can tell has waiting in its work.
        """
        if not self.reviewed or self.process is None or self.wait is None:
            return None
        return 100 * self.process / (self.process + self.wait)


def stream(moment: Moment) -> Stream | None:
    """The value stream of a moment; None where nothing went through it."""
    if not moment.stages:
        return None
    reviewed = bool({"pickup", "review"} & set(moment.stages))
    steps = tuple(_step(moment, plan) for plan in (_STEPS if reviewed else _PLAIN))
    return Stream(steps, moment.figures["flow.complete_accurate"].value, reviewed)


def _sum(times: Iterable[float | None]) -> float | None:
    known = [time for time in times if time is not None]
    return sum(known) if known else None


def _step(moment: Moment, plan: _Plan) -> Step:
    work = moment.stages.get(plan.process or "", _NOTHING)
    before = moment.stages.get(plan.wait or "", _NOTHING)
    judged = work if work.entered else before
    return Step(
        title=plan.title,
        what=plan.what,
        process=work.seconds,
        wait=before.seconds,
        accurate=judged.accurate,
        entered=judged.entered,
        timed=max(work.timed, before.timed),
        wasted=tuple(
            (metric, value)
            for metric in plan.wasted
            if (value := moment.figures[metric].value) is not None
        ),
        pure=plan.pure,
        queued=plan.wait is not None,
    )


def wide(found: Stream) -> Markup:
    """The map from left to right, with the timeline ladder below."""
    count = len(found.steps)
    gap = 84
    box = (_WIDE - _SUMMARY - 20 - gap * (count - 1)) / count
    pieces: list[str] = []
    for number, step in enumerate(found.steps):
        x = number * (box + gap)
        if number:
            pieces += _between(x - gap, gap, step)
        pieces += _box(x, 44, box, step)
        pieces += _burst(x + box - 30, 26, step)
    pieces += _ladder(found, box, gap)
    pieces += _summary(found, _WIDE - _SUMMARY, 44)
    return _svg("vsm", _WIDE, 274, pieces)


def narrow(found: Stream) -> Markup:
    """The same from top to bottom."""
    pieces: list[str] = []
    y = 4.0
    for number, step in enumerate(found.steps):
        if step.queued:
            pieces += _triangle(34, y + 8)
            pieces.append(_text(80, y + 32, f"wait {_time(step.wait)}", "strong"))
        y += 52 if number else 0
        pieces += _box(0, y, _NARROW, step)
        pieces += _burst(_NARROW - 46, y + 28, step)
        y += 148
    pieces += _summary(found, 0, y, _NARROW)
    return _svg("vsm", _NARROW, y + 192, pieces)


def _box(x: float, y: float, width: float, step: Step) -> list[str]:
    rows = (
        ("P/T" if step.pure else "L/T", _time(step.process)),
        ("%C/A", step.complete_accurate),
        ("n", text.count(max(step.timed, step.entered))),
    )
    pieces = [
        _rect(x, y, width, 54, "process"),
        _text(x + 12, y + 23, step.title, "title"),
        _text(x + 12, y + 42, step.what, "small"),
        _rect(x, y + 54, width, 80, "data"),
    ]
    for number, (name, value) in enumerate(rows):
        line = y + 76 + 24 * number
        kind = "none" if value in {text.NO_DATA, "not timed"} else "value"
        pieces += [
            _text(x + 12, line, name, "small"),
            _text(x + width - 12, line, value, f"{kind} end"),
        ]
    return pieces


def _between(x: float, gap: float, step: Step) -> list[str]:
    """The push arrow, and the triangle of work that waits."""
    middle = x + gap / 2
    arrow = [
        f'<path class="push" d="M{x + 5:.1f} 71h{gap - 20:.1f}"/>',
        f'<path class="head" d="M{x + gap - 17:.1f} 63l13 8l-13 8z"/>',
    ]
    if not step.queued:
        return arrow
    return [
        *arrow,
        *_triangle(middle - 18, 96),
        _text(middle, 148, _time(step.wait), "strong middle"),
        _text(middle, 166, "wait", "small middle"),
    ]


def _triangle(x: float, y: float) -> list[str]:
    return [
        f'<path class="queue" d="M{x:.1f} {y + 32:.1f}l18 -32l18 32z"/>',
        _text(x + 18, y + 27, "I", "strong middle"),
    ]


def _burst(x: float, y: float, step: Step) -> list[str]:
    """What is wasted at a step, in the burst that asks for improvement."""
    minutes = max((value for _, value in step.wasted), default=0)
    if minutes < 1:
        return []
    corners = (
        f"{x + size * cos(at * pi / 12):.1f},{y + 0.6 * size * sin(at * pi / 12):.1f}"
        for at, size in enumerate((42, 33) * 12)
    )
    return [
        f'<polygon class="burst" points="{" ".join(corners)}"/>',
        _text(x, y + 4, text.hours(minutes), "strong middle"),
    ]


def _ladder(found: Stream, box: float, gap: float) -> list[str]:
    """The timeline: waits on the upper rungs, work on the lower ones."""
    high, low = 214, 242
    path, pieces = [f"M0 {low}"], []
    for number, step in enumerate(found.steps):
        x = number * (box + gap)
        if step.queued:
            path.append(f"V{high}H{x:.1f}V{low}")
            pieces.append(_text(x - gap / 2, high - 7, _time(step.wait), "small middle"))
        path.append(f"H{x + box:.1f}")
        pieces.append(_text(x + box / 2, low + 18, _time(step.process), "small middle"))
    return [f'<path class="ladder" d="{"".join(path)}"/>', *pieces]


def _summary(found: Stream, x: float, y: float, width: float = _SUMMARY) -> list[str]:
    rows = (
        ("Process time" if found.reviewed else "Lead time", _time(found.process)),
        ("Wait", _time(found.wait)),
        ("Activity ratio", _percent(found.activity)),
        ("Rolled %C/A", _percent(found.rolled)),
    )
    pieces = [_rect(x, y, width, 186, "total"), _text(x + 12, y + 24, "All together", "title")]
    for number, (name, value) in enumerate(rows):
        line = y + 50 + 36 * number
        pieces += [
            _text(x + 12, line, name, "small"),
            _text(x + 12, line + 16, value, "value"),
        ]
    return pieces


def _time(seconds: float | None) -> str:
    return "not timed" if seconds is None else text.amount(seconds, "s")


def _percent(share: float | None) -> str:
    return text.NO_DATA if share is None else text.amount(share, "%")


def _rect(x: float, y: float, width: float, height: float, kind: str) -> str:
    return (
        f'<rect class="{kind}" x="{x + 0.5:.1f}" y="{y + 0.5:.1f}"'
        f' width="{width - 1:.1f}" height="{height - 1:.1f}"/>'
    )


def _text(x: float, y: float, said: str, kind: str) -> str:
    return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}">{escape(said)}</text>'


def _svg(kind: str, width: float, height: float, pieces: Sequence[str]) -> Markup:
    # Numbers and words of our own making only.
    return Markup(  # noqa: S704
        f'<svg class="{kind}" viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}"'
        f' height="{height:.0f}" aria-hidden="true" focusable="false">{"".join(pieces)}</svg>'
    )
