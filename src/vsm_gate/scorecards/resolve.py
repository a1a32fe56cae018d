"""Layers of scorecards laid over one another: one policy, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from vsm_gate.documents import nearest
from vsm_gate.errors import Mistake
from vsm_gate.metrics.catalogue import CATALOGUE
from vsm_gate.metrics.metric import show
from vsm_gate.model.results import Phase
from vsm_gate.scorecards.criteria import Criterion, can_hold, difference
from vsm_gate.scorecards.criterion_language import CriterionError, parse
from vsm_gate.scorecards.curve_rules import resolve_curves
from vsm_gate.scorecards.layers import Layer, Setting, settings
from vsm_gate.scorecards.policy import (
    BaselineRule,
    BreakGlass,
    Campaign,
    Objective,
    Origin,
    Policy,
    Thresholds,
)
from vsm_gate.scorecards.waiver_rules import resolve_waivers

if TYPE_CHECKING:
    from vsm_gate.scorecards.schema import Closed, Conditions

_PLAIN = (
    *("team", "owner", "peer_group", "methodology", "phase", "max_waiver_days"),
    *("break_glass", "curves"),
)


@dataclass(slots=True)
class _Draft:
    """What the layers say together: the last one that speaks of a thing is heard."""

    scorecard: dict[str, Setting] = field(default_factory=dict)
    objectives: dict[str, dict[str, Setting]] = field(default_factory=dict)
    defined: dict[str, Origin] = field(default_factory=dict)
    locked: set[str] = field(default_factory=set)

    def value(self, key: str, default: Any) -> Any:
        """A setting of the scorecard, or what holds where nobody wrote it."""
        return self.scorecard[key].value if key in self.scorecard else default


def resolve(layers: Sequence[Layer], *, complete: bool) -> tuple[Policy, list[Mistake]]:
    """The policy of a chain, the organisation's layer first, and every mistake in what it says.

    Where the chain is not `complete`, what is lacking may stand in the missing part.
    """
    draft = _Draft()
    for layer in layers:
        _lay(draft, layer)
    mistakes: list[Mistake] = []
    objectives: dict[str, Objective] = {}
    disabled: dict[str, Origin] = {}
    for name, rule in draft.objectives.items():
        if "disabled" in rule and rule["disabled"].value:
            disabled[name] = rule["disabled"].origin
            continue
        found = _Rule(name, rule, draft, layers, complete=complete)
        objective = found.objective()
        mistakes += found.mistakes
        if objective is not None:
            objectives[name] = objective
    thresholds = _thresholds(draft, mistakes)
    days = draft.value("max_waiver_days", 90)
    names = _written_names(layers) if complete else None
    waivers, wrong = resolve_waivers(layers, objectives, names, days)
    campaigns, unclear = _campaigns(layers, names)
    curves, crooked = resolve_curves(draft.scorecard.get("curves"))
    policy = Policy(
        objectives=tuple(objectives.values()),
        team=draft.value("team", None),
        owner=draft.value("owner", None),
        peer_group=draft.value("peer_group", None),
        methodology=draft.value("methodology", None),
        stages={name: stage for layer in layers for name, stage in layer.card.stages.items()},
        score=thresholds,
        baseline=BaselineRule(
            draft.value("baseline.window", 20),
            draft.value("baseline.aggregate", "median"),
            draft.value("baseline.pinned", None),
        ),
        phase=Phase(draft.value("phase", "enforce")),
        waivers=waivers,
        max_waiver_days=days,
        break_glass=_break_glass(draft),
        campaigns=campaigns,
        curves=curves,
        locked=tuple(sorted(draft.locked)),
        disabled=disabled,
        origins={key: setting.origin for key, setting in draft.scorecard.items()},
        sources=tuple(layer.source for layer in layers),
    )
    return policy, mistakes + wrong + unclear + crooked


def _written_names(layers: Sequence[Layer]) -> set[str]:
    """The objectives that somebody wrote, those that cannot be used included."""
    parts = [layer.document.data.get("objectives") for layer in layers]
    return {str(name) for part in parts if isinstance(part, dict) for name in part}


def _lay(draft: _Draft, layer: Layer) -> None:
    card = layer.card
    for key, setting in settings(layer, card, ()):
        if key in _PLAIN:
            draft.scorecard[key] = setting
    parts: tuple[tuple[str, Closed], ...] = (("score", card.score), ("baseline", card.baseline))
    for name, part in parts:
        for key, setting in settings(layer, part, (name,)):
            draft.scorecard[f"{name}.{key}"] = setting
    for section in card.locked:
        draft.locked.add(section)
        draft.scorecard.setdefault(f"locked.{section}", Setting(section, layer, ("locked",)))
    for name, rule in card.objectives.items():
        path = ("objectives", name)
        draft.defined.setdefault(name, layer.origin(*path))
        draft.objectives.setdefault(name, {}).update(settings(layer, rule, path))


def _thresholds(draft: _Draft, mistakes: list[Mistake]) -> Thresholds:
    default = Thresholds()
    passes = draft.value("score.pass", default.passes)
    warns = draft.value("score.warn", min(default.warns, passes))
    if warns > passes:
        message = f"`warn` {show(warns, 'score')} is above `pass` {show(passes, 'score')}"
        mistakes.append(draft.scorecard["score.warn"].mistake(message))
    return Thresholds(passes, warns, draft.value("score.min_evidence", default.min_evidence))


def _break_glass(draft: _Draft) -> BreakGlass | None:
    rule = draft.value("break_glass", None)
    return BreakGlass(rule.label, tuple(rule.allowed), rule.review_within) if rule else None


def _campaigns(
    layers: Sequence[Layer], names: set[str] | None
) -> tuple[tuple[Campaign, ...], list[Mistake]]:
    """Campaigns of all layers, a later one in place of an earlier one of its name."""
    campaigns: dict[str, Campaign] = {}
    mistakes: list[Mistake] = []
    for layer in layers:
        for name, rule in layer.card.campaigns.items():
            path = ("campaigns", name)
            if (rule.objective is None) == (rule.level is None):
                message = f"campaign `{name}` is for an `objective` or for a `level`"
                mistakes.append(layer.document.mistake(path, message))
            elif rule.objective is not None and names is not None and rule.objective not in names:
                message = f"campaign `{name}` is for `{rule.objective}`, which is no objective"
                hint = nearest(rule.objective, names)
                mistakes.append(layer.document.mistake((*path, "objective"), message, hint))
            campaigns[name] = Campaign(
                id=name,
                by=rule.by,
                objective=rule.objective,
                level=rule.level,
                title=rule.title,
                peer_groups=tuple(rule.peer_group or ()),
                tiers=tuple(rule.tier or ()),
                components=tuple(rule.component or ()),
                source=layer.origin(*path),
            )
    return tuple(campaigns.values()), mistakes


class _Rule:
    """One objective in the making."""

    def __init__(
        self,
        name: str,
        rule: dict[str, Setting],
        draft: _Draft,
        layers: Sequence[Layer],
        *,
        complete: bool,
    ) -> None:
        self.mistakes: list[Mistake] = []
        self._name = name
        self._rule = rule
        self._draft = draft
        self._layers = layers
        self._complete = complete

    def objective(self) -> Objective | None:
        """The objective, or None where it has no metric or no criterion that can be used."""
        metric = self._metric()
        if metric is None:
            return None
        unit = CATALOGUE[metric].unit
        passes, warns = self._criterion("pass", unit), self._criterion("warn", unit)
        if passes is None:
            return None
        if warns is not None:
            self._check_implied(passes, warns, unit)
        conditions = self._value("applies_when", None)
        return Objective(
            id=self._name,
            metric=metric,
            unit=unit,
            passes=passes,
            warns=warns,
            key=self._value("key", default=False),
            weight=self._value("weight", Fraction(1)),
            level=self._value("level", None),
            min_sample=self._value("min_sample", None),
            on_missing=self._value("on_missing", "inconclusive"),
            phase=Phase(self._value("phase", None) or self._draft.value("phase", "enforce")),
            enforce_from=self._value("enforce_from", None),
            applies_when=dict(_conditions(conditions)) if conditions else {},
            remedy=self._value("remedy", None),
            locked=self._value("locked", default=False),
            waivable=self._value("waivable", default=False),
            source=self._draft.defined[self._name],
            origins={key: setting.origin for key, setting in self._rule.items()},
        )

    def _value(self, key: str, default: Any) -> Any:
        return self._rule[key].value if key in self._rule else default

    def _metric(self) -> str | None:
        metric = self._value("metric", None)
        if metric is None:
            self._lacks("metric", "which metric it is about; `vsm-gate metrics` lists them")
        elif metric not in CATALOGUE:
            message = f"there is no metric `{metric}`"
            hint = nearest(metric, CATALOGUE) or "`vsm-gate metrics` lists them all"
            self.mistakes.append(self._rule["metric"].mistake_within(1, message, hint))
            return None
        return str(metric) if metric is not None else None

    def _criterion(self, key: str, unit: str) -> Criterion | None:
        text = self._value(key, None)
        if text is None:
            if key == "pass":
                self._lacks("pass", 'what it asks, such as `pass: ">= 80%"`')
            return None
        setting = self._rule[key]
        try:
            criterion = parse(text, unit)
        except CriterionError as problem:
            message = f"`{key}` of {self._name}: {problem.message}"
            self.mistakes.append(setting.mistake_within(problem.column, message, problem.hint))
            return None
        if not can_hold(criterion, unit):
            message = f"`{key}` of {self._name}: no value can satisfy `{criterion.text}`"
            self.mistakes.append(setting.mistake_within(1, message))
        return criterion

    def _check_implied(self, passes: Criterion, warns: Criterion, unit: str) -> None:
        found = difference(passes, warns, unit)
        if found is None:
            return
        at = "" if found.baseline is None else f" with a baseline of {show(found.baseline, unit)}"
        message = (
            f"`warn` of {self._name} must allow all that `pass` allows: "
            f"{show(found.value, unit)} passes and does not satisfy `{warns.text}`{at}"
        )
        later = max((self._rule["warn"], self._rule["pass"]), key=self._order)
        self.mistakes.append(later.mistake_within(1, message))

    def _order(self, setting: Setting) -> int:
        """Which file of the chain a setting is from: the later one made the mistake."""
        return next(n for n, layer in enumerate(self._layers) if layer is setting.layer)

    def _lacks(self, key: str, what: str) -> None:
        """Said at the place that defines the objective, unless what was there was broken."""
        path = ("objectives", self._name)
        written = [layer for layer in self._layers if self._name in layer.card.objectives]
        if not self._complete or any((*path, key) in layer.broken for layer in written):
            return
        mistake = written[0].document.mistake(path, f"{self._name} has no `{key}`", f"say {what}")
        self.mistakes.append(mistake)


def _conditions(conditions: Conditions) -> Iterator[tuple[str, tuple[str, ...]]]:
    for name in type(conditions).model_fields:
        words = getattr(conditions, name)
        if words:
            yield name, tuple(words)
