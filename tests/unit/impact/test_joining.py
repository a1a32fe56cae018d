"""Components of the base, and what the head adds."""

from __future__ import annotations

from vsm_gate.impact.components import components_of
from vsm_gate.impact.joining import joined
from vsm_gate.model.impact import Component

CORE = Component("core", (), root="packages/core", tier=1, owner="@a")
WEB = Component("web", ("web/**", "!web/gen/**"), depends_on=("core",))


def test_the_same_is_the_same() -> None:
    assert joined([CORE, WEB], [WEB, CORE]) == ((CORE, WEB), ())


def test_nothing_of_the_base_is_lost() -> None:
    less = [Component("core", (), root="x", tier=2, owner="@b"), Component("web", ("w/**",))]
    (core, web), notes = joined([CORE, WEB], less)
    assert (core.root, core.tier, core.owner) == ("packages/core", 1, "@a")
    assert core.paths == ("x/**",)
    assert (web.depends_on, web.paths) == (("core",), ("web/**", "!web/gen/**", "w/**"))
    assert notes == (
        "judged as at its base: `core` is in packages/core",
        "judged as at its base: `core` is of tier 1",
        "judged as at its base: `core` belongs to @a",
        "judged as at its base: `web` depends on `core`",
        "judged as at its base: `web` is in web/**, !web/gen/**",
    )


def test_what_is_added_counts() -> None:
    more = [
        Component("core", (), root="packages/core", tier=1, owner="@a", depends_on=("new",)),
        Component("web", (*WEB.paths, "!web/**"), depends_on=("core",), tier=2),
        Component("new", (), root="packages/core/src"),
    ]
    (core, web, new), notes = joined([CORE, WEB], more)
    assert core.depends_on == ("new",)
    assert (web.tier, web.paths) == (2, WEB.paths)
    assert (new.root, new.paths) == (None, ("packages/core/src/**",))
    assert notes == ()
    homes = components_of([core, web, new], ["packages/core/src/a", "web/a"])
    assert homes == {"packages/core/src/a": ("core", "new"), "web/a": ("web",)}


def test_a_component_that_goes_stays_until_it_is_gone() -> None:
    both, notes = joined([CORE], [])
    assert both == (CORE,)
    assert notes == ("judged as at its base: this change takes the component `core` away",)


def test_many_differences_are_counted() -> None:
    _, notes = joined([Component(f"c{n}", ()) for n in range(9)], [])
    assert notes[-1] == "judged as at its base: 4 more facts of components"
