from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

from tests.support.pictures import picture_of
from tests.support.records import check, objective

from vsm_gate.report import comparison
from vsm_gate.report.pages.context import embedded


def teams(*scores: float) -> list[dict[str, object]]:
    return [
        check(
            f"2026-10-{5 + place:02d}T10:00:00Z",
            team=f"team-{place}",
            repository=f"acme/{place}",
            score=score,
            objectives={"patch": objective("warn", score)},
        )
        for place, score in enumerate(scores)
    ]


def test_a_team_stands_against_the_others_of_its_peer_group() -> None:
    one, two, three = comparison.standings(picture_of(teams(90, 70, 50)))

    assert one.peers is not None
    assert one.peers.points == Fraction(30)
    assert two.peers is not None
    assert two.peers.points == 0
    assert three.peers is not None
    assert three.peers.points == Fraction(-30)
    assert one.past is None


def test_a_team_without_a_peer_group_has_no_peers() -> None:
    documents = [{**document, "peer_group": None} for document in teams(90, 70)]

    assert [found.peers for found in comparison.standings(picture_of(documents))] == [None, None]


def test_what_a_policy_asks_for_in_words() -> None:
    rows: list[dict[str, Any]] = [
        {
            "team": "payments", "objective": "patch", "passes": ">= 80%", "warns": ">= 60%",
            "weight": 2.0, "key_objective": True, "phase": "enforce",
        },
        {
            "team": "payments", "objective": "bare", "passes": None, "warns": None,
            "weight": 1.0, "key_objective": False, "phase": None,
        },
    ]  # fmt: skip

    assert comparison.policies(rows) == {
        "payments": {
            "patch": ">= 80%, or warn >= 60%, weight 2, key objective, phase enforce",
            "bare": "weight 1",
        }
    }


def test_the_data_for_the_script_cannot_end_its_element() -> None:
    hostile = '</script><script>alert(1)</script><!--&"'

    text = embedded({hostile: hostile})

    assert not set("<>&") & set(text)
    assert json.loads(str(text)) == {hostile: hostile}
