"""Warehouses and pictures of records that are made up."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from tests.support.records import Document, stored

from vsm_gate.analytics.picture import Picture, draw
from vsm_gate.analytics.warehouse import Warehouse


def at(text: str) -> datetime:
    """A time as the tables have it: in UTC, without a zone."""
    return datetime.fromisoformat(text)


SINCE = at("2026-10-01")
UNTIL = at("2026-11-01")


def warehouse_of(documents: Iterable[Document], *teams: str) -> Warehouse:
    """The tables of these records."""
    return Warehouse.of(stored(documents), teams)


def picture_of(
    documents: Iterable[Document],
    *,
    since: datetime | None = SINCE,
    until: datetime = UNTIL,
    teams: Iterable[str] = (),
) -> Picture:
    """The picture of these records, October 2026 unless another period is named."""
    return draw(warehouse_of(documents, *teams), since=since, until=until, now=until)
