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

import vl_convert
from markupsafe import Markup

from vsm_gate.analytics.efficacy import Captured
from vsm_gate.analytics.picture import Scope, Week
from vsm_gate.metrics.catalogue import CATALOGUE

VERDICTS: Final = ("pass", "warn", "inconclusive", "fail")
WIDE: Final = 940
NARROW: Final = 330
_ROOT: Final = re.compile(r'<g fill="none"[^>]* transform="translate\(([0-9.]+),')
_SIZE: Final = re.compile(r'viewBox="0 0 ([0-9.]+)')
_ROLES: Final = re.compile(r' (?:role|aria-roledescription)="[^"]*"')
_LABEL: Final = 72
# Room beside the first and the last week, so that bars and points stand whole.
_SIDE: Final = 8
# Numbers on an axis as they are everywhere: thousands apart by a narrow space.
_THOUSANDS: Final = "replace(format(datum.value, ',~f'), regexp(',', 'g'), '\u202f')"
_CONFIG: Final = {
    "aria": False,
    "background": "transparent",
    "font": "sans-serif",
    "padding": {"left": 4, "right": 4, "top": 6, "bottom": 2},
    "view": {"stroke": None},
    "axis": {
        "labelColor": "var(--soft)",
        "titleColor": "var(--soft)",
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "labelFontSize": 12,
        "labelPadding": 6,
        "gridColor": "var(--rule)",
        "domainColor": "var(--rule)",
        "tickColor": "var(--rule)",
        "minExtent": 30,
    },
}

Spec = dict[str, Any]


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
    return {"wide": progress(scope.weeks, WIDE), "narrow": progress(scope.weeks, NARROW)}


def progress(weeks: Sequence[Week], width: int) -> Drawing:
    """Gate scores by week: the median, the band between the quartiles; below, the changes."""
    plot = width - 42
    low = floor(weeks)
    layers = [_band(weeks, plot, low), _median(weeks, plot, low)]
    return _draw([{"width": plot, "height": 190, "layer": layers}, _changes(weeks, plot)], 18, plot)


def bars(scope: Scope, metrics: Sequence[str]) -> Sizes | None:
    """Weekly minutes of some metrics, as hours: a panel each; None where there are none."""
    if not metrics:
        return None
    return {
        "wide": _panels(scope.weeks, metrics, WIDE),
        "narrow": _panels(scope.weeks, metrics, NARROW),
    }


def capture(points: Sequence[Captured]) -> dict[str, Markup] | None:
    """Failed deployments captured by gating the riskiest; None where none failed."""
    if not any(point.failed for point in points):
        return None
    return {"wide": _capture(points, 620), "narrow": _capture(points, NARROW)}


def floor(weeks: Iterable[Week]) -> int:
    """Where an axis of scores begins: the ten below the lowest quartile, at most 80."""
    lowest = min(
        (week.lower_quartile for week in weeks if week.lower_quartile is not None), default=0
    )
    return max(0, min(80, int(lowest) // 10 * 10))


def whole_ticks(top: int) -> list[int]:
    """Two to five ticks at whole, round numbers from 0 on, for a count that reaches `top`."""
    step = next(
        unit * 10**power for power in range(16) for unit in (1, 2, 5) if unit * 10**power * 4 >= top
    )
    return list(range(0, max(top, 1) + 1, step))


def _band(weeks: Sequence[Week], width: int, low: int) -> Spec:
    values = [
        {"week": week.monday, "low": week.lower_quartile, "high": week.upper_quartile}
        for week in weeks
    ]
    mark = {
        "type": "area", "color": "var(--band)", "interpolate": "monotone",
        "invalid": "break-paths-show-domains",
    }  # fmt: skip
    x, y = _weeks(weeks, width, labels=False), _score("low", low)
    return _layer(values, mark, x=x, y=y, y2={"field": "high"})


def _median(weeks: Sequence[Week], width: int, low: int) -> Spec:
    values = [{"week": week.monday, "median": week.median} for week in weeks]
    mark = {**_line(14), "interpolate": "monotone", "invalid": "break-paths-show-domains"}
    return _layer(values, mark, x=_weeks(weeks, width, labels=False), y=_score("median", low))


def _changes(weeks: Sequence[Week], width: int) -> Spec:
    values = [
        {"week": week.monday, "verdict": name, "order": order, "changes": number}
        for week in weeks
        for order, (name, number) in enumerate(_split(week))
    ]
    ticks = whole_ticks(max(week.verdicts.changes for week in weeks))
    colours = {"domain": VERDICTS, "range": [f"var(--{name})" for name in VERDICTS]}
    bar = {"type": "bar", "size": _bar(weeks, width)}
    return {
        "width": width,
        "height": 84,
        **_layer(
            values,
            bar,
            x=_weeks(weeks, width, labels=True),
            y=_amount("changes", {"values": ticks}),
            color={"field": "verdict", "type": "nominal", "scale": colours, "legend": None},
            order={"field": "order", "type": "quantitative"},
        ),
    }


def _panels(weeks: Sequence[Week], metrics: Sequence[str], width: int) -> Drawing:
    plot = width - 42
    panels = [_panel(weeks, metric, plot, last=metric == metrics[-1]) for metric in metrics]
    return _draw(panels, 14, plot)


def _panel(weeks: Sequence[Week], metric: str, width: int, *, last: bool) -> Spec:
    found = [(week.monday, week.figures.get(metric)) for week in weeks]
    values = [
        {"week": monday, "hours": None if item is None else (item.value or 0) / 60}
        for monday, item in found
    ]
    bar = {"type": "bar", "size": _bar(weeks, width), "color": "var(--accent)"}
    x, y = _weeks(weeks, width, labels=last), _amount("hours", {"tickCount": 3})
    title = {
        "text": CATALOGUE[metric].title,
        "anchor": "start",
        "color": "var(--ink)",
        "fontSize": 12,
    }
    return {"width": width, "height": 72, "title": title, **_layer(values, bar, x=x, y=y)}


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
    ends = [{"gated": 0, "captured": 0}, {"gated": 100, "captured": 100}]
    x = _percent("gated", "% of deployments gated, riskiest first")
    y = _percent("captured", "% of failures captured")
    chance = {"type": "line", "color": "var(--soft)", "strokeDash": [3, 3]}
    layers = [_layer(ends, chance, x=x, y=y), _layer(values, _line(18), x=x, y=y)]
    return _svg({"width": width - 62, "height": 260, "layer": layers})


def _layer(values: Sequence[Spec], mark: Spec, **encoding: Spec) -> Spec:
    return {"data": {"values": values}, "mark": mark, "encoding": encoding}


def _line(point: int) -> Spec:
    return {
        "type": "line",
        "color": "var(--accent)",
        "strokeWidth": 2.25,
        "point": {"color": "var(--accent)", "size": point, "filled": True, "opacity": 1},
    }


def _weeks(weeks: Sequence[Week], width: int, *, labels: bool) -> Spec:
    # Labels stand at Mondays, as many as there is room for.
    every = ceil(len(weeks) * _LABEL / width)
    mondays = [datetime.fromisoformat(f"{week.monday}T00Z") for week in weeks[::-every]]
    axis = {
        "title": None,
        "format": "%-d %b",
        "grid": False,
        "values": [int(monday.timestamp() * 1000) for monday in mondays],
        "labelFlush": True,
    }
    ends = [weeks[0].monday, weeks[-1].monday]
    scale = {"type": "utc", "domain": ends, "padding": _SIDE, "nice": False}
    return {"field": "week", "type": "temporal", "scale": scale, "axis": axis if labels else None}


def _score(name: str, low: int) -> Spec:
    values = list(range(low, 101, 10 if low >= 50 else 20))
    axis = {"title": None, "values": values, "ticks": False, "domain": False}
    return {"field": name, "type": "quantitative", "scale": {"domain": [low, 100]}, "axis": axis}


def _amount(name: str, ticks: Spec) -> Spec:
    axis = {"title": None, "ticks": False, "domain": False, "labelExpr": _THOUSANDS, **ticks}
    return {"field": name, "type": "quantitative", "axis": axis}


def _percent(name: str, title: str) -> Spec:
    axis = {"values": [0, 20, 40, 60, 80, 100], "grid": True, "title": title}
    scale = {"domain": [0, 100], "nice": False}
    return {"field": name, "type": "quantitative", "axis": axis, "scale": scale}


def _bar(weeks: Sequence[Week], width: int) -> float:
    """The width of a week's bar."""
    return max(1.5, min(2.0 * _SIDE, 0.72 * (width - 2 * _SIDE) / max(1, len(weeks) - 1)))


def _split(week: Week) -> tuple[tuple[str, int], ...]:
    found = week.verdicts
    numbers = (found.passed, found.warned, found.inconclusive, found.failed)
    return tuple(zip(VERDICTS, numbers, strict=True))


def _draw(panels: Sequence[Spec], spacing: int, plot: int) -> Drawing:
    apart = {"scale": {"color": "independent"}}
    svg = _svg({"vconcat": panels, "spacing": spacing, "resolve": apart})
    root, size = _ROOT.search(svg), _SIZE.search(svg)
    start, whole = (float(found[1]) if found else 0.0 for found in (root, size))
    return Drawing(svg, (start + _SIDE) / whole, (start + plot - _SIDE) / whole)


def _svg(chart: Spec) -> Markup:
    drawn = vl_convert.vegalite_to_svg({**chart, "config": _CONFIG})
    # The page names the drawing and gives its figures in a table; its parts have no name to read.
    # What Vega draws is from our own specification and numbers.
    return Markup(_ROLES.sub("", drawn))  # noqa: S704
