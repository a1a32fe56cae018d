"""Which pages there are, and the data files beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby
from operator import itemgetter
from typing import Final

from vsm_gate.analytics.picture import Picture
from vsm_gate.analytics.warehouse import Warehouse
from vsm_gate.report import badges, charts, formats, slugs, tables
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
    names = slugs.slugs(picture.teams)
    scopes = (picture.organisation, *picture.teams.values())
    # Vega and the queries leave the interpreter to others, so that they run beside it.
    with ThreadPoolExecutor(1) as drawing, ThreadPoolExecutor(1) as asking:
        weekly = {scope.team: drawing.submit(charts.of, scope) for scope in scopes}
        preparing = asking.submit(prepare, picture, warehouse, names, weekly)
        data = dict(_data(picture, warehouse, names))
        site = preparing.result()
        return {path: content for kind in _KINDS for path, content in kind(site)} | data


def _data(picture: Picture, warehouse: Warehouse, names: Mapping[str, str]) -> Made:
    yield "report.json", formats.to_json(picture)
    yield "figures.csv", formats.to_csv(picture)
    yield "weeks.csv", tables.weeks_csv(picture.organisation.weeks)
    for team, scope in picture.teams.items():
        stem = f"teams/{names[team]}"
        score = scope.now.figures["quality.score"]
        yield f"{stem}.badge.svg", badges.drawing(score)
        yield f"{stem}.badge.json", badges.endpoint(score)
        yield f"{stem}.weeks.csv", tables.weeks_csv(scope.weeks)
        yield f"{stem}.records.csv", tables.records_csv(())
    for team, rows in groupby(warehouse.records(RECORDS), itemgetter("team")):
        yield f"teams/{names[team]}.records.csv", tables.records_csv(rows)
