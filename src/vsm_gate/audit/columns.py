"""What is said of each change and each delivery: one list for the page, the CSV and the JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from vsm_gate.audit.deliveries import Delivered, Delivery
from vsm_gate.audit.findings import KINDS, Finding


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, what it means, and its value, null where there is none."""

    name: str
    meaning: str
    value: Callable[[Delivered], Any]


def change_row(item: Delivered) -> dict[str, Any]:
    """The columns of a change."""
    return {column.name: column.value(item) for column in CHANGES}


def delivery_row(item: Delivery) -> dict[str, Any]:
    """The columns of a deployment or a release."""
    happening = item.happening
    return {
        "kind": happening.kind,
        "id": happening.id,
        "commit": happening.commit,
        "environment": happening.environment or None,
        "status": happening.status or None,
        "started": iso(happening.started),
        "finished": iso(happening.finished),
        "changes": len(item.carried),
        "exceptions": kinds(item.findings, exceptions=True),
        "remarks": kinds(item.findings, exceptions=False),
        "record": happening.record,
    }


def iso(time: datetime | None) -> str | None:
    """ISO 8601 in UTC."""
    return None if time is None else f"{time:%Y-%m-%dT%H:%M:%SZ}"


def kinds(findings: Iterable[Finding], *, exceptions: bool) -> list[str]:
    """The kinds of exceptions, or of remarks, each once."""
    found = (each.kind for each in findings if KINDS[each.kind].exception is exceptions)
    return list(dict.fromkeys(found))


def _kinds(item: Delivered, *, exceptions: bool) -> list[str]:
    return kinds(item.change.findings, exceptions=exceptions)


def _forge(item: Delivered, name: str) -> str | None:
    value = getattr(item.change.forge, name, None)
    return str(value) if value else None


def _tested_at(item: Delivered) -> datetime | None:
    return max((each.time for each in item.change.decisive), default=None)


def _policies(item: Delivered) -> list[str]:
    return sorted({each.policy for each in item.change.decisive if each.policy})


def _approved_at(item: Delivered) -> datetime | None:
    return min((each.at for each in item.change.approval.valid if each.at), default=None)


def _broken_by(item: Delivered) -> str | None:
    found = item.change.break_glass
    return None if found is None else found.by or "nobody named"


def _deployment(item: Delivered) -> str | None:
    return None if item.deployment is None else item.deployment.id


def _deployed(item: Delivered) -> datetime | None:
    return None if item.deployment is None else item.deployment.started


CHANGES: Final = (
    Column("commit", "the commit on the default branch", lambda x: x.change.commit.sha),
    Column("time", "when it came, by its commit time, UTC", lambda x: iso(x.change.commit.time)),
    Column("author", "its author, as git has it", lambda x: x.change.commit.author),
    Column("subject", "the first line of its message", lambda x: x.change.commit.subject),
    Column("pull_request", "the pull request it came from", lambda x: x.change.pull_request),
    Column(
        "pull_request_from",
        "where that is known from: `forge`, the `merge` commit's parent, the `commit` itself, or "
        "only its `message`",
        lambda x: x.change.link.source or None,
    ),
    Column("proposed_by", "who opened it, as the forge has it", lambda x: _forge(x, "author")),
    Column("merged_by", "who merged it", lambda x: _forge(x, "merged_by")),
    Column("merged", "when it came to the branch, UTC", lambda x: iso(x.change.merged)),
    Column(
        "tested",
        "whether the gate ran on what was merged: `before merge`, `after merge`, `crashed`, `no`",
        lambda x: x.change.tested,
    ),
    Column("tested_at", "when it last did, UTC", lambda x: iso(_tested_at(x))),
    Column("verdict", "what the evidence said, the worst of all teams", lambda x: x.change.verdict),
    Column(
        "conclusion",
        "the same after phases, waivers and break-glass",
        lambda x: x.change.conclusion,
    ),
    Column("policies", "digests of the policies that judged it", _policies),
    Column(
        "approved",
        "whether somebody else approved the final revision",
        lambda x: x.change.approval.yes,
    ),
    Column("approved_by", "who did", lambda x: [each.by for each in x.change.approval.valid]),
    Column("approved_at", "when first, UTC", lambda x: iso(_approved_at(x))),
    Column("waivers", "the waivers that acted", lambda x: list(x.change.waivers)),
    Column("break_glass", "who let it through although red", _broken_by),
    Column("deployment", "the first that carried it to production", _deployment),
    Column("deployed", "when that began, UTC", lambda x: iso(_deployed(x))),
    Column("tested_before_deployment", "whether a check had passed by then", lambda x: x.tested),
    Column("approved_before_deployment", "whether it was approved by then", lambda x: x.approved),
    Column("exceptions", "what departs from the control", lambda x: _kinds(x, exceptions=True)),
    Column("remarks", "what else is to be known", lambda x: _kinds(x, exceptions=False)),
    Column("records", "the ids of the records behind it", lambda x: list(x.change.records)),
)
