"""Learn from a history which changes fail: a logistic regression, fitted by scikit-learn."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from vsm_gate.change.features import ChangeFeatures
from vsm_gate.change.history import DAY, HistoryFeatures
from vsm_gate.change.model import FEATURES, Evaluation, Term, log_odds
from vsm_gate.change.ordering import auc_error, calibration, scores
from vsm_gate.change.rank import weight
from vsm_gate.errors import UsageError

NEEDED: Final = 30
TRAINED: Final = 0.7
_FULL_WEIGHT: Final = 91 * DAY
_HALF_LIFE: Final = 365 * DAY
_PENALTY: Final = 10.0


@dataclass(frozen=True, slots=True)
class Example:
    """A change that was deployed: its features, when it was (in seconds), whether that failed.

    `deployment` tells the changes of one deployment from those of another.
    """

    size: ChangeFeatures
    history: HistoryFeatures
    deployed: int
    deployment: int
    failed: bool


@dataclass(frozen=True, slots=True)
class Fit:
    """A fitted regression."""

    intercept: float
    terms: tuple[Term, ...]

    def probability(self, example: Example) -> float:
        """The probability that a change fails."""
        odds = log_odds(self.intercept, self.terms, example.size, example.history)
        return 1 / (1 + math.exp(-odds)) if odds > -700 else 0.0


def require_library() -> None:
    """Raises `UsageError` where scikit-learn is not installed."""
    try:
        import sklearn  # noqa: F401
    except ModuleNotFoundError:
        raise UsageError(
            "a risk model is fitted by scikit-learn, which is not installed",
            hint='install the risk extra: pip install "vsm-gate[risk]"',
        ) from None


def fit(examples: Sequence[Example]) -> Fit:
    """Fit a regression to changes, some of which failed and some did not."""
    columns = {
        name: [feature.x(each.size, each.history) for each in examples]
        for name, feature in FEATURES.items()
    }
    intercept, found = regress(
        columns, [each.failed for each in examples], [each.deployed for each in examples]
    )
    return Fit(intercept, tuple(Term(feature=name, **found[name]) for name in FEATURES))


def regress(
    columns: Mapping[str, Sequence[float]], failed: Sequence[bool], times: Sequence[int]
) -> tuple[float, dict[str, dict[str, float]]]:
    """The intercept, and for each column `coefficient`, `mean` and `scale`, with an L2 penalty.

    What is at most 91 days older than the newest counts in full, what is older by half for every
    further year.
    """
    from sklearn.linear_model import LogisticRegression

    newest = max(times)
    weights = [0.5 ** (max(0, newest - time - _FULL_WEIGHT) / _HALF_LIFE) for time in times]
    spread = {name: _mean_and_scale(column) for name, column in columns.items()}
    scaled = [[(x - mean) / scale for x in columns[name]] for name, (mean, scale) in spread.items()]
    regression: Any = LogisticRegression(C=1 / _PENALTY, max_iter=1000)
    regression.fit(list(zip(*scaled, strict=True)), failed, sample_weight=weights)
    coefficients = dict(zip(columns, map(float, regression.coef_[0]), strict=True))
    return float(regression.intercept_[0]), {
        name: {"coefficient": coefficients[name], "mean": mean, "scale": scale}
        for name, (mean, scale) in spread.items()
    }


def _mean_and_scale(column: Sequence[float]) -> tuple[float, float]:
    """Mean and standard deviation; where all are equal nothing is scaled."""
    mean = math.fsum(column) / len(column)
    deviation = math.sqrt(math.fsum((x - mean) ** 2 for x in column) / len(column))
    return mean, deviation or 1.0


def evaluate(examples: Sequence[Example]) -> Evaluation | str:
    """Fit on what was deployed first and try on what came later, beside what needs no fitting.

    Deployments are split, not changes: those of one deployment fail together. Returns why it
    cannot be done where one of the parts has no failed change, or only failed ones.
    """
    ordered = sorted(examples, key=lambda each: (each.deployed, each.deployment))
    moments = sorted({(each.deployed, each.deployment) for each in ordered})
    first_tested = moments[int(TRAINED * len(moments))]
    past = [each for each in ordered if (each.deployed, each.deployment) < first_tested]
    future = [each for each in ordered if (each.deployed, each.deployment) >= first_tested]
    for part, words in ((past, "oldest"), (future, "newest")):
        if len({each.failed for each in part}) < 2:
            return f"of the {words} deployments all failed, or none: there is nothing to learn"
    fitted = fit(past)
    predicted = [(fitted.probability(each), each.failed) for each in future]
    places = {w: place for place, w in enumerate(sorted({weight(each.size) for each in future}))}
    return Evaluation(
        trained_until=datetime.fromtimestamp(past[-1].deployed, UTC),
        trained_changes=len(past),
        trained_failed=sum(each.failed for each in past),
        tested_changes=len(future),
        tested_failed=sum(each.failed for each in future),
        model=scores(predicted),
        model_error=auc_error(predicted),
        rank=scores([(places[weight(each.size)], each.failed) for each in future]),
        churn=scores([(each.size.lines, each.failed) for each in future]),
        calibration=calibration(predicted),
    )
