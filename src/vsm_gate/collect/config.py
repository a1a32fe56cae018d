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

    path: str = Field(min_length=1)
    stage: Literal["unit", "integration", "system", "acceptance"] | None = None


class ComponentEntry(_Closed):
    """A component, in a few lines of one's own."""

    name: str = Field(min_length=1)
    paths: list[str] = Field(min_length=1)
    owner: str | None = None
    tier: int | None = Field(default=None, ge=1, le=9)
    depends_on: list[str] = []


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


class SloSource(_Closed):
    """Where the reading of a service level objective comes from.

    With `good` and `total`, a Prometheus address and its queries, or a file in the OpenMetrics
    format and its selectors; else a file or an address with readings as JSON.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)

    place: str = Field(alias="from", min_length=1)
    name: str = ""
    target: str = Field(default="", pattern=r"^([0-9]{1,3}(\.[0-9]{1,9})?%?)?$")
    window: str = Field(default="28d", pattern=r"^[1-9][0-9]{0,3}[hdw]$")
    good: str = ""
    total: str = ""
    components: Annotated[
        list[str], BeforeValidator(_listed, json_schema_input_type=str | list[str])
    ] = Field(default=[], alias="component")

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

    branch: str = Field(default="vsm-history", min_length=1)
    shards: Literal[1, 16] = 1
    repository: str | None = None
    required: bool = False
    sign: bool | Annotated[str, Field(min_length=1)] = False
    allowed_signers: str | None = Field(default=None, min_length=1)
    signed_from: str | None = Field(default=None, pattern=r"^[0-9a-f]{7,64}$")


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

    schema_: Literal["vsm-gate/config/v1"] = Field(alias="schema")
    team: str | None = Field(default=None, min_length=1)
    scorecard: str | None = Field(default=None, min_length=1)
    tests: _ReportList | None = None
    coverage: _ReportList | None = None
    components: _Components = None
    sensitive: dict[str, _Globs] = Field(
        default={},
        description="classes of sensitive files by their globs, in place of those that come with "
        "the tool or beside them; false: none",
    )
    slo: list[SloSource] = []
    history: History = History()

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
