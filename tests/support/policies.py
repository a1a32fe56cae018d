"""Policies and measurements from a few words, for tests of what is decided."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from vsm_gate.errors import ConfigurationError, Mistake
from vsm_gate.model.results import Baseline, Measurement
from vsm_gate.scorecards.load import Policy, Source, SourceError, load

HEADER = "schema: vsm-gate/scorecard/v1\n"

Number = int | str | Fraction


def policy(text: str, **others: str) -> Policy:
    """The policy of a scorecard; `others` are the files that it may extend, by their name."""

    def fetch(reference: str, source: Source) -> Source:
        if reference not in others:
            raise SourceError(f"there is no {reference}")
        return Source(reference, _whole(others[reference]))

    return load(Source("team.yaml", _whole(text)), fetch)


def mistakes(text: str, **others: str) -> tuple[Mistake, ...]:
    """The mistakes of a scorecard that has some."""
    try:
        policy(text, **others)
    except ConfigurationError as problem:
        return problem.mistakes
    raise AssertionError("the scorecard has no mistake")


def measured(**values: Number | None) -> dict[str, Measurement]:
    """Measurements by metric, `__` for the dot: `coverage__patch=80`. None: missing."""
    return {
        name.replace("__", "."): (
            Measurement(name.replace("__", "."), missing="no report")
            if value is None
            else Measurement(name.replace("__", "."), Fraction(value))
        )
        for name, value in values.items()
    }


def baseline(**values: Number) -> Baseline:
    """A baseline of one record, metrics as in `measured`."""
    found: Mapping[str, Fraction] = {
        name.replace("__", "."): Fraction(value) for name, value in values.items()
    }
    return Baseline(dict(found), ("record-1",))


def _whole(text: str) -> str:
    return text if "schema:" in text else HEADER + text.lstrip("\n")
