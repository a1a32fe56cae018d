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
from vsm_gate.scorecards.cost import Cost, Ledger
from vsm_gate.scorecards.outcomes import Commit
from vsm_gate.scorecards.replay import BLOCKING, Judged, Replay

CANDIDATE: Final = "candidate"
CURRENT: Final = "current"
RECORDED: Final = "recorded"
OPINIONS: Final = (CANDIDATE, CURRENT, RECORDED)
_EXAMPLES: Final = 10

# A record's id and its document.
Entry = tuple[str, recorded.Document]
# When a record was made: its time, its attempt, its id.
_When = tuple[str, int, str]


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


@dataclass(frozen=True, slots=True)
class Change:
    """The last word on a change, by each opinion."""

    record: str
    repository: str
    team: str
    pull_request: str | None
    commit: str | None
    opinions: Mapping[str, Judged]


@dataclass(slots=True)
class Backtest:
    """What came of it. `causes` are of the candidate; `teams` counts blocked changes by opinion."""

    runs: int = 0
    changes: int = 0
    opinions: dict[str, Opinion] = field(
        default_factory=lambda: {name: Opinion() for name in OPINIONS}
    )
    causes: dict[str, Cause] = field(default_factory=dict)
    teams: dict[str, dict[str, int]] = field(default_factory=dict)
    newly_blocked: int = 0
    no_longer_blocked: int = 0
    examples: list[Change] = field(default_factory=list)
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
    for _, document in earlier:
        candidate.judge(document)
        current.judge(document)
    made = Backtest()
    seen, costs = _Seen(outcomes or {}), Ledger()
    for record, document in records:
        opinions = {
            CANDIDATE: candidate.judge(document),
            CURRENT: current.judge(document),
            RECORDED: _recorded(document),
        }
        made.runs += 1
        for name, judged in opinions.items():
            made.opinions[name].runs[judged.conclusion] += 1
        seen.add(record, document, opinions)
        costs.add(document)
    made.cost = costs.cost()
    for change in seen.changes():
        _count(made, change)
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


def _count(made: Backtest, change: Change) -> None:
    made.changes += 1
    of_team = made.teams.setdefault(change.team, dict.fromkeys(("changes", *OPINIONS), 0))
    of_team["changes"] += 1
    for name, judged in change.opinions.items():
        made.opinions[name].changes[judged.conclusion] += 1
        made.opinions[name].verdicts[judged.verdict] += 1
        of_team[name] += judged.blocked
    judged, before = change.opinions[CANDIDATE], change.opinions[CURRENT]
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
            made.examples.append(change)


class _Seen:
    """The last word on each change, and on each commit that was deployed."""

    def __init__(self, outcomes: Mapping[Commit, bool]) -> None:
        self._outcomes = outcomes
        self._changes: dict[tuple[object, ...], tuple[_When, Change]] = {}
        self._commits: dict[Commit, dict[str, tuple[_When, Change]]] = {}
        self._judge_before: set[str] = set()

    def add(self, record: str, document: recorded.Document, opinions: dict[str, Judged]) -> None:
        said = recorded.part(document, "change")
        repository, landed = str(document.get("repository")), recorded.of_default_branch(document)
        number, commit = said.get("pull_request"), said.get("tested") or said.get("head")
        team = document.get("team")
        change = Change(
            record,
            repository,
            repository if team is None else str(team),
            None if number in {None, ""} else str(number),
            None if commit is None else str(commit),
            opinions,
        )
        job = str(said.get("job") or "")
        if not landed:
            self._judge_before.add(repository)
        what = f"#{change.pull_request}" if change.pull_request else change.commit or record
        key = repository, change.team, job, landed, what
        attempt = said.get("attempt")
        when = (
            str(document.get("time")),
            attempt if isinstance(attempt, int) else 1,
            record,
        )
        if key not in self._changes or self._changes[key][0] < when:
            self._changes[key] = when, change
        place = repository, change.commit or ""
        if place in self._outcomes:
            jobs = self._commits.setdefault(place, {})
            if job not in jobs or jobs[job][0] < when:
                jobs[job] = when, change

    def changes(self) -> Iterable[Change]:
        """Each change once, by its last record, newest first."""
        found = [
            last
            for (_, _, _, landed, _), last in self._changes.items()
            if not (landed and last[1].repository in self._judge_before)
        ]
        found.sort(key=lambda last: last[0], reverse=True)
        return (change for _, change in found)

    def accuracy(self, opinion: str, told: frozenset[Verdict]) -> Accuracy:
        """How well a policy foresaw failures: by any of its jobs."""
        deployed = failed = flagged = both = 0
        for place, jobs in self._commits.items():
            was = any(each.opinions[opinion].conclusion in told for _, each in jobs.values())
            deployed += 1
            failed += self._outcomes[place]
            flagged += was
            both += was and self._outcomes[place]
        return Accuracy(deployed, failed, flagged, both)
