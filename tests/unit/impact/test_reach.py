"""What a change reaches."""

from __future__ import annotations

from vsm_gate.impact.codeowners import parse
from vsm_gate.impact.reach import reach
from vsm_gate.model.impact import Component, Impact

SHOP = [
    Component("shop", ("shop",), owner="@acme/web", tier=2, depends_on=("payments", "catalog")),
    Component("payments", ("payments",), owner="@acme/pay", tier=1, depends_on=("ledger",)),
    Component("catalog", ("catalog",), owner="@acme/data", tier=3),
    Component("ledger", ("ledger",), owner="@acme/pay", tier=2),
    Component("jobs", ("jobs",), depends_on=("catalog",)),
]


def test_touched_and_reached() -> None:
    impact = reach(SHOP, ["ledger/a.py", "ledger/b.py"])
    assert impact == Impact(
        total=5,
        touched=("ledger",),
        reached=("ledger", "payments", "shop"),
        tier=1,
        owners=("@acme/pay",),
        tiers={"ledger": 2},
    )


def test_several_at_once_and_files_of_nobody() -> None:
    impact = reach(SHOP, ["README.md", "catalog/a.py", "jobs/b.py"])
    assert impact.touched == ("catalog", "jobs")
    assert impact.reached == ("catalog", "jobs", "shop")
    assert (impact.tier, impact.owners) == (2, ("@acme/data",))
    assert impact.notes == ("1 changed file belongs to no component: `README.md`",)


def test_nothing_known_and_nothing_changed() -> None:
    assert reach([], ["a.py"]) == Impact(total=0)
    assert reach(SHOP, []) == Impact(total=5)


def test_codeowners_come_before_the_owners_of_components() -> None:
    codeowners = parse("/ledger/ @acme/books\n/catalog/\n*.sql @acme/dba @acme/books\n")
    impact = reach(SHOP, ["ledger/a.py", "catalog/a.py", "jobs/a.sql", "x"], codeowners)
    assert impact.owners == ("@acme/books", "@acme/data", "@acme/dba")


def test_what_is_wrong_in_the_declarations_becomes_a_note() -> None:
    components = [
        Component("a", ("a",), depends_on=("b", "leger"), source="one"),
        Component("b", ("b",), depends_on=("a",), source="one"),
        Component("ledger", ("l",), depends_on=("ledger",), source="one"),
        Component("b", ("bb",), source="two"),
    ]
    impact = reach(components, ["bb/x"], parse("x !y\n"))
    assert impact.total == 3
    assert impact.reached == ("a", "b")
    assert impact.notes == (
        "component `b` is declared more than once (one, two): all its declarations count",
        "component `a` depends on `leger`, which is not known; perhaps you meant `ledger`?",
        "components depend on one another: `a`, `b`",
        "components depend on one another: `ledger`",
        "CODEOWNERS:1:1: `!y` is not an owner, so that the line is skipped",
    )


def test_notes_are_few_however_much_is_wrong() -> None:
    components = [
        Component(f"c{n}", (), depends_on=tuple(f"none{m}" for m in range(20))) for n in range(50)
    ]
    notes = reach(components, [f"{n}.py" for n in range(100)]).notes
    assert len(notes) == 12
    assert notes[10] == "990 more dependencies are not known"
    assert notes[11].startswith("100 changed files belong to no component: `0.py`, ")
    assert notes[11].endswith(" and 90 more")


def test_sensitive_files_can_be_overridden() -> None:
    files = ["db/migrations/1.sql", "secrets/x", ".github/workflows/ci.yml"]
    impact = reach([], files, sensitive={"secrets": ["secrets/**"], "pipelines": []})
    assert impact.sensitive == {
        "migrations": ("db/migrations/1.sql",),
        "secrets": ("secrets/x",),
    }
