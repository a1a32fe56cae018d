"""What became of changes in production: which deployment carried them, and whether it failed.

By the same rules as the report: a deployment failed where it did not succeed, or where an incident
is tied to it. An incident is tied to the deployment that it names; one that names none to the last
successful deployment of one of its components in the seven days before it began.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from vsm_gate.scorecards.recorded import Document, part

_PRODUCTION: Final = frozenset({"production", "prod"})
_INFERRED_WITHIN: Final = timedelta(days=7)

# A repository, and a commit of it.
Commit = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Deployment:
    """A deployment to production. `planned` is false where an incident made it necessary."""

    record: str
    repository: str
    id: str
    commit: str
    successful: bool
    planned: bool
    finished: datetime
    components: frozenset[str]


@dataclass(frozen=True, slots=True)
class Incident:
    """Something that went wrong. `deployment` is the one that it names, if any."""

    repository: str
    began: datetime
    deployment: str | None
    components: frozenset[str]


class Production:
    """What the events of a history say, `(record id, document)` each, in any order."""

    def __init__(self, events: Iterable[tuple[str, Document]]) -> None:
        found = list(events)
        newest = list(_newest(found))
        self.deployments = sorted(
            (each for each in map(_deployment, newest) if each),
            key=lambda each: (each.finished, each.record),
        )
        self._by_id: dict[str, list[Deployment]] = {}
        self._by_component: dict[str, list[Deployment]] = {}
        for each in self.deployments:
            self._by_id.setdefault(each.id, []).append(each)
            for component in each.components if each.successful else ():
                self._by_component.setdefault(component, []).append(each)
        incidents = [each for each in map(_incident, newest) if each is not None]
        tied = {self._cause(incident) for incident in incidents}
        self.failed = frozenset(
            each.record for each in self.deployments if not each.successful or each.record in tied
        )

    def outcomes(self, carried: Iterable[tuple[str, str, str]] = ()) -> dict[Commit, bool]:
        """Whether a deployment of it failed, for each commit that was deployed.

        `carried` says which changes a deployed commit brought with it: repository, deployed
        commit, change. Without it a deployment speaks of its own commit alone.
        """
        changes: dict[Commit, list[str]] = {}
        for repository, commit, change in carried:
            changes.setdefault((repository, commit), []).append(change)
        found: dict[Commit, bool] = {}
        seen: set[Commit] = set()
        for each in self.deployments:
            brought = [each.commit] if each.planned else []
            if each.successful and (each.repository, each.commit) not in seen:
                seen.add((each.repository, each.commit))
                brought += changes.get((each.repository, each.commit), [])
            for commit in brought:
                place = each.repository, commit
                found[place] = found.get(place, False) or each.record in self.failed
        return found

    def _cause(self, incident: Incident) -> str | None:
        """The record of the deployment that an incident is tied to."""
        if incident.deployment is not None:
            named = self._by_id.get(incident.deployment, [])
            own = [each for each in named if each.repository == incident.repository]
            return (own or named)[-1].record if named else None
        before: list[Deployment] = []
        for component in incident.components:
            line = self._by_component.get(component, [])
            place = bisect_right(line, incident.began, key=lambda each: each.finished)
            before += line[max(0, place - 1) : place]
        last = max(before, key=lambda each: (each.finished, each.record), default=None)
        if last is None or last.finished <= incident.began - _INFERRED_WITHIN:
            return None
        return last.record


def _newest(events: list[tuple[str, Document]]) -> Iterator[tuple[str, Document]]:
    """Each event once, as it was corrected last."""
    replaced = {str(document.get("corrects")) for _, document in events}
    latest: dict[tuple[str, str, str], tuple[str, str, Document]] = {}
    for record, document in events:
        if record in replaced:
            continue
        identity = part(document, "event").get("id")
        key = str(document.get("kind")), str(document.get("repository")), str(identity or record)
        entry = str(document.get("time")), record, document
        if key not in latest or latest[key][:2] < entry[:2]:
            latest[key] = entry
    return ((record, document) for _, record, document in latest.values())


def _deployment(entry: tuple[str, Document]) -> Deployment | None:
    record, document = entry
    event = part(document, "event")
    finished = _moment(event.get("finished")) or _moment(document.get("time"))
    where = str(event.get("environment") or "production").lower()
    commit = event.get("commit")
    if (
        document.get("kind") != "deployment"
        or where not in _PRODUCTION
        or not isinstance(commit, str)
        or finished is None
    ):
        return None
    return Deployment(
        record=record,
        repository=str(document.get("repository")),
        id=str(event.get("id") or record),
        commit=commit,
        successful=event.get("status") == "success",
        planned=event.get("caused_by") is None,
        finished=finished,
        components=_components(document),
    )


def _incident(entry: tuple[str, Document]) -> Incident | None:
    _, document = entry
    event = part(document, "event")
    began = _moment(event.get("started")) or _moment(document.get("time"))
    if document.get("kind") != "incident" or began is None:
        return None
    named = event.get("deployment")
    return Incident(
        str(document.get("repository")),
        began,
        None if named is None else str(named),
        _components(document),
    )


def _components(document: Mapping[str, Any]) -> frozenset[str]:
    found = document.get("components")
    return frozenset(map(str, found)) if isinstance(found, list) else frozenset()


def _moment(text: Any) -> datetime | None:
    """A time with a zone; None where there is none that can be read."""
    try:
        found = datetime.fromisoformat(text)
        return found.astimezone(UTC) if found.tzinfo is not None else None
    except (TypeError, ValueError, OverflowError):
        return None
