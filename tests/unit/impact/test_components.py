"""Which components a file belongs to."""

from __future__ import annotations

import pytest

from vsm_gate.impact.components import components_of
from vsm_gate.model.impact import Component


@pytest.mark.parametrize(
    ("pattern", "inside", "outside"),
    [
        (
            "services/pay",
            ["services/pay/a.py", "services/pay/x/y", "services/pay"],
            ["services/payx/a"],
        ),
        ("services/pay/", ["services/pay/a.py"], ["services/pay"]),
        ("./services/pay/**", ["services/pay/a.py", "services/pay/x/y"], ["services/a"]),
        ("services/*", ["services/a.py"], ["services/pay/a.py"]),
        ("*/src", ["pay/src/a.py", "pay/src/x/y"], ["src/a.py", "x/pay/src/a"]),
        ("**/*.sql", ["a.sql", "db/x/a.sql"], ["a.sqlx"]),
        ("Makefile", ["Makefile"], ["x/Makefile"]),
        ("**", ["a", "a/b"], []),
        (".", ["a", "a/b"], []),
    ],
)
def test_patterns(pattern: str, inside: list[str], outside: list[str]) -> None:
    found = components_of([Component("one", (pattern,))], [*inside, *outside])
    assert {path for path, names in found.items() if names} == set(inside)


def test_a_file_belongs_to_all_that_match() -> None:
    components = [
        Component("all", ("**",)),
        Component("pay", ("services/pay", "shared/pay")),
        Component("db", ("**/*.sql",)),
    ]
    assert components_of(components, ["services/pay/a.sql", "README.md"]) == {
        "services/pay/a.sql": ("all", "pay", "db"),
        "README.md": ("all",),
    }


def test_a_pattern_can_take_files_out() -> None:
    components = [Component("pay", ("!pay/docs", "pay", "!**/*.md"))]
    found = components_of(components, ["pay/a.py", "pay/docs/a.py", "pay/README.md"])
    assert [bool(names) for names in found.values()] == [True, False, False]


def test_of_nested_members_the_innermost_has_the_file() -> None:
    components = [
        Component("root", (), root=""),
        Component("a", (), root="packages/a"),
        Component("inner", (), root="packages/a/inner/"),
        Component("twin", (), root="packages/a"),
    ]
    assert components_of(
        components, ["x.js", "packages/a/x.js", "packages/a/inner/x.js", "packages/ab/x.js"]
    ) == {
        "x.js": ("root",),
        "packages/a/x.js": ("a", "twin"),
        "packages/a/inner/x.js": ("inner",),
        "packages/ab/x.js": ("root",),
    }


def test_one_component_that_is_given_twice_is_named_once() -> None:
    components = [Component("a", ("x",)), Component("a", ("x/y", "x"))]
    assert components_of(components, ["x/y/z"]) == {"x/y/z": ("a",)}
