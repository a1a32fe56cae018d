from __future__ import annotations

from vsm_gate.analytics.discoveries import Discovery
from vsm_gate.analytics.policy_changes import PolicyChange
from vsm_gate.analytics.shifts import Confidence, Shift
from vsm_gate.report.findings import Event, Findings, policy_sentence


def shift(team: str, monday: str) -> Shift:
    return Shift(
        team=team,
        metric="quality.score",
        monday=monday,
        before=70.0,
        after=90.0,
        weeks_before=10,
        weeks_after=10,
        better=True,
        confidence=Confidence.CLEAR,
        coincides=(),
        sentence=f"moved on {monday}",
    )


ENFORCED = PolicyChange("ledger", "2026-06-23", "enforced", "patch", "")
FOUND = Findings(
    policy={"ledger": (ENFORCED,)},
    shifts={
        "ledger": (shift("ledger", "2026-06-22"), shift("ledger", "2026-03-02")),
        "search": (shift("search", "2026-05-04"),),
    },
    practices={},
    discoveries=(
        Discovery("improved", "ledger", "quality.score", "2026-06-22", "ledger: moved"),
        Discovery("flaky suite", "search", "tests.rerun_flake_rate", "", "search: flaky"),
    ),
)


def test_what_happened_to_a_team_is_told_newest_first() -> None:
    assert [(event.day, event.sentence) for event in FOUND.events("ledger")] == [
        ("2026-06-23", "Policy: patch enforced."),
        ("2026-06-22", "moved on 2026-06-22"),
        ("2026-03-02", "moved on 2026-03-02"),
    ]
    assert FOUND.events("nobody") == ()


def test_what_moved_in_any_team_is_told_newest_first() -> None:
    assert [event.team for event in FOUND.moved()] == ["ledger", "search", "ledger"]


def test_what_stands_out_names_its_team_once() -> None:
    assert FOUND.outstanding("search") == (Event("", "search", "flaky"),)
    assert [event.team for event in FOUND.outstanding()] == ["ledger", "search"]


def test_a_change_of_policy_in_words() -> None:
    changed = PolicyChange("a", "2026-01-01", "stricter or looser", "patch", ">= 60% to >= 80%")

    assert policy_sentence(changed) == "Policy: patch stricter or looser (>= 60% to >= 80%)."
    assert policy_sentence(PolicyChange("a", "2026-01-01", "policy", "", "")) == (
        "The policy changed."
    )
