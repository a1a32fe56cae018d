"""The published schema: every kind of record fits it, and what is wrong does not."""

import json
import re
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from tests.support.ledgers import document

from vsm_gate.history.events import KINDS

ROOT = Path(__file__).parents[3]
SCHEMA = json.loads((ROOT / "docs/schemas/record-v1.json").read_text("utf-8"))
VALIDATOR = jsonschema_rs.validator_for(SCHEMA)


def examples() -> list[dict[str, Any]]:
    """The records in the documentation."""
    page = (ROOT / "docs/history.md").read_text("utf-8")
    decoder = json.JSONDecoder()
    found = []
    for block in re.findall(r"```json\n(.*?)```", page, re.DOTALL):
        rest = block.strip()
        while rest:
            example, end = decoder.raw_decode(rest)
            found.append(example)
            rest = rest[end:].strip()
    return found


@pytest.mark.parametrize("example", examples(), ids=lambda example: str(example["kind"]))
def test_the_examples_in_the_documentation_are_records(example: dict[str, Any]) -> None:
    VALIDATOR.validate(example)


def test_there_is_an_example_of_every_kind_of_event_with_all_of_its_fields() -> None:
    shown = {example["kind"]: set(example["event"]) for example in examples()}
    assert shown == {name: {field.name for field in kind.fields} for name, kind in KINDS.items()}


def test_the_schema_knows_the_fields_of_every_event() -> None:
    for name, kind in KINDS.items():
        assert set(SCHEMA["$defs"][name]["properties"]) == {x.name for x in kind.fields}


def test_a_check_and_what_a_later_version_adds_are_accepted() -> None:
    VALIDATOR.validate(document(1))
    VALIDATOR.validate(document(1, kind="heartbeat", later={"a": 1}))
    VALIDATOR.validate(document(1, measurements={"m": {"value": 1.5, "later": True}}))


@pytest.mark.parametrize(
    "change",
    [
        {"schema": "vsm-gate/record/v2"},
        {"kind": ""},
        {"time": "2026-11-22T10:00:00"},
        {"repository": None},
        {"team": 1},
        {"verdict": "fine"},
        {"measurements": {"m": {}}},
        {"measurements": {"m": {"value": 1, "missing": "both"}}},
        {"history_head": "HEAD"},
        {"corrects": "it"},
        {"kind": "deployment"},
        {"kind": "deployment", "event": {"id": "x"}},
    ],
)
def test_what_is_wrong_is_refused(change: dict[str, Any]) -> None:
    assert not VALIDATOR.is_valid({**document(1), **change})
