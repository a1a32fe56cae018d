"""What a run of the default branch saw, case by case and line by line, for later runs to compare.

A snapshot is a convenience and no evidence: it can be dropped at any time.
"""

from __future__ import annotations

import json
import sys
from array import array
from dataclasses import dataclass, field
from typing import Any, Final

from vsm_gate.model.tests import CaseTable

SCHEMA: Final = "vsm-gate/snapshot/v1"


@dataclass(slots=True)
class Snapshot:
    """Outcomes of all cases, and the state of every coverable line, at one commit.

    `cases` None: the run had no test evidence; `lines` None: no coverage. `lines` gives for each
    file one byte a line, as in `FileCoverage.lines`. `flaky` are the identities that are known to
    be flaky, each with the number of snapshots for which it will be remembered.
    """

    commit: str
    cases: CaseTable | None = None
    lines: dict[str, bytes] | None = None
    flaky: dict[int, int] = field(default_factory=dict)


def encode(snapshot: Snapshot) -> bytes:
    """One line of JSON, then the columns of the case table, then the lines of the files.

    The columns are little-endian: identities (8 bytes a case), outcomes (1), microseconds (4).
    """
    cases, lines = snapshot.cases, snapshot.lines
    head = {
        "schema": SCHEMA,
        "commit": snapshot.commit,
        "cases": None if cases is None else len(cases),
        "long": None if cases is None else {str(k): v for k, v in cases.long_micros.items()},
        "flaky": {f"{identity:016x}": left for identity, left in snapshot.flaky.items()},
        "files": None if lines is None else {path: len(state) for path, state in lines.items()},
    }
    parts = [json.dumps(head).encode("ascii"), b"\n"]
    if cases is not None:
        parts += [_little(cases.identities), bytes(cases.outcomes), _little(cases.micros)]
    parts += [] if lines is None else list(lines.values())
    return b"".join(parts)


def decode(content: bytes) -> Snapshot:
    """Read what `encode` wrote. Raises `ValueError` for anything else."""
    line, _, body = content.partition(b"\n")
    try:
        head: dict[str, Any] = json.loads(line)
        known = head["schema"] == SCHEMA
        count = head["cases"]
        cases = None if count is None else _cases(body, count, head["long"])
        lines = None if head["files"] is None else _lines(body, 13 * (count or 0), head["files"])
        flaky = {int(identity, 16): int(left) for identity, left in head["flaky"].items()}
        expected = 13 * (count or 0) + sum((head["files"] or {}).values())
    except (KeyError, TypeError, AttributeError, ValueError) as problem:
        raise ValueError(f"the snapshot cannot be read: {problem}") from None
    if not known:
        raise ValueError(f"the snapshot is of {head['schema']!r}, not of {SCHEMA}")
    if expected != len(body):
        raise ValueError(f"the snapshot has {len(body)} bytes where its head says {expected}")
    return Snapshot(str(head["commit"]), cases, lines, flaky)


def _cases(body: bytes, count: int, long_micros: dict[str, int]) -> CaseTable:
    table = CaseTable(long_micros={int(index): value for index, value in long_micros.items()})
    table.identities.frombytes(body[: 8 * count])
    table.outcomes.extend(body[8 * count : 9 * count])
    table.micros.frombytes(body[9 * count : 13 * count])
    if sys.byteorder == "big":
        table.identities.byteswap()
        table.micros.byteswap()
    return table


def _lines(body: bytes, at: int, files: dict[str, int]) -> dict[str, bytes]:
    lines = {}
    for path, size in files.items():
        lines[path] = body[at : at + size]
        at += size
    return lines


def _little(column: array[int]) -> bytes:
    if sys.byteorder == "big":
        column = column[:]
        column.byteswap()
    return column.tobytes()
