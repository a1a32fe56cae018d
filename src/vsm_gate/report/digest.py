"""The weekly word to a team, in Markdown: three figures, one improvement, one practice."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Final

from vsm_gate.analytics.movement import Movement
from vsm_gate.analytics.periods import WEEK
from vsm_gate.analytics.picture import Picture, Scope, Week
from vsm_gate.analytics.practices import Practice
from vsm_gate.metrics.catalogue import CATALOGUE
from vsm_gate.report import insight, text
from vsm_gate.report.findings import Findings
from vsm_gate.report.formats import markdown

_FIGURES: Final = 3
# Beside the score, in this order where none of them moved.
_USUAL: Final = (
    "delivery.change_fail_rate", "delivery.change_lead_time", "delivery.cadence_adherence",
    "flow.time", "quality.first_pass", "coverage.patch", "coverage.line", "tests.pass_rate",
    "delivery.deployment_frequency", "delivery.failed_deployment_recovery_time",
)  # fmt: skip
_CLEAR: Final = {Movement.BETTER, Movement.WORSE}


def to_digest(picture: Picture, findings: Findings, teams: Collection[str] = ()) -> str:
    """A section for each of `teams`, or for every team.

    Nothing in a name from a record is markup, link or mention.
    """
    sections = [
        "\n".join(_section(scope, findings.practices.get(team, ())))
        for team, scope in picture.teams.items()
        if not teams or team in teams
    ]
    return "\n\n".join(sections) + "\n" if sections else "No record yet.\n"


def _section(scope: Scope, practices: tuple[Practice, ...]) -> Iterator[str]:
    week = _last_week(scope)
    when = text.day(week.monday) if week else text.NO_DATA
    yield f"## {markdown(scope.team or '')}: the week of {when}"
    yield ""
    yield _judged(week)
    yield ""
    for change in _three(scope):
        yield f"* {_figure(change)}"
    yield ""
    yield f"**Most worth doing.** {_improvement(scope)}"
    yield ""
    yield f"**Worth borrowing.** {_practice(practices)}"


def _last_week(scope: Scope) -> Week | None:
    """The newest week that is whole; else the one that is running."""
    until = scope.period.period.until
    whole = [week for week in scope.weeks if datetime.fromisoformat(week.monday) + WEEK <= until]
    return next(reversed(whole or scope.weeks), None)


def _judged(week: Week | None) -> str:
    if week is None or not week.verdicts.changes:
        return "No change was judged: no data, not zero."
    found = week.verdicts
    share = text.percent(found.passed, found.changes)
    median = "" if week.median is None else f", median score {text.points(week.median)}"
    return f"{text.plural(found.changes, 'change').capitalize()} judged, {share} passed{median}."


def _three(scope: Scope) -> list[insight.Change]:
    """The gate score, then what moved clearly, then the usual figures; only those with a value."""
    score = insight.change_of(scope, "quality.score")
    others = [insight.change_of(scope, metric) for metric in _USUAL]
    known = [change for change in others if change.now.value is not None]
    moved = [change for change in known if change.movement in _CLEAR]
    rest = [change for change in known if change.movement not in _CLEAR]
    return [score, *moved, *rest][:_FIGURES]


def _figure(change: insight.Change) -> str:
    now, before = change.now, change.before
    title = CATALOGUE[now.metric].title
    if now.value is None:
        return f"{title}: no data ({now.missing})."
    said = f"{title}: **{text.value(now)}** (n = {text.count(now.n)})"
    if change.movement in _CLEAR:
        return f"{said}, {change.movement} than {text.value(before)} before."
    if change.movement is Movement.UNCLEAR:
        return f"{said}; no clear change from {text.value(before)}."
    return f"{said}."


def _improvement(scope: Scope) -> str:
    advice = insight.advice(scope)
    if not advice:
        return "No objective takes half a point or more off the score."
    item = advice[0]
    lost = text.points(item.lost)
    return (
        f"{markdown(item.objective.id)} takes {lost} points off the mean score: not met in "
        f"{text.count(item.unmet)} of {text.plural(item.objective.n, 'change')}."
    )


def _practice(practices: tuple[Practice, ...]) -> str:
    if not practices:
        return "No team of the peer group does clearly better at an objective."
    best = practices[0]
    since = f" (since {text.day(best.since)})" if best.since else ""
    said = (
        f"{markdown(best.team)}{since} loses {text.points(best.lost_there)} points to "
        f"{markdown(best.objective)}, this team {text.points(best.lost_here)}."
    )
    differing = "; ".join(
        f"{markdown(each.what)} {markdown(each.there)} there, {markdown(each.here)} here"
        for each in best.differences
    )
    if differing:
        said += f" What differs: {differing}."
    return f"{said} Whether that is why, figures do not tell: ask them."
