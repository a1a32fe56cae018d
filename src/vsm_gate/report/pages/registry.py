"""Which pages there are, and the data files beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby
from operator import itemgetter
from typing import Final

from vsm_gate.analytics.picture import Picture
from vsm_gate.analytics.warehouse import Warehouse
from vsm_gate.report import badges, formats, tables
from vsm_gate.report.pages import (
    changes,
    compare,
    components,
    glossary,
    governance,
    organisation,
    stream,
    teams,
    waste,
)
from vsm_gate.report.pages.context import RECORDS, Site, prepare
from vsm_gate.web.folder import Page

Made = Iterator[tuple[str, Page]]

_KINDS: Final[tuple[Callable[[Site], Made], ...]] = (
    organisation.pages,
    teams.pages,
    compare.pages,
    waste.pages,
    stream.pages,
    components.pages,
    changes.pages,
    governance.pages,
    glossary.pages,
)


def plan(picture: Picture, warehouse: Warehouse) -> dict[str, Page]:
    """Path → content of every file of the site."""
    # Vega draws while the queries and the templates run: it needs none of the interpreter.
    with ThreadPoolExecutor(1) as beside:
        site = prepare(picture, warehouse, beside)
        return {
            **{path: content for kind in _KINDS for path, content in kind(site)},
            **dict(_data(site)),
        }


def _data(site: Site) -> Made:
    picture = site.picture
    yield "report.json", formats.to_json(picture)
    yield "figures.csv", formats.to_csv(picture)
    yield "weeks.csv", tables.weeks_csv(picture.organisation.weeks)
    for team, scope in picture.teams.items():
        stem = f"teams/{site.slugs[team]}"
        score = scope.now.figures["quality.score"]
        yield f"{stem}.badge.svg", badges.drawing(score)
        yield f"{stem}.badge.json", badges.endpoint(score)
        yield f"{stem}.weeks.csv", tables.weeks_csv(scope.weeks)
        yield f"{stem}.records.csv", tables.records_csv(())
    for team, rows in groupby(site.warehouse.records(RECORDS), itemgetter("team")):
        yield f"teams/{site.slugs[team]}.records.csv", tables.records_csv(rows)
