"""A backtest as data (`vsm-gate/backtest/v1`) and as lines for a person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any, Final

from vsm_gate.metrics.metric import show
from vsm_gate.model.results import Verdict
from vsm_gate.scorecards import cost
from vsm_gate.scorecards.backtest import (
    CANDIDATE,
    CURRENT,
    OPINIONS,
    RECORDED,
    Accuracy,
    Backtest,
    Opinion,
)
from vsm_gate.scorecards.last_words import Judgement
from vsm_gate.scorecards.replay import BLOCKING, WHOLE, Judged

_NAMES: Final = {CANDIDATE: "candidate", CURRENT: "today's policy", RECORDED: "the gate then"}
_THE_WHOLE: Final = "(the scorecard)"


def document(found: Backtest) -> dict[str, Any]:
    """What a backtest found, without what was asked."""
    return {
        "runs": found.runs,
        "changes": found.changes,
        "opinions": {name: _opinion(found.opinions[name]) for name in OPINIONS},
        "objectives": {
            name: {
                "blocked": cause.blocked,
                "alone": cause.alone,
                "warned": cause.warned,
                "teams": dict(cause.teams.most_common()),
            }
            for name, cause in found.causes.items()
            if name != WHOLE
        },
        "scorecard": _whole(found),
        "teams": dict(sorted(found.teams.items())),
        "newly_blocked": found.newly_blocked,
        "no_longer_blocked": found.no_longer_blocked,
        "without_paths": found.without_paths,
        "examples": [_example(*each) for each in found.examples],
        "cost": cost.document(found.cost),
    }


def text(found: Backtest) -> Iterator[str]:
    """The same in words. Everything counts changes, by the last word on each."""
    yield f"{_many(found.runs, 'run')} of {_many(found.changes, 'change')}"
    if not found.runs:
        yield "there is nothing to replay: no check is recorded in this time"
        return
    yield ""
    yield f"{'':<16}{'blocked':>16}{'warned':>9}{'passed':>9}"
    for name in OPINIONS:
        opinion = found.opinions[name]
        blocked = _blocked(opinion.changes)
        share = show(Fraction(100 * blocked, found.changes), "%") if found.changes else "-"
        warned, passed = opinion.changes[Verdict.WARN], opinion.changes[Verdict.PASS]
        yield f"{_NAMES[name]:<16}{f'{blocked} ({share})':>16}{warned:>9}{passed:>9}"
    yield from _production(found)
    yield from _causes(found)
    yield from _teams(found)
    yield from _examples(found)
    if found.without_paths:
        yield ""
        yield (
            f"{_many(found.without_paths, 'record')} without the paths that changed: a waiver for "
            "paths covered nothing there"
        )
    yield from _cost(found)


def _opinion(opinion: Opinion) -> dict[str, Any]:
    return {
        "blocked": _blocked(opinion.changes),
        "warned": opinion.changes[Verdict.WARN],
        "changes": {verdict.value: opinion.changes[verdict] for verdict in Verdict},
        "verdicts": {verdict.value: opinion.verdicts[verdict] for verdict in Verdict},
        "runs": {verdict.value: opinion.runs[verdict] for verdict in Verdict},
        "blocks": _accuracy(opinion.blocks),
        "flags": _accuracy(opinion.flags),
    }


def _accuracy(found: Accuracy) -> dict[str, Any]:
    return {
        "deployed": found.deployed,
        "failed": found.failed,
        "told": found.told,
        "both": found.both,
        "precision": None if found.precision is None else float(found.precision),
        "recall": None if found.recall is None else float(found.recall),
    }


def _whole(found: Backtest) -> dict[str, Any] | None:
    cause = found.causes.get(WHOLE)
    if cause is None:
        return None
    return {"blocked": cause.blocked, "alone": cause.alone, "warned": cause.warned}


def _example(change: Judgement, judged: Judged) -> dict[str, Any]:
    return {
        "record": change.record,
        "repository": change.repository,
        "team": change.team,
        "pull_request": change.pull_request,
        "commit": change.commit,
        "verdict": judged.verdict.value,
        "objectives": [name for name in judged.blocking if name != WHOLE],
    }


def _production(found: Backtest) -> Iterator[str]:
    """Precision and recall, or why there are none."""
    every = found.opinions[CANDIDATE].blocks
    yield ""
    if not every.deployed:
        yield "No deployment is known to have carried a commit that was judged."
        return
    yield f"{_many(every.deployed, 'judged commit')} deployed, {every.failed} failed in production:"
    yield f"{'':<16}{'failures stopped':>24}{'blocks for nothing':>24}{'failures flagged':>24}"
    for name in OPINIONS:
        blocks, flags = found.opinions[name].blocks, found.opinions[name].flags
        nothing = blocks.told - blocks.both
        yield (
            f"{_NAMES[name]:<16}{_of(blocks.both, blocks.failed):>24}"
            f"{_of(nothing, blocks.told):>24}{_of(flags.both, flags.failed):>24}"
        )


def _causes(found: Backtest) -> Iterator[str]:
    if found.causes:
        yield ""
        yield "What the candidate blocks and warns by:"
    causes = sorted(found.causes.items(), key=lambda each: (-each[1].blocked, -each[1].warned))
    for name, cause in causes:
        line = f"  {name or _THE_WHOLE}: {cause.blocked} blocked ({cause.alone} by it alone)"
        whose = ", ".join(f"{team} {count}" for team, count in cause.teams.most_common(5))
        yield f"{line}, {cause.warned} warned{f': {whose}' if whose else ''}"


def _teams(found: Backtest) -> Iterator[str]:
    if len(found.teams) < 2:
        return
    yield ""
    yield "Blocked by team:"
    for team, counts in sorted(found.teams.items()):
        yield (
            f"  {team}: {counts[CANDIDATE]} of {counts['changes']} "
            f"(today's policy {counts[CURRENT]}, the gate then {counts[RECORDED]})"
        )


def _examples(found: Backtest) -> Iterator[str]:
    if found.newly_blocked or found.no_longer_blocked:
        yield ""
        yield (
            f"Against today's policy: {found.newly_blocked} more blocked, "
            f"{found.no_longer_blocked} no longer"
        )
    for change, judged in found.examples:
        what = f"#{change.pull_request}" if change.pull_request else (change.commit or "")[:10]
        why = ", ".join(name or _THE_WHOLE for name in judged.blocking)
        yield f"  {change.repository} {what} (record {change.record[:12]}): {why}"


def _cost(found: Backtest) -> Iterator[str]:
    yield ""
    yield "What the gate cost then:"
    for line in cost.lines(found.cost):
        yield f"  {line}"


def _blocked(counts: Mapping[Verdict, int]) -> int:
    return sum(counts.get(verdict, 0) for verdict in BLOCKING)


def _of(part: int, whole: int) -> str:
    return f"{part} of {whole} ({show(Fraction(100 * part, whole), '%')})" if whole else "none"


def _many(count: int, word: str) -> str:
    return f"{count} {word}{'' if count == 1 else 's'}"
