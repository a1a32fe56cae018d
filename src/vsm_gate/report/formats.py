"""The figures of a report as JSON, CSV and Markdown."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, Final

from vsm_gate.analytics.figures import Figure
from vsm_gate.analytics.periods import Period
from vsm_gate.analytics.picture import Moment, Objective, Picture, Scope, Verdicts, Week
from vsm_gate.analytics.splits import Gap, gap
from vsm_gate.metrics.catalogue import CATALOGUE
from vsm_gate.report import insight, text
from vsm_gate.report.tables import iso, table

SCHEMA: Final = "vsm-gate/report/v1"
_MARKDOWN: Final = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~@:&$])")


def to_json(picture: Picture) -> str:
    """`vsm-gate/report/v1`."""
    document = {
        "schema": SCHEMA,
        "generated": iso(picture.generated),
        "since": iso(picture.since),
        "until": iso(picture.until),
        "last_record": None if picture.last is None else iso(picture.last),
        "rejected_records": picture.rejected,
        "curves": picture.curves.version,
        "organisation": _scope(picture.organisation),
        "teams": {
            team: {
                "peer_group": scope.peer_group,
                "methodology": scope.methodology,
                **_scope(scope),
            }
            for team, scope in picture.teams.items()
        },
    }
    return json.dumps(document, ensure_ascii=False) + "\n"


def _scope(scope: Scope) -> dict[str, Any]:
    return {
        "repositories": scope.repositories,
        "records": scope.records,
        **_moment(scope.period),
        "now": {**_span(scope.now.period), **_moment(scope.now)},
        "before": {**_span(scope.before.period), **_moment(scope.before)},
        "score_change": _split(gap(scope.before, scope.now)),
        "weeks": [_week(week) for week in scope.weeks],
    }


def _split(found: Gap | None) -> dict[str, Any] | None:
    """From before to now, in points of the mean score; the objectives add up to the difference."""
    if found is None:
        return None
    return {
        "before": _number(float(found.left)),
        "now": _number(float(found.right)),
        "objectives": {part.objective: _number(float(part.points)) for part in found.parts},
    }


def _moment(moment: Moment) -> dict[str, Any]:
    return {
        "metrics": {metric: _figure(found) for metric, found in moment.figures.items()},
        "dimensions": {name: _figure(found) for name, found in moment.dimensions.items()},
        "verdicts": _verdicts(moment.verdicts),
        "objectives": {item.id: _objective(item) for item in moment.objectives},
    }


def _figure(figure: Figure) -> dict[str, Any]:
    if figure.value is None:
        return {"missing": figure.missing, "n": figure.n}
    found: dict[str, Any] = {"value": _number(figure.value), "n": figure.n}
    if figure.numerator is not None and figure.denominator is not None:
        found |= {"numerator": figure.numerator, "denominator": figure.denominator}
    if figure.quartiles is not None:
        found["quartiles"] = [_number(quartile) for quartile in figure.quartiles]
    if figure.metric in CATALOGUE:
        found["unit"] = CATALOGUE[figure.metric].unit
    return found


def _number(value: float) -> float:
    """Without the dust of binary fractions."""
    return round(value, 9)


def _verdicts(verdicts: Verdicts) -> dict[str, int]:
    return {
        "changes": verdicts.changes,
        "pass": verdicts.passed,
        "warn": verdicts.warned,
        "fail": verdicts.failed,
        "inconclusive": verdicts.inconclusive,
        "blocked": verdicts.blocked,
        "would_block": verdicts.would_block,
        "waived": verdicts.waived,
        "break_glass": verdicts.break_glass,
    }


def _objective(item: Objective) -> dict[str, Any]:
    return {
        "metric": item.metric,
        "n": item.n,
        "pass": item.passed,
        "warn": item.warned,
        "fail": item.failed,
        "missing": item.missing,
        "no_baseline": item.no_baseline,
        "not_applicable": item.not_applicable,
        "waived": item.waived,
        "lost": None if item.lost is None else _number(item.lost),
    }


def _week(week: Week) -> dict[str, Any]:
    return {
        "monday": week.monday,
        "verdicts": _verdicts(week.verdicts),
        "n": week.n,
        "lower_quartile": week.lower_quartile,
        "median": week.median,
        "upper_quartile": week.upper_quartile,
    }


def _span(period: Period) -> dict[str, str]:
    return {"since": iso(period.since), "until": iso(period.until)}


def to_csv(picture: Picture) -> str:
    """One row a figure: scope, team, since, until, metric, value, n, … or the reason it is missing.

    The organisation's rows have an empty team.
    """
    head = (
        "scope", "team", "since", "until", "metric", "unit",
        "value", "n", "numerator", "denominator", "missing",
    )  # fmt: skip
    rows = (
        row
        for scope in (picture.organisation, *picture.teams.values())
        for moment in (scope.period, scope.now, scope.before)
        for row in _figure_rows(scope, moment)
    )
    return table(head, rows)


def _figure_rows(scope: Scope, moment: Moment) -> Iterator[tuple[object, ...]]:
    kind = "organisation" if scope.team is None else "team"
    period = moment.period
    for found in (*moment.figures.values(), *moment.dimensions.values()):
        metric = CATALOGUE.get(found.metric)
        name = found.metric if metric else f"dimension.{found.metric}"
        yield (
            kind, scope.team, iso(period.since), iso(period.until), name,
            metric.unit if metric else "score",
            found.value, found.n, found.numerator, found.denominator, found.missing,
        )  # fmt: skip


def to_markdown(picture: Picture) -> str:
    """A digest for people: where we stand, what changed, what to do next, team by team."""
    lines = [
        "# Delivery quality",
        "",
        (
            f"{text.span(picture.since, picture.until)} (UTC), "
            f"{text.plural(picture.organisation.period.verdicts.changes, 'change')} judged."
        ),
        "",
        *_digest(picture.organisation, tuple(picture.teams.values())),
    ]
    for team, scope in picture.teams.items():
        lines += ["", f"## {markdown(team)}", "", *_digest(scope)]
    return "\n".join(lines) + "\n"


def _digest(scope: Scope, teams: tuple[Scope, ...] = ()) -> Iterator[str]:
    yield "| Figure | Now | Before | Change | n |"
    yield "| --- | ---: | ---: | ---: | ---: |"
    for name, now in scope.now.dimensions.items():
        yield _row(name.capitalize(), scope.before.dimensions[name], now)
    for pair in insight.changes(scope):
        yield _row(CATALOGUE[pair.now.metric].title, pair.before, pair.now)
    for item in insight.advice(scope, teams):
        lost = text.points(item.lost)
        share = text.percent(item.unmet, item.objective.n)
        yield ""
        yield (
            f"* **{markdown(item.objective.id)}** takes {lost} points off the score; "
            f"not met in {share} of {text.plural(item.objective.n, 'change')}."
        )


def _row(title: str, before: Figure, now: Figure) -> str:
    cells = (title, text.value(now), text.value(before), text.change(before, now), str(now.n))
    return f"| {' | '.join(cell.replace('<', '&lt;') for cell in cells)} |"


def markdown(name: str) -> str:
    """A name from a record as plain text in Markdown: nothing in it is markup, link or mention."""
    flat = " ".join(name.split())
    return _MARKDOWN.sub(r"\\\1", flat).replace(r"\@", "@\N{ZERO WIDTH SPACE}")
