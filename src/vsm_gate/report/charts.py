"""Charts: Vega-Lite specifications, drawn to SVG ahead of time.

Only dates and numbers of our own making enter a chart, never a name from a record. Colours are
the page's own CSS variables, so one drawing serves light and dark.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from typing import Any, Final

import altair as alt
import vl_convert
from markupsafe import Markup

from vsm_gate.analytics.efficacy import Captured
from vsm_gate.analytics.picture import Scope, Week
from vsm_gate.metrics.catalogue import CATALOGUE

VERDICTS: Final = ("pass", "warn", "inconclusive", "fail")
_ROOT: Final = re.compile(r'<g fill="none"[^>]* transform="translate\(([0-9.]+),')
_SIZE: Final = re.compile(r'viewBox="0 0 ([0-9.]+)')
_ROLES: Final = re.compile(r' (?:role|aria-roledescription)="[^"]*"')
WIDE: Final = 940
NARROW: Final = 330
_LABEL: Final = 72
# Room beside the first and the last week, so that bars and points stand whole.
_SIDE: Final = 8


@dataclass(frozen=True, slots=True)
class Drawing:
    """A chart over weeks; `left` and `right` are where its first and last week stand, as shares
    of its width.
    """

    svg: Markup
    left: float
    right: float

    @property
    def place(self) -> Markup:
        """The same as attributes, for the script that shows values under the pointer."""
        # Numbers of our own making only.
        return Markup(f'data-left="{self.left:.4f}" data-right="{self.right:.4f}"')  # noqa: S704


Sizes = dict[str, Drawing]


def of(scope: Scope) -> Sizes | None:
    """The weekly chart for wide and narrow pages; None where no week has a change."""
    if not any(week.verdicts.changes for week in scope.weeks):
        return None
    return {
        "wide": progress(scope.weeks, WIDE),
        "narrow": progress(scope.weeks, NARROW),
    }


def progress(weeks: Sequence[Week], width: int) -> Drawing:
    """Gate scores by week: the median, the band between the quartiles; below, the changes."""
    left, right = 34, 8
    plot = width - left - right
    low = floor(weeks)
    scores = alt.layer(_band(weeks, plot, low), _median(weeks, plot, low)).properties(
        width=plot, height=190
    )
    chart = alt.vconcat(scores, _changes(weeks, plot), spacing=18).resolve_scale(
        color="independent"
    )
    return _draw(chart, plot)


def bars(scope: Scope, metrics: Sequence[str]) -> Sizes | None:
    """Weekly minutes of some metrics, as hours: a panel each; None where there are none."""
    if not metrics:
        return None
    return {
        "wide": _panels(scope.weeks, metrics, WIDE),
        "narrow": _panels(scope.weeks, metrics, NARROW),
    }


def _panels(weeks: Sequence[Week], metrics: Sequence[str], width: int) -> Drawing:
    plot = width - 42
    panels = [_panel(weeks, metric, plot, last=metric == metrics[-1]) for metric in metrics]
    return _draw(alt.vconcat(*panels, spacing=14), plot)


def _panel(weeks: Sequence[Week], metric: str, width: int, *, last: bool) -> alt.Chart:
    found = [(week.monday, week.figures.get(metric)) for week in weeks]
    values = [
        {"week": monday, "hours": None if item is None else (item.value or 0) / 60}
        for monday, item in found
    ]
    axis = alt.Axis(title=None, tickCount=3, ticks=False, domain=False, format="~s")
    chart: alt.Chart = (
        alt.Chart(alt.InlineData(values=values))
        .mark_bar(size=_bar(weeks, width), color="var(--accent)")
        .encode(x=_time_axis(weeks, width, labels=last), y=alt.Y("hours:Q", axis=axis))
        .properties(
            width=width,
            height=72,
            title=alt.TitleParams(
                CATALOGUE[metric].title, anchor="start", color="var(--ink)", fontSize=12
            ),
        )
    )
    return chart


def capture(points: Sequence[Captured]) -> dict[str, Markup] | None:
    """Failed deployments captured by gating the riskiest; None where none failed."""
    if not any(point.failed for point in points):
        return None
    return {"wide": _capture(points, 620), "narrow": _capture(points, NARROW)}


def _capture(points: Sequence[Captured], width: int) -> Markup:
    values = [
        {"gated": 0, "captured": 0.0},
        *(
            {"gated": point.gated, "captured": 100 * point.captured / point.failed}
            for point in points
            if point.failed
        ),
        {"gated": 100, "captured": 100.0},
    ]
    axis = alt.Axis(values=[0, 20, 40, 60, 80, 100], grid=True, titleFontWeight="normal")
    scale = alt.Scale(domain=[0, 100], nice=False)
    x = alt.X("gated:Q", title="% of deployments gated, riskiest first", axis=axis, scale=scale)
    y = alt.Y("captured:Q", title="% of failures captured", axis=axis, scale=scale)
    line = alt.Chart(alt.InlineData(values=values)).mark_line(
        color="var(--accent)",
        strokeWidth=2.25,
        point=alt.OverlayMarkDef(color="var(--accent)", size=18, filled=True, opacity=1),
    )
    chance = alt.Chart(
        alt.InlineData(values=[{"gated": 0, "captured": 0}, {"gated": 100, "captured": 100}])
    ).mark_line(color="var(--soft)", strokeDash=[3, 3])
    chart = alt.layer(chance.encode(x=x, y=y), line.encode(x=x, y=y))
    return _svg(chart.properties(width=width - 62, height=260))


def floor(weeks: Iterable[Week]) -> int:
    """Where an axis of scores begins: the ten below the lowest quartile, at most 80."""
    lowest = min(
        (week.lower_quartile for week in weeks if week.lower_quartile is not None), default=0
    )
    return max(0, min(80, int(lowest) // 10 * 10))


def _time_axis(weeks: Sequence[Week], width: int, *, labels: bool) -> alt.X:
    scale = alt.Scale(
        type="utc", domain=[weeks[0].monday, weeks[-1].monday], padding=_SIDE, nice=False
    )
    # Labels stand at Mondays, as many as there is room for.
    every = ceil(len(weeks) * _LABEL / width)
    mondays = [datetime.fromisoformat(f"{week.monday}T00Z") for week in weeks[::-every]]
    axis = alt.Axis(
        title=None,
        format="%-d %b",
        labels=labels,
        ticks=labels,
        grid=False,
        values=[int(monday.timestamp() * 1000) for monday in mondays],
        labelOverlap=True,
        labelFlush=True,
    )
    return alt.X("week:T", scale=scale, axis=axis)


def whole_ticks(top: int) -> list[int]:
    """Two to five ticks at whole, round numbers from 0 on, for a count that reaches `top`."""
    step = next(
        unit * 10**power for power in range(16) for unit in (1, 2, 5) if unit * 10**power * 4 >= top
    )
    return list(range(0, max(top, 1) + 1, step))


def _band(weeks: Sequence[Week], width: int, low: int) -> alt.Chart:
    values = [
        {"week": week.monday, "low": week.lower_quartile, "high": week.upper_quartile}
        for week in weeks
    ]
    chart: alt.Chart = (
        alt.Chart(alt.InlineData(values=values))
        .mark_area(color="var(--band)", interpolate="monotone", invalid="break-paths-show-domains")
        .encode(x=_time_axis(weeks, width, labels=False), y=_score("low", low), y2="high:Q")
    )
    return chart


def _median(weeks: Sequence[Week], width: int, low: int) -> alt.Chart:
    values = [{"week": week.monday, "median": week.median} for week in weeks]
    chart: alt.Chart = (
        alt.Chart(alt.InlineData(values=values))
        .mark_line(
            color="var(--accent)",
            strokeWidth=2.25,
            interpolate="monotone",
            invalid="break-paths-show-domains",
            point=alt.OverlayMarkDef(color="var(--accent)", size=14, filled=True, opacity=1),
        )
        .encode(x=_time_axis(weeks, width, labels=False), y=_score("median", low))
    )
    return chart


def _score(name: str, low: int) -> alt.Y:
    values = list(range(low, 101, 10 if low >= 50 else 20))
    axis = alt.Axis(title=None, values=values, ticks=False, domain=False)
    return alt.Y(f"{name}:Q", scale=alt.Scale(domain=[low, 100]), axis=axis)


def _changes(weeks: Sequence[Week], width: int) -> alt.Chart:
    values = [
        {"week": week.monday, "verdict": name, "order": order, "changes": number}
        for week in weeks
        for order, (name, number) in enumerate(_split(week))
    ]
    colours = alt.Scale(domain=list(VERDICTS), range=[f"var(--{name})" for name in VERDICTS])
    ticks = whole_ticks(max(week.verdicts.changes for week in weeks))
    axis = alt.Axis(title=None, values=ticks, ticks=False, domain=False, format="~s")
    chart: alt.Chart = (
        alt.Chart(alt.InlineData(values=values))
        .mark_bar(size=_bar(weeks, width))
        .encode(
            x=_time_axis(weeks, width, labels=True),
            y=alt.Y("changes:Q", axis=axis),
            color=alt.Color("verdict:N", scale=colours, legend=None),
            order=alt.Order("order:Q"),
        )
        .properties(width=width, height=84)
    )
    return chart


def _bar(weeks: Sequence[Week], width: int) -> float:
    """The width of a week's bar."""
    return max(1.5, min(22.0, 0.72 * (width - 2 * _SIDE) / max(1, len(weeks) - 1)))


def _split(week: Week) -> tuple[tuple[str, int], ...]:
    found = week.verdicts
    numbers = (found.passed, found.warned, found.inconclusive, found.failed)
    return tuple(zip(VERDICTS, numbers, strict=True))


def _draw(chart: alt.VConcatChart, plot: int) -> Drawing:
    svg = _svg(chart)
    root, size = _ROOT.search(svg), _SIZE.search(svg)
    start, whole = (float(found[1]) if found else 0.0 for found in (root, size))
    return Drawing(svg, (start + _SIDE) / whole, (start + plot - _SIDE) / whole)


def _svg(chart: alt.TopLevelMixin) -> Markup:
    specification: dict[str, Any] = chart.configure(
        aria=False,
        background="transparent",
        font="sans-serif",
        padding={"left": 4, "right": 4, "top": 6, "bottom": 2},
        view=alt.ViewConfig(stroke=None),
        axis=alt.AxisConfig(
            labelColor="var(--soft)",
            titleColor="var(--soft)",
            titleFontSize=12,
            labelFontSize=12,
            labelPadding=6,
            gridColor="var(--rule)",
            domainColor="var(--rule)",
            tickColor="var(--rule)",
            minExtent=30,
        ),
    ).to_dict(validate=False)
    drawn = vl_convert.vegalite_to_svg(specification)
    # The page names the drawing and gives its figures in a table; its parts have no name to read.
    # What Vega draws is from our own specification and numbers.
    return Markup(_ROLES.sub("", drawn))  # noqa: S704
