"""The shape of a scorecard file, closed to unknown keys.

Only reading a policy imports this module: pydantic is slow to start. Criteria and names of
metrics are text here; what they mean is checked with the rest of the chain (`resolve`).
"""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from vsm_gate.scorecards.schema_types import (
    DIGEST,
    NAME,
    CriterionText,
    Day,
    Days,
    Level,
    Line,
    Percent,
    PhaseName,
    Points,
    PullRequest,
    Risks,
    Section,
    Sizes,
    Stage,
    Text,
    Tiers,
    Weight,
    Words,
)


class Closed(BaseModel):
    """Unknown keys are mistakes; numbers may stand where text is asked for."""

    model_config = ConfigDict(
        extra="forbid", coerce_numbers_to_str=True, frozen=True, defer_build=True
    )


class Conditions(Closed):
    """The objective applies only where all of these hold; each takes a word or a list of words."""

    risk: Risks | None = None
    tier: Tiers | None = None
    component: Words | None = None
    owner: Words | None = None
    sensitive: Words | None = None
    branch: Words | None = None
    event: Words | None = None
    paths: Words | None = Field(
        default=None,
        description="globs; one that begins with `!` takes files out again. It holds where a "
        "changed file is left",
    )
    lines: Sizes | None = Field(default=None, description="lines added and deleted: all must hold")
    files: Sizes | None = Field(default=None, description="files changed: all must hold")


class ObjectiveRule(Closed):
    """One metric and what is asked of it. In a scorecard that extends another, only what differs
    need be written.
    """

    metric: str | None = Field(
        default=None, description="a metric's id, as `vsm-gate metrics` lists them"
    )
    passes: CriterionText | None = Field(default=None, alias="pass", description="what is asked")
    warns: CriterionText | None = Field(
        default=None, alias="warn", description="what is still tolerated; `pass` must imply it"
    )
    key: bool = Field(default=False, description="failing it fails the gate, whatever the score")
    weight: Weight = Field(default=Fraction(1), description="its share in the total score")
    level: Level | None = Field(default=None, description="the level that it belongs to")
    min_sample: int | None = Field(
        default=None,
        ge=1,
        le=10**9,
        description="below this many observations it is not applicable",
    )
    on_missing: Literal["inconclusive", "fail", "warn", "exclude"] = Field(
        default="inconclusive", description="what missing evidence comes to"
    )
    phase: PhaseName | None = Field(default=None, description="default: the scorecard's")
    enforce_from: Day | None = Field(default=None, description="until this day it warns at most")
    applies_when: Conditions | None = None
    remedy: Text | None = Field(
        default=None, description="what to do when it fails: a sentence or a link"
    )
    locked: bool = Field(
        default=False, description="scorecards that extend this one must not loosen it"
    )
    waivable: bool = Field(
        default=False,
        description="scorecards that extend this one may waive it though it is locked",
    )
    disabled: bool = Field(default=False, description="switches an inherited objective off")


class Score(Closed):
    """What the total score must reach."""

    passes: Points = Field(default=Fraction(90), alias="pass")
    warns: Points = Field(default=Fraction(75), alias="warn")
    min_evidence: Percent = Field(
        default=Fraction(80),
        description="the share of evidence below which the verdict is inconclusive",
    )


class BaselineSettings(Closed):
    """What `baseline` in a criterion means."""

    window: int = Field(default=20, ge=1, le=1000, description="records of the default branch")
    aggregate: Literal["median", "mean", "min", "max", "last"] = "median"
    pinned: str | None = Field(default=None, pattern=DIGEST, description="the digest of one record")


class Scope(Closed):
    """What a waiver covers: the whole change must lie within every part that is given."""

    paths: Words | None = None
    component: Words | None = None
    pull_request: PullRequest | None = None


class WaiverRule(Closed):
    """A dated, owned, reasoned, approved exception."""

    id: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")
    objective: str
    scope: Scope | None = None
    accept: CriterionText | None = Field(
        default=None, description="a weaker criterion, held instead"
    )
    owner: Text
    approved_by: Text = Field(description="not the owner")
    reason: Text
    ticket: Text | None = None
    created: Day
    expires: Day


class BreakGlassRule(Closed):
    """Who may let a red change through."""

    label: Text = Field(description="the pull request's label that asks for it")
    allowed: Words = Field(description="who may set it: logins, and teams as `organisation/team`")
    review_within: Days = Field(default=7, description="until when it is to be reviewed, in days")


class CurvesRule(Closed):
    """How figures of a report become scores of 0…100: by metric, points that straight lines join.
    What is not given keeps the curve of the tool.
    """

    version: str = Field(
        pattern=r"^[A-Za-z0-9][A-Za-z0-9._/-]{0,63}$", description="shown beside what they score"
    )
    lines: Annotated[dict[str, Line], Field(min_length=1)]


class CampaignRule(Closed):
    """What all teams are to reach by a day, in all they own or in some components: an objective,
    or a level.
    """

    title: Text | None = None
    objective: str | None = None
    level: Level | None = None
    by: Day
    peer_group: Words | None = Field(default=None, description="only teams of these groups")
    tier: Tiers | None = Field(default=None, description="only components of these tiers")
    component: Words | None = Field(default=None, description="only these components")


class Scorecard(Closed):
    """A team's policy: what is asked of every change."""

    schema_: Literal["vsm-gate/scorecard/v1"] = Field(alias="schema")
    team: Text | None = None
    owner: Text | None = None
    extends: Text | None = Field(
        default=None,
        description="a path beside this file, `vsm-gate:NAME` for a scorecard that ships with the "
        "tool, or git+URL@REF#path=FILE&sha256=DIGEST (and &cached=7d)",
    )
    peer_group: Text | None = Field(
        default=None, description="the teams that this one is compared with"
    )
    methodology: Literal["continuous", "release-train", "staged"] | None = None
    stages: dict[str, Stage] = Field(
        default={}, description="the team's own names of testing stages"
    )
    objectives: dict[Annotated[str, Field(pattern=NAME)], ObjectiveRule] = {}
    score: Score = Field(default_factory=Score)
    baseline: BaselineSettings = Field(default_factory=BaselineSettings)
    phase: PhaseName = "enforce"
    max_waiver_days: int = Field(
        default=90, ge=1, le=3660, description="how long a waiver may last"
    )
    waivers: list[WaiverRule] = []
    break_glass: BreakGlassRule | None = None
    campaigns: dict[Annotated[str, Field(pattern=NAME)], CampaignRule] = {}
    curves: CurvesRule | None = None
    locked: list[Section] = Field(
        default=[], description="what extending scorecards must not loosen"
    )


def json_schema() -> dict[str, Any]:
    """The JSON Schema of a scorecard file, for editors."""
    schema = Scorecard.model_json_schema(by_alias=True)
    for named in ("objectives", "campaigns"):
        schema["properties"][named]["additionalProperties"] = False
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **schema,
        "title": "vsm-gate scorecard",
    }
