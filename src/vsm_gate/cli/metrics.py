"""`vsm-gate metrics`: the catalogue."""

from __future__ import annotations

import json
from dataclasses import asdict
from itertools import groupby
from typing import Any, Final

import click

from vsm_gate.documents import nearest
from vsm_gate.errors import UsageError
from vsm_gate.metrics.catalogue import CATALOGUE
from vsm_gate.metrics.metric import Direction, Metric

_DIRECTIONS: Final = {
    Direction.HIGHER: "higher is better",
    Direction.LOWER: "lower is better",
    Direction.NONE: "neither high nor low is better",
}


@click.command("metrics")
@click.argument("metric_id", required=False, metavar="[ID]")
@click.option(
    "--format",
    "shape",
    type=click.Choice(["text", "json"]),
    default="text",
    help="A table for people, or `vsm-gate/metrics/v1`.  [default: text]",
)
def command(metric_id: str | None, shape: str) -> None:
    r"""List the metrics that a scorecard can ask for, or explain one.

    \b
    Examples:
      vsm-gate metrics
      vsm-gate metrics coverage.patch
    """
    chosen = list(CATALOGUE.values()) if metric_id is None else [_find(metric_id)]
    if shape == "json":
        entries = [_entry(metric) for metric in chosen]
        document = {"schema": "vsm-gate/metrics/v1", "metrics": entries}
        click.echo(json.dumps(document, ensure_ascii=False, indent=2))
    elif metric_id is None:
        _list(chosen)
    else:
        _explain(chosen[0])


def _find(metric_id: str) -> Metric:
    if metric_id not in CATALOGUE:
        hint = nearest(metric_id, CATALOGUE) or "`vsm-gate metrics` lists them"
        raise UsageError(f"there is no metric `{metric_id}`", hint=hint)
    return CATALOGUE[metric_id]


def _entry(metric: Metric) -> dict[str, Any]:
    return {**asdict(metric), "direction": metric.direction.value}


def _list(metrics: list[Metric]) -> None:
    width = max(len(metric.id) for metric in metrics)
    for family, members in groupby(metrics, key=lambda metric: metric.family):
        click.secho(family, bold=True)
        for metric in members:
            click.echo(f"  {metric.id:<{width}}  {metric.unit:<10}  {metric.title}")
    click.echo("\n`vsm-gate metrics ID` explains one.")


def _explain(metric: Metric) -> None:
    click.secho(f"{metric.id}: {metric.title}", bold=True)
    facts = {
        "unit": metric.unit,
        "direction": _DIRECTIONS[metric.direction],
        "formula": metric.formula,
        "needs": metric.needs,
        "source": metric.source,
    }
    for name, text in facts.items():
        if text:
            click.echo(f"  {name:<10} {text}")
