from __future__ import annotations

from datetime import date, timedelta

from tests.support.auditing import HOUR, MERGED, Document, audited, check, landed

from vsm_gate.audit.waivers import Waived, debt
from vsm_gate.model.population import PolicyFacts, WaiverTerms

LINE = tuple(
    landed(f"{number:040x}", time=MERGED + number * HOUR, subject=f"Change {number}")
    for number in range(3)
)
DAY = timedelta(days=1)
END = MERGED + 9 * DAY


def terms(first: int, last: int) -> WaiverTerms:
    start = date(2026, 7, 10)
    return WaiverTerms("tests-green", "alex", "bo", "why", start + first * DAY, start + last * DAY)


def judged(number: int, digest: str, waiver: str | None) -> Document:
    return check(
        head=LINE[number].sha,
        at=MERGED + (number + 0.5) * HOUR,
        on_main=True,
        policy={"source": "s.yaml", "sha256": digest * 64},
        objectives={"tests-green": {"status": "fail", "phase": "enforce", "waiver": waiver}},
    )


def waivers(
    *documents: Document, known: dict[tuple[str, str], WaiverTerms]
) -> dict[str, tuple[int, int | None]]:
    facts = PolicyFacts(
        waivers={(digest * 64, name): each for (digest, name), each in known.items()}
    )
    made = audited(*documents, commits=LINE, policy=facts, until=END)
    return {each.id: (each.changes, each.open_days) for each in made.waivers}


def test_an_open_waiver_counts_its_days_and_its_changes() -> None:
    found = waivers(
        judged(0, "a", "W-1"),
        judged(1, "a", "W-1"),
        judged(2, "a", None),
        known={("a", "W-1"): terms(-5, 30), ("a", "W-2"): terms(0, 30), ("a", "W-3"): terms(-9, 1)},
    )

    assert found == {"W-1": (2, 14), "W-2": (0, 9), "W-3": (0, None)}


def test_a_waiver_that_the_newest_policy_dropped_is_not_open() -> None:
    found = waivers(
        judged(0, "a", "W-1"),
        judged(1, "b", None),
        known={("a", "W-1"): terms(-5, 30), ("b", "W-9"): terms(20, 40)},
    )

    assert found == {"W-1": (1, None), "W-9": (0, None)}


def test_a_waiver_whose_terms_are_gone_is_listed() -> None:
    assert waivers(judged(0, "a", "W-1"), known={}) == {"W-1": (1, None)}


def test_the_debt_is_of_the_open_ones() -> None:
    found = [Waived("a", None, 1, 14), Waived("b", None, 1, None), Waived("c", None, 1, 0)]

    assert debt(found) == 14
    assert debt([]) == 0
