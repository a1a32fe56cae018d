"""A red change that was let through is shown as such everywhere, and nowhere as passed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from tests.support.results import objective, result

from vsm_gate.model.change import Context
from vsm_gate.model.results import Exemption, Reason, Status, Verdict
from vsm_gate.publish.bundle import read
from vsm_gate.publish.check_run import check_run
from vsm_gate.publish.comment import comment
from vsm_gate.publish.console import Style, console
from vsm_gate.publish.document import document
from vsm_gate.publish.plan import result_json
from vsm_gate.publish.record_document import record_document
from vsm_gate.publish.result import CheckResult
from vsm_gate.publish.status import commit_status
from vsm_gate.scorecards import explain

LEAD = "let through by break-glass, and not passed: @kim set `<b>` on 2026-11-22 (@all)"
HEADLINE = "let through by break-glass (the verdict is fail)"


def exempted(reason: str = "@all") -> CheckResult:
    found = result(
        [objective("tests-green", "tests.failed", Status.FAIL, key=True)],
        verdict=Verdict.FAIL,
        conclusion=Verdict.WARN,
        context=Context("acme/pay", event="pull_request", pull_request=7, run="5", job="gate"),
    )
    at = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
    exemption = Exemption("<b>", "@kim", at, reason, date(2026, 11, 29))
    reasons = (
        Reason(None, Verdict.FAIL, Verdict.WARN, LEAD),
        Reason("tests-green", Verdict.FAIL, Verdict.WARN, "tests-green failed"),
    )
    decision = replace(found.decision, reasons=reasons, break_glass=exemption)
    return replace(found, decision=decision)


def test_every_surface_says_so_and_none_repeats_a_name_raw() -> None:
    found = exempted()
    said, run, status = comment(found), check_run(found), commit_status(found)

    assert said is not None
    for text in (said.body, run.summary):
        assert HEADLINE in text
        assert "and not passed" in text
        assert "@kim" not in text
        assert "<b>" not in text
    assert run.conclusion == "neutral"
    assert "may merge" not in said.body
    assert HEADLINE in status.description
    shown = console(found, Style(colour=False, unicode=True))
    assert f"WARN: {HEADLINE}\n  {LEAD}; and 1 more reason\n" in shown


def test_the_record_keeps_who_when_why_and_until_when() -> None:
    kept = {
        "label": "<b>",
        "by": "@kim",
        "at": "2026-11-22T09:30:00Z",
        "reason": "@all",
        "review_by": "2026-11-29",
    }
    found = exempted()
    record = record_document(found, None)
    assert document(found)["break_glass"] == record["break_glass"] == kept
    assert (record["verdict"], record["conclusion"]) == ("fail", "warn")
    assert (record["would_block"], record["blocked"]) == (True, False)
    unsaid = record_document(exempted(""), None)
    assert unsaid["break_glass"] == {**kept, "reason": None}


def test_a_bundle_says_the_same() -> None:
    found = exempted()
    back = read("bundle.json", result_json(found).encode())
    assert back.decision.break_glass == found.decision.break_glass
    assert comment(back) == comment(found)


def test_explain_names_it() -> None:
    for reason, why in (("@all", " (@all)"), ("", "")):
        told = explain.Result.model_validate_json(result_json(exempted(reason)))
        assert list(explain.total(told))[-2:] == [
            "verdict: fail, conclusion: warn",
            f"let through by break-glass: @kim set `<b>`{why}; to be reviewed by 2026-11-29",
        ]
