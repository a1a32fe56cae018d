"""The figures as OpenMetrics, for Prometheus and what reads it.

https://prometheus.io/docs/specs/om/open_metrics_spec/: gauges of the last 13 weeks, for each team
and for the organisation, which has no label `team`. What is missing is left out, and never 0.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC
from typing import Final

from vsm_gate.analytics.curves import DIMENSIONS
from vsm_gate.analytics.picture import Picture, Scope
from vsm_gate.metrics.catalogue import CATALOGUE

_PREFIX: Final = "vsm_gate"
_UNITS: Final = {"%": "percent", "s": "seconds", "min": "minutes"}


def to_openmetrics(picture: Picture) -> str:
    """A text that `prometheus_client` and Prometheus read."""
    scopes = (picture.organisation, *picture.teams.values())
    lines: list[str] = []
    for metric in CATALOGUE.values():
        name = f"{_PREFIX}_{metric.id.replace('.', '_')}"
        help_text = f"{metric.title}, in {_UNITS.get(metric.unit, metric.unit)}: {metric.formula}"
        values = [
            (_labels(scope), found.value)
            for scope in scopes
            if (found := scope.now.figures[metric.id]).value is not None
        ]
        lines += _family(name, help_text, values)
    dimensions = [
        (_labels(scope, dimension=dimension), value)
        for scope in scopes
        for dimension in DIMENSIONS
        if (value := scope.now.dimensions[dimension].value) is not None
    ]
    lines += _family(f"{_PREFIX}_dimension", "Dimension of the picture, 0 to 100", dimensions)
    sizes = [
        (_labels(scope, metric=metric), float(found.n))
        for scope in scopes
        for metric, found in scope.now.figures.items()
        if found.value is not None
    ]
    lines += _family(f"{_PREFIX}_sample_size", "What a figure was computed from", sizes)
    last = [] if picture.last is None else [("", picture.last.replace(tzinfo=UTC).timestamp())]
    lines += _family(f"{_PREFIX}_last_record_time_seconds", "Time of the newest record", last)
    return "\n".join([*lines, "# EOF", ""])


def _family(name: str, help_text: str, values: list[tuple[str, float]]) -> Iterator[str]:
    if not values:
        return
    yield f"# TYPE {name} gauge"
    yield f"# HELP {name} {_escaped(help_text)}"
    for labels, value in values:
        yield f"{name}{labels} {value!r}"


def _labels(scope: Scope, **more: str) -> str:
    named = dict(more)
    if scope.team is not None:
        named["team"] = scope.team
        if scope.peer_group:
            named["peer_group"] = scope.peer_group
    if not named:
        return ""
    return "{" + ",".join(f'{name}="{_escaped(value)}"' for name, value in named.items()) + "}"


def _escaped(text: str) -> str:
    """As the format has it; half a surrogate pair, which UTF-8 has not, becomes a question mark."""
    clean = text.encode("utf-8", "replace").decode()
    return clean.replace("\\", r"\\").replace("\n", r"\n").replace('"', r"\"")
