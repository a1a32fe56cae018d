"""Pictures as text."""

from __future__ import annotations

import re

from vsm_gate.impact.picture import MAX_NODES, dot, mermaid
from vsm_gate.impact.reach import reach
from vsm_gate.model.impact import Component

SHOP = [
    Component("shop", ("shop",), depends_on=("pay", "pay", "gone")),
    Component("pay", ("pay",), depends_on=("ledger",)),
    Component("ledger", ("ledger",)),
    Component("docs", ("docs",)),
]
HOSTILE = 'x"]; click c0 "javascript:alert(1)"\nA-->B %%{init}%%'


def test_a_chart_of_what_is_reached() -> None:
    chart = mermaid(SHOP, reach(SHOP, ["ledger/a.py"]))
    assert chart.splitlines()[:6] == [
        "flowchart LR",
        '  c0["ledger · changed"]',
        '  c1["pay"]',
        '  c2["shop"]',
        "  c2 --> c1",
        "  c1 --> c0",
    ]
    assert chart.splitlines()[-2:] == ["  class c0 touched", "  class c1,c2 reached"]
    assert "docs" not in chart


def test_a_chart_of_everything_has_no_marks() -> None:
    chart = mermaid(SHOP)
    assert '["docs"]' in chart
    assert "class" not in chart


def test_nothing_reached_is_an_empty_chart() -> None:
    assert "class c" not in mermaid(SHOP, reach(SHOP, []))


def test_names_cannot_get_out_of_their_place() -> None:
    components = [Component(HOSTILE, (), depends_on=("b\\",)), Component("b\\", ())]
    for drawn in mermaid(components).splitlines()[1:]:
        assert re.fullmatch(r'  c\d( --> c\d|\["[A-Za-z0-9 ._/@#;-]*"\])', drawn)
    lines = dot(components).splitlines()
    assert lines[3] == '  "x\\"]; click c0 \\"javascript:alert(1)\\" A-->B %%{init}%%";'
    assert lines[4] == '  "b\\\\";'
    assert len(lines) == 7


def test_a_large_chart_is_cut_and_says_so() -> None:
    many = [Component(f"c{number}", ()) for number in range(MAX_NODES + 5)]
    assert '  more["and 5 more"]' in mermaid(many)
    assert dot(many).count(";\n") == MAX_NODES + 5 + 2
