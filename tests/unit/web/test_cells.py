from __future__ import annotations

import pytest

from vsm_gate.web.cells import cell


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, ""),
        ("plain", "plain"),
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@x", "'@x"),
        ("\tx", "'\tx"),
        ("\rx", "' x"),
        ("a\0b", "a\N{REPLACEMENT CHARACTER}b"),
        ("a\ud800", "a?"),
        (-1, "-1"),
        (1.5, "1.5"),
        (True, "true"),
        ([], ""),
        (["a", "b"], "a b"),
        (["=a"], "'=a"),
        ({"a": 1}, '{"a": 1}'),
    ],
)
def test_a_value_as_a_cell(value: object, expected: str) -> None:
    assert cell(value) == expected
