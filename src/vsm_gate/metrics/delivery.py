"""Delivery metrics: DORA's five, and cadence."""

from __future__ import annotations

from typing import Final

from vsm_gate.metrics.metric import Direction, Metric

_DORA: Final = "DORA, https://dora.dev/guides/dora-metrics/, names as of 2026"

METRICS: Final = (
    Metric(
        "delivery.change_lead_time",
        "Change lead time",
        "s",
        Direction.LOWER,
        "median(deployment finished − first commit authored) over the changes between "
        "consecutive successful production deployments",
        "deployments",
        _DORA,
    ),
    Metric(
        "delivery.deployment_frequency",
        "Deployment frequency",
        "per day",
        Direction.HIGHER,
        "successful production deployments ÷ days",
        "deployments or releases",
        _DORA,
    ),
    Metric(
        "delivery.change_fail_rate",
        "Change fail rate",
        "%",
        Direction.LOWER,
        "distinct failed deployments ÷ deployments",
        "deployments and incidents",
        _DORA,
    ),
    Metric(
        "delivery.failed_deployment_recovery_time",
        "Failed deployment recovery time",
        "s",
        Direction.LOWER,
        "median(recovered − failed deployment finished)",
        "deployments and incidents",
        _DORA,
    ),
    Metric(
        "delivery.deployment_rework_rate",
        "Deployment rework rate",
        "%",
        Direction.LOWER,
        "unplanned, incident-driven deployments ÷ deployments",
        "deployments and incidents",
        _DORA,
    ),
    Metric(
        "delivery.cadence_adherence",
        "Cadence adherence",
        "%",
        Direction.HIGHER,
        "releases within their planned window ÷ planned releases",
        "releases",
    ),
)
