"""The components of all teams, by period and by week."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from vsm_gate.analytics.picture import Picture
from vsm_gate.analytics.warehouse import Row, Warehouse
from vsm_gate.report.slugs import slug

# More pages than anybody opens; the others stand in the table only.
MOST: Final = 300
_NONE: Final[Row] = {"deployments": 0, "failed": 0, "changes": 0, "median": None}

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Component:
    """A component of a team, by period and by week; `path` is its page, if it has one."""

    team: str
    name: str
    periods: Mapping[str, Row]
    weeks: tuple[tuple[str, Row], ...]
    path: str | None = None


def find(picture: Picture, warehouse: Warehouse) -> tuple[Component, ...]:
    """By team and name; the busiest have a page."""
    rows: dict[Key, dict[str, Row]] = defaultdict(dict)
    for row in warehouse.query("views", "component_weeks"):
        rows[row["team"], row["component"]][row["period"]] = row
    busy = sorted(rows, key=lambda key: (-_traffic(rows[key]), key))
    paged = set(busy[:MOST])
    mondays = [week.monday for week in picture.organisation.weeks]
    return tuple(
        Component(
            team,
            name,
            {
                short: rows[team, name].get(long, _NONE)
                for short, long in (("now", "now"), ("before", "before"), ("whole", "period"))
            },
            tuple((monday, rows[team, name].get(f"week:{monday}", _NONE)) for monday in mondays),
            f"components/{slug(f'{team}/{name}')}.html" if (team, name) in paged else None,
        )
        for team, name in sorted(rows)
    )


def _traffic(periods: Mapping[str, Row]) -> int:
    whole = periods.get("period", _NONE)
    return int(whole["deployments"]) + int(whole["changes"])
