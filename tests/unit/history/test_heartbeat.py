from datetime import timedelta

from tests.support.ledgers import NOW

from vsm_gate.history.heartbeat import heartbeat
from vsm_gate.history.record import Record, parse


def made(seconds: float = 0, problem: str = "no memory") -> Record:
    document = heartbeat(
        repository="acme/shop",
        team=None,
        change={"head": "6c5110c", "run": "17"},
        problem=problem,
        now=NOW + timedelta(seconds=seconds),
        version="1.0",
    )
    return Record.of(document)


def test_it_says_what_was_to_be_judged_and_why_it_was_not() -> None:
    found = parse(made().content)
    assert (found.kind, found.repository, found.team) == ("heartbeat", "acme/shop", None)
    assert found.document["change"] == {"head": "6c5110c", "run": "17"}
    assert found.document["problem"] == "no memory"


def test_tried_again_within_its_second_it_is_the_same() -> None:
    assert made(0.5).id == made(0.25).id
    assert made(1).id != made().id


def test_a_long_problem_is_cut() -> None:
    assert len(made(problem="x" * 10_000).document["problem"]) == 2_000
