"""What a policy would have done to the recorded past. Pure, one pass, linear in the records.

Three opinions are set side by side: the candidate's and today's policy's, replayed, and what the
gate said at the time. A change counts once, by the last word on it: the newest record of a pull
request, or of a commit where there is none, for each job that judges it. Records of the default
branch are left out where changes are judged before they land, since they repeat them; whether a
policy foresaw failures is told by the commits that were deployed, wherever they were judged.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Final

from vsm_gate.model.results import Verdict
from vsm_gate.scorecards import recorded
from vsm_gate.scorecards.cost import Cost, Costs
from vsm_gate.scorecards.last_words import Judgement, LastWords
from vsm_gate.scorecards.outcomes import Commit
from vsm_gate.scorecards.readings import Readings
from vsm_gate.scorecards.replay import BLOCKING, Judged, Replay

CANDIDATE: Final = "candidate"
CURRENT: Final = "current"
RECORDED: Final = "recorded"
OPINIONS: Final = (CANDIDATE, CURRENT, RECORDED)
_EXAMPLES: Final = 10

# A record's id and its document.
Entry = tuple[str, recorded.Document]
Opinions = Mapping[str, Judged]


@dataclass(frozen=True, slots=True)
class Accuracy:
    """Deployed commits that were judged: all, those that failed in production, those that were
    told from the rest (blocked, or at least warned of), and those of which both is true.
    """

    deployed: int = 0
    failed: int = 0
    told: int = 0
    both: int = 0

    @property
    def precision(self) -> Fraction | None:
        """Of what was told from the rest the share that failed, in %; the rest was for nothing."""
        return Fraction(100 * self.both, self.told) if self.told else None

    @property
    def recall(self) -> Fraction | None:
        """Of what failed the share that was told from the rest, in %."""
        return Fraction(100 * self.both, self.failed) if self.failed else None


@dataclass(slots=True)
class Opinion:
    """What one policy said: of changes and of runs by conclusion, of changes by verdict (before
    phases and waivers), and how well blocks, and blocks and warnings, foresaw failures.
    """

    changes: Counter[Verdict] = field(default_factory=Counter)
    verdicts: Counter[Verdict] = field(default_factory=Counter)
    runs: Counter[Verdict] = field(default_factory=Counter)
    blocks: Accuracy = Accuracy()
    flags: Accuracy = Accuracy()


@dataclass(slots=True)
class Cause:
    """What an objective did to changes: how many it blocked, how many of them alone, how many it
    warned, and whose it blocked.
    """

    blocked: int = 0
    alone: int = 0
    warned: int = 0
    teams: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class Backtest:
    """What came of it. `causes` are of the candidate; `teams` counts blocked changes by
    opinion; `examples` are the newest changes that only the candidate blocks. `without_paths` are
    the runs in which a waiver of the candidate that is for paths could not be looked at.
    """

    runs: int = 0
    changes: int = 0
    opinions: dict[str, Opinion] = field(
        default_factory=lambda: {name: Opinion() for name in OPINIONS}
    )
    causes: dict[str, Cause] = field(default_factory=dict)
    teams: dict[str, dict[str, int]] = field(default_factory=dict)
    newly_blocked: int = 0
    no_longer_blocked: int = 0
    without_paths: int = 0
    examples: list[tuple[Judgement, Judged]] = field(default_factory=list)
    cost: Cost = field(default_factory=Cost)


def backtest(
    records: Iterable[Entry],
    *,
    candidate: Replay,
    current: Replay,
    earlier: Iterable[Entry] = (),
    outcomes: Mapping[Commit, bool] | None = None,
) -> Backtest:
    """Replay two policies over check records, in the order of the history.

    `earlier` are the records before them: they count for nothing but the baselines. `outcomes`
    says of commits that were deployed whether they failed.
    """
    readings = Readings()
    for _, document in earlier:
        check = readings.of(document)
        candidate.judge(check)
        current.judge(check)
    made, untold = Backtest(), candidate.without_paths
    last: LastWords[Opinions] = LastWords()
    seen, costs = _Deployed(outcomes or {}), Costs()
    for record, document in records:
        check = readings.of(document)
        opinions: Opinions = {
            CANDIDATE: candidate.judge(check),
            CURRENT: current.judge(check),
            RECORDED: _recorded(document),
        }
        made.runs += 1
        for name, judged in opinions.items():
            made.opinions[name].runs[judged.conclusion] += 1
        judgement = Judgement.of(record, document)
        last.add(judgement, opinions)
        seen.add(judgement, opinions)
        costs.add(judgement, document)
    made.cost = costs.cost()
    made.without_paths = candidate.without_paths - untold
    for judgement, opinions in last.newest():
        _count(made, judgement, opinions)
    for name, opinion in made.opinions.items():
        opinion.blocks = seen.accuracy(name, BLOCKING)
        opinion.flags = seen.accuracy(name, frozenset(Verdict) - {Verdict.PASS})
    return made


def _recorded(document: recorded.Document) -> Judged:
    """What the gate said at the time; what cannot be read is no pass."""
    return Judged(_verdict(document.get("verdict")), _verdict(document.get("conclusion")))


def _verdict(word: Any) -> Verdict:
    try:
        return Verdict(word)
    except ValueError:
        return Verdict.INCONCLUSIVE


def _count(made: Backtest, change: Judgement, opinions: Opinions) -> None:
    made.changes += 1
    of_team = made.teams.setdefault(change.team, dict.fromkeys(("changes", *OPINIONS), 0))
    of_team["changes"] += 1
    for name, judged in opinions.items():
        made.opinions[name].changes[judged.conclusion] += 1
        made.opinions[name].verdicts[judged.verdict] += 1
        of_team[name] += judged.blocked
    judged, before = opinions[CANDIDATE], opinions[CURRENT]
    for objective in judged.blocking:
        cause = made.causes.setdefault(objective, Cause())
        cause.blocked += 1
        cause.alone += len(judged.blocking) == 1
        cause.teams[change.team] += 1
    for objective in judged.warning:
        made.causes.setdefault(objective, Cause()).warned += 1
    made.no_longer_blocked += before.blocked and not judged.blocked
    if judged.blocked and not before.blocked:
        made.newly_blocked += 1
        if len(made.examples) < _EXAMPLES:
            made.examples.append((change, judged))


class _Deployed:
    """The last word of each job on each commit that was deployed."""

    def __init__(self, outcomes: Mapping[Commit, bool]) -> None:
        self._outcomes = outcomes
        self._commits: dict[Commit, dict[str, tuple[Judgement, Opinions]]] = {}

    def add(self, judgement: Judgement, opinions: Opinions) -> None:
        place = judgement.repository, judgement.commit or ""
        if place in self._outcomes:
            jobs = self._commits.setdefault(place, {})
            if judgement.job not in jobs or jobs[judgement.job][0].when < judgement.when:
                jobs[judgement.job] = judgement, opinions

    def accuracy(self, opinion: str, told: frozenset[Verdict]) -> Accuracy:
        """How well a policy foresaw failures: by any of its jobs."""
        deployed = failed = flagged = both = 0
        for place, jobs in self._commits.items():
            was = any(opinions[opinion].conclusion in told for _, opinions in jobs.values())
            deployed += 1
            failed += self._outcomes[place]
            flagged += was
            both += was and self._outcomes[place]
        return Accuracy(deployed, failed, flagged, both)
