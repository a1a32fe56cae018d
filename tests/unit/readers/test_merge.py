"""Merging: nothing counts twice, nothing is lost, and the order makes no difference."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.covered import file, report, states

from vsm_gate.model.coverage import CoverageReport, Ratio
from vsm_gate.model.tests import MAX_DETAILS, CaseDetail, Outcome, TestReport
from vsm_gate.readers import merge
from vsm_gate.readers.merge import merge_coverage, merge_tests

P, F, E, S, K = Outcome.PASSED, Outcome.FAILED, Outcome.ERRORED, Outcome.SKIPPED, Outcome.FLAKY


def cases(
    *given: tuple[int, Outcome] | tuple[int, Outcome, int | None], form: str = "a"
) -> TestReport:
    """A report of (identity, outcome, microseconds)."""
    made = TestReport(form)
    for identity, outcome, *time in given:
        index = made.cases.add(identity, outcome, time[0] if time else None)
        if outcome not in {P, S}:
            made.describe(CaseDetail(index, identity, outcome, f"{form}{identity}"))
    return made


def counts(merged: TestReport) -> tuple[int, ...]:
    found = merged.counts()
    return found.passed, found.failed, found.errored, found.skipped, found.flaky


def test_shards_add_up() -> None:
    assert counts(merge_tests([cases((1, P), (2, F)), cases((3, S), (4, E))])) == (1, 1, 1, 1, 0)


def test_a_file_given_twice_and_an_aggregate_count_once() -> None:
    one, two = cases((1, P), (2, F)), cases((3, P))
    both = cases((1, P), (2, F), (3, P))
    assert counts(merge_tests([one, two, both, one])) == (2, 1, 0, 0, 0)


@pytest.mark.parametrize(
    ("outcomes", "worst"),
    [
        ((S, P), P),
        ((P, K), K),
        ((K, F), F),
        ((F, E), E),
        ((S, E, P, K, F), E),
        ((S, S), S),
    ],
)
def test_the_worst_outcome_wins_and_a_skip_is_none(
    outcomes: Sequence[Outcome], worst: Outcome
) -> None:
    for order in (outcomes, outcomes[::-1]):
        merged = merge_tests(cases((7, outcome)) for outcome in order)
        assert list(merged.cases.outcomes) == [worst]


def test_repetitions_within_a_report_stay_apart() -> None:
    merged = merge_tests([cases((1, P), (1, P), (1, F)), cases((1, P), (1, F))])
    assert list(merged.cases.outcomes) == [P, F, F]


def test_cases_without_identity_equal_no_other() -> None:
    assert counts(merge_tests([cases((0, P), (0, P)), cases((0, P))])) == (3, 0, 0, 0, 0)


def test_the_longest_time_counts_and_stays_exact() -> None:
    long = 2**40 + 1
    merged = merge_tests(
        [
            cases((1, P, 5), (2, P, None), (3, P, long), (4, P, None)),
            cases((1, P, 7), (2, P, 3), (3, P, 9), (4, P, None)),
        ]
    )
    assert [merged.cases.micros_of(index) for index in range(4)] == [7, 3, long, None]
    assert merged.counts().duration_s == Fraction(10 + long, 1_000_000)


def test_details_follow_their_case_and_its_worst_outcome() -> None:
    merged = merge_tests([cases((1, P), (2, K)), cases((3, F), (2, F), form="b")])
    found = [(detail.name, detail.index, detail.outcome) for detail in merged.details]
    assert found == [("b3", 2, F), ("b2", 1, F)]
    assert all(
        merged.cases.identities[detail.index] == detail.identity for detail in merged.details
    )
    assert merged.details_left_out == 0
    assert merged.format == "a + b"


def test_details_stay_within_their_bound_and_the_rest_is_counted() -> None:
    many = cases(*((n, F) for n in range(1, MAX_DETAILS + 11)))
    more = cases(*((n, F) for n in range(1, MAX_DETAILS + 21)))
    merged = merge_tests([many, more])
    assert (len(merged.details), merged.details_left_out) == (MAX_DETAILS, 20)


def test_one_report_stays_as_it_is_and_none_is_empty() -> None:
    one = cases((1, P))
    assert merge_tests([one]) is one
    assert counts(merge_tests([])) == (0, 0, 0, 0, 0)


def test_manual_is_what_is_manual_throughout() -> None:
    one, two = cases((1, P)), cases((2, P))
    one.manual = True
    assert not merge_tests([one, two]).manual
    assert merge_tests([one, one]).manual


CASES = st.lists(st.tuples(st.integers(1, 6), st.sampled_from(list(Outcome))), max_size=12)


@given(st.lists(CASES, min_size=1, max_size=4), st.randoms())
def test_order_and_repetition_make_no_difference(
    shards: list[list[tuple[int, Outcome]]], chance: object
) -> None:
    reports = [cases(*shard) for shard in shards]
    expected = sorted(table(merge_tests(reports)))
    shuffled = [*reports, *reports]
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert sorted(table(merge_tests(shuffled))) == expected
    halves = [merge_tests(reports[:1]), merge_tests(reports[1:])]
    assert sorted(table(merge_tests(halves))) == expected


@given(st.lists(CASES, min_size=1, max_size=4))
def test_partitions_make_no_difference(shards: list[list[tuple[int, Outcome]]]) -> None:
    columns = [array("Q", [identity for identity, _ in shard]) for shard in shards]
    whole = merge._same_cases(columns)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(merge, "PARTITION", 2)
        assert merge._same_cases(columns) == whole


def table(merged: TestReport) -> list[tuple[int, int]]:
    return list(zip(merged.cases.identities, merged.cases.outcomes, strict=True))


def test_a_line_covered_in_one_shard_is_covered() -> None:
    merged = merge_coverage([report(file("a", "cm m")), report(file("a", "mc"), file("b", "m"))])
    assert states(merged.files["a"]) == "cc m"
    assert merged.line_ratio() == Ratio(2, 4)


def test_merging_leaves_what_was_given_alone() -> None:
    one, two = report(file("a", "m", {1: (1, 2)})), report(file("a", "c", {1: (2, 2)}))
    merged = merge_coverage([one, two])
    assert merged.files["a"].branches == {1: (3, 2)}
    assert states(one.files["a"]) == "m"
    assert one.files["a"].branches == {1: (1, 2)}


def test_units_are_kept_and_a_mixture_is_said() -> None:
    merged = merge_coverage(
        [report(file("a", "c"), unit="statement"), report(file("b", "m"), unit="line")]
    )
    assert merged.unit == "line + statement"
    assert merged.notes == ["lines were derived from different units: line, statement"]
    assert merge_coverage([report(unit="statement"), report(unit="statement")]).notes == []


def test_a_sum_beside_lines_is_left_out_and_said() -> None:
    merged = merge_coverage([report(file("a", "c")), report(line_total=Ratio(5, 10))])
    assert merged.line_ratio() == Ratio(1, 1)
    assert merged.notes == [
        "a report gives only the sum of its line coverage, 5/10, which cannot be merged: left out"
    ]


def test_of_sums_alone_the_one_that_saw_more_is_kept() -> None:
    small, large = report(line_total=Ratio(5, 10)), report(line_total=Ratio(4, 12))
    assert merge_coverage([small, large, large]).line_ratio() == Ratio(4, 12)
    assert len(merge_coverage([small, large, large]).notes) == 1
    assert merge_coverage([large, large]).notes == []


def test_sums_of_files_give_way_to_lines() -> None:
    summed = file("a", "")
    summed.line_total = Ratio(9, 10)
    merged = merge_coverage([report(summed), report(file("a", "cm"))])
    assert merged.line_ratio() == Ratio(1, 2)


FILES = st.dictionaries(st.sampled_from("abc"), st.text(" mc", max_size=9), max_size=3)


@given(st.lists(FILES, min_size=1, max_size=4), st.randoms())
def test_coverage_merges_in_any_order(shards: list[dict[str, str]], chance: object) -> None:
    reports = [report(*(file(path, lines) for path, lines in shard.items())) for shard in shards]
    expected = lines_of(merge_coverage(reports))
    shuffled = [*reports, *reports]
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert lines_of(merge_coverage(shuffled)) == expected
    halves = [merge_coverage(reports[:1]), merge_coverage(reports[1:])]
    assert lines_of(merge_coverage(halves)) == expected
    for path, lines in expected.items():
        for line, state in enumerate(lines):
            shown = {shard.get(path, "")[line : line + 1] for shard in shards} - {""}
            assert state == ("c" if "c" in shown else "m" if "m" in shown else " ")


def lines_of(merged: CoverageReport) -> dict[str, str]:
    return {path: states(one) for path, one in merged.files.items()}
