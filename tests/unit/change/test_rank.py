"""The rank of a change among earlier ones."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from fractions import Fraction

import pytest

from vsm_gate.change.history import HistoryFeatures
from vsm_gate.change.model import Evaluation, RiskModel, Scores, Term
from vsm_gate.change.rank import NEEDED, Described, rank
from vsm_gate.model.change import FileChange

PAST = HistoryFeatures(file_age=86_400, prior_changes=0, prior_authors=0, is_fix=False)


def lines(
    added: int,
    path: str = "a.py",
    *,
    deleted: int = 0,
    generated: bool = False,
    vendored: bool = False,
) -> FileChange:
    return FileChange(path, "modified", added, deleted, generated=generated, vendored=vendored)


def of(*files: FileChange, past: HistoryFeatures | None = None) -> Described:
    return Described.of(files, past)


HUNDRED = [of(lines(size)) for size in range(1, 101)]


@pytest.mark.parametrize(
    ("size", "percentile", "level"),
    [
        (1, Fraction(1, 2), "low"),
        (50, Fraction(99, 2), "low"),
        (51, Fraction(101, 2), "medium"),
        (90, Fraction(179, 2), "medium"),
        (91, Fraction(181, 2), "high"),
        (1000, Fraction(100), "high"),
        (0, Fraction(0), "low"),
    ],
)
def test_the_rank_is_by_source_lines(size: int, percentile: Fraction, level: str) -> None:
    found = rank(of(lines(size)), HUNDRED)
    assert (found.percentile, found.level, found.compared) == (percentile, level, 100)
    assert found.model == "rank"


def test_an_added_line_counts_four_times_a_deleted_one() -> None:
    assert rank(of(lines(0, deleted=4 * 91)), HUNDRED).percentile == 91
    assert rank(of(lines(90, deleted=4)), HUNDRED).percentile == 91
    assert rank(of(lines(90, deleted=3)), HUNDRED).percentile == 90


@pytest.mark.parametrize("path", ["tests/test_a.py", "docs/guide.py", "README.md", "CHANGELOG"])
def test_tests_and_documentation_only_break_a_tie(path: str) -> None:
    assert rank(of(lines(5000, path)), HUNDRED).percentile == 0
    mixed = [of(lines(10), lines(size, path)) for size in range(1, 101)]
    assert rank(of(lines(10), lines(91, path)), mixed).percentile == Fraction(181, 2)
    assert rank(of(lines(11)), mixed).percentile == 100


def test_generated_and_vendored_files_count_for_nothing() -> None:
    noise = [lines(10_000, "uv.lock", generated=True), lines(10_000, "x.go", vendored=True)]
    assert rank(of(lines(10), *noise), HUNDRED) == rank(of(lines(10)), HUNDRED)
    noisy = [of(lines(size), *noise) for size in range(1, 101)]
    assert rank(of(lines(10)), noisy) == rank(of(lines(10)), HUNDRED)


def test_of_too_few_there_is_no_rank() -> None:
    found = rank(of(lines(10)), [*HUNDRED[: NEEDED - 1], of(), of(lines(0))])
    assert (found.percentile, found.level) == (None, None)
    assert found.missing == "29 earlier changes to compare with, and 30 are needed"
    assert rank(of(lines(10)), HUNDRED[:NEEDED]).missing == ""
    assert rank(of(), HUNDRED[:1]).missing.startswith("1 earlier change to")


def test_the_drivers_say_what_made_the_rank_and_what_is_unusual() -> None:
    wide = of(*(lines(500, f"d{number}/a.py") for number in range(4)))
    assert rank(wide, HUNDRED).drivers == (
        "2,000 source lines added, 0 deleted: more than in 100 % of earlier changes",
        "4 files: more than in 100 % of earlier changes",
        "4 directories: more than in 100 % of earlier changes",
    )
    assert rank(of(lines(50, deleted=3)), HUNDRED).drivers == (
        "50 source lines added, 3 deleted: more than in 50 % of earlier changes",
    )


def test_without_source_lines_that_is_what_made_the_rank() -> None:
    assert rank(of(lines(50, "README.md")), HUNDRED).drivers == ("no source line changed",)


def test_a_share_is_never_rounded_up() -> None:
    past = [of(lines(1)) for _ in range(299)] + [of(lines(1000))]
    assert rank(of(lines(500)), past).drivers == (
        "500 source lines added, 0 deleted: more than in 99 % of earlier changes",
    )


def model(*terms: Term) -> RiskModel:
    good, bad = (Scores(auc=x, capture_10=x, capture_20=x) for x in (0.8, 0.6))
    evaluation = Evaluation(
        trained_until=datetime(2026, 1, 1, tzinfo=UTC),
        trained_changes=10,
        trained_failed=5,
        tested_changes=10,
        tested_failed=5,
        model=good,
        model_error=0.01,
        rank=bad,
        churn=bad,
        calibration=(),
    )
    return RiskModel(
        repository="acme/shop",
        trained=datetime(2026, 1, 1, tzinfo=UTC),
        tool="1",
        changes=20,
        deployments=20,
        failures=10,
        intercept=-1.0,
        terms=terms,
        evaluation=evaluation,
        shortcoming=evaluation.shortcoming,
    )


def prior(count: int) -> HistoryFeatures:
    return HistoryFeatures(file_age=None, prior_changes=count, prior_authors=1, is_fix=True)


def test_a_model_makes_the_rank_and_says_what_moved_it() -> None:
    by_past = model(
        Term(feature="prior_changes", coefficient=2.0, mean=math.log1p(9), scale=1.0),
        Term(feature="source_added", coefficient=-0.1, mean=0.0, scale=1.0),
        Term(feature="is_fix", coefficient=0.0, mean=0.0, scale=1.0),
    )
    earlier = [of(lines(1000), past=prior(size)) for size in range(1, 101)]
    found = rank(of(lines(1000), past=prior(91)), earlier, by_past)
    assert (found.percentile, found.level) == (Fraction(181, 2), "high")
    assert found.model == by_past.name
    assert found.drivers == (
        "91 earlier changes to its files: raises it",
        "1,000 source lines added: lowers it",
    )


def test_without_the_history_of_every_change_there_is_no_use_of_a_model() -> None:
    by_past = model(Term(feature="prior_changes", coefficient=2.0, mean=0.0, scale=1.0))
    one_lacks = [*(of(lines(size), past=PAST) for size in range(1, 100)), of(lines(100))]
    assert rank(of(lines(91), past=PAST), one_lacks, by_past) == rank(of(lines(91)), HUNDRED)
    assert rank(of(lines(91)), HUNDRED, by_past) == rank(of(lines(91)), HUNDRED)
