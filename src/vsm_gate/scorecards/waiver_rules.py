"""Waivers as they are written, checked before they may act."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from vsm_gate.documents import nearest
from vsm_gate.errors import Mistake
from vsm_gate.scorecards.criteria import Criterion, difference
from vsm_gate.scorecards.criterion_language import CriterionError, parse
from vsm_gate.scorecards.layers import Layer
from vsm_gate.scorecards.policy import Objective, Waiver

if TYPE_CHECKING:
    from vsm_gate.scorecards.schema import WaiverRule


def resolve_waivers(
    layers: Sequence[Layer],
    objectives: Mapping[str, Objective],
    written: set[str] | None,
    max_days: int,
) -> tuple[tuple[Waiver, ...], list[Mistake]]:
    """All waivers of a chain, and what is wrong with them.

    `objectives` are those that can be used, `written` the names of all that somebody wrote, None
    where that is not known.
    """
    waivers: dict[str, Waiver] = {}
    mistakes: list[Mistake] = []
    for layer in layers:
        for rule in layer.card.waivers:
            entry = _Entry(layer, rule, objectives.get(rule.objective))
            if rule.id in waivers:
                first = waivers[rule.id].source
                entry.refuse("id", f"waiver `{rule.id}` stands already at {first}")
            if written is not None and rule.objective not in written:
                message = f"waiver `{rule.id}` is for `{rule.objective}`, which is no objective"
                entry.refuse("objective", message, nearest(rule.objective, written))
            entry.check(max_days)
            waivers[rule.id] = entry.waiver()
            mistakes += entry.mistakes
    return tuple(waivers.values()), mistakes


class _Entry:
    """One waiver in the making."""

    def __init__(self, layer: Layer, rule: WaiverRule, objective: Objective | None) -> None:
        self.mistakes: list[Mistake] = []
        self._layer = layer
        self._rule = rule
        self._objective = objective
        entries = layer.document.data["waivers"]
        self._index = next(
            index
            for index, entry in enumerate(entries)
            if isinstance(entry, dict) and str(entry.get("id")) == rule.id
        )

    def refuse(self, key: str, message: str, hint: str | None = None) -> None:
        """Note a mistake in one of its keys."""
        path = ("waivers", self._index, key)
        self.mistakes.append(self._layer.document.mistake(path, message, hint))

    def check(self, max_days: int) -> None:
        """Who approved it and how long it lasts."""
        rule = self._rule
        if _person(rule.owner) == _person(rule.approved_by):
            self.refuse("approved_by", f"waiver `{rule.id}` is approved by its own owner")
        days = (rule.expires - rule.created).days
        if days < 0:
            self.refuse("expires", f"waiver `{rule.id}` expires before it is created")
        if days > max_days:
            message = f"waiver `{rule.id}` lasts {days} days, and {max_days} are allowed"
            self.refuse("expires", message)

    def waiver(self) -> Waiver:
        """The waiver, without its `accept` where that is wrong."""
        rule, scope = self._rule, self._rule.scope
        return Waiver(
            id=rule.id,
            objective=rule.objective,
            owner=rule.owner,
            approved_by=rule.approved_by,
            reason=rule.reason,
            created=rule.created,
            expires=rule.expires,
            ticket=rule.ticket,
            accept=self._accept(),
            paths=tuple(scope.paths or ()) if scope else (),
            components=tuple(scope.component or ()) if scope else (),
            pull_request=scope.pull_request if scope else None,
            source=self._layer.origin("waivers", self._index),
        )

    def _accept(self) -> Criterion | None:
        text, objective = self._rule.accept, self._objective
        if text is None or objective is None:
            return None
        try:
            accept = parse(text, objective.unit)
        except CriterionError as problem:
            message = f"`accept` of waiver `{self._rule.id}`: {problem.message}"
            path = ("waivers", self._index, "accept")
            document = self._layer.document
            mistake = document.mistake_within(path, problem.column, message, problem.hint)
            self.mistakes.append(mistake)
            return None
        if difference(objective.passes, accept, objective.unit) is not None:
            message = f"`accept` of waiver `{self._rule.id}` is not weaker than what is asked"
            self.refuse("accept", message, f"`{objective.id}` asks `{objective.passes.text}`")
        return accept


def _person(name: str) -> str:
    """A name as it is compared: neither case nor a leading @ makes another person of it."""
    return name.strip().removeprefix("@").casefold()
