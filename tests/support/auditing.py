"""One change with its records, for tests of what an audit says of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from vsm_gate.audit.audit import Asked, Audit, Clone, Verified, audit
from vsm_gate.audit.gathering import gather
from vsm_gate.history.record import Record
from vsm_gate.model.population import LandedCommit, PolicyFacts

Document = dict[str, Any]

REPOSITORY: Final = "acme/shop"
MERGED: Final = datetime(2026, 7, 10, 12, 0, tzinfo=UTC)
NOW: Final = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
HEAD: Final = "b" * 40
MAIN: Final = "a" * 40
HOUR: Final = timedelta(hours=1)


def landed(
    sha: str = MAIN,
    *,
    subject: str = "Round prices once (#7)",
    time: datetime = MERGED,
    author: str = "alex",
    parents: tuple[str, ...] = ("0" * 40,),
) -> LandedCommit:
    """A commit of the default branch."""
    return LandedCommit(sha, parents, time, author, f"{author}@example.com", subject, dated=time)


def check(
    *,
    head: str = HEAD,
    at: datetime = MERGED - 2 * HOUR,
    on_main: bool = False,
    number: int | None = 7,
    conclusion: str = "pass",
    change: Document | None = None,
    **more: Any,
) -> Document:
    """A check of a pull request, or, `on_main`, of what was merged."""
    return {
        **_common("check", at),
        "change": {
            "head": head,
            "tested": head,
            "default_branch": on_main,
            "event": "push" if on_main else "pull_request",
            "pull_request": None if on_main else number,
            "attempt": 1,
            "job": "gate",
            "actor": "alex",
            **(change or {}),
        },
        "objectives": {
            "tests-green": {"metric": "tests.failed", "status": "pass", "phase": "enforce"}
        },
        "verdict": conclusion,
        "conclusion": conclusion,
        "policy": {"source": "scorecards/shop.yaml", "sha256": "7" * 64},
        **more,
    }


def forge(*approvals: tuple[str, timedelta, bool], **more: Any) -> Document:
    """What the forge says of pull request 7: who approved, when before the merge, what."""
    return {
        "pull_request": 7,
        "author": "alex",
        "merged": iso(MERGED),
        "merged_by": "bo",
        "approvals": [
            {"by": by, "at": iso(MERGED - before), "final": final}
            for by, before, final in approvals
        ],
        **more,
    }


def approval(commit: str, by: str, at: datetime) -> Document:
    """A recorded approval."""
    return {**_common("approval", at), "event": {"commit": commit, "by": by, "at": iso(at)}}


def deployment(
    commit: str = MAIN, *, began: datetime = MERGED + HOUR, name: str = "deploy-1", **more: Any
) -> Document:
    """A deployment to production."""
    event = {
        "id": name,
        "commit": commit,
        "status": "success",
        "environment": "production",
        "started": iso(began),
        "finished": iso(began + HOUR),
        **more,
    }
    return {**_common("deployment", began + HOUR), "event": event}


def contents(documents: Iterable[Document]) -> Iterator[tuple[str, bytes]]:
    """As a ledger streams them."""
    for document in documents:
        record = Record.of(document)
        yield record.id, record.content


def audited(
    *documents: Document,
    commits: tuple[LandedCommit, ...] = (),
    policy: PolicyFacts | None = None,
    verified: Verified | None = None,
    known: Iterable[str] | None = None,
    **asked: Any,
) -> Audit:
    """The audit of some commits, by default of one, with these records."""
    line = commits or (landed(),)
    there = frozenset(known if known is not None else (each.sha for each in line))
    return audit(
        Clone("refs/remotes/origin/main", line, there),
        gather(contents(documents), REPOSITORY),
        policy or PolicyFacts(),
        Asked(**{"since": MERGED - timedelta(days=9), "until": NOW, "now": NOW, **asked}),
        verified or Verified("c" * 40, done=True, commits=3, records=len(documents)),
    )


def found(made: Audit, place: int = 0) -> list[str]:
    """The kinds of findings of one change, but for where its pull request is known from."""
    kinds = (each.kind for each in made.changes[place].change.findings)
    return [kind for kind in kinds if kind != "named-by-message"]


def iso(time: datetime) -> str:
    """UTC to the second."""
    return f"{time:%Y-%m-%dT%H:%M:%SZ}"


def _common(kind: str, time: datetime) -> Document:
    return {
        "schema": "vsm-gate/record/v1",
        "kind": kind,
        "time": iso(time),
        "repository": REPOSITORY,
        "team": "payments",
    }
