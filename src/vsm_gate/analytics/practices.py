"""Practices worth borrowing: who in a peer group does best at an objective, and what differs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import sqrt
from typing import Final

import yaml

from vsm_gate import words
from vsm_gate.analytics import splits
from vsm_gate.analytics.figures import Figure
from vsm_gate.analytics.picture import Objective, Picture, Scope
from vsm_gate.analytics.shifts import Shift
from vsm_gate.analytics.warehouse import Row, Warehouse
from vsm_gate.metrics.catalogue import CATALOGUE
from vsm_gate.metrics.metric import show

# Points of the mean score below which a difference is not worth a look, and how many changes both
# teams need.
_POINTS: Final = 1.0
_FEWEST: Final = 20
# In standard errors of the difference between the shares that met the objective.
_SURE: Final = 3.0
_COMPARED: Final = (
    "change.lines_added",
    "waste.review_wait",
    "tests.rerun_flake_rate",
    "delivery.deployment_frequency",
)


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that two teams do differently: a figure, or how an objective is enforced.

    `what` is a title (`Lines added`, `Enforced`), the rest is ready to be shown.
    """

    what: str
    here: str
    there: str


@dataclass(frozen=True, slots=True)
class Practice:
    """An objective at which another team of the peer group does better.

    `lost_here` and `lost_there` are the mean points that it takes off the score, in tenths unless
    that would be none, over `n_here` and `n_there` changes. `since` is the day from which the other
    team has enforced it without a gap, or the week in which its figure came to be so good; empty
    where the records do not say. `lines` are the lines of its scorecard, YAML that can be copied.
    `sentence` says it in words, and that it is no proof of a cause.
    """

    objective: str
    metric: str
    team: str
    since: str
    lost_here: float
    lost_there: float
    n_here: int
    n_there: int
    differences: tuple[Difference, ...]
    lines: str
    sentence: str


@dataclass(frozen=True, slots=True)
class _Known:
    """What the records say of policies and of the past."""

    policies: Mapping[tuple[str, str], Row]
    since: Mapping[tuple[str, str], str]
    shifts: Mapping[str, tuple[Shift, ...]]


def practices(
    warehouse: Warehouse, picture: Picture, shifts: Mapping[str, tuple[Shift, ...]]
) -> Mapping[str, tuple[Practice, ...]]:
    """Team → what it could borrow in its peer group now, the most worthwhile first."""
    known = _Known(
        policies={
            (row["team"], row["objective"]): row for row in warehouse.query("views", "policies")
        },
        since={
            (row["team"], row["objective"]): f"{row['since']:%Y-%m-%d}"
            for row in warehouse.query("views", "control")
        },
        shifts=shifts,
    )
    return {
        team: tuple(
            sorted(
                _for(scope, _peers(scope, picture), known),
                key=lambda each: (each.lost_there - each.lost_here, each.objective),
            )
        )
        for team, scope in picture.teams.items()
    }


def _peers(scope: Scope, picture: Picture) -> list[Scope]:
    return [
        peer
        for peer in picture.teams.values()
        if scope.peer_group and peer.peer_group == scope.peer_group and peer.team != scope.team
    ]


def _for(scope: Scope, peers: Sequence[Scope], known: _Known) -> Iterator[Practice]:
    for own in scope.now.objectives:
        better = [
            (peer, theirs)
            for peer in peers
            for theirs in peer.now.objectives
            if theirs.id == own.id and theirs.metric == own.metric and _does_better(theirs, own)
        ]
        if better:
            peer, theirs = min(better, key=lambda pair: (pair[1].lost, pair[0].team))
            yield _practice(scope, own, peer, theirs, known)


def _does_better(theirs: Objective, own: Objective) -> bool:
    """Whether it costs a point less, and is met more often than chance explains."""
    if theirs.lost is None or own.lost is None or own.lost - theirs.lost < _POINTS:
        return False
    sizes = _judged(theirs), _judged(own)
    if min(sizes) < _FEWEST:
        return False
    shares = theirs.passed / sizes[0], own.passed / sizes[1]
    error = sqrt(sum(share * (1 - share) / size for share, size in zip(shares, sizes, strict=True)))
    return shares[0] - shares[1] > _SURE * error


def _judged(item: Objective) -> int:
    return item.passed + item.warned + item.failed


def _practice(
    scope: Scope, own: Objective, peer: Scope, theirs: Objective, known: _Known
) -> Practice:
    here, there = str(scope.team), str(peer.team)
    since = known.since.get((there, own.id)) or _since_shift(known.shifts.get(there, ()), own)
    met = [show(Fraction(100 * item.passed, _judged(item)), "%") for item in (theirs, own)]
    when = f" (since {words.day(since)})" if since else ""
    return Practice(
        objective=own.id,
        metric=own.metric,
        team=there,
        since=since,
        lost_here=float(splits.lost(scope.now)[own.id] or own.lost or 0),
        lost_there=float(splits.lost(peer.now)[own.id] or theirs.lost or 0),
        n_here=_judged(own),
        n_there=_judged(theirs),
        differences=tuple(_differences(scope, peer, own.id, known)),
        lines=_lines(known.policies.get((there, own.id))),
        sentence=(
            f"{there} meets `{own.id}` in {met[0]} of its changes{when}, {here} in {met[1]}. "
            "What else they do differently stands below; which of it matters is not shown."
        ),
    )


def _since_shift(shifts: Sequence[Shift], own: Objective) -> str:
    return next((each.monday for each in shifts if each.metric == own.metric and each.better), "")


def _differences(scope: Scope, peer: Scope, objective: str, known: _Known) -> Iterator[Difference]:
    rules = [known.policies.get((str(each.team), objective)) for each in (scope, peer)]
    enforced = [known.since.get((str(each.team), objective)) for each in (scope, peer)]
    here, there = (f"since {words.day(day)}" if day else "no" for day in enforced)
    if here != there:
        yield Difference("Enforced", here, there)
    criteria = [str(rule["passes"]) if rule and rule["passes"] else "–" for rule in rules]
    if criteria[0] != criteria[1]:
        yield Difference("Passes", criteria[0], criteria[1])
    for metric in _COMPARED:
        pair = scope.now.figures[metric], peer.now.figures[metric]
        if None not in (pair[0].value, pair[1].value) and pair[0].value != pair[1].value:
            yield Difference(CATALOGUE[metric].title, _shown(pair[0]), _shown(pair[1]))


def _shown(figure: Figure) -> str:
    number = figure.value or 0.0
    if figure.metric.startswith("waste.") and figure.n:
        # The sum over a period says how many changes there were; a change waits its share.
        number /= figure.n
    unit = CATALOGUE[figure.metric].unit
    return show(Fraction(number).limit_denominator(1_000_000), unit)


def _lines(rule: Row | None) -> str:
    """The objective as a scorecard has it."""
    if rule is None or not rule["metric"]:
        return ""
    said: dict[str, object] = {"metric": rule["metric"]}
    said |= {
        name: rule[column]
        for name, column in (("pass", "passes"), ("warn", "warns"))
        if rule[column]
    }
    if rule["key_objective"]:
        said["key"] = True
    if rule["weight"] is not None and rule["weight"] != 1:
        weight = float(rule["weight"])
        said["weight"] = int(weight) if weight.is_integer() else weight
    if rule["phase"]:
        said["phase"] = rule["phase"]
    lines: str = yaml.safe_dump({rule["objective"]: said}, sort_keys=False, allow_unicode=True)
    return lines
