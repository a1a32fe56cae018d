"""What the history says of the files of a change."""

from __future__ import annotations

import pytest

from vsm_gate.change.history import NEWEST, HistoryFeatures, history_features, says_fix

# change → (time in seconds, author)
PAST = {0: (100, "a"), 1: (200, "b"), 2: (300, "a"), 3: (400, "c"), 4: (500, "a")}


def of(moment: int, *earlier: list[int], is_fix: bool = False) -> HistoryFeatures:
    return history_features(
        moment, earlier, lambda n: PAST[n][0], lambda n: PAST[n][1], is_fix=is_fix
    )


def test_age_changes_and_authors_by_hand() -> None:
    found = of(1000, [0, 1, 4], [1, 2], [], is_fix=True)
    # last changed at 500 and 300; changes 0, 1, 2, 4; made by a and b
    assert found == HistoryFeatures(
        file_age=(500 + 700) // 2, prior_changes=4, prior_authors=2, is_fix=True
    )


def test_new_files_have_no_age() -> None:
    assert of(1000, [], []) == HistoryFeatures(None, 0, 0, is_fix=False)
    assert of(1000) == HistoryFeatures(None, 0, 0, is_fix=False)


def test_a_clock_that_went_back_makes_no_negative_age() -> None:
    assert of(450, [4]).file_age == 0
    assert of(450, [4], [3]).file_age == 25


def test_of_each_file_the_newest_changes_count() -> None:
    many = list(range(NEWEST + 10))
    found = history_features(9, [many, [1]], lambda n: 0, lambda n: n, is_fix=False)
    assert (found.prior_changes, found.prior_authors) == (NEWEST + 1, NEWEST + 1)


@pytest.mark.parametrize(
    "message",
    [
        "Fix the order of totals",
        "fix(shop): count twice",
        "Bugfix: rounding",
        "Correct a regression in search",
        "Do not crash without a file",
        "Merge pull request #12 from acme/topic\n\nFixed the login",
        "Merge branch 'bugfix'",
        "Resolve defects\n\nA long story.",
    ],
)
def test_messages_that_say_a_fix(message: str) -> None:
    assert says_fix(message)


@pytest.mark.parametrize(
    "message",
    [
        "",
        "\n\n",
        "Add a prefix to names",
        "Add a feature\n\nFixes #12",
        "Fix typo",
        "Fix lint",
        "Merge pull request #12 from acme/fix-login\n\nAdd a page",
        "Debug output",
    ],
)
def test_messages_that_do_not(message: str) -> None:
    assert not says_fix(message)
