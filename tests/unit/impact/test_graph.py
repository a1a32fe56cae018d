"""The graph of components, against definitions that are slow and plain."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from vsm_gate.impact.graph import Graph
from vsm_gate.model.impact import Component

EDGES = st.sets(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=20)


def graph_of(edges: set[tuple[int, int]], count: int = 8) -> Graph:
    """Component a depends on b for every edge (a, b)."""
    return Graph.of(
        [
            Component(
                str(node), (), depends_on=tuple(str(b) for a, b in sorted(edges) if a == node)
            )
            for node in range(count)
        ]
    )


def closure(edges: set[tuple[int, int]]) -> set[tuple[int, int]]:
    """All (a, b) where a depends on b over one edge or more."""
    found = set(edges)
    while more := {(a, d) for a, b in found for c, d in edges if b == c} - found:
        found |= more
    return found


@given(EDGES, st.sets(st.integers(0, 7)))
def test_what_is_reached_is_what_depends_on_it(
    edges: set[tuple[int, int]], start: set[int]
) -> None:
    graph = graph_of(edges)
    reached = [graph.names[number] for number in graph.reached_from(map(str, start))]
    assert len(reached) == len(set(reached))
    dependents = {a for a, b in closure(edges) if b in start}
    assert set(map(int, reached)) == start | dependents


@given(EDGES)
def test_cycles_are_the_groups_that_depend_on_one_another(edges: set[tuple[int, int]]) -> None:
    reach = closure(edges)
    on_a_cycle = {a for a, b in reach if a == b}
    groups = {
        tuple(sorted(str(b) for b in on_a_cycle if a == b or {(a, b), (b, a)} <= reach))
        for a in on_a_cycle
    }
    assert graph_of(edges).cycles() == sorted(groups)


def test_a_long_chain_and_a_long_cycle_need_no_recursion() -> None:
    count = 50_000
    chain = [Component(str(n), (), depends_on=(str(n + 1),)) for n in range(count)]
    open_end = Graph.of([*chain, Component(str(count), ())])
    assert len(open_end.reached_from([str(count)])) == count + 1
    assert open_end.cycles() == []
    ring = Graph.of([*chain, Component(str(count), (), depends_on=("0",))])
    (cycle,) = ring.cycles()
    assert len(cycle) == count + 1


def test_what_is_wrong_is_kept() -> None:
    graph = Graph.of(
        [
            Component("a", (), depends_on=("b", "none", "b"), source="one"),
            Component("b", (), source="one"),
            Component("a", (), depends_on=("c",), source="two"),
            Component("c", (), source="one"),
        ]
    )
    assert graph.names == ["a", "b", "c"]
    assert graph.unknown == [("a", "none")]
    assert graph.duplicates == {"a": ["one", "two"]}
    assert [graph.names[number] for number in graph.reached_from(["c"])] == ["c", "a"]
