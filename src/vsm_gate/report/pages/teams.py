"""A page a team."""

from __future__ import annotations

from collections.abc import Iterator

from vsm_gate.report import comparison, insight
from vsm_gate.report.pages.context import Site


def pages(site: Site) -> Iterator[tuple[str, str]]:
    """A team's figures, what they are made of, and what to do next."""
    picture = site.picture
    for team, scope in picture.teams.items():
        path = f"teams/{site.slugs[team]}.html"
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
                rows=picture.records.get(team, ()),
                total=picture.totals.get(team, 0),
                shipped=picture.deployments.get(team, ()),
            ),
        )
