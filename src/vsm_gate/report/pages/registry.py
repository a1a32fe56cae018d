"""Which pages there are; each brings the data files beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from vsm_gate.analytics.picture import Picture
from vsm_gate.analytics.warehouse import Warehouse
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
from vsm_gate.report.pages.context import Site, prepare
from vsm_gate.web.folder import Page

# Those with weekly charts come last: they are being drawn meanwhile.
_KINDS: Final[tuple[Callable[[Site], Iterator[tuple[str, Page]]], ...]] = (
    compare.pages,
    waste.pages,
    stream.pages,
    components.pages,
    changes.pages,
    governance.pages,
    glossary.pages,
    teams.pages,
    organisation.pages,
)


def plan(picture: Picture, warehouse: Warehouse) -> dict[str, Page]:
    """Path → content of every file of the site."""
    # Vega and the queries leave the interpreter to others, so that they run beside it.
    with ThreadPoolExecutor(2) as beside:
        try:
            site = prepare(picture, warehouse, beside)
            return {path: content for kind in _KINDS for path, content in kind(site)}
        except BaseException:
            beside.shutdown(wait=False, cancel_futures=True)
            raise
