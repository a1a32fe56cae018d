"""A policy held against recorded checks, one after the other. Pure, and quick enough for years.

What a policy says of a record depends on a few values only, and most records pass: results and
decisions are kept by what they depend on, so that most of them are looked up.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any, Final

from vsm_gate.model.results import Baseline, Measurement, ObjectiveResult, Verdict
from vsm_gate.scorecards import recorded
from vsm_gate.scorecards.assess import assess
from vsm_gate.scorecards.decide import decide, worst
from vsm_gate.scorecards.policy import BaselineRule, Objective, Policy
from vsm_gate.scorecards.values import ValueSet

BLOCKING: Final = frozenset({Verdict.FAIL, Verdict.INCONCLUSIVE})
# Of what may still be asked for again, so that memory is bounded.
_KEPT: Final = 20_000
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
    that the policy pins.
    """

    def __init__(self, policy: Policy, today: date, pinned: Baseline | None = None) -> None:
        self._policy = policy
        self._today = today
        self._pinned = pinned
        self._compared = {each.metric for each in policy.objectives if each.needs_baseline}
        self._windows: dict[tuple[Any, Any], _Window] = {}
        self._rules = [_Rule(policy, each, today) for each in policy.objectives]
        self._decisions: dict[tuple[int | bool, ...], Judged] = {}

    def judge(self, document: recorded.Document) -> Judged:
        """What the policy says of a check's record."""
        measured = recorded.part(document, "measurements")
        window = self._window(document)
        baseline = self._pinned or window.baseline
        facts = recorded.facts(document) if any(rule.asks for rule in self._rules) else {}
        results = [rule.result(measured.get(rule.metric), baseline, facts) for rule in self._rules]
        found = self._decided(results, broken=bool(document.get("problems")))
        good = found.verdict not in BLOCKING and recorded.of_default_branch(document)
        if good and self._compared and self._pinned is None:
            window.add(recorded.part(document, "change").get("tested"), measured)
        return found

    def _window(self, document: recorded.Document) -> _Window:
        key = document.get("repository"), document.get("team")
        if key not in self._windows:
            self._windows[key] = _Window(self._policy.baseline, self._compared)
        return self._windows[key]

    def _decided(self, results: list[_Numbered], *, broken: bool) -> Judged:
        key = (broken, *(each.number for each in results))
        found = self._decisions.get(key)
        if found is None:
            found = self._decide([each.result for each in results], broken=broken)
            if len(self._decisions) >= _KEPT:
                self._decisions.clear()
            self._decisions[key] = found
        return found

    def _decide(self, results: list[ObjectiveResult], *, broken: bool) -> Judged:
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


@dataclass(frozen=True, slots=True)
class _Numbered:
    """A result, and a number that no other result of its objective has."""

    number: int
    result: ObjectiveResult


class _Rule:
    """One objective, and what it came to before."""

    def __init__(self, policy: Policy, objective: Objective, today: date) -> None:
        self.metric = objective.metric
        waived = any(
            each.objective == objective.id and each.created <= today <= each.expires
            for each in policy.waivers
        )
        # Where facts are asked for, each record is looked at on its own.
        self.asks = waived or bool(objective.applies_when)
        self._policy = policy
        self._objective = objective
        self._today = today
        self._compares = objective.needs_baseline
        self._accepted: dict[Fraction | None, ValueSet] = {}
        self._results: dict[tuple[object, ...], _Numbered] = {}
        self._made = 0

    def result(self, measured: Any, baseline: Baseline, facts: Mapping[str, object]) -> _Numbered:
        """The objective held against a recorded measurement."""
        found = recorded.measurement(self.metric, measured)
        if self.asks:
            return self._assessed(found, baseline, facts)
        base = baseline.values.get(self.metric) if self._compares else None
        sample = None if found is None else found.denominator
        if found is not None and found.sample is not None:
            sample = found.sample
        value = None if found is None else found.value
        if value is not None and self._passes(value, sample, base):
            key: tuple[object, ...] = ()
        else:
            key = (value, sample, base, found is None)
        known = self._results.get(key)
        if known is None:
            known = self._assessed(found, baseline, facts)
            if len(self._results) >= _KEPT:
                self._results.clear()
            self._results[key] = known
        return known

    def _passes(self, value: Fraction, sample: int | None, base: Fraction | None) -> bool:
        """Whether it plainly passes, as most do: then nothing else about it matters."""
        least = self._objective.min_sample
        if least is not None and sample is not None and sample < least:
            return False
        if base is None and self._compares:
            return False
        accepted = self._accepted.get(base)
        if accepted is None:
            accepted = self._objective.passes.values(base)
            if len(self._accepted) >= _KEPT:
                self._accepted.clear()
            self._accepted[base] = accepted
        return value in accepted

    def _assessed(
        self, found: Measurement | None, baseline: Baseline, facts: Mapping[str, object]
    ) -> _Numbered:
        result = assess(
            self._policy,
            self._objective,
            {} if found is None else {self.metric: found},
            baseline,
            today=self._today,
            facts=facts,
        )
        self._made += 1
        return _Numbered(self._made, result)


class _Window:
    """The last good records of the default branch, one a commit, and the baseline they make."""

    def __init__(self, rule: BaselineRule, metrics: Iterable[str]) -> None:
        self.baseline = Baseline()
        self._reduce = recorded.AGGREGATES[rule.aggregate]
        self._in_order = rule.aggregate == "last"
        self._size = rule.window
        self._metrics = tuple(metrics)
        # Of each commit in the window, oldest first, its values; of each metric, its values sorted.
        self._commits: dict[object, dict[str, Fraction]] = {}
        self._sorted: dict[str, list[Fraction]] = {metric: [] for metric in self._metrics}

    def add(self, commit: Any, measured: Mapping[str, Any]) -> None:
        """Take in a record in place of an earlier one of its commit (None: of one that no other
        has); the oldest leaves once the window is full.
        """
        new = {
            metric: value
            for metric in self._metrics
            if (value := recorded.exact(measured.get(metric))) is not None
        }
        name = object() if commit is None else str(commit)
        self._drop(name)
        self._commits[name] = new
        for metric, value in new.items():
            insort(self._sorted[metric], value)
        if len(self._commits) > self._size:
            self._drop(next(iter(self._commits)))
        self.baseline = Baseline(
            {
                metric: self._reduce(self._values(metric))
                for metric in self._metrics
                if self._sorted[metric]
            }
        )

    def _drop(self, commit: object) -> None:
        for metric, value in self._commits.pop(commit, {}).items():
            values = self._sorted[metric]
            del values[bisect_left(values, value)]

    def _values(self, metric: str) -> Sequence[Fraction]:
        """Newest first where that matters; else sorted, which is cheap to keep."""
        if not self._in_order:
            return self._sorted[metric]
        newest = reversed(self._commits.values())
        return [found[metric] for found in newest if metric in found]
