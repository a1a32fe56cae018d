"""The waivers of the period: what each allowed, on how many changes, and which are still open."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from vsm_gate.audit.changes import Change
from vsm_gate.model.population import PolicyFacts, WaiverTerms


@dataclass(frozen=True, slots=True)
class Waived:
    """A waiver that acted in the period, or that the newest policy still has.

    `terms` None: the policy that it stands in could not be read again. `changes` are those of the
    period that it acted on. `open_days` is how long it has been open; None where it is not.
    """

    id: str
    terms: WaiverTerms | None
    changes: int
    open_days: int | None


def waived(changes: Sequence[Change], policy: PolicyFacts, day: date) -> list[Waived]:
    """The waivers by their ids, given the changes of the period oldest first.

    Open is what a team's newest policy has and whose days include `day`.
    """
    acted: Counter[tuple[str, str]] = Counter()
    newest: dict[str, str] = {}
    for change in changes:
        used = {(check.policy or "", name) for check in change.decisive for name in check.waivers}
        acted.update(used)
        newest.update((each.team, each.policy) for each in change.decisive if each.policy)
    current = set(newest.values())
    standing = {key for key in policy.waivers if key[0] in current}
    names = sorted({name for _, name in (*acted, *standing)})
    return [_waived(name, acted, standing, policy, day) for name in names]


def debt(found: Sequence[Waived]) -> int:
    """Open waivers × the days that they have been open."""
    return sum(each.open_days or 0 for each in found)


def _waived(
    name: str,
    acted: Counter[tuple[str, str]],
    standing: set[tuple[str, str]],
    policy: PolicyFacts,
    day: date,
) -> Waived:
    keys = [key for key in (*acted, *standing) if key[1] == name and key in policy.waivers]
    now = [policy.waivers[key] for key in standing if key[1] == name]
    terms = now[0] if now else policy.waivers[keys[-1]] if keys else None
    is_open = bool(now) and now[0].created <= day <= now[0].expires
    return Waived(
        id=name,
        terms=terms,
        changes=sum(count for key, count in acted.items() if key[1] == name),
        open_days=(day - now[0].created).days if is_open else None,
    )
