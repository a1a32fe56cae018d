"""How far apart versions are."""

from __future__ import annotations

import pytest

from vsm_gate.impact.packages.versions import is_lower, is_major, newest


@pytest.mark.parametrize(
    ("before", "after", "major", "lower"),
    [
        ("1.2.3", "2.0.0", True, False),
        ("1.2.3", "1.9.0", False, False),
        ("0.1.5", "0.2.0", True, False),
        ("0.1.5", "0.1.6", False, False),
        ("0.0.1", "0.0.2", True, False),
        ("0.9.0", "1.0.0", True, False),
        ("9.0", "10.0", True, False),
        ("2.0.0", "1.9.9", False, True),
        ("^17.0.2", ">=18,<19", True, False),
        ("v1.4.0", "v2.0.0+incompatible", True, False),
        ("latest", "1.0", False, False),
        ("1.0", "any", False, False),
        ("1.0.0", "1.0", False, False),
    ],
)
def test_two_versions(before: str, after: str, major: bool, lower: bool) -> None:
    assert is_major([before], [after]) is major
    assert is_lower([before], [after]) is lower


def test_of_several_versions_the_highest_counts() -> None:
    assert newest(["1.9.0", "1.10.0", "0.5"]) == "1.10.0"
    assert not is_major(["1.0", "2.0"], ["2.1"])
    assert is_major(["1.0"], ["1.0", "2.0"])
