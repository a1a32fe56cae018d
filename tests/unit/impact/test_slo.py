"""Readings of objectives: JSON, an exposition, the answer of a query."""

from __future__ import annotations

import pytest
from tests.support.answers import vector

from vsm_gate.impact.slo import ReadingError, Source, from_exposition, from_json, from_query

EXPOSITION = """\
# HELP requests_total All of them.
# TYPE requests_total counter
requests_total{code="200",path="/a,b"} 90 1763805600
requests_total{code="404",path="/\\"q\\""} 8
requests_total{code="500",path="/"} 2.0
requests_created 1.7638056e+09
up 1
# EOF
"""


def test_json() -> None:
    text = '[{"name": "up", "target": "99.9%", "good": 5, "total": 6, "components": ["a", "b"]}]'
    assert from_json(text) == [
        {"name": "up", "target": "99.9%", "good": "5", "total": "6", "components": "a b"}
    ]
    assert from_json('{"name": "up", "at": null}') == [{"name": "up"}]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{", "is not valid JSON"),
        ("[" * 100_000, "is not valid JSON"),
        ("[1]", "entry 1 is no object"),
        ('{"slo": 1}', "entry 1: 'slo' is no field of a reading"),
    ],
)
def test_json_that_is_no_reading(text: str, reason: str) -> None:
    with pytest.raises(ReadingError, match=reason):
        from_json(text)


@pytest.mark.parametrize(
    ("selector", "expected"),
    [
        ("requests_total", 100),
        ('requests_total{code="200"}', 90),
        ('requests_total{code!="500"}', 98),
        ('requests_total{ code != "500" , path = "/a,b" }', 90),
        ('requests_total{path="/\\"q\\""}', 8),
        ('requests_total{region=""}', 100),
        ("up", 1),
    ],
)
def test_an_exposition(selector: str, expected: int) -> None:
    assert from_exposition(EXPOSITION, selector) == expected


@pytest.mark.parametrize(
    ("selector", "reason"),
    [
        ("nothing", "has no sample of 'nothing'"),
        ('requests_total{code="1"}', "has no sample"),
        ("requests_total{", "is no selector"),
        ("sum(requests_total)", "is no selector"),
        ('requests_total{code=~"5.."}', "is no selector"),
    ],
)
def test_what_an_exposition_does_not_say(selector: str, reason: str) -> None:
    with pytest.raises(ReadingError, match=reason):
        from_exposition(EXPOSITION, selector)


@pytest.mark.parametrize("value", ["NaN", "-1", "+Inf", "1e300", "many"])
def test_what_is_no_number_of_events(value: str) -> None:
    with pytest.raises(ReadingError, match="no number of events"):
        from_exposition(f"a {value}\n", "a")
    with pytest.raises(ReadingError, match="no number of events"):
        from_query(vector(value).decode(), "a")


def test_a_query() -> None:
    assert from_query(vector("1234.4").decode(), "q") == 1234
    scalar = '{"status":"success","data":{"resultType":"scalar","result":[1,"7"]}}'
    assert from_query(scalar, "q") == 7


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (vector().decode(), "answers nothing to 'q'"),
        (vector(1, 2).decode(), "answers 2 series to 'q'"),
        ("<html>", "does not answer as Prometheus does"),
        ('{"status":"error","error":"parse error"}', "parse error"),
        ('{"data":{"resultType":"vector","result":[{"value":3}]}}', "does not answer"),
        ('{"data":{"resultType":"vector","result":null}}', "does not answer"),
        ("[]", "does not answer"),
    ],
)
def test_what_is_no_answer_of_prometheus(answer: str, reason: str) -> None:
    with pytest.raises(ReadingError, match=reason):
        from_query(answer, "q")


def test_a_place_is_shown_without_credentials() -> None:
    assert Source("https://me:secret@example.org/api?key=1").shown == "https://example.org/api"
    assert Source("build/slo.json").shown == "build/slo.json"
    assert Source("HTTPS://example.org").remote
    assert not Source("file:///etc/passwd").remote
