"""`.vsm-gate.yaml`: what a team tells the gate about its repository."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from vsm_gate.documents import load
from vsm_gate.impact.slo import Source
from vsm_gate.model.impact import Component
from vsm_gate.validation import validate

FILE: Final = ".vsm-gate.yaml"


class _Closed(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Reports(_Closed):
    """Report files by a glob, bound to a stage where one is given."""

    path: str = Field(min_length=1, description="a glob, from the root of the repository")
    stage: Literal["unit", "integration", "system", "acceptance"] | None = Field(
        default=None, description="the stage that these tests belong to; left out: unit"
    )


class ComponentEntry(_Closed):
    """A component, in a few lines of one's own."""

    name: str = Field(min_length=1, description="its name, as incidents and deployments say it")
    paths: list[str] = Field(
        min_length=1, description="folders or globs of its files; `!` takes files out again"
    )
    owner: str | None = Field(
        default=None, description="who answers for it where CODEOWNERS names nobody"
    )
    tier: int | None = Field(
        default=None, ge=1, le=9, description="how critical it is, from 1, the most, to 9"
    )
    depends_on: list[str] = Field(default=[], description="names of the components that it needs")


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


class SloSource(_Closed):
    """Where the reading of a service level objective comes from.

    With `good` and `total`, a Prometheus address and its queries, or a file in the OpenMetrics
    format and its selectors; else a file or an address with readings as JSON.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)

    place: str = Field(
        alias="from",
        min_length=1,
        description="the address or the file that the reading is asked of",
    )
    name: str = Field(default="", description="the objective's name; needed beside counts")
    target: str = Field(
        default="",
        pattern=r"^([0-9]{1,3}(\.[0-9]{1,9})?%?)?$",
        description="the share that is promised, as in 99.9%; needed beside counts",
    )
    window: str = Field(
        default="28d",
        pattern=r"^[1-9][0-9]{0,3}[hdw]$",
        description="the time that the promise is about, as in 28d, 12h or 4w",
    )
    good: str = Field(default="", description="the query or selector that counts good events")
    total: str = Field(default="", description="the query or selector that counts all events")
    components: Annotated[
        list[str], BeforeValidator(_listed, json_schema_input_type=str | list[str])
    ] = Field(
        default=[],
        alias="component",
        description="the component or components that it is about; left out: the whole repository",
    )

    @model_validator(mode="after")
    def _whole(self) -> Self:
        """Two counts need a name and a target beside them, and each other."""
        given = {"name": self.name, "target": self.target, "good": self.good, "total": self.total}
        lacking = [key for key, value in given.items() if not value]
        if lacking and (self.good or self.total):
            raise ValueError(f"`{lacking[0]}` is missing beside `good` and `total`")
        return self

    def source(self) -> Source:
        """What is read."""
        values = self.model_dump(exclude={"components"})
        return Source(**values, components=tuple(self.components))


class History(_Closed):
    """Where records go. `repository` None: the repository that is checked.

    `sign`: sign what is appended, with git's own SSH key or with the one in the file named.
    `allowed_signers` is the file that `history verify` holds signatures against, from the commit
    `signed_from` on. `shards`: 16 branches instead of one, for a history that is written to all
    the time.
    """

    branch: str = Field(
        default="vsm-history", min_length=1, description="the branch that records are added to"
    )
    shards: Literal[1, 16] = Field(
        default=1, description="into how many branches it is split: 16 where many write at once"
    )
    repository: str | None = Field(
        default=None,
        description="the repository of records: a remote, an address or a path; left out: this one",
    )
    required: bool = Field(
        default=False, description="whether a run that cannot record its result fails"
    )
    sign: bool | Annotated[str, Field(min_length=1)] = Field(
        default=False,
        description="whether records are signed: true for git's SSH key, or the file of a key",
    )
    allowed_signers: str | None = Field(
        default=None,
        min_length=1,
        description="the file that `history verify` holds signatures against",
    )
    signed_from: str | None = Field(
        default=None,
        pattern=r"^[0-9a-f]{7,64}$",
        description="the commit from which on signatures are asked for; left out: the first",
    )


def _as_list(value: Any) -> Any:
    """One entry may stand without a list, and a path without its key."""
    entries = value if isinstance(value, list) else [value]
    return [{"path": entry} if isinstance(entry, str) else entry for entry in entries]


def _globs(value: Any) -> Any:
    """Globs, one standing for a list of one; a class that is off has none."""
    globs = [] if value is False else _listed(value)
    if not isinstance(globs, list) or not all(isinstance(each, str) and each for each in globs):
        raise ValueError("must be a list of globs, or false")
    return globs


def _unless_auto(value: Any) -> Any:
    return None if value == "auto" else value


_Globs = Annotated[
    list[str],
    BeforeValidator(_globs, json_schema_input_type=str | list[str] | Literal[False]),
]
_Entry = str | Reports
_ReportList = Annotated[
    list[Reports], BeforeValidator(_as_list, json_schema_input_type=_Entry | list[_Entry])
]
_Components = Annotated[
    list[ComponentEntry] | None,
    BeforeValidator(
        _unless_auto, json_schema_input_type=Literal["auto"] | list[ComponentEntry] | None
    ),
]


class Config(_Closed):
    """The whole file. What is not given is found or has its default."""

    schema_: Literal["vsm-gate/config/v1"] = Field(
        alias="schema", description="the form of this file"
    )
    team: str | None = Field(
        default=None,
        min_length=1,
        description="the team in records and reports; left out: the scorecard's, else the "
        "repository's name",
    )
    scorecard: str | None = Field(
        default=None,
        min_length=1,
        description="the policy that judges: a path, `git+URL…`, or one that ships, as in "
        "vsm-gate:baseline, which it is where left out",
    )
    tests: _ReportList | None = Field(
        default=None, description="test reports by their globs; left out: the usual places"
    )
    coverage: _ReportList | None = Field(
        default=None, description="coverage reports by their globs; left out: the usual places"
    )
    components: _Components = Field(
        default=None,
        description="the parts of the repository; auto or left out: found in its manifests",
    )
    sensitive: dict[str, _Globs] = Field(
        default={},
        description="classes of sensitive files by their globs, in place of those that come with "
        "the tool or beside them; false: none",
    )
    slo: list[SloSource] = Field(
        default=[], description="where readings of service level objectives come from"
    )
    history: History = Field(default=History(), description="where records go, and how")

    def sensitive_classes(self) -> dict[str, tuple[str, ...]]:
        """The classes of sensitive files that the file gives; one that is off has no pattern."""
        return {name: tuple(globs) for name, globs in self.sensitive.items()}

    def slo_sources(self) -> tuple[Source, ...]:
        """Where readings come from."""
        return tuple(entry.source() for entry in self.slo)

    def component_list(self) -> tuple[Component, ...]:
        """The components that the file lists."""
        return tuple(
            Component(
                name=entry.name,
                paths=tuple(entry.paths),
                owner=entry.owner,
                tier=entry.tier,
                depends_on=tuple(entry.depends_on),
                source=FILE,
            )
            for entry in self.components or ()
        )


def parse(file: str, text: str) -> Config:
    """Parse the file. Raises `ConfigurationError` with every mistake in it."""
    return validate(Config, load(file, text))


def default() -> Config:
    """What holds where there is no file."""
    return Config(schema="vsm-gate/config/v1")
