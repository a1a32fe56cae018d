"""In-toto Statements about the commit that was tested: its tests, the gate's result, a summary.

The subject is the commit by its own digest (`gitCommit`). Names come from reports and branches:
they are text within JSON, made visible and cut.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC
from typing import Any, Final
from urllib.parse import quote

from vsm_gate.model.evidence import Evidence
from vsm_gate.model.results import Verdict
from vsm_gate.model.tests import RED, Outcome, TestReport
from vsm_gate.publish import links
from vsm_gate.publish.document import number
from vsm_gate.publish.dsse import Signer, envelope
from vsm_gate.publish.escape import line
from vsm_gate.publish.result import CheckResult

STATEMENT: Final = "https://in-toto.io/Statement/v1"
TEST_RESULT: Final = "https://in-toto.io/attestation/test-result/v0.1"
GATE_RESULT: Final = "https://vsm-gate.invalid/attestation/gate-result/v0.1"
SUMMARY: Final = "https://slsa.dev/verification_summary/v1"
VERIFIER: Final = "https://vsm-gate.invalid/vsm-gate"

_NAME: Final = 300
_ADDRESS: Final = 2_000
_ACCEPTED: Final = frozenset({Verdict.PASS, Verdict.WARN})


def attestations(result: CheckResult, signer: Signer | None) -> str:
    """The statements, a line of JSON each; in signed envelopes where there is a signer."""
    lines = []
    for statement in statements(result):
        payload = json.dumps(statement, ensure_ascii=True, sort_keys=True).encode("ascii")
        signed = envelope(payload, signer) if signer else None
        lines.append(json.dumps(signed, sort_keys=True) if signed else payload.decode("ascii"))
    return "".join(f"{text}\n" for text in lines)


def statements(result: CheckResult) -> Iterator[dict[str, Any]]:
    """The statements of a run. Without test reports there is none of their result."""
    subject = {
        "name": _text(result.context.repository) or "_",
        "digest": {"gitCommit": result.change.tested},
    }
    predicates = (
        (TEST_RESULT, _test_result(result)),
        (GATE_RESULT, _gate_result(result)),
        (SUMMARY, _summary(result)),
    )
    for kind, predicate in predicates:
        if predicate is not None:
            yield {
                "_type": STATEMENT,
                "subject": [subject],
                "predicateType": kind,
                "predicate": predicate,
            }


def _test_result(result: CheckResult) -> dict[str, Any] | None:
    """FAILED where a case failed, WARNED where one is flaky; the names as far as they are kept."""
    report = result.tests
    if report is None or not len(report.cases):
        return None
    counts = report.counts()
    found = "FAILED" if counts.failed + counts.errored else "WARNED" if counts.flaky else "PASSED"
    predicate: dict[str, Any] = {"result": found, "configuration": [_policy(result)]}
    if links.run(result):
        predicate["url"] = links.run(result)
    if found != "PASSED":
        predicate["warnedTests"] = _titles(report, (Outcome.FLAKY,))
        predicate["failedTests"] = _titles(report, RED)
    return predicate


def _titles(report: TestReport, outcomes: tuple[Outcome, ...]) -> list[str]:
    return [_text(each.title) for each in report.details if each.outcome in outcomes]


def _gate_result(result: CheckResult) -> dict[str, Any]:
    decision, context = result.decision, result.context
    broken = decision.break_glass
    return {
        "verifier": _verifier(result),
        "timeEvaluated": _time(result),
        "verdict": decision.verdict.value,
        "conclusion": decision.conclusion.value,
        "score": number(decision.score),
        "level": decision.level,
        "evidenceRate": number(decision.evidence_rate),
        "policy": _policy(result),
        "objectives": {
            _text(each.id): {
                "metric": _text(each.metric),
                "status": each.status.value,
                "value": number(each.value),
                "phase": each.phase.value,
                "waiver": _text(each.waiver) if each.waiver else None,
            }
            for each in decision.objectives
        },
        "breakGlass": {"by": _text(broken.by), "reviewBy": str(broken.review_by)}
        if broken
        else None,
        "evidence": [_evidence(each) for each in result.evidence if each.sha256],
        "change": {
            "tested": result.change.tested,
            "head": result.change.head,
            "base": result.change.base,
            "pullRequest": context.pull_request,
        },
        "record": result.record.id if result.record else None,
    }


def _summary(result: CheckResult) -> dict[str, Any]:
    """PASSED only where the evidence passed: no phase, waiver or break-glass makes it so."""
    passed = result.decision.verdict in _ACCEPTED
    level = result.decision.level
    levels = [f"VSM_GATE_{level.upper()}"] if level else []
    record = result.record
    return {
        "verifier": _verifier(result),
        "timeVerified": _time(result),
        "resourceUri": f"git+{_address(result)}@{result.change.tested}",
        "policy": _policy(result),
        "inputAttestations": [{"digest": {"sha256": record.id}}] if record else [],
        "verificationResult": "PASSED" if passed else "FAILED",
        "verifiedLevels": levels if passed else ["FAILED"],
    }


def _address(result: CheckResult) -> str:
    """The repository on the forge, else a name that cannot be taken for one."""
    here = quote(result.context.repository, safe="/", errors="surrogatepass")
    return (links.repository(result) or f"file:///{here}")[:_ADDRESS]


def _verifier(result: CheckResult) -> dict[str, Any]:
    return {"id": VERIFIER, "version": {"vsm-gate": result.tool_version}}


def _policy(result: CheckResult) -> dict[str, Any]:
    return {"uri": _policy_address(result), "digest": {"sha256": result.policy.sha256}}


def _policy_address(result: CheckResult) -> str:
    """Where the policy was read: a file of this repository at a commit, or what names it."""
    name, _, commit = result.policy.source.partition(" at ")
    shown = quote(name, safe="/:@?&=+", errors="surrogatepass")[:_ADDRESS]
    if name.startswith(("git+", "vsm-gate:")):
        return shown
    return f"git+{_address(result)}@{commit or result.change.tested}#{shown}"


def _evidence(found: Evidence) -> dict[str, Any]:
    return {"name": _text(found.path), "digest": {"sha256": found.sha256}}


def _time(result: CheckResult) -> str:
    return result.now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _text(text: str) -> str:
    return line(text, _NAME)
