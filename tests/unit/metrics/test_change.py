"""What a change's own metrics are measured from."""

from __future__ import annotations

from fractions import Fraction

from vsm_gate.change.features import features_of
from vsm_gate.metrics.change import METRICS, measure
from vsm_gate.model.change import FileChange, PastOfFiles
from vsm_gate.model.results import Measurement

PAST = ("change.file_age", "change.prior_changes", "change.prior_authors", "change.is_fix")


def measured(past: PastOfFiles) -> dict[str, Measurement]:
    found = features_of([FileChange("a.py", "modified", 3, 1)])
    return {each.metric: each for each in measure(found, past)}


def test_what_the_history_says_is_measured() -> None:
    found = measured(PastOfFiles(Fraction(5, 2), 12, 3, is_fix=True, missing=""))
    assert [found[metric].value for metric in PAST] == [Fraction(5, 2), 12, 3, 1]
    assert set(found) < {metric.id for metric in METRICS}


def test_new_files_have_no_age_and_were_never_changed() -> None:
    found = measured(PastOfFiles(None, 0, 0, is_fix=False, missing=""))
    assert [found[metric].value for metric in PAST] == [None, 0, 0, 0]
    age = found["change.file_age"]
    assert (age.missing, age.denominator) == ("no changed file was there before", 0)


def test_what_the_history_cannot_say_is_missing_with_its_reason() -> None:
    found = measured(PastOfFiles(missing="history is cut at 0123456789ab"))
    for metric in PAST:
        assert found[metric].value is None
        assert found[metric].missing == "history is cut at 0123456789ab"
        assert found[metric].denominator is None
