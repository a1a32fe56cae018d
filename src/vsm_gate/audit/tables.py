"""The population as CSV. A spreadsheet takes no cell for a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from vsm_gate.audit.audit import Audit
from vsm_gate.audit.columns import CHANGES, change_row, delivery_row
from vsm_gate.web.cells import cell

_DELIVERIES = (
    "kind", "id", "commit", "environment", "status", "started", "finished", "changes",
    "exceptions", "remarks", "record", "selected",
)  # fmt: skip


def population(found: Audit) -> Iterator[str]:
    """Every change of the period, and whether it was selected."""
    chosen = {item.change.commit.sha for item in found.chosen}
    names = (*(column.name for column in CHANGES), "selected")
    rows = (
        {**change_row(item), "selected": item.change.commit.sha in chosen} for item in found.changes
    )
    return _lines(names, rows)


def deliveries(found: Audit) -> Iterator[str]:
    """Every deployment and release of the period."""
    shown = {item.happening.record for item in found.shown}
    rows = (
        {**delivery_row(item), "selected": item.happening.record in shown}
        for item in found.deliveries
    )
    return _lines(_DELIVERIES, rows)


def _lines(names: Iterable[str], rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(columns := list(names))
    for row in rows:
        writer.writerow([cell(row[name]) for name in columns])
        if buffer.tell() > 1 << 16:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()
