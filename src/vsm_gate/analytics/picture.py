"""The picture of an organisation and of each of its teams, put together from the queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from vsm_gate.analytics.curves import dimensions
from vsm_gate.analytics.figures import WEEKLY, Figure, complete, figure, roll_ups, undusted
from vsm_gate.analytics.periods import Period, plan
from vsm_gate.analytics.warehouse import Row, Warehouse
from vsm_gate.scorecards.curves import Curves


@dataclass(frozen=True, slots=True)
class Verdicts:
    """Changes of a period by their last verdict, and what the gate did about them."""

    changes: int = 0
    passed: int = 0
    warned: int = 0
    failed: int = 0
    inconclusive: int = 0
    blocked: int = 0
    would_block: int = 0
    waived: int = 0
    break_glass: int = 0


@dataclass(frozen=True, slots=True)
class Objective:
    """How often an objective was met in a period, and the mean points that it took off the score.

    `lost` is None where no change has a score. Over all objectives of a scope it adds up to
    100 − the mean score.
    """

    id: str
    metric: str
    n: int
    passed: int
    warned: int
    failed: int
    missing: int
    no_baseline: int
    not_applicable: int
    waived: int
    lost: float | None


@dataclass(frozen=True, slots=True)
class Foresight:
    """Deployments by whether the gate had flagged a change that they carried."""

    flagged: int = 0
    flagged_failed: int = 0
    passed: int = 0
    passed_failed: int = 0


@dataclass(frozen=True, slots=True)
class Week:
    """The gate scores of one calendar week (from its Monday), and how its changes were judged.

    `figures` are those that have a value in the week.
    """

    monday: str
    verdicts: Verdicts
    foresight: Foresight
    figures: dict[str, Figure] = field(default_factory=dict)
    n: int = 0
    lower_quartile: float | None = None
    median: float | None = None
    upper_quartile: float | None = None


@dataclass(frozen=True, slots=True)
class Component:
    """Production deployments of a component over the whole period, and how many failed."""

    name: str
    deployments: int
    failed: int


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of the value stream: the median time in it (None: nobody timed it) over `timed`
    changes, and how many of those that entered it left it without rework.
    """

    seconds: float | None
    timed: int
    accurate: int
    entered: int


@dataclass(frozen=True, slots=True)
class Moment:
    """All about one scope in one period. `work` counts merged changes by what they are; those of
    which nothing tells it are `unknown`.
    """

    period: Period
    figures: dict[str, Figure]
    dimensions: dict[str, Figure]
    verdicts: Verdicts
    objectives: tuple[Objective, ...]
    blocked: int
    foresight: Foresight
    stages: dict[str, Stage]
    work: dict[str, int]


@dataclass(frozen=True, slots=True)
class Scope:
    """The organisation (`team` None) or one team: the whole period, now, before, and by week."""

    team: str | None
    period: Moment
    now: Moment
    before: Moment
    weeks: tuple[Week, ...]
    peer_group: str | None = None
    methodology: str | None = None
    repositories: int = 0
    records: int = 0
    last: datetime | None = None
    components: tuple[Component, ...] = ()


@dataclass(frozen=True, slots=True)
class Picture:
    """What a report shows: the organisation and each team; `last` is the newest record's time."""

    since: datetime
    until: datetime
    generated: datetime
    organisation: Scope
    teams: dict[str, Scope]
    last: datetime | None
    rejected: int
    curves: Curves


@dataclass(slots=True)
class _Answers:
    """Rows of the queries by (period, team), and what dimensions are scored by."""

    curves: Curves
    figures: dict[tuple[str, str | None], list[Figure]] = field(
        default_factory=lambda: defaultdict(list)
    )
    reasons: dict[tuple[str, str | None], dict[str, str]] = field(
        default_factory=lambda: defaultdict(dict)
    )
    verdicts: dict[tuple[str, str | None], Verdicts] = field(default_factory=dict)
    objectives: dict[tuple[str, str | None], list[Objective]] = field(
        default_factory=lambda: defaultdict(list)
    )
    blocks: dict[tuple[str, str | None], int] = field(default_factory=dict)
    foresight: dict[tuple[str, str | None], Foresight] = field(default_factory=dict)
    components: dict[str, list[Component]] = field(default_factory=lambda: defaultdict(list))
    stages: dict[tuple[str, str | None], dict[str, Stage]] = field(
        default_factory=lambda: defaultdict(dict)
    )
    work: dict[tuple[str, str | None], dict[str, int]] = field(
        default_factory=lambda: defaultdict(dict)
    )


def draw(
    warehouse: Warehouse,
    *,
    since: datetime | None,
    until: datetime,
    now: datetime,
    curves: Curves | None = None,
) -> Picture:
    """The picture of `since` … `until` (both naive UTC), by default from the oldest record on, and
    scored by the tool's curves.
    """
    span = warehouse.first_and_last()
    start = since if since is not None else _midnight(span[0] if span else now)
    start = min(start, until)
    periods = plan(start, until)
    answers = _Answers(curves or Curves())
    _ask_for_figures(answers, warehouse, periods)
    _ask_for_views(answers, warehouse)
    described = warehouse.query("views", "teams")
    return Picture(
        since=start,
        until=until,
        generated=now,
        organisation=_scope(
            answers,
            periods,
            {
                "team": None,
                "repositories": sum(row["repositories"] for row in described),
                "records": sum(row["records"] for row in described),
            },
        ),
        teams={row["team"]: _scope(answers, periods, row) for row in described},
        last=span[1] if span else None,
        rejected=warehouse.rejected,
        curves=answers.curves,
    )


def _midnight(time: datetime) -> datetime:
    return time.replace(hour=0, minute=0, second=0, microsecond=0)


def _ask_for_figures(answers: _Answers, warehouse: Warehouse, periods: Sequence[Period]) -> None:
    """All figures of all periods; of what changes measured only some by week: there is much."""
    rolled = roll_ups()
    weekly = {metric: way for metric, way in rolled.items() if metric in WEEKLY}
    for some, asked in ((periods[:3], rolled), (periods[3:], weekly)):
        warehouse.set_periods(some)
        for row in warehouse.measured(asked):
            answers.figures[row["period"], row["team"]].append(figure(row))
    warehouse.set_periods(periods)
    for row in warehouse.figures():
        answers.figures[row["period"], row["team"]].append(figure(row))


def _ask_for_views(answers: _Answers, warehouse: Warehouse) -> None:
    for row in warehouse.query("views", "reasons"):
        answers.reasons[row["period"], row["team"]][row["metric"]] = row["missing"]
    for row in warehouse.query("views", "verdicts"):
        answers.verdicts[row["period"], row["team"]] = _verdicts(row)
    for row in warehouse.query("views", "objectives"):
        answers.objectives[row["period"], row["team"]].append(_objective(row))
    for row in warehouse.query("views", "blocks"):
        answers.blocks[row["period"], row["team"]] = row["blocked"]
    for row in warehouse.query("views", "foresight"):
        answers.foresight[row["period"], row["team"]] = Foresight(
            row["flagged"], row["flagged_failed"], row["passed"], row["passed_failed"]
        )
    for row in warehouse.query("views", "stages"):
        answers.stages[row["period"], row["team"]][row["stage"]] = Stage(
            None if row["seconds"] is None else undusted(row["seconds"]),
            row["timed"],
            row["accurate"],
            row["entered"],
        )
    for row in warehouse.query("views", "distribution"):
        answers.work[row["period"], row["team"]][row["work"] or "unknown"] = row["n"]
    for row in warehouse.query("views", "components"):
        found = Component(row["component"], row["deployments"], row["failed"])
        answers.components[row["team"]].append(found)


def _verdicts(row: Row) -> Verdicts:
    return Verdicts(
        changes=row["changes"],
        passed=row["pass"],
        warned=row["warn"],
        failed=row["fail"],
        inconclusive=row["inconclusive"],
        blocked=row["blocked"],
        would_block=row["would_block"],
        waived=row["waived"],
        break_glass=row["break_glass"],
    )


def _objective(row: Row) -> Objective:
    return Objective(
        id=row["objective"],
        metric=row["metric"] or "",
        n=row["n"],
        passed=row["pass"],
        warned=row["warn"],
        failed=row["fail"],
        missing=row["missing"],
        no_baseline=row["no_baseline"],
        not_applicable=row["not_applicable"],
        waived=row["waived"],
        lost=None if row["lost"] is None else undusted(row["lost"]),
    )


def _scope(answers: _Answers, periods: Sequence[Period], row: Mapping[str, Any]) -> Scope:
    team = row["team"]
    whole, now, before, *weeks = periods
    return Scope(
        team=team,
        period=_moment(answers, whole, team),
        now=_moment(answers, now, team),
        before=_moment(answers, before, team),
        weeks=tuple(_week(answers, week, team) for week in weeks),
        peer_group=row.get("peer_group"),
        methodology=row.get("methodology"),
        repositories=row["repositories"],
        records=row["records"],
        last=row.get("last"),
        components=tuple(answers.components.get(team, ())),
    )


def _moment(answers: _Answers, period: Period, team: str | None) -> Moment:
    key = (period.name, team)
    figures = complete(answers.figures.get(key, ()), answers.reasons.get(key, {}))
    return Moment(
        period=period,
        figures=figures,
        dimensions=dimensions(figures, answers.curves),
        verdicts=answers.verdicts.get(key, Verdicts()),
        objectives=tuple(answers.objectives.get(key, ())),
        blocked=answers.blocks.get(key, 0),
        foresight=answers.foresight.get(key, Foresight()),
        stages=answers.stages.get(key, {}),
        work=answers.work.get(key, {}),
    )


def _week(answers: _Answers, period: Period, team: str | None) -> Week:
    key = (period.name, team)
    verdicts = answers.verdicts.get(key, Verdicts())
    foresight = answers.foresight.get(key, Foresight())
    monday = period.name.partition(":")[2]
    found = {item.metric: item for item in answers.figures.get(key, ()) if item.value is not None}
    score = found.get("quality.score")
    if score is None or score.quartiles is None:
        return Week(monday, verdicts, foresight, found)
    lower, upper = score.quartiles
    return Week(monday, verdicts, foresight, found, score.n, lower, score.value, upper)
