from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from vsm_gate.model.tests import LONG_TIME, TOLD, CaseDetail, Outcome, TestReport

times = st.none() | st.integers(0, 9) | st.integers(LONG_TIME, LONG_TIME + 9)
cases = st.lists(st.tuples(st.integers(1, 2**64 - 1), st.sampled_from(Outcome), times))


def report_of(given: list[tuple[int, Outcome, int | None]]) -> TestReport:
    report = TestReport("x")
    for identity, outcome, micros in given:
        index = report.cases.add(identity, outcome, micros)
        if outcome in TOLD:
            report.describe(CaseDetail(index, identity, outcome, f"case {identity}"))
    return report


@given(cases, st.data())
def test_what_is_left_out_might_never_have_been_there(
    given: list[tuple[int, Outcome, int | None]], data: st.DataObject
) -> None:
    rows = data.draw(st.sets(st.sampled_from(range(len(given)))) if given else st.just(set()))
    report = report_of(given)
    report.leave_out(rows)

    assert report == report_of([case for row, case in enumerate(given) if row not in rows])


def test_details_left_out_are_the_cases_without_one() -> None:
    report = report_of([(1, Outcome.FAILED, None), (2, Outcome.PASSED, None)])
    for outcome in Outcome:
        report.cases.add(3, outcome, None)

    assert report.details_left_out == 3
