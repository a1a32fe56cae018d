"""What differs from the base, held against the plainest way to say it."""

from __future__ import annotations

from fractions import Fraction
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vsm_gate.change import since_base
from vsm_gate.change.since_base import (
    REMEMBERED,
    across_attempts,
    compare_tests,
    indirect_losses,
    remembered,
)
from vsm_gate.model.change import Change, FileChange
from vsm_gate.model.coverage import COVERED, MISSED, CoverageReport, FileCoverage
from vsm_gate.model.snapshot import Snapshot, decode, encode
from vsm_gate.model.tests import RED, CaseTable, Outcome

Case = tuple[int, Outcome, int | None]


def table(*cases: Case) -> CaseTable:
    found = CaseTable()
    for identity, outcome, micros in cases:
        found.add(identity, outcome, micros)
    return found


P, F, E, S, K = Outcome.PASSED, Outcome.FAILED, Outcome.ERRORED, Outcome.SKIPPED, Outcome.FLAKY


def test_failures_are_told_apart() -> None:
    cases = table((1, P, 10), (2, F, 10), (3, P, 10), (4, P, 10), (9, S, None))
    base = Snapshot("b", cases, flaky={3: 1})
    here = table((1, F, 10), (2, E, 10), (3, F, 10), (5, F, 10), (0, F, 10))
    found = compare_tests(base, here)
    assert found is not None
    assert found.new_failures == {1, 5}
    assert found.known_failures == {2}
    assert found.flaky_failures == {3}
    assert found.unnamed_failures == 1
    assert found.removed == 2


def test_slowdown_is_over_the_cases_that_passed_in_both() -> None:
    base = Snapshot("b", table((1, P, 100), (2, P, 100), (3, F, 100), (4, P, None), (6, P, 5)))
    here = table((1, P, 150), (2, F, 900), (3, P, 900), (4, P, 900), (5, P, 900))
    found = compare_tests(base, here)
    assert found is not None
    assert found.slowdown == Fraction(50)


def test_without_test_evidence_there_is_nothing_to_compare() -> None:
    assert compare_tests(Snapshot("b"), table((1, P, 1))) is None
    found = compare_tests(Snapshot("b", table()), table((1, F, None)))
    assert found is not None
    assert (found.new_failures, found.slowdown) == ({1}, None)


cases = st.lists(
    st.tuples(st.integers(0, 12), st.sampled_from(Outcome), st.none() | st.integers(0, 99)),
    max_size=30,
)


@given(then=cases, now=cases, flaky=st.frozensets(st.integers(1, 12)))
def test_in_parts_it_is_the_same_as_by_sets(
    then: list[Case], now: list[Case], flaky: frozenset[int]
) -> None:
    with mock.patch.object(since_base, "_PART", 4):
        base = Snapshot("b", table(*then), flaky=dict.fromkeys(flaky, 3))
        found = compare_tests(base, table(*now))
    assert found is not None
    was = {identity for identity, _, _ in then} - {0}
    red_then = {identity for identity, outcome, _ in then if outcome in RED}
    red_now = {identity for identity, outcome, _ in now if outcome in RED} - {0}
    assert found.removed == len(was - {identity for identity, _, _ in now})
    assert found.new_failures == red_now - red_then - flaky
    assert found.known_failures == (red_now & red_then) - flaky
    assert found.flaky_failures == red_now & flaky


def test_two_attempts_of_a_commit_with_two_outcomes_are_flaky() -> None:
    earlier = Snapshot("c", table((1, F, 1), (2, P, 1), (3, F, 1), (4, S, 1), (5, P, 1)))
    here = table((1, P, 1), (2, E, 1), (3, F, 1), (4, F, 1), (6, F, 1), (0, F, 1))
    assert across_attempts(earlier, here) == {1, 2}
    assert across_attempts(None, here) == frozenset()
    assert across_attempts(Snapshot("c"), here) == frozenset()


def test_flaky_cases_are_remembered_for_a_while() -> None:
    before = Snapshot("b", flaky={1: 1, 2: 5, 3: 2})
    found = remembered(before, table((3, K, 1), (0, K, 1), (7, P, 1)), frozenset({9}))
    assert found == {2: 4, 3: REMEMBERED, 9: REMEMBERED}
    assert remembered(None, None, frozenset()) == {}


def coverage(**files: list[int]) -> CoverageReport:
    report = CoverageReport("x")
    for path, states in files.items():
        report.files[path] = FileCoverage(path, bytearray([0, *states]))
    return report


C, M = COVERED, MISSED


def test_lines_that_lost_coverage_though_nobody_touched_them() -> None:
    base = Snapshot("b", lines={"same": bytes([0, C, C, M]), "old": bytes([0, C, C, C, C])})
    change = Change(
        "b",
        "h",
        "h",
        "",
        (
            FileChange(
                "moved", "renamed", 2, 1, (range(1, 3),), "old", deleted_lines=(range(2, 3),)
            ),
        ),
    )
    here = coverage(same=[M, C, M], moved=[M, M, C, M, M], new=[M])
    assert indirect_losses(base, change, here) == {"same": (1,), "moved": (4, 5)}
    assert indirect_losses(Snapshot("b"), change, here) is None


@given(
    st.lists(
        st.tuples(
            st.integers(1, 2**64 - 1), st.sampled_from(Outcome), st.none() | st.integers(0, 2**40)
        )
    ),
    st.none() | st.dictionaries(st.text(st.characters(), max_size=8), st.binary(max_size=20)),
)
def test_a_snapshot_comes_back_as_it_was(
    given_cases: list[Case], lines: dict[str, bytes] | None
) -> None:
    snapshot = Snapshot("c" * 40, table(*given_cases), lines, {2**64 - 1: 3, 1: 20})
    back = decode(encode(snapshot))
    assert back == snapshot
    assert decode(encode(Snapshot("c"))) == Snapshot("c")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}\n",
        b"[]\n",
        b"{",
        b'{"schema": "x"}\n',
        encode(Snapshot("c", table((1, P, 1))))[:-1],
    ],
)
def test_what_is_no_snapshot_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match="snapshot"):
        decode(content)
