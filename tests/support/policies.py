"""Policies and measurements from a few words, for tests of what is decided."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from vsm_gate.errors import ConfigurationError, Mistake
from vsm_gate.model.results import Baseline, Measurement
from vsm_gate.scorecards.load import Policy, Source, SourceError, load

HEADER = "schema: vsm-gate/scorecard/v1\n"

# Every part of a scorecard, and every key but `extends`.
FULL = """
team: payments
owner: "@acme/payments"
peer_group: backend
methodology: staged
stages: {UAT: acceptance}
phase: warn
locked: [score]
score: {pass: 92.5, warn: 75, min_evidence: 66.5%}
baseline: {window: 10, aggregate: last}
max_waiver_days: 45
break_glass: {label: emergency, allowed: [acme/sre, kim], review_within: 3d}
campaigns:
  by-spring: {title: All covered, objective: cover, by: 2027-03-01, peer_group: backend, tier: 1,
    component: api}
  gold: {level: gold, by: 2027-06-01}
curves:
  version: acme/2027-1
  lines: {flow.time: [[4h, 100], [1.5d, "60.5"], [60d, 0]]}
objectives:
  cover:
    metric: coverage.patch
    pass: ">= 80%"
    warn: ">= 60%"
    key: true
    weight: 0.25
    level: silver
    min_sample: 20
    on_missing: exclude
    enforce_from: 2027-02-01
    applies_when: {risk: [medium, high]}
    remedy: "Test it: all of it."
    locked: true
    waivable: true
waivers:
  - id: W-1
    objective: cover
    scope: {paths: "old/**", component: billing, pull_request: 7}
    accept: ">= 50%"
    owner: ann
    approved_by: bob
    reason: r
    ticket: T-1
    created: 2026-11-01
    expires: 2026-12-01
"""

Number = int | str | Fraction


def policy(text: str, **others: str) -> Policy:
    """The policy of a scorecard; `others` are the files that it may extend, by their name."""

    def fetch(reference: str, source: Source) -> Source:
        if reference not in others:
            raise SourceError(f"there is no {reference}")
        return Source(reference, _whole(others[reference]))

    return load(Source("team.yaml", _whole(text)), fetch)


def mistakes(text: str, **others: str) -> tuple[Mistake, ...]:
    """The mistakes of a scorecard that has some."""
    try:
        policy(text, **others)
    except ConfigurationError as problem:
        return problem.mistakes
    raise AssertionError("the scorecard has no mistake")


def measured(**values: Number | None) -> dict[str, Measurement]:
    """Measurements by metric, `__` for the dot: `coverage__patch=80`. None: missing."""
    return {
        name.replace("__", "."): (
            Measurement(name.replace("__", "."), missing="no report")
            if value is None
            else Measurement(name.replace("__", "."), Fraction(value))
        )
        for name, value in values.items()
    }


def baseline(**values: Number) -> Baseline:
    """A baseline of one record, metrics as in `measured`."""
    found: Mapping[str, Fraction] = {
        name.replace("__", "."): Fraction(value) for name, value in values.items()
    }
    return Baseline(dict(found), ("record-1",))


def _whole(text: str) -> str:
    return text if "schema:" in text else HEADER + text.lstrip("\n")
