from __future__ import annotations

from tests.support.pictures import picture_of
from tests.support.records import check

from vsm_gate.report import choice


def test_a_team_has_its_counts_its_figures_in_words_and_its_weeks() -> None:
    made = choice.data(
        picture_of(
            check(f"2026-10-05T{hour}:00:00Z", team="web", score=score, verdict=verdict)
            for hour, score, verdict in ((10, 91.96, "pass"), (11, 91.96, "fail"))
        )
    )

    now = made["teams"]["web"]["periods"]["now"]
    assert now["verdicts"] == [2, 1, 0, 0, 1]
    assert now["dimensions"]["quality"] == [919, 2]
    assert now["figures"]["quality.score"] == [91.96, "91.9"]
    assert now["figures"]["quality.first_pass"] == [1, 2]
    assert "delivery.change_lead_time" not in now["figures"]
    weeks = made["teams"]["web"]["weeks"]
    assert [week for week in weeks if week[0]] == [[2, 1, 0, 0, 1, 919, 919, 919]]
    assert all(week == [0, 0, 0, 0, 0] for week in weeks if not week[0])
    assert ["flow.time", "Flow time"] in made["dimensions"]["flow"]
