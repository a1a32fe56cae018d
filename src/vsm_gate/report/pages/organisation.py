"""The organisation: the picture now, progress over time, and its teams."""

from __future__ import annotations

from collections.abc import Iterator

from vsm_gate.analytics.picture import Picture, Scope
from vsm_gate.report import charts, insight
from vsm_gate.report.pages.context import Site


def pages(site: Site) -> Iterator[tuple[str, str]]:
    """The page that the site opens with."""
    picture = site.picture
    teams = tuple(picture.teams.values())
    yield (
        "index.html",
        site.render(
            "organisation",
            "index.html",
            scope=picture.organisation,
            advice=insight.advice(picture.organisation, teams),
            movers=insight.movers(picture.teams),
            groups=groups(picture),
            chart=charts.of(picture.organisation),
            floor=charts.floor(week for team in teams for week in team.weeks),
        ),
    )


def groups(picture: Picture) -> list[tuple[str, list[Scope]]]:
    """Teams by peer group, both by name: no order says who is better."""
    found: dict[str, list[Scope]] = {}
    for scope in picture.teams.values():
        found.setdefault(scope.peer_group or "", []).append(scope)
    return sorted(found.items(), key=lambda pair: (not pair[0], pair[0]))
