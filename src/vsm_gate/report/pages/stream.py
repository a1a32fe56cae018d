"""The value stream map: stages, waits, where the waste is, and what the work was."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from vsm_gate.report import tables, value_stream
from vsm_gate.report.pages.context import Site, moments
from vsm_gate.web.folder import Page

# What flows through a value stream (Kersten, Project to Product, 2018).
WORK: Final = ("feature", "defect", "risk", "debt")


def pages(site: Site) -> Iterator[tuple[str, Page]]:
    """The map of the organisation, and every team's times beside one another."""
    scope = site.picture.organisation
    yield (
        "stream.html",
        site.render(
            "stream",
            "stream.html",
            scope=scope,
            streams={name: value_stream.stream(moment) for name, moment in moments(scope)},
            of_teams={
                (team, name): value_stream.stream(moment)
                for team, found in site.picture.teams.items()
                for name, moment in moments(found)
            },
            work=WORK,
        ),
    )
    yield "stream.csv", tables.stages_csv(site.picture)
    yield "work.csv", tables.work_csv(site.picture, (*WORK, "unknown"))
