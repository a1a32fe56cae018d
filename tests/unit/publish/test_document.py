"""`vsm-gate/check/v1` against its published schema."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from tests.support import schemas
from tests.support.results import failing, objective, patch, result

from vsm_gate.errors import FAILED, INCONCLUSIVE, NOT_PUBLISHED, OK
from vsm_gate.model.results import Baseline, Phase, Receipt, Status, Verdict
from vsm_gate.publish.document import document

SCHEMA = schemas.published("check-v1")


def test_a_result_with_everything_in_it_fits() -> None:
    found = result(
        [objective("green", "tests.failed", Status.FAIL)],
        verdict=Verdict.FAIL,
        tests=failing(2, file="tests/a.py"),
        patch=patch(1, 2),
        baseline=Baseline(problem="it could not be read"),
        receipts=(Receipt("history", False, "refused", hint="replay it"),),
    )
    schemas.validate("check-v1", document(found))


@pytest.mark.parametrize(
    ("name", "words"), [("verdict", Verdict), ("phase", Phase), ("status", Status)]
)
def test_the_schema_has_the_words_of_the_code(name: str, words: Iterable[str]) -> None:
    assert set(SCHEMA["$defs"][name]["enum"]) == {str(word) for word in words}


def test_the_schema_has_the_exit_codes_of_a_result() -> None:
    codes = {OK, FAILED, INCONCLUSIVE, NOT_PUBLISHED}
    assert set(SCHEMA["properties"]["exit_code"]["enum"]) == codes
