"""A page a team."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from vsm_gate.report import badges, comparison, insight, tables
from vsm_gate.report.newest import Newest
from vsm_gate.report.pages.context import Site

_NONE: Final = Newest()


def pages(site: Site) -> Iterator[tuple[str, str]]:
    """A team's figures, what they are made of, and what to do next; its badge and its data."""
    picture = site.picture
    for team, scope in picture.teams.items():
        stem = f"teams/{site.slugs[team]}"
        path = f"{stem}.html"
        records = site.records.result().get(team, _NONE)
        yield (
            path,
            site.render(
                "team",
                path,
                scope=scope,
                practices=site.findings.practices.get(team, ()),
                outstanding=site.findings.outstanding(team),
                events=site.findings.events(team),
                components=[item for item in site.components if item.team == team],
                peers=comparison.peers(picture, scope),
                advice=insight.advice(scope),
                chart=site.chart(scope),
                rows=records.shown,
                total=records.total,
                shipped=site.deployments.get(team, ()),
            ),
        )
        score = scope.now.figures["quality.score"]
        yield f"{stem}.badge.svg", badges.drawing(score)
        yield f"{stem}.badge.json", badges.endpoint(score)
        yield f"{stem}.weeks.csv", tables.weeks_csv(scope.weeks)
        yield f"{stem}.records.csv", records.csv
