"""The gate's own result as JUnit XML, each objective a case: every CI server can show it. Pure."""

from __future__ import annotations

from junitparser import Error, Failure, JUnitXml, Skipped, TestCase, TestSuite

from vsm_gate.model.results import ObjectiveResult, Status, Verdict
from vsm_gate.publish import naming, view
from vsm_gate.publish.escape import visible
from vsm_gate.publish.fit import block, short
from vsm_gate.publish.result import CheckResult

_LONGEST = 255


def junit(result: CheckResult) -> str:
    """The document as text.

    A case fails where its objective blocks, and is an error where the lack of its evidence does.
    It is skipped where nothing was judged: not applicable, excluded, without a baseline, or
    covered by a waiver. An objective that only warns or observes passes, and its output says how
    it stands: the server's colour is the gate's conclusion, and no second opinion.
    """
    suite = TestSuite(short(naming.name(result), _LONGEST))
    acting = {reason.objective: reason.acts_as for reason in result.decision.reasons}
    notes = {row.id: row.note for row in view.rows(result)}
    for found in result.decision.objectives:
        suite.add_testcase(_case(found, acting.get(found.id), notes[found.id], result))
    whole = acting.get(None)
    if whole in {Verdict.FAIL, Verdict.INCONCLUSIVE}:
        case = TestCase("score", short(f"vsm-gate.{result.policy.team}", _LONGEST))
        case.result = [_red(whole, view.because(result))]
        suite.add_testcase(case)
    document = JUnitXml("vsm-gate")
    document.add_testsuite(suite)
    document.update_statistics()  # type: ignore[no-untyped-call]
    text: bytes = document.tostring()  # type: ignore[no-untyped-call]
    return text.decode("utf-8") + "\n"


def _case(
    found: ObjectiveResult, acts_as: Verdict | None, note: str, result: CheckResult
) -> TestCase:
    case = TestCase(short(found.id, _LONGEST), short(f"vsm-gate.{result.policy.team}", _LONGEST))
    case.system_out = visible(_stands(found, note))
    if found.waiver and found.status is not Status.PASS:
        case.result = [_skipped(f"waived by {found.waiver}")]
    elif acts_as in {Verdict.FAIL, Verdict.INCONCLUSIVE}:
        case.result = [_red(acts_as, found.missing or found.explanation)]
    elif found.status in {Status.NOT_APPLICABLE, Status.EXCLUDED, Status.NO_BASELINE}:
        case.result = [_skipped(note or found.status.value)]
    return case


def _stands(found: ObjectiveResult, note: str) -> str:
    value = view.value_of(found.metric, found.value) or "no value"
    said = f"{found.metric}: {value}, asked for is {found.pass_criterion}: {found.status.value}"
    more = (found.explanation, note, found.remedy or "")
    return "\n".join(part for part in (said, *more) if part)


def _red(acts_as: Verdict, text: str) -> Error | Failure:
    kind = Error if acts_as is Verdict.INCONCLUSIVE else Failure
    red = kind(short(text, _LONGEST), acts_as.value)
    red.text = block(text, 2000)
    return red


def _skipped(text: str) -> Skipped:
    return Skipped(short(text, _LONGEST))
