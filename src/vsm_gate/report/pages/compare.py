"""Two sides compared: teams, periods of one team, a team and its peer group."""

from __future__ import annotations

from collections.abc import Iterator

from vsm_gate.report import comparison, tables
from vsm_gate.report.pages.context import Site
from vsm_gate.web.folder import Page


def pages(site: Site) -> Iterator[tuple[str, Page]]:
    """The page, with every team against its past and its peers; its script compares the rest."""
    picture = site.picture
    standings = comparison.standings(picture)
    asked = comparison.policies(site.warehouse.query("views", "policies"))
    yield (
        "compare.html",
        site.render(
            "compare",
            "compare.html",
            standings=standings,
            data=comparison.data(
                picture, asked, {team: site.findings.events(team) for team in picture.teams}
            ),
        ),
    )
    yield "compare.csv", tables.standings_csv(standings)
