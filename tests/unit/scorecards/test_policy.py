from __future__ import annotations

from fractions import Fraction

import pytest
from tests.support.policies import FULL, policy

from vsm_gate.scorecards.policy import Origin, Source, document, number


def test_a_policy_as_a_document() -> None:
    assert document(policy(FULL)) == {
        "schema": "vsm-gate/scorecard/v1",
        "team": "payments",
        "owner": "@acme/payments",
        "peer_group": "backend",
        "methodology": "staged",
        "stages": {"UAT": "acceptance"},
        "objectives": {
            "cover": {
                "metric": "coverage.patch",
                "pass": ">= 80%",
                "warn": ">= 60%",
                "key": True,
                "weight": "0.25",
                "level": "silver",
                "min_sample": 20,
                "on_missing": "exclude",
                "phase": "warn",
                "enforce_from": "2027-02-01",
                "applies_when": {"risk": ["medium", "high"]},
                "remedy": "Test it: all of it.",
                "locked": True,
                "waivable": True,
            }
        },
        "score": {"pass": "92.5", "warn": 75, "min_evidence": "66.5%"},
        "baseline": {"window": 10, "aggregate": "last"},
        "phase": "warn",
        "max_waiver_days": 45,
        "waivers": [
            {
                "id": "W-1",
                "objective": "cover",
                "scope": {
                    "paths": ["old/**"],
                    "component": ["billing"],
                    "pull_request": "7",
                },
                "accept": ">= 50%",
                "owner": "ann",
                "approved_by": "bob",
                "reason": "r",
                "ticket": "T-1",
                "created": "2026-11-01",
                "expires": "2026-12-01",
            }
        ],
        "campaigns": {
            "by-spring": {
                "title": "All covered",
                "objective": "cover",
                "by": "2027-03-01",
                "peer_group": ["backend"],
                "tier": ["1"],
                "component": ["api"],
            },
            "gold": {"level": "gold", "by": "2027-06-01"},
        },
        "break_glass": {
            "label": "emergency",
            "allowed": ["acme/sre", "kim"],
            "review_within": "3d",
        },
        "curves": {
            "version": "acme/2027-1",
            "lines": {"flow.time": [["4h", 100], ["1.5d", "60.5"], ["60d", 0]]},
        },
        "locked": ["score"],
    }


@pytest.mark.parametrize(
    ("value", "written"),
    [("90", 90), ("0.5", "0.5"), ("66.125", "66.125"), ("0.000000001", "0.000000001")],
)
def test_a_number_is_written_exactly(value: str, written: int | str) -> None:
    assert number(Fraction(value)) == written


def test_a_source_and_an_origin() -> None:
    assert Source("a", "").sha256.startswith("e3b0c44298fc1c14")
    assert str(Origin("org.yaml", 3, 7)) == "org.yaml:3"
