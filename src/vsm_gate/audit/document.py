"""`vsm-gate/audit/v1`: an audit as a public JSON document."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

from vsm_gate.audit.audit import Audit
from vsm_gate.audit.columns import change_row, delivery_row, iso
from vsm_gate.audit.continuity import Control
from vsm_gate.audit.findings import KINDS, Finding
from vsm_gate.audit.questions import QUESTIONS
from vsm_gate.audit.waivers import Waived, debt

SCHEMA: Final = "vsm-gate/audit/v1"


def pieces(found: Audit) -> Iterator[str]:
    """The document as text, in pieces: a population may be large."""
    head = json.dumps(_head(found), ensure_ascii=True, indent=2)
    yield head.removesuffix("\n}")
    yield ',\n  "changes": ['
    rows = ({**change_row(x), "findings": _findings(x.change.findings)} for x in found.chosen)
    yield from _items(rows)
    yield '],\n  "deliveries": ['
    yield from _items({**delivery_row(x), "findings": _findings(x.findings)} for x in found.shown)
    yield "]\n}\n"


def _items(rows: Iterator[dict[str, Any]]) -> Iterator[str]:
    for number, row in enumerate(rows):
        yield f"{',' if number else ''}\n    {json.dumps(row, ensure_ascii=True)}"


def _head(found: Audit) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "repository": found.repository,
        "generated": iso(found.asked.now),
        "clean": found.clean,
        "asked": _asked(found),
        "population": _population(found),
        "ledger": _ledger(found),
        "findings": _tallies(found),
        "controls": [_control(each) for each in found.controls],
        "waivers": {
            "debt_days": debt(found.waivers),
            "list": [_waiver(each) for each in found.waivers],
        },
        "questions": [
            {
                "id": each.id,
                "question": each.question,
                "columns": list(each.columns),
                "frameworks": dict(each.frameworks),
            }
            for each in QUESTIONS
        ],
    }


def _asked(found: Audit) -> dict[str, Any]:
    asked = found.asked
    return {
        "since": iso(found.since),
        "until": iso(asked.until),
        "commit": asked.commit,
        "deployment": asked.deployment,
        "sample": asked.sample,
        "seed": asked.seed or None,
        "environments": sorted(asked.environments),
    }


def _population(found: Audit) -> dict[str, Any]:
    return {
        "branch": found.clone.branch,
        "tip": found.clone.tip,
        "changes": len(found.changes),
        "deliveries": len(found.deliveries),
        "with_record": found.with_record,
        "first_record": iso(found.onboarded),
    }


def _ledger(found: Audit) -> dict[str, Any]:
    verified = found.verified
    return {
        "head": verified.head,
        "verified": verified.done,
        "not_verified_because": verified.why or None,
        "commits": verified.commits if verified.done else None,
        "records": verified.records if verified.done else None,
        "replayed": verified.replayed,
        "faults": list(verified.faults),
        "records_of_repository": found.records,
        "unreadable": list(found.unreadable),
    }


def _tallies(found: Audit) -> list[dict[str, Any]]:
    return [
        {
            "kind": kind.id,
            "exception": kind.exception,
            "title": kind.title,
            "meaning": kind.meaning,
            "selected": found.tally[kind.id],
            "population": found.population_tally[kind.id],
        }
        for kind in KINDS.values()
    ]


def _control(found: Control) -> dict[str, Any]:
    return {
        "team": found.team or None,
        "objective": found.objective,
        "since": iso(found.since),
        "changes": found.changes,
        "gap": found.gap,
        "why": found.why or None,
    }


def _waiver(found: Waived) -> dict[str, Any]:
    terms = found.terms
    return {
        "id": found.id,
        "objective": terms.objective if terms else None,
        "owner": terms.owner if terms else None,
        "approved_by": terms.approved_by if terms else None,
        "reason": terms.reason if terms else None,
        "created": terms.created.isoformat() if terms else None,
        "expires": terms.expires.isoformat() if terms else None,
        "changes": found.changes,
        "open_days": found.open_days,
    }


def _findings(findings: tuple[Finding, ...]) -> list[dict[str, Any]]:
    return [{"kind": each.kind, "detail": each.detail} for each in findings]
