"""Places that the text of a failure names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vsm_gate.readers.traces import MAX_PLACES, places


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ("tests/test_a.py:5: AssertionError", ("tests/test_a.py", 5)),
        ('  File "/app/tests/test_a.py", line 12, in test_a', ("/app/tests/test_a.py", 12)),
        ("    at adds (src/pay.test.ts:10:5)", ("src/pay.test.ts", 10)),
        ("    at file:///app/src/pay.spec.mjs:7:1", ("/app/src/pay.spec.mjs", 7)),
        ("    at com.acme.PayTest.adds(PayTest.java:12)", ("com/acme/PayTest.java", 12)),
        ("    at app//com.acme.Pay$Sub.adds(PayTest.kt:3)", ("com/acme/PayTest.kt", 3)),
        (r"   at Acme.PayTests.Adds() in C:\src\Pay Tests.cs:line 9", (r"C:\src\Pay Tests.cs", 9)),
        ("    pay_test.go:17: got 3, want 4", ("pay_test.go", 17)),
        ("/app/tests/PayTest.php:21", ("/app/tests/PayTest.php", 21)),
        ("# ./spec/pay_spec.rb:8:in `block'", ("./spec/pay_spec.rb", 8)),
        ("panicked at src/lib.rs:4:9:", ("src/lib.rs", 4)),
    ],
)
def test_each_notation(line: str, place: tuple[str, int]) -> None:
    assert list(places(f"it failed\n{line}\n")) == [place]


@pytest.mark.parametrize("text", ["", "expected 3, got 4", "10:30:12 started", "a.b.c", "x: 3"])
def test_what_names_no_place(text: str) -> None:
    assert list(places(text)) == []


def test_places_come_in_their_order_and_end() -> None:
    text = "\n".join(f"a{number}.py:{number + 1}" for number in range(2 * MAX_PLACES))
    found = list(places(text))
    assert len(found) == MAX_PLACES
    assert found[:2] == [("a0.py", 1), ("a1.py", 2)]


@given(st.text(max_size=3000))
def test_any_text_can_be_read(text: str) -> None:
    assert all(path and line >= 0 for path, line in places(text))


def test_a_long_line_costs_no_more_than_its_length() -> None:
    assert list(places("a.b/" * 200_000)) == []
