"""How the components of a change fared in production, from the events of the history. Pure.

The same rules as the figures of the report: a deployment failed where it did not succeed or an
incident is tied to it, be it by name or as the last successful one of a component of the incident
in the seven days before. Each failed once, however many incidents it had. An event that names no
component is of the whole repository.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any, Final

from vsm_gate.model.impact import Budget, Impact, Incident, Operations

KINDS: Final = ("deployment", "incident", "slo")
DAYS: Final = 28

_TIED: Final = timedelta(days=7)
_PRODUCTION: Final = frozenset({"production", "prod"})

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Deployment:
    id: str
    finished: datetime
    successful: bool
    components: frozenset[str]


def operations(
    documents: Iterable[Document], impact: Impact, readings: Iterable[Budget] = ()
) -> Operations:
    """Deployments, incidents and error budgets of what a change touches and reaches.

    `documents` are the records of `KINDS` of this repository in the window, the oldest first: of
    an event that was corrected the last one counts. `readings` are budgets that were read apart
    from the history; where both know a budget, the newer one counts.
    """
    deployments: dict[str, _Deployment] = {}
    incidents: dict[str, tuple[Incident, str | None]] = {}
    budgets: dict[tuple[str, ...], Budget] = {}
    for document in documents:
        body = document.get("event")
        time = _time(document.get("time"))
        if not isinstance(body, Mapping) or time is None:
            continue
        names = _names(document.get("components"))
        if document.get("kind") == "deployment":
            _deployment(deployments, body, time, names)
        elif document.get("kind") == "incident":
            incident = _incident(body, time, names)
            incidents[incident[0].id] = incident
        else:
            for budget in _budget(body, time, names):
                budgets[budget.name, str(body.get("window")), *names] = budget
    touched = impact.touched if impact.total else None
    mine = [each for each in deployments.values() if _about(each.components, touched)]
    failed = {each.id for each in deployments.values() if not each.successful}
    failed |= set(_tied(deployments, incidents.values()))
    known = [*budgets.values(), *readings]
    return Operations(
        DAYS,
        deployments=len(mine),
        failed=sum(each.id in failed for each in mine),
        incidents=tuple(_of_reached([found for found, _ in incidents.values()], impact)),
        budgets=tuple(_least_first(known, impact)),
    )


def remaining(target: Fraction, good: int, total: int) -> Fraction | None:
    """What is left of an error budget in %: 1 − bad ÷ ((1 − target) × total), target in %.

    Below 0 it is overdrawn. None where nothing was asked for or nothing may fail.
    """
    allowed = (100 - target) * total / 100
    return 100 * (1 - (total - good) / allowed) if allowed > 0 else None


def _deployment(
    found: dict[str, _Deployment], body: Document, time: datetime, names: tuple[str, ...]
) -> None:
    """Keep a deployment to production; one that is corrected to be elsewhere is none."""
    id_ = str(body.get("id"))
    if str(body.get("environment") or "production").lower() in _PRODUCTION:
        finished = _time(body.get("finished")) or time
        success = body.get("status") == "success"
        found[id_] = _Deployment(id_, finished, success, frozenset(names))
    else:
        found.pop(id_, None)


def _incident(
    body: Document, time: datetime, names: tuple[str, ...]
) -> tuple[Incident, str | None]:
    """An incident, and the deployment that it names."""
    cause = body.get("deployment")
    incident = Incident(
        id=str(body.get("id")),
        started=_time(body.get("started")) or time,
        resolved=_time(body.get("resolved")),
        severity=str(body.get("severity") or ""),
        components=names,
    )
    return incident, cause if isinstance(cause, str) else None


def _budget(body: Document, time: datetime, names: tuple[str, ...]) -> Iterator[Budget]:
    target, good, total = (_number(body.get(key)) for key in ("target", "good", "total"))
    if target is not None and good is not None and total is not None:
        left = remaining(target, int(good), int(total))
        if left is not None:
            yield Budget(str(body.get("name")), left, time, names)


def _tied(
    deployments: Mapping[str, _Deployment], incidents: Iterable[tuple[Incident, str | None]]
) -> Iterator[str]:
    """The deployments that incidents are tied to."""
    in_order = sorted(deployments.values(), key=lambda each: each.finished, reverse=True)
    for incident, cause in incidents:
        if cause is not None:
            yield cause
            continue
        names = frozenset(incident.components)
        for each in in_order:
            age = incident.started - each.finished
            if age >= _TIED:
                break
            if age >= timedelta(0) and each.successful and each.components & names:
                yield each.id
                break


def _of_reached(incidents: Iterable[Incident], impact: Impact) -> list[Incident]:
    reached = impact.reached if impact.total else None
    mine = (each for each in incidents if _about(each.components, reached))
    return sorted(mine, key=lambda each: (each.started, each.id), reverse=True)


def _least_first(budgets: Iterable[Budget], impact: Impact) -> list[Budget]:
    """The newest reading of each budget of what is reached."""
    reached = impact.reached if impact.total else None
    newest: dict[tuple[str, ...], Budget] = {}
    for each in budgets:
        if _about(each.components, reached):
            key = (each.name, *each.components)
            known = newest.get(key)
            if known is None or known.at <= each.at:
                newest[key] = each
    return sorted(newest.values(), key=lambda each: (each.remaining, each.name))


def _about(names: Collection[str], components: Collection[str] | None) -> bool:
    """Whether an event is about one of these components, None being all that there are.

    An event that names none is about all.
    """
    return not names or components is None or not set(names).isdisjoint(components)


def _names(value: object) -> tuple[str, ...]:
    return tuple(sorted(set(map(str, value)))) if isinstance(value, list) else ()


def _number(value: object) -> Fraction | None:
    """An exact number of JSON: a float is the digits that it was written with."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return Fraction(str(value))
    except ValueError:
        return None


def _time(value: object) -> datetime | None:
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return found if found is None or found.tzinfo else found.replace(tzinfo=UTC)
