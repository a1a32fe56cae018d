"""The file of a risk model and its arithmetic."""

from __future__ import annotations

import json
import math
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

import pytest
from tests.support.schemas import validate

from vsm_gate.change.features import ChangeFeatures
from vsm_gate.change.history import HistoryFeatures
from vsm_gate.change.model import FEATURES, Bin, Evaluation, RiskModel, Scores, Term
from vsm_gate.errors import InputError

SIZE = ChangeFeatures(3, 10, 4, 2, 1, Fraction(1, 2), 1, 8, 2)
PAST = HistoryFeatures(file_age=3 * 86_400, prior_changes=7, prior_authors=2, is_fix=True)


def evaluation(
    model: float = 0.8, rank: float = 0.7, churn: float = 0.6, error: float = 0.1
) -> Evaluation:
    def of(figure: float) -> Scores:
        return Scores(auc=figure, capture_10=figure / 2, capture_20=figure)

    return Evaluation(
        trained_until=datetime(2026, 6, 1, tzinfo=UTC),
        trained_changes=70,
        trained_failed=30,
        tested_changes=30,
        tested_failed=10,
        model=of(model),
        model_error=error,
        rank=of(rank),
        churn=of(churn),
        calibration=(Bin(changes=30, predicted=0.3, observed=1 / 3),),
    )


def model(**given: Any) -> RiskModel:
    said: dict[str, Any] = {
        "repository": "acme/shop",
        "trained": datetime(2026, 9, 1, tzinfo=UTC),
        "tool": "1.0",
        "changes": 100,
        "deployments": 90,
        "failures": 31,
        "intercept": -0.5,
        "terms": (
            Term(feature="source_added", coefficient=0.5, mean=1.0, scale=2.0),
            Term(feature="entropy", coefficient=-1.0, mean=0.25, scale=0.5),
            Term(feature="is_fix", coefficient=2.0, mean=0.5, scale=1.0),
        ),
        "evaluation": evaluation(),
        "shortcoming": "",
        **given,
    }
    return RiskModel(**said)


def test_the_odds_are_plain_arithmetic() -> None:
    parts = (0.5 * (math.log(9) - 1) / 2, -1 * (0.5 - 0.25) / 0.5, 2 * (1 - 0.5))
    assert model().log_odds(SIZE, PAST) == pytest.approx(-0.5 + sum(parts))
    assert [part for part, _ in model().parts(SIZE, PAST)] == pytest.approx(list(parts))


def test_every_feature_has_a_value_and_words() -> None:
    told = {name: feature.told(SIZE, PAST) for name, feature in FEATURES.items()}
    assert told["source_added"] == "8 source lines added"
    assert told["entropy"] == "entropy 0.50 over its files"
    assert told["file_age"] == "files last changed 3 days before"
    assert told["prior_authors"] == "2 people changed its files before"
    assert told["is_fix"] == "being a fix"
    nothing = HistoryFeatures(None, 0, 0, is_fix=False)
    assert FEATURES["is_fix"].told(SIZE, nothing) == "being no fix"
    empty = ChangeFeatures(0, 0, 0, 0, 0, None, 0, 0, 0)
    assert [feature.x(empty, nothing) for feature in FEATURES.values()] == [0] * len(FEATURES)


def test_a_file_is_read_as_it_was_written() -> None:
    written = model()
    read = RiskModel.parse(written.text().encode())
    assert read == written
    assert read.name == written.name
    assert written.name.startswith("logistic/")
    assert model(intercept=0.5).name != written.name


def test_the_file_keeps_to_its_published_schema() -> None:
    validate("risk-model-v1", json.loads(model().text()))


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"schema": "vsm-gate/risk-model/v2"}, "schema"),
        ({"intercept": "high"}, "intercept"),
        ({"intercept": None}, "intercept"),
        ({"terms": []}, "terms"),
        ({"terms": [{"feature": "x", "coefficient": 1, "mean": 0, "scale": 1}]}, "terms.0.feature"),
        ({"terms": [{"feature": "files", "coefficient": 1, "mean": 0, "scale": 0}]}, "scale"),
        ({"more": 1}, "more"),
    ],
)
def test_what_is_no_model_is_told(change: dict[str, Any], place: str) -> None:
    document = {**json.loads(model().text()), **change}
    with pytest.raises(InputError, match=place) as caught:
        RiskModel.parse(json.dumps(document).encode())
    assert "risk train" in str(caught.value.hint)


@pytest.mark.parametrize("content", [b"", b"{", b"\xff", b'{"intercept": NaN}', b"[]"])
def test_what_is_no_json_object_is_told(content: bytes) -> None:
    with pytest.raises(InputError, match="the risk model cannot be read"):
        RiskModel.parse(content)


@pytest.mark.parametrize(
    ("figures", "shortcoming"),
    [
        ({}, ""),
        (
            {"error": 0.15},
            "its AUC 0.800 ± 0.150 is not clearly above 0.5, that of a random order",
        ),
        ({"churn": 0.9}, "its AUC 0.800 is not above that of churn alone, 0.900"),
        ({"churn": 0.8}, "its AUC 0.800 is not above that of churn alone, 0.800"),
        ({"rank": 0.85}, "its AUC 0.800 is not above that of the rank without a model, 0.850"),
    ],
)
def test_a_model_that_is_not_better_is_not_used(
    figures: dict[str, float], shortcoming: str
) -> None:
    assert evaluation(**figures).shortcoming == shortcoming
    assert model(shortcoming=shortcoming).usable is (shortcoming == "")


def test_a_model_that_captures_less_is_not_used() -> None:
    found = evaluation()
    churn = Scores(auc=0.6, capture_10=0.5, capture_20=0.9)
    worse = found.model_copy(update={"churn": churn})
    assert worse.shortcoming == "it captures 80 % at 20 %, and churn alone 90 %"
