"""A backtest on histories that are counted by hand."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from tests.support.policies import policy

from vsm_gate.model.results import Verdict
from vsm_gate.scorecards import backtest_words
from vsm_gate.scorecards.backtest import CANDIDATE, CURRENT, RECORDED, Backtest, backtest
from vsm_gate.scorecards.outcomes import Production
from vsm_gate.scorecards.replay import Replay

TODAY = date(2026, 11, 22)
STRICT = """
team: payments
score: {pass: 0, warn: 0, min_evidence: 0%}
objectives:
  cover: {metric: coverage.patch, pass: ">= 80%", key: true}
  green: {metric: tests.failed, pass: "== 0", key: true}
"""
LENIENT = STRICT.replace(">= 80%", ">= 50%")


def check(number: int, cover: int, *, failed: int = 0, **more: Any) -> tuple[str, dict[str, Any]]:
    """The check of a pull request, whose tested commit is `c<number>`."""
    said = {"pull_request": number, "tested": f"c{number}", "attempt": 1, "job": "gate"}
    change = {**said, "default_branch": False, **more.pop("change", {})}
    document = {
        "kind": "check",
        "time": f"2026-11-01T10:{number:02}:00Z",
        "repository": "acme/pay",
        "team": "payments",
        "change": change,
        "measurements": {
            "coverage.patch": {"value": cover, "unit": "%"},
            "tests.failed": {"value": failed, "unit": "count"},
        },
        "verdict": "pass",
        "conclusion": "pass",
        "blocked": False,
        **more,
    }
    return f"r{number}-{document['time']}", document


def replayed(
    records: list[tuple[str, dict[str, Any]]], outcomes: dict[str, bool] | None = None
) -> Backtest:
    return backtest(
        records,
        candidate=Replay(policy(STRICT), TODAY),
        current=Replay(policy(LENIENT), TODAY),
        outcomes={("acme/pay", name): failed for name, failed in (outcomes or {}).items()},
    )


def test_planted_precision_and_recall() -> None:
    # Covered below 80: 1, 2, 3, 4, of which 1, 2, 3 failed; below 50: 3. Failed above: 5.
    covers = {1: 60, 2: 70, 3: 10, 4: 79, 5: 90, 6: 95, 7: 80, 8: 99}
    failed = {1, 2, 3, 5}
    records = [check(number, cover) for number, cover in covers.items()]
    # 8 was never deployed, and 9 was deployed without having been judged.
    outcomes = {f"c{number}": number in failed for number in (1, 2, 3, 4, 5, 6, 7, 9)}
    found = replayed(records, outcomes).opinions
    blocks = found[CANDIDATE].blocks
    assert (blocks.deployed, blocks.failed, blocks.told, blocks.both) == (7, 4, 4, 3)
    assert (blocks.precision, blocks.recall) == (75, 75)
    assert found[CURRENT].blocks.precision == 100
    assert found[CURRENT].blocks.recall == 25
    assert found[RECORDED].blocks.precision is None
    assert found[RECORDED].blocks.recall == 0


def test_a_deployed_commit_is_judged_by_the_last_word_of_each_job() -> None:
    rerun: dict[str, Any] = {"time": "2026-11-01T11:00:00Z", "change": {"attempt": 2}}
    records = [
        check(1, 10),
        check(1, 90, **rerun),
        check(2, 90),
        check(2, 10, change={"job": "other"}),
    ]
    blocks = replayed(records, {"c1": True, "c2": True}).opinions[CANDIDATE].blocks
    assert (blocks.deployed, blocks.told, blocks.both) == (2, 1, 1)


def test_the_last_word_counts_and_what_landed_repeats_it() -> None:
    landed: dict[str, Any] = {"default_branch": True, "pull_request": None, "tested": "m1"}
    records = [
        check(1, 10, time="2026-11-01T12:00:00Z"),
        check(1, 90, time="2026-11-01T13:00:00Z", change={"tested": "c1b"}),
        check(2, 85),
        check(2, 40, time="2026-11-01T09:00:00Z"),
        check(3, 20, change=landed),
    ]
    found = replayed(records)
    assert (found.runs, found.changes) == (5, 2)
    assert found.opinions[CANDIDATE].changes == {Verdict.PASS: 2}
    assert found.opinions[CANDIDATE].runs == {Verdict.PASS: 2, Verdict.FAIL: 3}
    only = replayed([check(3, 20, change=landed), check(4, 90, change={**landed, "tested": "m2"})])
    assert only.opinions[CANDIDATE].changes == {Verdict.PASS: 1, Verdict.FAIL: 1}


def test_causes_teams_and_differences() -> None:
    records = [
        check(1, 60),
        check(2, 60, failed=1),
        check(3, 90, failed=2, conclusion="fail", verdict="fail"),
        check(4, 99, team="search"),
        check(5, 70, team="search"),
        check(6, 70, team=None),
    ]
    found = replayed(records)
    causes = {name: (each.blocked, each.alone, each.warned) for name, each in found.causes.items()}
    assert causes == {"cover": (4, 3, 0), "green": (2, 1, 0)}
    assert found.causes["cover"].teams == {"payments": 2, "search": 1, "acme/pay": 1}
    assert found.teams["payments"] == {"changes": 3, CANDIDATE: 3, CURRENT: 2, RECORDED: 1}
    assert found.teams["search"] == {"changes": 2, CANDIDATE: 1, CURRENT: 0, RECORDED: 0}
    assert (found.newly_blocked, found.no_longer_blocked) == (3, 0)
    assert [each.pull_request for each, _ in found.examples] == ["6", "5", "1"]
    loosened = backtest(
        records,
        candidate=Replay(policy(LENIENT), TODAY),
        current=Replay(policy(STRICT), TODAY),
    )
    assert (loosened.newly_blocked, loosened.no_longer_blocked) == (0, 3)


def test_earlier_records_make_the_baseline_and_nothing_else() -> None:
    card = 'objectives:\n  keep: {metric: coverage.patch, pass: ">= baseline", key: true}\n'
    landed: dict[str, Any] = {"default_branch": True, "pull_request": None}

    def run(earlier: list[tuple[str, dict[str, Any]]]) -> Backtest:
        return backtest(
            [check(2, 70)],
            candidate=Replay(policy(card), TODAY),
            current=Replay(policy(LENIENT), TODAY),
            earlier=earlier,
        )

    assert run([]).opinions[CANDIDATE].changes == {Verdict.WARN: 1}
    found = run([check(1, 80, change=landed)])
    assert found.runs == 1
    assert found.opinions[CANDIDATE].changes == {Verdict.FAIL: 1}


def test_words_and_data_say_the_same() -> None:
    found = replayed([check(1, 60), check(2, 90)], {"c1": True, "c2": False})
    text = "\n".join(backtest_words.text(found))
    data = backtest_words.document(found)
    assert data["opinions"]["candidate"]["blocks"] == {
        "deployed": 2,
        "failed": 1,
        "told": 1,
        "both": 1,
        "precision": 100.0,
        "recall": 100.0,
    }
    assert data["objectives"]["cover"] == {
        "blocked": 1,
        "alone": 1,
        "warned": 0,
        "teams": {"payments": 1},
    }
    assert data["scorecard"] is None
    assert data["examples"][0]["objectives"] == ["cover"]
    assert "candidate             1 (50.0 %)        0        1" in text
    assert "2 judged commits deployed, 1 failed in production:" in text
    assert "  cover: 1 blocked (1 by it alone), 0 warned: payments 1" in text
    assert "  acme/pay #1 (record r1-2026-11-0): cover" in text


def test_nothing_to_replay_is_said() -> None:
    found = replayed([])
    assert list(backtest_words.text(found))[-1].startswith("there is nothing to replay")
    assert backtest_words.document(found)["opinions"]["candidate"]["blocks"]["recall"] is None


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text()),
    lambda inner: st.one_of(st.lists(inner), st.dictionaries(st.text(), inner)),
    max_leaves=4,
)


@given(st.data())
def test_whatever_a_record_holds_is_counted(data: st.DataObject) -> None:
    number, document = check(1, 60)
    for part in (document, document["change"], document["measurements"]["coverage.patch"]):
        for key in data.draw(st.sets(st.sampled_from(sorted(part)), max_size=2)):
            if key not in {"kind", "time", "repository", "team"}:
                part[key] = data.draw(JSON)
    document["impact"] = data.draw(JSON)
    events = [
        (str(index), {"kind": kind, "time": "2026-11-01T10:00:00Z", "event": data.draw(JSON)})
        for index, kind in enumerate(("deployment", "incident"))
    ]
    events.append(
        ("3", {"kind": "deployment", "corrects": data.draw(JSON), "event": {"id": data.draw(JSON)}})
    )
    assert Production(events).outcomes() is not None
    found = replayed([(number, document)], {"c1": True})
    assert found.runs == 1
    assert list(backtest_words.text(found))


def test_a_backtest_says_what_the_gate_cost() -> None:
    blocked: dict[str, Any] = {"blocked": True, "verdict": "fail", "conclusion": "fail"}
    records = [
        check(1, 60, cost={"seconds": 30}, **blocked),
        check(1, 60, time="2026-11-01T10:31:30Z"),
    ]
    found = replayed(records)
    assert (found.cost.blocked, found.cost.unchanged, found.cost.minutes) == (1, 1, Fraction(61, 2))
    assert backtest_words.document(found)["cost"]["gate_minutes"] == 0.5
    assert list(backtest_words.text(found))[-3:] == [
        "What the gate cost then:",
        "  the gate took 30.0 s in 1 of 2 runs: 30.0 s each",
        (
            "  1 commit blocked; 1 (100.0 %) passed later with no code change, after 30 min 30 s "
            "in all; 0 under a waiver; 0 by break-glass"
        ),
    ]
