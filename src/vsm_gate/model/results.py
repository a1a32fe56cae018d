"""What is said about a change: measurements, objectives, a decision, receipts."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Measurement:
    """One metric's value for one change, or the reason why there is none.

    Exactly one of `value` and `missing` is set. `value` is exact, in the metric's unit (percent
    as 0…100, durations in seconds). A rate keeps its numerator and denominator. `sample` is what
    an objective's `min_sample` is held against, by default the denominator.
    """

    metric: str
    value: Fraction | None = None
    missing: str | None = None
    numerator: int | None = None
    denominator: int | None = None
    sample: int | None = None
    evidence: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if (self.value is None) == (self.missing is None):
            raise ValueError(f"{self.metric}: a value or a reason why there is none, not both")


class Status(StrEnum):
    """How an objective stands."""

    PASS = "pass"
    WARN = "warn"
    FAIL = "fail"
    MISSING = "missing"
    NO_BASELINE = "no_baseline"
    NOT_APPLICABLE = "not_applicable"
    EXCLUDED = "excluded"


class Verdict(StrEnum):
    """What the evidence says, and, after phases and waivers, what the pipeline is told."""

    PASS = "pass"
    WARN = "warn"
    INCONCLUSIVE = "inconclusive"
    FAIL = "fail"


class Phase(StrEnum):
    """How strongly an objective acts."""

    OBSERVE = "observe"
    WARN = "warn"
    ENFORCE = "enforce"


@dataclass(frozen=True, slots=True)
class Baseline:
    """What relative criteria compare with: values by metric, and the records they came from.

    `scores` are those of the records, the oldest first. `problem` says why the history could not be
    read: that is missing evidence, and not the same as a history without records.
    """

    values: dict[str, Fraction] = field(default_factory=dict)
    records: tuple[str, ...] = ()
    problem: str | None = None
    scores: tuple[Fraction, ...] = ()


@dataclass(frozen=True, slots=True)
class Practice:
    """What another team of the peer group does where its `metric` is better.

    `value` is the median over `count` records. `criterion` and `phase` are what it asks of itself,
    at least since the day `since`, as far back as was looked; None where it has no such objective.
    """

    team: str
    metric: str
    value: Fraction
    count: int
    criterion: str | None
    phase: str | None
    since: date | None


@dataclass(frozen=True, slots=True)
class ObjectiveResult:
    """One objective's result.

    `score` is 0…100, None where nothing was measured. `phase` is the one in force on the day.
    `waiver` is the id of the waiver that covers the objective, which then never counts as passed.
    `explanation` says the arithmetic in one sentence; `source` is `file:line` of the rule;
    `applies` why it applies, where it does not always.
    """

    id: str
    metric: str
    status: Status
    score: Fraction | None
    value: Fraction | None
    baseline: Fraction | None
    pass_criterion: str
    warn_criterion: str | None
    phase: Phase
    key: bool
    weight: Fraction
    level: str | None
    waiver: str | None
    missing: str | None
    explanation: str
    remedy: str | None
    source: str
    enforce_from: date | None = None
    applies: str | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """One cause of a verdict: which objective (None: the scorecard as a whole), what it asks for,
    and what it comes to after phases and waivers.
    """

    objective: str | None
    effect: Verdict
    acts_as: Verdict
    text: str


@dataclass(frozen=True, slots=True)
class Exemption:
    """A red change that was let through by break-glass: the label, who set it (and when and why,
    None and empty where that is not known), and the day by which it is to be reviewed.
    """

    label: str
    by: str
    at: datetime | None
    reason: str
    review_by: date


@dataclass(frozen=True, slots=True)
class Decision:
    """The verdict and all that led to it.

    `score` is the weighted mean over what was measured (0…100; None: nothing was), `evidence_rate`
    the share of weight that was measured, in %. `level` is the highest level reached, None below
    the first. `conclusion` is the verdict after phases and waivers, `exit_code` follows from it.
    With `break_glass` a conclusion that would have blocked is a warning.
    """

    objectives: tuple[ObjectiveResult, ...]
    score: Fraction | None
    evidence_rate: Fraction
    level: str | None
    verdict: Verdict
    conclusion: Verdict
    reasons: tuple[Reason, ...]
    exit_code: int
    break_glass: Exemption | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """What came of writing a result somewhere. A failure never changes the verdict.

    `left_out`: it may not be done here, and nobody asked for it by name. `hint` says how to mend or
    repeat what failed, where that is known.
    """

    publisher: str
    ok: bool
    detail: str
    required: bool = False
    left_out: bool = False
    hint: str = ""
