"""What a team's figures are made of: its newest check records and production deployments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Final

from vsm_gate.analytics.warehouse import Row, Warehouse
from vsm_gate.report import tables

# How many of a team's records lie beside its page as CSV, and how many stand on it; `history
# export` has them all.
RECORDS: Final = 1_000
SHOWN: Final = 200


@dataclass(frozen=True, slots=True)
class Newest:
    """A team's newest check records: those that its page shows, all that are kept as CSV, and how
    many there are in the period.
    """

    shown: tuple[Row, ...] = ()
    csv: str = tables.records_csv(())
    total: int = 0


def records(warehouse: Warehouse) -> Mapping[str, Newest]:
    """Team → its newest check records, of the teams that have any in the period."""
    found = {}
    for team, group in groupby(warehouse.records(RECORDS), itemgetter("team")):
        rows = tuple(group)
        found[team] = Newest(rows[:SHOWN], tables.records_csv(rows), rows[0]["total"])
    return found


def deployments(warehouse: Warehouse) -> Mapping[str, tuple[Row, ...]]:
    """Team → its newest production deployments, each with the `total` of the period."""
    rows = warehouse.query("views", "newest_deployments")
    return {team: tuple(group) for team, group in groupby(rows, itemgetter("team"))}
