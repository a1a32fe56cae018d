"""A policy held against recorded checks, one after the other. Pure, and quick enough for years.

Most of what a policy says of a record it has said before. A finding is kept by the measurement and
the baseline that it was made of. A decision is kept by what it depends on and by nothing else: the
status and the waiver of each objective, whether a report was broken, and on which side of its
thresholds the score lies (of all objectives, of those that may block, of those that are shown).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final

from vsm_gate.model.results import Baseline, Phase, Status, Verdict
from vsm_gate.scorecards import waivers
from vsm_gate.scorecards.assess import Finding, condition, hold, result
from vsm_gate.scorecards.criteria import Rough
from vsm_gate.scorecards.decide import decide, reached, worst
from vsm_gate.scorecards.policy import Objective, Policy
from vsm_gate.scorecards.readings import Cell, Reading
from vsm_gate.scorecards.window import Window

BLOCKING: Final = frozenset({Verdict.FAIL, Verdict.INCONCLUSIVE})
# Of what may still be asked for again, so that memory is bounded.
_KEPT: Final = 20_000
# Far more than sums of floats of a scorecard can be wrong by.
_NEAR: Final = 1e-6
# `causes` by this name: the scorecard as a whole (its score, its evidence, broken reports).
WHOLE: Final = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """What a policy says of one check. `blocking` and `warning` are the objectives (`WHOLE`: the
    scorecard itself) that alone would have led to a block, or to a warning.
    """

    verdict: Verdict
    conclusion: Verdict
    blocking: tuple[str, ...] = ()
    warning: tuple[str, ...] = ()

    @property
    def blocked(self) -> bool:
        """Whether the pipeline was stopped."""
        return self.conclusion in BLOCKING


class Replay:
    """One policy. Records come in the order of the history: each may become the baseline of the
    next ones, if this policy would have let it pass or warned.

    `today` is the day on which phases, dates and waivers are read, the same for every record: as
    if the policy had been in force all along as it stands on that day. `pinned` is the baseline
    that the policy pins. `without_paths` counts the checks whose records do not tell which paths
    changed, where a waiver in force is for paths: it covers nothing in them.
    """

    def __init__(self, policy: Policy, today: date, pinned: Baseline | None = None) -> None:
        self._policy = policy
        self._today = today
        self._pinned = pinned
        self._compared = policy.compared
        self._windows: dict[tuple[str, str], Window] = {}
        self._rules = [_Rule(policy, each, today) for each in policy.objectives]
        self._shapes: dict[tuple[int, ...], _Shape] = {}
        self._asks_for_paths = any(
            each.paths and each.created <= today <= each.expires for each in policy.waivers
        )
        self.without_paths = 0

    def judge(self, check: Reading) -> Judged:
        """What the policy says of a check."""
        window = self._window(check)
        baseline = self._pinned or window.baseline
        found = [rule.found(check, baseline) for rule in self._rules]
        kinds = tuple([each.kind for each in found])
        shape = self._shapes.get(kinds)
        if shape is None:
            if len(self._shapes) >= _KEPT:
                self._shapes.clear()
            shape = self._shapes[kinds] = _Shape(self._policy, self._today, found)
        judged = shape.judged(found, broken=check.broken)
        if self._asks_for_paths and check.facts.get("paths") is None:
            self.without_paths += 1
        moves = self._pinned is None and bool(self._compared)
        if moves and judged.verdict not in BLOCKING and check.landed:
            window.add(check)
        return judged

    def _window(self, check: Reading) -> Window:
        window = self._windows.get(check.window)
        if window is None:
            window = self._windows[check.window] = Window(self._policy.baseline, self._compared)
        return window


@dataclass(frozen=True, slots=True, eq=False)
class _Found:
    """What an objective comes to. `kind` is a number for its status and waiver; `lost` is what it
    takes from the sum of weighted scores, which would be 100 times its weight, `near` the float
    nearest to that.
    """

    kind: int
    lost: Fraction
    near: float
    finding: Finding
    value: Fraction | None
    base: Fraction | None
    waiver: str | None


class _Rule:
    """One objective, and what it came to before."""

    def __init__(self, policy: Policy, objective: Objective, today: date) -> None:
        self._policy = policy
        self._objective = objective
        self._today = today
        self._waived = any(
            each.objective == objective.id and each.created <= today <= each.expires
            for each in policy.waivers
        )
        self._compares = objective.needs_baseline
        self._rough = Rough(objective.passes)
        self._passed: _Found | None = None
        self._kinds: dict[tuple[Status, str | None], int] = {}
        self._known: dict[tuple[Cell | None, Fraction | None], _Found] = {}

    def found(self, check: Reading, baseline: Baseline) -> _Found:
        """The objective held against a check."""
        objective = self._objective
        cell = check.cell(objective.metric)
        if self._waived:
            return self._looked_at(check, cell, baseline)
        if objective.applies_when:
            unmet = condition(objective, check.facts)
            if unmet is not None:
                return self._of(unmet, cell, None, None)
        base = baseline.values.get(objective.metric) if self._compares else None
        if base is not None and cell is not None and self._plainly_passes(cell, base):
            return self._passing(cell, base)
        key = cell, base
        known = self._known.get(key)
        if known is None:
            known = self._of(self._held(cell, base, baseline), cell, base, None)
            if len(self._known) >= _KEPT:
                self._known.clear()
            self._known[key] = known
        return known

    def _plainly_passes(self, cell: Cell, base: Fraction) -> bool:
        """Whether it does, as most do; baselines change all the time, so that few are kept."""
        least, sample = self._objective.min_sample, cell.sample
        sample = cell.denominator if sample is None else sample
        if cell.value is None or (least is not None and sample is not None and sample < least):
            return False
        return self._rough.satisfied_by(cell.place[0], float(base)) is True

    def _passing(self, cell: Cell, base: Fraction) -> _Found:
        """One passing value stands for all: nothing that is decided depends on which it is."""
        if self._passed is None:
            finding = hold(self._objective, cell.measurement(self._objective.metric), base, None)
            self._passed = self._of(finding, cell, base, None)
        return self._passed

    def _looked_at(self, check: Reading, cell: Cell | None, baseline: Baseline) -> _Found:
        """Where a waiver may cover it, each check is looked at on its own."""
        objective, value = self._objective, cell.value if cell else None
        base = baseline.values.get(objective.metric)
        unmet = condition(objective, check.facts)
        waiver = waivers.covering(
            self._policy, objective, value, base, today=self._today, facts=check.facts
        )
        finding = unmet or self._held(cell, base, baseline)
        return self._of(finding, cell, base, waiver.id if waiver else None)

    def _held(self, cell: Cell | None, base: Fraction | None, baseline: Baseline) -> Finding:
        objective = self._objective
        measurement = cell.measurement(objective.metric) if cell else None
        return hold(objective, measurement, base, baseline.problem)

    def _of(
        self, finding: Finding, cell: Cell | None, base: Fraction | None, waiver: str | None
    ) -> _Found:
        kind = self._kinds.setdefault((finding.status, waiver), len(self._kinds))
        points = finding.points
        lost = Fraction(0) if points is None else self._objective.weight * (100 - points)
        return _Found(kind, lost, float(lost), finding, cell.value if cell else None, base, waiver)


class _Shape:
    """All checks in which each objective has the same status and waiver."""

    def __init__(self, policy: Policy, today: date, first: Sequence[_Found]) -> None:
        self._policy = policy
        self._today = today
        scored = [index for index, each in enumerate(first) if each.finding.points is not None]
        phases = [each.phase_on(today) for each in policy.objectives]
        enforced = [
            index
            for index in scored
            if phases[index] is Phase.ENFORCE and first[index].waiver is None
        ]
        visible = [index for index in scored if phases[index] is not Phase.OBSERVE]
        self._sides = [_Side(policy, first, each) for each in (scored, enforced, visible)]
        self._decisions: dict[tuple[bool, tuple[Verdict, ...]], Judged] = {}

    def judged(self, found: Sequence[_Found], *, broken: bool) -> Judged:
        """What the policy says of a check of this shape."""
        key = broken, tuple([side.reached(found) for side in self._sides])
        known = self._decisions.get(key)
        if known is None:
            known = self._decisions[key] = self._decide(found, broken=broken)
        return known

    def _decide(self, found: Sequence[_Found], *, broken: bool) -> Judged:
        results = [
            result(objective, each.finding, each.value, each.base, each.waiver, self._today)
            for objective, each in zip(self._policy.objectives, found, strict=True)
        ]
        problems = ("a report was broken",) if broken else ()
        decision = decide(self._policy, results, today=self._today, broken=problems)
        acting: dict[str, Verdict] = {}
        for reason in decision.reasons:
            name = reason.objective or WHOLE
            acting[name] = worst((reason.acts_as, acting.get(name, Verdict.PASS)))
        return Judged(
            decision.verdict,
            decision.conclusion,
            tuple(name for name, verdict in acting.items() if verdict in BLOCKING),
            tuple(name for name, verdict in acting.items() if verdict is Verdict.WARN),
        )


class _Side:
    """On which side of its thresholds the score of some objectives lies.

    A score of (100 · W − lost) ÷ W reaches t where lost ≤ (100 − t) · W, with W the sum of weights.
    """

    def __init__(self, policy: Policy, first: Sequence[_Found], scored: Sequence[int]) -> None:
        self._thresholds = policy.score
        self._losing = [index for index in scored if first[index].finding.status is not Status.PASS]
        self._weight = sum((policy.objectives[index].weight for index in scored), Fraction(0))
        self._limits = [
            float((100 - threshold) * self._weight)
            for threshold in (policy.score.passes, policy.score.warns)
        ]
        self._certain = None if self._losing else self._exactly(first)

    def reached(self, found: Sequence[_Found]) -> Verdict:
        """What the score reaches, exactly: floats only tell what is far from every threshold."""
        if self._certain is not None:
            return self._certain
        lost = sum([found[index].near for index in self._losing])
        passes, warns = self._limits
        if lost < passes - _NEAR:
            return Verdict.PASS
        if passes + _NEAR < lost < warns - _NEAR:
            return Verdict.WARN
        if lost > warns + _NEAR and lost > passes + _NEAR:
            return Verdict.FAIL
        return self._exactly(found)

    def _exactly(self, found: Sequence[_Found]) -> Verdict:
        if not self._weight:
            return reached(None, self._thresholds)
        lost = sum((found[index].lost for index in self._losing), Fraction(0))
        return reached(100 - lost / self._weight, self._thresholds)
