"""What stands out in a year of records, said in sentences that claim no more than they know."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import sqrt
from typing import Final

from vsm_gate import words
from vsm_gate.analytics.picture import Component, Picture, Scope
from vsm_gate.analytics.shifts import Shift

# Standard errors that a share has to be away: dozens are looked at in every report.
_SURE: Final = 4.0
# From this share of reruns on a suite is called flaky (%), and this many times the failures of the
# team's other components make one risky.
_FLAKY: Final = 10.0
_TIMES: Final = 2.0
_FEWEST: Final = 20


@dataclass(frozen=True, slots=True)
class Discovery:
    """Something about a team. `kind`: `improved`, `declined`, `flaky suite`, `risky component`.

    `subject` is the metric or the component that it is about, `day` when it began (empty: not
    known).
    """

    kind: str
    team: str
    subject: str
    day: str
    sentence: str


def discoveries(picture: Picture, shifts: Mapping[str, tuple[Shift, ...]]) -> tuple[Discovery, ...]:
    """What stands out, by team: gate scores that moved, flaky suites, risky components."""
    found: list[Discovery] = []
    for team, scope in picture.teams.items():
        found.extend(_moved(team, shifts.get(team, ())))
        found.extend(_flaky(team, scope))
        found.extend(_risky(team, scope))
    return tuple(found)


def _moved(team: str, shifts: tuple[Shift, ...]) -> Iterator[Discovery]:
    for shift in shifts:
        if shift.metric == "quality.score" and shift.better is not None:
            kind = "improved" if shift.better else "declined"
            yield Discovery(kind, team, shift.metric, shift.monday, f"{team}: {shift.sentence}")


def _flaky(team: str, scope: Scope) -> Iterator[Discovery]:
    rate = scope.period.figures["tests.rerun_flake_rate"]
    if rate.value is None or rate.n < _FEWEST:
        return
    share = rate.value / 100
    least = share - _SURE * sqrt(share * (1 - share) / rate.n)
    if 100 * least > _FLAKY:
        sentence = (
            f"{team}: of {words.plural(rate.n, 'commit')} that were judged again without a change, "
            f"the tests of {words.count(rate.numerator or 0)} both failed and passed."
        )
        yield Discovery("flaky suite", team, "tests.rerun_flake_rate", "", sentence)


def _risky(team: str, scope: Scope) -> Iterator[Discovery]:
    """Components whose deployments fail more often than those of the team's others."""
    for part in scope.components:
        others = [each for each in scope.components if each.name != part.name]
        rest = Component(
            "", sum(each.deployments for each in others), sum(each.failed for each in others)
        )
        if min(part.deployments, rest.deployments) < _FEWEST:
            continue
        mine, theirs = part.failed / part.deployments, rest.failed / rest.deployments
        both = (part.failed + rest.failed) / (part.deployments + rest.deployments)
        error = sqrt(both * (1 - both) * (1 / part.deployments + 1 / rest.deployments))
        if mine > _TIMES * theirs and mine - theirs > _SURE * error:
            noun = "deployment"
            sentence = (
                f"{team}: {words.count(part.failed)} of {words.plural(part.deployments, noun)} of "
                f"{part.name} failed, of the team's other components {words.count(rest.failed)} "
                f"of {words.count(rest.deployments)}."
            )
            yield Discovery("risky component", team, part.name, "", sentence)
