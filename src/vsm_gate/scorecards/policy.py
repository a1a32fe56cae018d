"""A policy: the scorecard that is in force after inheritance, every value with its origin."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from vsm_gate.model.results import Phase
from vsm_gate.scorecards.criteria import Criterion
from vsm_gate.scorecards.curves import Curves

SCHEMA: Final = "vsm-gate/scorecard/v1"
LEVELS: Final = ("bronze", "silver", "gold")


@dataclass(frozen=True, slots=True)
class Source:
    """The text of a scorecard as it was read.

    `name` is what messages call it (a path, or a git reference); `note` is anything a reader
    should know about where it came from (a commit; a copy, and how old it is). `cached`: it is a
    copy, since its repository could not be reached.
    """

    name: str
    text: str
    note: str = ""
    cached: bool = False

    @property
    def sha256(self) -> str:
        """The digest of the text, hexadecimal."""
        return hashlib.sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a value was written. Lines and columns count from 1."""

    file: str
    line: int
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Objective:
    """One metric and what is asked of it.

    `phase` is the objective's own or the scorecard's; `enforce_from` the day from which it may
    block. A `locked` objective is waived by scorecards that extend this one only where it is
    `waivable`. `applies_when` names facts and the values of which one must hold. `origins` says for
    each setting that somebody wrote where that was, `source` where the objective was defined.
    """

    id: str
    metric: str
    unit: str
    passes: Criterion
    warns: Criterion | None = None
    key: bool = False
    weight: Fraction = Fraction(1)
    level: str | None = None
    min_sample: int | None = None
    on_missing: str = "inconclusive"
    phase: Phase = Phase.ENFORCE
    enforce_from: date | None = None
    applies_when: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    remedy: str | None = None
    locked: bool = False
    waivable: bool = False
    source: Origin = Origin("", 1)
    origins: Mapping[str, Origin] = field(default_factory=dict)

    @property
    def needs_baseline(self) -> bool:
        """Whether a criterion of it compares with the baseline."""
        return self.passes.needs_baseline or (self.warns is not None and self.warns.needs_baseline)

    def phase_on(self, today: date) -> Phase:
        """The phase in force on a day: before `enforce_from` it never blocks."""
        waits = self.enforce_from is not None and today < self.enforce_from
        return Phase.WARN if waits and self.phase is Phase.ENFORCE else self.phase


@dataclass(frozen=True, slots=True)
class Thresholds:
    """What the total score (0…100) and the evidence rate (%) must reach."""

    passes: Fraction = Fraction(90)
    warns: Fraction = Fraction(75)
    min_evidence: Fraction = Fraction(80)


@dataclass(frozen=True, slots=True)
class BaselineRule:
    """What a relative criterion compares with: the `aggregate` over the last `window` passing or
    warned records of the default branch, or the one record that is `pinned`.
    """

    window: int = 20
    aggregate: str = "median"
    pinned: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiver:
    """A dated, owned, reasoned, approved exception, in force from `created` to `expires`, both
    included, for changes within its scope (an empty part of a scope is no limit).

    `accept` is the weaker criterion that is held instead; None accepts anything.
    """

    id: str
    objective: str
    owner: str
    approved_by: str
    reason: str
    created: date
    expires: date
    ticket: str | None = None
    accept: Criterion | None = None
    paths: tuple[str, ...] = ()
    components: tuple[str, ...] = ()
    pull_request: str | None = None
    source: Origin = Origin("", 1)


@dataclass(frozen=True, slots=True)
class BreakGlass:
    """Who may let a red change through: the label, and the logins and teams (`organisation/team`)
    that are allowed to set it; the exception is to be reviewed within `review_days`.
    """

    label: str
    allowed: tuple[str, ...]
    review_days: int = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """What the teams (of some peer groups, or all) are to reach by a day, in components of some
    tiers or names, or in all: an objective that passes, or a level.
    """

    id: str
    by: date
    objective: str | None = None
    level: str | None = None
    title: str | None = None
    peer_groups: tuple[str, ...] = ()
    tiers: tuple[str, ...] = ()
    components: tuple[str, ...] = ()
    source: Origin = Origin("", 1)


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """A value as it is written, the same in its metric's unit, and its score (0…100)."""

    text: str
    value: Fraction
    score: Fraction


@dataclass(frozen=True, slots=True)
class OwnCurves:
    """The curves that an organisation brings, by metric, points by ascending value."""

    version: str
    lines: Mapping[str, tuple[CurvePoint, ...]]

    @property
    def curves(self) -> Curves:
        """The same, to score by."""
        return Curves.own(
            self.version,
            {
                metric: tuple((float(each.value), float(each.score)) for each in points)
                for metric, points in self.lines.items()
            },
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """A scorecard in force.

    `sources` is the chain it was made from, the organisation's first. `disabled` are inherited
    objectives that were switched off. `origins` are those of the settings outside objectives
    (`team`, `score.pass`, …).
    """

    objectives: tuple[Objective, ...]
    team: str | None = None
    owner: str | None = None
    peer_group: str | None = None
    methodology: str | None = None
    stages: Mapping[str, str] = field(default_factory=dict)
    score: Thresholds = Thresholds()
    baseline: BaselineRule = BaselineRule()
    phase: Phase = Phase.ENFORCE
    waivers: tuple[Waiver, ...] = ()
    max_waiver_days: int = 90
    break_glass: BreakGlass | None = None
    campaigns: tuple[Campaign, ...] = ()
    curves: OwnCurves | None = None
    locked: tuple[str, ...] = ()
    disabled: Mapping[str, Origin] = field(default_factory=dict)
    origins: Mapping[str, Origin] = field(default_factory=dict)
    sources: tuple[Source, ...] = ()

    @property
    def compared(self) -> frozenset[str]:
        """The metrics of which a criterion, or what a waiver accepts, needs the baseline."""
        waived = {
            each.objective for each in self.waivers if each.accept and each.accept.needs_baseline
        }
        return frozenset(
            each.metric for each in self.objectives if each.needs_baseline or each.id in waived
        )

    @property
    def sha256(self) -> str:
        """The digest of what is in force: the same however it is spread over files."""
        text = json.dumps(document(self), sort_keys=True, ensure_ascii=False, allow_nan=False)
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def document(policy: Policy) -> dict[str, Any]:
    """The effective policy as plain data, in the shape of a scorecard file: it can be read back.

    Settings that are as if nobody had written them are left out.
    """
    thresholds, baseline = policy.score, policy.baseline
    found: dict[str, Any] = {
        "schema": SCHEMA,
        "team": policy.team,
        "owner": policy.owner,
        "peer_group": policy.peer_group,
        "methodology": policy.methodology,
        "stages": dict(policy.stages) or None,
        "objectives": {each.id: _objective(each) for each in policy.objectives},
        "score": {
            "pass": number(thresholds.passes),
            "warn": number(thresholds.warns),
            "min_evidence": f"{number(thresholds.min_evidence)}%",
        },
        "baseline": _without_none(
            {
                "window": baseline.window,
                "aggregate": baseline.aggregate,
                "pinned": baseline.pinned,
            }
        ),
        "phase": policy.phase.value,
        "max_waiver_days": policy.max_waiver_days,
        "waivers": [_waiver(each) for each in policy.waivers] or None,
        "break_glass": _break_glass(policy.break_glass),
        "campaigns": {each.id: _campaign(each) for each in policy.campaigns} or None,
        "curves": _curves(policy.curves),
        "locked": list(policy.locked) or None,
    }
    return _without_none(found)


def _objective(objective: Objective) -> dict[str, Any]:
    conditions = {fact: list(values) for fact, values in objective.applies_when.items()}
    enforce_from = objective.enforce_from
    return _without_none(
        {
            "metric": objective.metric,
            "pass": objective.passes.text,
            "warn": objective.warns.text if objective.warns else None,
            "key": objective.key or None,
            "weight": number(objective.weight),
            "level": objective.level,
            "min_sample": objective.min_sample,
            "on_missing": objective.on_missing,
            "phase": objective.phase.value,
            "enforce_from": enforce_from.isoformat() if enforce_from else None,
            "applies_when": conditions or None,
            "remedy": objective.remedy,
            "locked": objective.locked or None,
            "waivable": objective.waivable or None,
        }
    )


def _waiver(waiver: Waiver) -> dict[str, Any]:
    scope = _without_none(
        {
            "paths": list(waiver.paths) or None,
            "component": list(waiver.components) or None,
            "pull_request": waiver.pull_request,
        }
    )
    return _without_none(
        {
            "id": waiver.id,
            "objective": waiver.objective,
            "scope": scope or None,
            "accept": waiver.accept.text if waiver.accept else None,
            "owner": waiver.owner,
            "approved_by": waiver.approved_by,
            "reason": waiver.reason,
            "ticket": waiver.ticket,
            "created": waiver.created.isoformat(),
            "expires": waiver.expires.isoformat(),
        }
    )


def _break_glass(rule: BreakGlass | None) -> dict[str, Any] | None:
    if rule is None:
        return None
    within = f"{rule.review_days}d"
    return {"label": rule.label, "allowed": list(rule.allowed), "review_within": within}


def _campaign(campaign: Campaign) -> dict[str, Any]:
    return _without_none(
        {
            "title": campaign.title,
            "objective": campaign.objective,
            "level": campaign.level,
            "by": campaign.by.isoformat(),
            "peer_group": list(campaign.peer_groups) or None,
            "tier": list(campaign.tiers) or None,
            "component": list(campaign.components) or None,
        }
    )


def _curves(curves: OwnCurves | None) -> dict[str, Any] | None:
    if curves is None:
        return None
    return {
        "version": curves.version,
        "lines": {
            metric: [[each.text, number(each.score)] for each in points]
            for metric, points in curves.lines.items()
        },
    }


def _without_none(data: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in data.items() if value is not None}


def number(value: Fraction) -> int | str:
    """A decimal number as a scorecard writes it: 90, or "0.5"."""
    if value.denominator == 1:
        return int(value)
    return format(Decimal(value.numerator) / Decimal(value.denominator), "f")
