"""The components that a change is judged by: those of its base, and what its head adds to them.

Nobody makes the reach of their own change smaller by editing what says so: paths, dependencies and
tiers of the base stand until the change has landed. What the head adds counts beside them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from vsm_gate.model.impact import Component

_SHOWN: Final = 5


def joined(
    base: Sequence[Component], head: Sequence[Component]
) -> tuple[tuple[Component, ...], tuple[str, ...]]:
    """The components of both, and what of the base stands though the head says otherwise.

    What the head adds is told by patterns: a new member within a folder of the base takes no file
    away from the member that had it.
    """
    now = {component.name: component for component in head}
    before = {component.name for component in base}
    both = [_with(component, now.get(component.name)) for component in base]
    new = [_by_patterns(component) for component in head if component.name not in before]
    kept = [text for component in base for text in _kept(component, now)]
    notes = [f"judged as at its base: {text}" for text in kept[:_SHOWN]]
    if len(kept) > _SHOWN:
        notes.append(f"judged as at its base: {len(kept) - _SHOWN} more facts of components")
    return (*both, *new), tuple(notes)


def _with(old: Component, new: Component | None) -> Component:
    """A component of the base with what the head adds to it."""
    if new is None or new == old:
        return old
    added = [path for path in _by_patterns(new).paths if not path.startswith("!")]
    if new.root is not None and new.root == old.root:
        added = []
    tiers = [tier for tier in (old.tier, new.tier) if tier is not None]
    return replace(
        old,
        paths=tuple(dict.fromkeys((*old.paths, *added))),
        owner=old.owner or new.owner,
        tier=min(tiers, default=None),
        depends_on=tuple(dict.fromkeys((*old.depends_on, *new.depends_on))),
    )


def _by_patterns(component: Component) -> Component:
    """The same files by a pattern in place of a root."""
    if component.root is None:
        return component
    pattern = f"{component.root}/**" if component.root else "**"
    return replace(component, root=None, paths=(*component.paths, pattern))


def _kept(old: Component, now: Mapping[str, Component]) -> Iterator[str]:
    """What the base says of a component and the head no longer does."""
    new = now.get(old.name)
    if new is None:
        yield f"this change takes the component `{old.name}` away"
        return
    gone = [name for name in old.depends_on if name not in new.depends_on]
    if gone:
        yield f"`{old.name}` depends on {', '.join(f'`{name}`' for name in gone[:_SHOWN])}"
    if new.root != old.root or not set(old.paths) <= set(new.paths):
        place = ", ".join(old.paths) if old.root is None else old.root or "the whole repository"
        yield f"`{old.name}` is in {place}"
    if old.tier is not None and (new.tier is None or new.tier > old.tier):
        yield f"`{old.name}` is of tier {old.tier}"
    if old.owner is not None and new.owner != old.owner:
        yield f"`{old.name}` belongs to {old.owner}"
