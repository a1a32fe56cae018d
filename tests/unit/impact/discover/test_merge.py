"""One list of components from several formats."""

from __future__ import annotations

from vsm_gate.impact.discover.contract import Found, Trouble
from vsm_gate.impact.discover.merge import Fact, listed, merge
from vsm_gate.model.impact import Component


def test_what_two_formats_say_of_one_folder_is_said_of_one_component() -> None:
    catalog = [
        Found(
            "payments", "pay/catalog", "pay", owner="pay", tier=1, depends_on=("db",), strict=True
        ),
        Found("db", "db/catalog", "db", strict=True),
    ]
    node = [
        Found("@acme/pay", "pay/package", "pay", depends_on=("@acme/core",)),
        Found("@acme/core", "core/package", "core"),
    ]
    found = merge([catalog, node])
    assert found.components == (
        Component("@acme/core", (), source="core/package", root="core"),
        Component("db", (), source="db/catalog", root="db"),
        Component(
            "payments",
            (),
            owner="pay",
            tier=1,
            depends_on=("db", "@acme/core"),
            source="pay/catalog, pay/package",
            root="pay",
        ),
    )
    assert (found.conflicts, found.troubles) == ((), ())
    assert found.declared[2].depends_on == {"db": "pay/catalog", "@acme/core": "pay/package"}


def test_a_catalog_may_name_what_another_format_declares() -> None:
    found = merge(
        [
            [Found("shop", "catalog", None, depends_on=("core", "gone"), strict=True)],
            [Found("core", "package", "core", depends_on=("react",))],
        ]
    )
    assert {item.name: item.depends_on for item in found.components} == {
        "core": (),
        "shop": ("core", "gone"),
    }


def test_where_formats_disagree_the_first_is_believed_and_both_are_named() -> None:
    found = merge(
        [
            [Found("a", "one", "a", owner="x", tier=1), Found("a", "one b", "b", owner="z")],
            [Found("a2", "two", "a", owner="y", tier=2)],
        ]
    )
    assert [(item.name, item.owner, item.tier) for item in found.components] == [
        ("a", "x", 1),
        ("a (b)", "z", None),
    ]
    assert found.conflicts == (
        "`a` is the name of two components, in one and in one b",
        "the owner of `a` is `x` in one, `y` in two",
        "the tier of `a` is `1` in one, `2` in two",
    )


def test_several_of_one_folder_in_one_format_stay_apart() -> None:
    twins = [Found("a", "x", "pkg"), Found("b", "x", "pkg", depends_on=("a", "b"))]
    found = merge([twins, [Found("c", "y", "pkg")]])
    assert [(item.name, item.root, item.depends_on) for item in found.components] == [
        ("a", "pkg", ()),
        ("b", "pkg", ("a",)),
    ]
    assert found.components[0].source == "x, y"


def test_a_component_that_is_declared_twice_is_named() -> None:
    found = merge([[Found("a", "x", None, owner="o"), Found("a", "y", None, owner="o")]])
    assert [item.source for item in found.components] == ["x, y"]
    assert found.conflicts == ("`a` is declared twice, in x and in y",)


def test_troubles_are_kept() -> None:
    trouble = Trouble("x", "it cannot be read")
    assert merge([[trouble, Found("a", "y", "a")]]).troubles == (trouble,)


def test_a_list_has_the_same_shape() -> None:
    given = [
        Component("a", ("a/**",), owner="@x", tier=2, depends_on=("b",), source="config"),
        Component("b", ("b",), source="config"),
    ]
    found = listed(given)
    assert found.components == tuple(given)
    assert found.declared[0].owners == [Fact("@x", "config")]
