"""All metrics, by id. Every figure that the tool shows has its formula here."""

from __future__ import annotations

from typing import Final

from vsm_gate.metrics import (
    change,
    coverage,
    delivery,
    experience,
    flow,
    governance,
    impact,
    quality,
    tests,
)
from vsm_gate.metrics.metric import Metric

_FAMILIES: Final = (
    tests,
    coverage,
    change,
    impact,
    delivery,
    flow,
    experience,
    governance,
    quality,
)

CATALOGUE: Final[dict[str, Metric]] = {
    metric.id: metric for family in _FAMILIES for metric in family.METRICS
}
