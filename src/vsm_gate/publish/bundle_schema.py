"""The shape of a bundle, as far as surfaces show it: what a file must be to be taken for one."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from vsm_gate.model.impact import Severity
from vsm_gate.model.results import Phase, Status, Verdict
from vsm_gate.model.tests import MAX_DETAILS
from vsm_gate.publish.document import MAX_DETAILS as MAX_SHOWN
from vsm_gate.publish.document import MAX_INCIDENTS

Figure = Annotated[float, Field(allow_inf_nan=False, ge=-1e15, le=1e15)]
Number = Figure | None
Count = Annotated[int, Field(ge=0, le=1_000_000)]
Percent = Annotated[float, Field(ge=0, le=100)]
Commit = Annotated[str, Field(pattern="^[0-9a-f]{40,64}$")]
Line = Annotated[int, Field(ge=1, le=10_000_000)]


class Part(BaseModel):
    """What is not known here is of a later version, and passed over."""

    model_config = ConfigDict(strict=False, frozen=True, extra="ignore")


class Reason(Part):
    """Why the verdict is what it is."""

    objective: str | None
    effect: Verdict
    acts_as: Verdict
    text: str


class Exemption(Part):
    """Who let a red change through."""

    label: str
    by: str
    at: datetime | None
    reason: str | None
    review_by: date


class Objective(Part):
    """What became of an objective."""

    metric: str
    status: Status
    score: Number
    value: Number
    baseline: Number
    passes: str = Field(alias="pass")
    warn: str | None
    phase: Phase
    key: bool
    weight: Annotated[float, Field(ge=0, le=1e9)]
    level: str | None
    waiver: str | None
    missing: str | None
    explanation: str
    remedy: str | None
    source: str
    enforce_from: date | None
    applies: str | None = None


class Case(Part):
    """A case that is red or flaky."""

    name: str
    outcome: Literal["failed", "errored", "flaky"]
    file: str | None
    line: Line | None
    message: str
    since_base: Literal["new", "known", "flaky"] | None = None


class Tests(Part):
    """The cases that are told, and how many are not."""

    failing_or_flaky: Annotated[list[Case], Field(max_length=MAX_DETAILS)]
    left_out: Count


class Patch(Part):
    """Coverage of the changed lines."""

    covered: Count
    coverable: Count
    missed: dict[str, list[tuple[Line, Line]]]
    files_without_data: list[str]
    unmapped: list[str]


class Risk(Part):
    """How risky the change is."""

    percentile: Number = None
    level: str | None = None
    compared: Count = 0
    drivers: tuple[str, ...] = ()
    missing: str = ""
    model: str = ""


class Detail(Part):
    """What a sensitive file does."""

    sensitive: str = Field(alias="class")
    path: str
    finding: str
    severity: Severity
    line: Line | None = None


class Incident(Part):
    """An incident of a component."""

    id: str
    started: datetime
    resolved: datetime | None = None
    severity: str | None = None
    components: tuple[str, ...] = ()


class Budget(Part):
    """What is left of an error budget."""

    name: str
    remaining: Figure
    at: datetime
    components: tuple[str, ...] = ()


class Operations(Part):
    """What went on in production."""

    days: Count
    deployments: Count
    failed: Count
    incidents: Annotated[tuple[Incident, ...], Field(max_length=MAX_INCIDENTS)]
    error_budgets: tuple[Budget, ...]


class Impact(Part):
    """What the change reaches."""

    total: Count
    components: tuple[str, ...]
    reached: tuple[str, ...]
    tier: int | None
    owners: tuple[str, ...]
    sensitive: dict[str, tuple[str, ...]]
    risk: Risk | None
    notes: tuple[str, ...]
    details: Annotated[tuple[Detail, ...], Field(max_length=MAX_SHOWN)] = ()
    operations: Operations | None = None


class Evidence(Part):
    """A report that was read, or could not be."""

    path: str
    kind: str
    format: str | None
    sha256: Annotated[str, Field(pattern="^[0-9a-f]{0,64}$")]
    size: int
    problem: str | None = None


class Policy(Part):
    """What the change was judged by."""

    source: str
    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
    phase: Phase


class Change(Part):
    """The change, and the run that judged it."""

    head: Commit
    base: Commit
    tested: Commit
    base_found: str
    branch: str
    event: str
    pull_request: int | None
    run: str
    attempt: int
    job: str


class Tool(Part):
    """The gate."""

    version: str


class Baseline(Part):
    """What `baseline` in a criterion meant."""

    records: tuple[str, ...]
    scores: tuple[Percent, ...] = ()


class Practice(Part):
    """What a team has made a habit of, and this change may lose."""

    team: str
    metric: str
    value: Figure
    records: Count
    criterion: str | None
    phase: str | None
    since: date | None


class Bundle(Part):
    """The whole file."""

    schema_: Literal["vsm-gate/check/v1"] = Field(alias="schema")
    tool: Tool
    time: datetime
    repository: str
    team: str
    verdict: Verdict
    conclusion: Verdict
    exit_code: int
    score: Number
    level: str | None
    evidence_rate: Percent
    reasons: list[Reason]
    break_glass: Exemption | None = None
    change: Change
    objectives: dict[str, Objective]
    tests: Tests | None
    patch: Patch | None
    impact: Impact
    evidence: list[Evidence]
    problems: tuple[str, ...]
    notes: tuple[str, ...]
    policy: Policy
    baseline: Baseline
    practice: Practice | None = None
