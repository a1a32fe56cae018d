"""A regression that is fitted to deployed changes."""

from __future__ import annotations

import math
import random

import pytest
from sklearn.linear_model import LogisticRegression

from vsm_gate.analytics.learning import Example, evaluate, fit, regress
from vsm_gate.change.features import ChangeFeatures
from vsm_gate.change.history import DAY, HistoryFeatures
from vsm_gate.change.model import FEATURES, Evaluation


def example(number: int, lines: int, prior: int, *, failed: bool, deployment: int = -1) -> Example:
    size = ChangeFeatures(1, lines, 0, 1, 1, None, 0, lines, 0)
    past = HistoryFeatures(file_age=DAY, prior_changes=prior, prior_authors=1, is_fix=False)
    place = number if deployment < 0 else deployment
    return Example(size, past, deployed=place * DAY, deployment=place, failed=failed)


def examples(count: int, seed: int = 1) -> list[Example]:
    """Changes that fail the likelier, the more changes their files had before."""
    dice = random.Random(seed)
    found = []
    for number in range(count):
        prior = dice.randint(0, 50)
        fails = dice.random() < prior / 60
        found.append(example(number, dice.randint(1, 500), prior, failed=fails))
    return found


def test_a_fit_predicts_what_the_library_does() -> None:
    given = [each for each in examples(200) if each.deployed > 110 * DAY]
    columns = [[f.x(each.size, each.history) for each in given] for f in FEATURES.values()]
    scaled = []
    for column in columns:
        mean = sum(column) / len(column)
        deviation = math.sqrt(sum((x - mean) ** 2 for x in column) / len(column)) or 1
        scaled.append([(x - mean) / deviation for x in column])
    rows = list(zip(*scaled, strict=True))
    theirs = LogisticRegression(C=0.1, max_iter=1000).fit(rows, [each.failed for each in given])
    ours = fit(given)
    for each, expected in zip(given, theirs.predict_proba(rows), strict=True):
        assert ours.probability(each) == pytest.approx(expected[1], abs=1e-3)


def test_the_newest_three_months_weigh_most() -> None:
    """The same feature meant success long ago and means failure now."""
    old, new = [0, 0, 1, 1] * 10, [0, 0, 1, 1] * 10
    columns = {"x": [float(x) for x in old + new]}
    failed = [not x for x in old] + [bool(x) for x in new]
    times = [0] * len(old) + [4 * 365 * DAY] * len(new)
    _, recent = regress(columns, failed, times)
    assert recent["x"]["coefficient"] > 0.5
    _, even = regress(columns, failed, [0] * len(times))
    assert even["x"]["coefficient"] == pytest.approx(0, abs=1e-6)
    _, within = regress(columns, failed, [0] * len(old) + [91 * DAY] * len(new))
    assert within["x"]["coefficient"] == pytest.approx(0, abs=1e-6)


def test_what_is_always_the_same_says_nothing() -> None:
    terms = {term.feature: term for term in fit(examples(100)).terms}
    assert set(terms) == set(FEATURES)
    assert (terms["files"].coefficient, terms["files"].scale) == (0, 1)
    assert terms["prior_changes"].coefficient > 0.3


def test_the_future_is_what_was_deployed_last() -> None:
    found = evaluate(examples(400))
    assert isinstance(found, Evaluation)
    assert (found.trained_changes, found.tested_changes) == (280, 120)
    assert found.trained_until.timestamp() == 279 * DAY
    assert found.model.auc > 0.7 > found.churn.auc
    assert sum(part.changes for part in found.calibration) == 120


def test_the_order_in_which_examples_are_given_does_not_matter() -> None:
    assert evaluate(examples(200)) == evaluate(examples(200)[::-1])


def test_the_changes_of_one_deployment_are_not_torn_apart() -> None:
    """Ten changes each: of 10 deployments 7 are the past."""
    given = [
        example(0, 10 + number, number, failed=deployment % 2 == 0, deployment=deployment)
        for deployment in range(10)
        for number in range(10)
    ]
    found = evaluate(given)
    assert isinstance(found, Evaluation)
    assert (found.trained_changes, found.tested_changes) == (70, 30)


@pytest.mark.parametrize(
    ("failing", "part"), [(range(50), "newest"), (range(80, 100), "oldest"), (range(70), "oldest")]
)
def test_without_both_outcomes_in_both_parts_there_is_nothing_to_learn(
    failing: range, part: str
) -> None:
    given = [example(n, 10, n, failed=n in failing) for n in range(100)]
    found = evaluate(given)
    assert isinstance(found, str)
    assert found.startswith(f"of the {part} deployments all failed, or none")
