import hashlib
import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.ledgers import document, record

from vsm_gate.errors import HistoryError
from vsm_gate.history.record import Record, canonical, digest, parse, path_of, safe_name

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


def test_a_record_is_named_by_the_sha256_of_its_content() -> None:
    found = record(1)
    assert found.id == hashlib.sha256(found.content).hexdigest()
    assert parse(found.content) == found


def test_the_content_is_one_ascii_line_with_sorted_keys() -> None:
    content = canonical({"b": "ü\n\u2028\ud800", "a": 1.5})
    assert content == b'{"a":1.5,"b":"\\u00fc\\n\\u2028\\ud800"}'


@given(JSON)
def test_any_json_comes_back_as_it_was_and_in_one_line(value: Any) -> None:
    found = Record.of(document(extra=value))
    assert found.document["extra"] == value
    assert b"\n" not in found.content
    assert parse(found.content).id == found.id


@pytest.mark.parametrize("value", [float("nan"), float("inf"), datetime(2026, 1, 1, tzinfo=UTC)])
def test_what_json_cannot_say_is_refused(value: object) -> None:
    with pytest.raises(HistoryError, match="cannot be written as JSON"):
        canonical({"value": value})


def test_unknown_fields_and_kinds_are_accepted() -> None:
    found = Record.of(document(kind="sonar-sweep", later={"version": [2]}))
    assert found.kind == "sonar-sweep"
    assert found.document["later"] == {"version": [2]}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"schema": "vsm-gate/record/v2"}, "schema"),
        ({"schema": None}, "schema"),
        ({"kind": ""}, "`kind`"),
        ({"kind": 7}, "`kind`"),
        ({"repository": None}, "`repository`"),
        ({"team": 7}, "`team`"),
        ({"time": 7}, "`time`"),
        ({"time": "yesterday"}, "ISO 8601"),
        ({"time": "2026-11-22T10:00:00"}, "no zone"),
        ({"time": "0001-01-01T00:00:00+23:59"}, "UTC"),
    ],
)
def test_what_every_record_has_is_required(change: dict[str, Any], said: str) -> None:
    with pytest.raises(HistoryError, match=said):
        Record.of({**document(), **change})


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "not valid JSON"),
        (b"[]", "no JSON object"),
        (b'{"a":NaN}', "NaN"),
        (b"\xff", "not valid JSON"),
        (b"[" * 100_000, "too deeply"),
        (b'{"a":' + b"9" * 10_000 + b"}", "not valid JSON"),
        (json.dumps(document()).encode(), "not canonical"),
        (canonical(document()) + b"\n", "not canonical"),
        (canonical(document())[:-1] + b',"kind":"check"}', "not canonical"),
    ],
)
def test_hostile_content_is_an_error_that_says_why(content: bytes, said: str) -> None:
    with pytest.raises(HistoryError, match=said):
        parse(content)


def test_a_path_says_day_repository_time_kind_and_digest() -> None:
    found = record(time=datetime(2026, 11, 22, 23, 59, 1, tzinfo=UTC))
    assert path_of(found) == (
        f"records/2026/11/22/acme~shop/20261122T235901Z-check-{found.id[:12]}.json"
    )
    assert path_of(found, day=date(2027, 1, 2)).startswith("records/2027/01/02/acme~shop/2026")


def test_times_of_any_zone_lie_in_the_day_of_utc() -> None:
    found = Record.of(document() | {"time": "2026-11-22T00:30:00+02:00"})
    assert path_of(found).startswith("records/2026/11/21/acme~shop/20261121T223000Z-")


@given(st.text())
def test_no_name_from_outside_leaves_its_folder(name: str) -> None:
    safe = safe_name(name)
    assert safe.isascii()
    assert 0 < len(safe) <= 110
    assert not set(safe) & set('/\\:*?"<>| \t\n\0')
    assert not safe.startswith((".", "-"))
    assert not safe.endswith((".", ".lock"))
    assert safe_name(name) == safe


@pytest.mark.parametrize("name", ["..", ".git", "git~1", "GIT~1", "-x", "a.lock", "a/b", "", "é"])
def test_reserved_names_are_changed_and_marked(name: str) -> None:
    assert safe_name(name) not in {name, ""}
    assert safe_name(name) != safe_name(f"{name}x")


def test_ordinary_names_are_kept() -> None:
    for name in ("acme~shop", "group~sub~project.js", "a_b-c.1"):
        assert safe_name(name) == name


def test_the_digest_is_the_whole_one() -> None:
    assert digest(b"") == hashlib.sha256(b"").hexdigest()
