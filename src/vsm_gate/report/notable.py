"""Changes that have a page of their own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from typing import Final

from vsm_gate.analytics import splits
from vsm_gate.analytics.warehouse import Row
from vsm_gate.report.slugs import slug

MOST: Final = 400
RECENT: Final = "recent"


@dataclass(frozen=True, slots=True)
class Change:
    """A judged change: `row` is its record, with its objectives and measurements."""

    row: Row
    path: str
    objectives: tuple[Row, ...]
    measurements: tuple[Row, ...]

    @property
    def reasons(self) -> str:
        """Why it is worth a look."""
        row = self.row
        found = {
            "failed in production": row["failed"],
            "break-glass": row["break_glass"],
            "waived": row["waivers"],
            "blocked": row["blocked"],
        }
        return ", ".join(name for name, said in found.items() if said) or RECENT

    @property
    def same(self) -> tuple[str, str]:
        """What it has in common with other records of one pull request for one reason."""
        row = self.row
        number = row["pull_request"]
        return f"{row['repository']}#{number}" if number else row["id"], self.reasons

    @property
    def lost(self) -> dict[str, Fraction]:
        """The points that each objective with a score takes off this change's, as they are shown:
        they add up to what its score lacks of 100.
        """
        scored = [item for item in self.objectives if item["score"] is not None]
        measured = sum(Fraction(item["weight"]) for item in scored)
        return splits.shared_out(
            {
                item["name"]: Fraction(item["weight"]) * Fraction(100 - item["score"]) / measured
                for item in scored
                if measured
            }
        )


def notable(rows: Iterable[Row]) -> tuple[Change, ...]:
    """Changes by team, the newest first, no more than `MOST`."""
    found = [_change(list(group)) for _, group in groupby(rows, key=lambda row: row["number"])]
    newest = sorted(found, key=lambda change: change.row["time"], reverse=True)[:MOST]
    kept = {change.path for change in newest}
    return tuple(change for change in found if change.path in kept)


def _change(rows: list[Row]) -> Change:
    first = rows[0]
    return Change(
        row=first,
        path=f"changes/{slug(first['id'][:16])}.html",
        objectives=tuple(row for row in rows if row["part"] == "objective"),
        measurements=tuple(row for row in rows if row["part"] == "measurement"),
    )
