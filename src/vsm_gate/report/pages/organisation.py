"""The organisation: the picture now, progress over time, and its teams."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from vsm_gate.report import charts, choice, formats, insight, tables
from vsm_gate.report.pages.context import Site

_SHIFTS: Final = 8


def pages(site: Site) -> Iterator[tuple[str, str]]:
    """The page that the site opens with, and all figures as data."""
    picture = site.picture
    teams = tuple(picture.teams.values())
    yield (
        "index.html",
        site.render(
            "organisation",
            "index.html",
            scope=picture.organisation,
            choice=choice.data(picture),
            advice=insight.advice(picture.organisation, teams),
            outstanding=site.findings.outstanding(),
            shifts=site.findings.moved()[:_SHIFTS],
            movers=insight.movers(picture.teams),
            chart=site.chart(picture.organisation),
            floor=charts.floor(week for team in teams for week in team.weeks),
        ),
    )
    yield "report.json", formats.to_json(picture)
    yield "figures.csv", formats.to_csv(picture)
    yield "weeks.csv", tables.weeks_csv(picture.organisation.weeks)
