"""What a change of a manifest or a lock file is told as."""

from __future__ import annotations

import json

from vsm_gate.impact.details import packages
from vsm_gate.impact.details.contract import Finding, Unread, Versions


def lock(**versions: str) -> str:
    return json.dumps(
        {"packages": {f"node_modules/{name}": {"version": v} for name, v in versions.items()}}
    )


def told(base: str | None, head: str | None) -> list[tuple[str, str]]:
    found = packages.find(Versions("package-lock.json", base, head))
    return [(item.severity, item.text) for item in found if isinstance(item, Finding)]


def test_what_came_went_and_moved() -> None:
    before = lock(react="17.0.2", left="1.0.0", down="2.1.0", patched="1.0.0", same="1.0.0")
    after = lock(react="18.2.0", new="3.0.0", down="2.0.0", patched="1.0.1", same="1.0.0")
    assert told(before, after) == [
        ("warning", "`react` 17.0.2 → 18.2.0: a major version up"),
        ("warning", "`down` 2.1.0 → 2.0.0: a step back"),
        ("info", "adds 1 package: `new` 3.0.0"),
        ("info", "removes 1 package: `left`"),
        ("info", "changes 1 package: `patched`"),
    ]


def test_many_are_counted() -> None:
    before = lock(**{f"p{n:02}": "1.0.0" for n in range(13)})
    after = lock(**{f"p{n:02}": "2.0.0" for n in range(13)})
    found = told(before, after)
    assert len(found) == 11
    assert found[-1] == ("warning", "3 more packages: a major version up")
    (text,) = (text for _, text in told(None, before))
    assert text.startswith("adds 13 packages: `p00` 1.0.0, ")
    assert text.endswith(" and 3 more")


def test_nothing_that_counts_says_nothing() -> None:
    assert told(lock(a="1.0"), lock(a="1.0")) == []


def test_a_lock_that_cannot_be_read() -> None:
    (found,) = packages.find(Versions("package-lock.json", "{", "{}"))
    assert isinstance(found, Unread)
