"""What changed in a team's policy, and when, as the records of its checks show."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from operator import itemgetter
from typing import Final

from vsm_gate.analytics.warehouse import Row, Warehouse

# An objective that nobody asked for as long as this before the newest check was taken away.
_GONE: Final = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class PolicyChange:
    """Something in a team's policy that changed: in force from `day` (`2026-06-01`) on.

    `what` is one of `enforced`, `no longer enforced`, `added`, `removed`, `criteria` (`detail` says
    from what to what) and `policy` (its digest changed and none of the above; `detail` has its
    first twelve digits). `objective` is empty for `policy`.
    """

    team: str
    day: str
    what: str
    objective: str
    detail: str

    def __str__(self) -> str:
        """What changed, as the end of a sentence."""
        said = {
            "enforced": f"`{self.objective}` became enforced",
            "no longer enforced": f"`{self.objective}` was no longer enforced",
            "added": f"`{self.objective}` was added",
            "removed": f"`{self.objective}` was removed",
            "criteria": f"`{self.objective}` changed {self.detail}",
        }
        return said.get(self.what, f"the policy changed (to {self.detail})")


def policy_changes(warehouse: Warehouse) -> Mapping[str, tuple[PolicyChange, ...]]:
    """Team → changes of its policy, oldest first."""
    found: dict[str, list[PolicyChange]] = {}
    for row in warehouse.query("views", "policy_days"):
        found.setdefault(row["team"], []).extend(_of_day(row))
    told = {(team, change.day) for team, changes in found.items() for change in changes}
    digests = warehouse.query("views", "policy_digests")
    for team, rows in groupby(digests, key=itemgetter("team")):
        for row in list(rows)[1:]:
            day = _day(row)
            if (team, day) not in told:
                digest = str(row["policy"])[:12]
                found.setdefault(team, []).append(PolicyChange(team, day, "policy", "", digest))
    return {
        team: tuple(sorted(changes, key=lambda change: (change.day, change.objective)))
        for team, changes in found.items()
    }


def _of_day(row: Row) -> Iterator[PolicyChange]:
    team, objective, day = row["team"], row["objective"], _day(row)
    if row["enforced_before"] is None:
        if row["day"] > row["first_day"]:
            yield PolicyChange(team, day, "added", objective, "")
    else:
        if row["enforced"] and not row["enforced_before"]:
            yield PolicyChange(team, day, "enforced", objective, "")
        if row["enforced_before"] and not row["enforced"]:
            yield PolicyChange(team, day, "no longer enforced", objective, "")
        parts = [
            f"{name} from `{row[f'{column}_before']}` to `{row[column]}`"
            for name, column in (("pass", "passes"), ("warn", "warns"))
            if row[column] != row[f"{column}_before"]
        ]
        if parts:
            yield PolicyChange(team, day, "criteria", objective, " and ".join(parts))
    if row["next_day"] is None and row["last_day"] - row["day"] > _GONE:
        gone = row["day"] + timedelta(days=1)
        yield PolicyChange(team, f"{gone:%Y-%m-%d}", "removed", objective, "")


def _day(row: Row) -> str:
    return f"{row['day']:%Y-%m-%d}"
