"""The decisions of a history, made again from what it recorded.

A check's record has the measurements, the day, the facts and the records of its baseline; the
policy that judged is a record of its own, by digest. From these the verdict follows, and it has to
be the one that was recorded.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any, Final

from vsm_gate.errors import VsmGateError
from vsm_gate.history.objects import Objects
from vsm_gate.history.record import Record, read
from vsm_gate.history.verification import Change, Fault, Replayed
from vsm_gate.model.results import Baseline, Decision, Measurement
from vsm_gate.scorecards import recorded
from vsm_gate.scorecards.decide import judge
from vsm_gate.scorecards.load import load
from vsm_gate.scorecards.policy import Policy, Source
from vsm_gate.scorecards.reference import SourceError

_RECENT: Final = 5_000  # records of baselines whose values are kept in memory


class _Unable(Exception):  # noqa: N818  (it is no error: the record is counted with the reason)
    """A decision that cannot be made again, and why."""


@dataclass(frozen=True, slots=True)
class _Check:
    """A record of a check: where it was added, and the blob with its content."""

    commit: str
    path: str
    blob: str


class Replay:
    """Decisions made again, once all that they may need has been seen."""

    def __init__(self, objects: Objects) -> None:
        self.result = Replayed()
        self._objects = objects
        self._policies: dict[str, dict[str, Any]] = {}
        self._checks: dict[bytes, _Check] = {}
        self._policy = lru_cache(maxsize=1_000)(self._load)
        self._values = lru_cache(maxsize=_RECENT)(self._read)

    def see(self, record: Record, commit: str, change: Change) -> None:
        """Take in a record. One that is named by its digest cannot come after what names it."""
        if record.kind == "policy":
            policy = recorded.part(record.document, "policy")
            self._policies.setdefault(str(policy.get("sha256")), policy.get("document") or {})
        elif record.kind == "check":
            place = _Check(commit, change.path, change.new)
            self._checks.setdefault(bytes.fromhex(record.id), place)

    def faults(self) -> Iterator[Fault]:
        """What about a check's decision is not what follows from what it recorded."""
        checks = self._checks.values()
        contents = self._objects.stream(check.blob for check in checks)
        for check, content in zip(checks, contents, strict=True):
            record = read(content)
            try:
                decision = self._decide(record)
            except _Unable as reason:
                self.result.unable[str(reason)] += 1
            else:
                self.result.made += 1
                for what in _differences(record.document, decision):
                    yield Fault(check.commit, check.path, what)

    def _decide(self, record: Record) -> Decision:
        document = record.document
        if "facts" not in document:
            raise _Unable("it was recorded before decisions could be replayed")
        policy = self._policy(str(recorded.part(document, "policy").get("sha256")))
        problems = document.get("problems")
        return judge(
            policy,
            _measurements(document),
            self._baseline(document, policy),
            today=record.time.date(),
            facts=recorded.facts(document),
            broken=[str(each) for each in problems] if isinstance(problems, list) else (),
        )

    def _load(self, sha256: str) -> Policy:
        if sha256 not in self._policies:
            raise _Unable(f"the policy {sha256[:12]} is not in the history")
        source = Source(f"policy {sha256[:12]}", json.dumps(self._policies[sha256]))
        try:
            policy = load(source, _extends_nothing)
        except VsmGateError as problem:
            raise _Unable(f"{source.name} cannot be read: {problem.message}") from None
        if policy.sha256 != sha256:
            raise _Unable(f"what is recorded as {source.name} has another digest")
        return policy

    def _baseline(self, document: recorded.Document, policy: Policy) -> Baseline:
        """The baseline made again from the records that the check named, newest first."""
        said = recorded.part(document, "baseline")
        if said.get("problem"):
            return Baseline(problem=str(said["problem"]))
        ids = said.get("records")
        found = [self._values(str(name)) for name in ids] if isinstance(ids, list) else []
        reduce = recorded.AGGREGATES[policy.baseline.aggregate]
        values = {
            metric: [record[metric] for record in found if metric in record]
            for metric in policy.compared
        }
        return Baseline({metric: reduce(each) for metric, each in values.items() if each})

    def _read(self, name: str) -> dict[str, Fraction]:
        """The values of a record that a baseline names."""
        try:
            content = self._objects.read(self._checks[bytes.fromhex(name)].blob)
        except (KeyError, ValueError):
            raise _Unable("a record of its baseline is not in the history") from None
        measured = recorded.part(json.loads(content), "measurements").items()
        values = {metric: recorded.exact(value) for metric, value in measured}
        return {metric: value for metric, value in values.items() if value is not None}


def _extends_nothing(reference: str, _: Source) -> Source:
    raise SourceError(f"what is in force extends nothing, and not `{reference}`")


def _measurements(document: recorded.Document) -> dict[str, Measurement]:
    said = recorded.part(document, "measurements").items()
    found = {metric: recorded.measurement(metric, measured) for metric, measured in said}
    return {metric: each for metric, each in found.items() if each is not None}


def _differences(document: recorded.Document, decision: Decision) -> Iterator[str]:
    """What is recorded and does not follow. Who breaks the glass changes the conclusion alone."""
    follows: list[tuple[str, Any, Any]] = [
        ("verdict", document.get("verdict"), decision.verdict.value),
        ("level", document.get("level"), decision.level),
        ("score", document.get("score"), None if decision.score is None else float(decision.score)),
    ]
    if not document.get("break_glass"):
        follows.append(("conclusion", document.get("conclusion"), decision.conclusion.value))
    objectives = recorded.part(document, "objectives")
    for each in decision.objectives:
        said = recorded.part(objectives, each.id).get("status")
        follows.append((f"status of {each.id}", said, each.status.value))
    if extra := objectives.keys() - {each.id for each in decision.objectives}:
        follows.append(("objectives", ", ".join(sorted(extra)), "no such objective"))
    for name, was, would in follows:
        if was != would:
            yield f"its {name} is {was!r}, and from what it measured follows {would!r}"
