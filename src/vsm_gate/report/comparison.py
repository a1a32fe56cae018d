"""Two sides beside each other: the score gap, what each asks for, and how each works."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from vsm_gate.analytics.picture import Moment, Picture, Scope
from vsm_gate.analytics.splits import Gap, gap, gap_to_peers
from vsm_gate.analytics.warehouse import Row
from vsm_gate.metrics.catalogue import CATALOGUE
from vsm_gate.report import text
from vsm_gate.report.findings import Event

# How a team works, as far as figures tell: what may lie behind a score, not the score itself.
PRACTICES: Final = (
    "change.files", "change.lines_added", "change.test_ratio", "change.approvals",
    "tests.flaky", "tests.duration", "coverage.patch", "coverage.line",
    "waste.review_wait", "waste.rerun", "waste.blocked", "flow.time",
    "delivery.deployment_frequency", "delivery.change_lead_time", "delivery.change_fail_rate",
    "governance.segregation", "quality.first_pass",
)  # fmt: skip
PERIODS: Final = ("now", "before", "whole")


@dataclass(frozen=True, slots=True)
class Standing:
    """A team against its own past and against the other teams of its peer group, now."""

    scope: Scope
    past: Gap | None
    peers: Gap | None


def standings(picture: Picture) -> tuple[Standing, ...]:
    """Every team, by peer group and name."""
    teams = sorted(
        picture.teams.values(),
        key=lambda scope: (not scope.peer_group, scope.peer_group or "", scope.team or ""),
    )
    return tuple(
        Standing(scope, gap(scope.before, scope.now), gap_to_peers(scope, peers(picture, scope)))
        for scope in teams
    )


def peers(picture: Picture, team: Scope) -> list[Scope]:
    """The other teams of a team's peer group; none where it is in none."""
    if not team.peer_group:
        return []
    return [
        scope
        for scope in picture.teams.values()
        if scope.peer_group == team.peer_group and scope.team != team.team
    ]


def policies(rows: Iterable[Row]) -> dict[str, dict[str, str]]:
    """Team → objective → what it asks for, in words."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for row in rows:
        said = [
            row["passes"],
            f"or warn {row['warns']}" if row["warns"] else None,
            f"weight {row['weight']:g}",
            "key objective" if row["key_objective"] else None,
            f"phase {row['phase']}" if row["phase"] else None,
        ]
        found[row["team"]][row["objective"]] = ", ".join(part for part in said if part)
    return found


def practices(moment: Moment) -> dict[str, tuple[float, str, int]]:
    """Metric → value, as a number and in words, and its n, for the practices that have one."""
    return {
        metric: (found.value, text.value(found), found.n)
        for metric in PRACTICES
        if (found := moment.figures[metric]).value is not None
    }


def data(
    picture: Picture,
    asked: Mapping[str, Mapping[str, str]],
    happened: Mapping[str, Iterable[Event]],
) -> dict[str, Any]:
    """What the page's script compares any two sides with.

    `asked` is what each team's policy asks for, `happened` what is known to have changed when.
    """
    return {
        "teams": [
            {
                "name": scope.team,
                "group": scope.peer_group or "",
                "asks": dict(asked.get(scope.team or "", {})),
                "happened": [
                    [event.day, text.day(event.day), event.sentence]
                    for event in happened.get(scope.team or "", ())
                ],
                "periods": {name: _side(_moment(scope, name)) for name in PERIODS},
            }
            for scope in picture.teams.values()
        ],
        "practices": {metric: CATALOGUE[metric].title for metric in PRACTICES},
    }


def _moment(scope: Scope, name: str) -> Moment:
    return {"now": scope.now, "before": scope.before, "whole": scope.period}[name]


def _side(moment: Moment) -> dict[str, Any]:
    score = moment.figures["quality.score"]
    return {
        "n": 0 if score.value is None else score.n,
        "lost": {item.id: item.lost for item in moment.objectives if item.lost is not None},
        "works": practices(moment),
        "since": moment.period.since.strftime("%Y-%m-%d"),
        "until": moment.period.until.strftime("%Y-%m-%d"),
    }
