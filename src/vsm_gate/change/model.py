"""A logistic regression of a change's features: its file and its arithmetic.

`ln(p ÷ (1 − p)) = intercept + Σ coefficient × (x − mean) ÷ scale`, where x is the natural logarithm
of 1 + the feature (the feature itself where it is a share, or a yes or no). Fitting is elsewhere:
to use a model needs no library.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from vsm_gate.change.features import ChangeFeatures
from vsm_gate.change.history import DAY, HistoryFeatures
from vsm_gate.errors import InputError


@dataclass(frozen=True, slots=True)
class Feature:
    """A feature that a model knows: how it is computed, and how a person reads it.

    `otherwise` is what a person reads of a 0, where that has words of its own.
    """

    value: Callable[[ChangeFeatures, HistoryFeatures], float]
    words: str
    logarithm: bool = True
    otherwise: str = ""

    def x(self, size: ChangeFeatures, history: HistoryFeatures) -> float:
        """What the regression sees."""
        value = self.value(size, history)
        return math.log1p(value) if self.logarithm else value

    def told(self, size: ChangeFeatures, history: HistoryFeatures) -> str:
        """The feature of a change, in words."""
        value = self.value(size, history)
        words = self.words if value else self.otherwise or self.words
        return words.format(f"{int(value):,}" if self.logarithm else f"{value:.2f}")


FEATURES: Final[Mapping[str, Feature]] = {
    "source_added": Feature(lambda size, _: size.source_added, "{} source lines added"),
    "source_deleted": Feature(lambda size, _: size.source_deleted, "{} source lines deleted"),
    "lines_added": Feature(lambda size, _: size.lines_added, "{} lines added"),
    "lines_deleted": Feature(lambda size, _: size.lines_deleted, "{} lines deleted"),
    "files": Feature(lambda size, _: size.files, "{} files"),
    "directories": Feature(lambda size, _: size.directories, "{} directories"),
    "subsystems": Feature(lambda size, _: size.subsystems, "{} top-level directories"),
    "entropy": Feature(
        lambda size, _: float(size.entropy or 0), "entropy {} over its files", logarithm=False
    ),
    "file_age": Feature(
        lambda _, past: (past.file_age or 0) / DAY, "files last changed {} days before"
    ),
    "prior_changes": Feature(lambda _, past: past.prior_changes, "{} earlier changes to its files"),
    "prior_authors": Feature(
        lambda _, past: past.prior_authors, "{} people changed its files before"
    ),
    "is_fix": Feature(
        lambda _, past: past.is_fix, "being a fix", logarithm=False, otherwise="being no fix"
    ),
}


def _known(name: str) -> str:
    if name not in FEATURES:
        raise ValueError(f"is no feature; known are {', '.join(FEATURES)}")
    return name


Number = Annotated[float, Field(allow_inf_nan=False)]
Share = Annotated[float, Field(ge=0, le=1)]
Count = Annotated[int, Field(ge=0)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Term(_Part):
    """A feature's part in a model."""

    feature: Annotated[str, AfterValidator(_known)]
    coefficient: Number
    mean: Number
    scale: Annotated[Number, Field(gt=0)]

    def part(self, size: ChangeFeatures, past: HistoryFeatures) -> float:
        """What the feature adds to the logarithm of the odds."""
        x = FEATURES[self.feature].x(size, past)
        return self.coefficient * (x - self.mean) / self.scale


class Scores(_Part):
    """How well an order of changes puts failures first.

    `auc`: the chance that a failed change stands before one that did not fail; `capture_10` and
    `capture_20`: the share of the failed changes among the first 10 and 20 % of all.
    """

    auc: Share
    capture_10: Share
    capture_20: Share


class Bin(_Part):
    """Changes with like predictions: the mean that was predicted, and the share that failed."""

    changes: Count
    predicted: Share
    observed: Share


class Evaluation(_Part):
    """A model fitted on the past and tried on what came later, beside what needs no fitting.

    `rank` is the rank without a model, `churn` lines added and deleted; of a random order half
    would be expected, and captures of 10 and 20 %. `model_error` is the standard error of the
    model's AUC, after Hanley and McNeil, Radiology 143(1), 1982.
    """

    trained_until: datetime
    trained_changes: Count
    trained_failed: Count
    tested_changes: Count
    tested_failed: Count
    model: Scores
    model_error: Annotated[float, Field(ge=0)]
    rank: Scores
    churn: Scores
    calibration: tuple[Bin, ...]

    @property
    def shortcoming(self) -> str:
        """What speaks against the model; empty where it is good.

        It is to be better than chance by twice its standard error, and no worse than what needs no
        fitting.
        """
        if self.model.auc - 2 * self.model_error <= 0.5:
            error = f"{self.model.auc:.3f} ± {self.model_error:.3f}"
            return f"its AUC {error} is not clearly above 0.5, that of a random order"
        for name, other in (("churn alone", self.churn), ("the rank without a model", self.rank)):
            if self.model.auc <= other.auc:
                return f"its AUC {self.model.auc:.3f} is not above that of {name}, {other.auc:.3f}"
            if self.model.capture_20 < other.capture_20:
                share, theirs = 100 * self.model.capture_20, 100 * other.capture_20
                return f"it captures {share:.0f} % at 20 %, and {name} {theirs:.0f} %"
        return ""


class RiskModel(_Part):
    """A fitted model as it is stored: `vsm-gate/risk-model/v1`.

    It was fitted on `changes`, of which `failures` deployments failed to serve.
    """

    model_config = ConfigDict(title="vsm-gate/risk-model/v1", serialize_by_alias=True)

    schema_: Literal["vsm-gate/risk-model/v1"] = Field(
        default="vsm-gate/risk-model/v1", alias="schema"
    )
    repository: str
    trained: datetime
    tool: str
    changes: Count
    deployments: Count
    failures: Count
    intercept: Number
    terms: Annotated[tuple[Term, ...], Field(min_length=1)]
    evaluation: Evaluation
    shortcoming: str

    @property
    def usable(self) -> bool:
        """Whether it did better than churn alone and than the rank without a model."""
        return not self.shortcoming

    @property
    def name(self) -> str:
        """How results name it: its kind, and the beginning of its file's digest."""
        return f"logistic/{sha256(self.text().encode()).hexdigest()[:12]}"

    def text(self) -> str:
        """The file."""
        return self.model_dump_json(indent=2) + "\n"

    @classmethod
    def parse(cls, content: bytes) -> RiskModel:
        """Read the file. Raises `InputError` where it is none, or of another version."""
        try:
            return cls.model_validate_json(content)
        except ValidationError as problem:
            first = problem.errors(include_url=False)[0]
            place = ".".join(map(str, first["loc"])) or "the file"
            raise InputError(
                f"the risk model cannot be read: `{place}`: {first['msg']}",
                hint="`vsm-gate risk train` makes it anew",
            ) from None

    def parts(self, size: ChangeFeatures, past: HistoryFeatures) -> list[tuple[float, str]]:
        """What each feature adds to the logarithm of the odds, and the feature in words."""
        return [
            (term.part(size, past), FEATURES[term.feature].told(size, past)) for term in self.terms
        ]

    def log_odds(self, size: ChangeFeatures, past: HistoryFeatures) -> float:
        """The logarithm of the odds that the change fails."""
        return log_odds(self.intercept, self.terms, size, past)


def log_odds(
    intercept: float, terms: Sequence[Term], size: ChangeFeatures, past: HistoryFeatures
) -> float:
    """The logarithm of the odds that a change fails, by a regression of these terms."""
    return intercept + math.fsum(term.part(size, past) for term in terms)


class RiskEvaluation(_Part):
    """What a history teaches: `vsm-gate/risk-evaluation/v1`.

    `changes` are what `deployments` carried first, of which `failures` failed; `elsewhere` counts
    deployments of commits that are not on the line. `evaluation` is null where nothing can be
    learnt, and `missing` says why. `shortcoming` is what keeps a model out of use, and empty where
    nothing does; `stored` names the model that is kept, null where there is none.
    """

    model_config = ConfigDict(title="vsm-gate/risk-evaluation/v1", serialize_by_alias=True)

    schema_: Literal["vsm-gate/risk-evaluation/v1"] = Field(
        default="vsm-gate/risk-evaluation/v1", alias="schema"
    )
    repository: str
    changes: Count
    deployments: Count
    failures: Count
    elsewhere: Count
    evaluation: Evaluation | None
    missing: str
    shortcoming: str
    stored: str | None
