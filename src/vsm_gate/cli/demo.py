"""`vsm-gate demo`: a simulated organisation, the truths planted in it, and its report."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from vsm_gate.cli.options import now_option, progress
from vsm_gate.cli.report import require_extra
from vsm_gate.demo.organisation import Document, simulate
from vsm_gate.demo.teams import TRUTHS


@click.command("demo")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("demo-report"),
    show_default=True,
    metavar="DIR",
    help="Write the site to this folder.",
)
@click.option("--seed", default=1, show_default=True, help="Another seed, another year.")
@click.option(
    "--weeks", type=click.IntRange(1, 104), default=52, show_default=True, help="How long."
)
@now_option
def command(out: Path, seed: int, weeks: int, now: datetime) -> None:
    r"""Simulate an organisation of eight teams, and draw its report.

    What was planted in the data is in `truth.json` beside the pages, the records are in
    `records.jsonl`.

    \b
    Example:
      vsm-gate demo --out demo-report --seed 7
    """
    require_extra()
    from vsm_gate.analytics.picture import draw
    from vsm_gate.analytics.warehouse import Warehouse
    from vsm_gate.report import pages, site

    end = now.astimezone(UTC).replace(tzinfo=None)
    progress("Simulating")
    made = simulate(seed, end, weeks)
    progress("Drawing")
    warehouse = Warehouse.of(_records(made.documents))
    warehouse.set_deployed(made.deployed)
    warehouse.set_trunk(_trunk(made.documents))
    picture = draw(warehouse, since=None, until=end, now=end)
    truth = {"seed": seed, "weeks": weeks, "truths": TRUTHS}
    site.write(
        {
            **pages.plan(picture, warehouse),
            "truth.json": json.dumps(truth, indent=2) + "\n",
            "records.jsonl": (f"{_canonical(found)}\n" for found in made.documents),
        },
        out,
    )
    progress("")
    click.echo(str(out / "index.html"))


def _records(documents: list[Document]) -> Iterator[tuple[str, dict[str, Any]]]:
    for document in documents:
        yield hashlib.sha256(_canonical(document).encode()).hexdigest(), document


def _trunk(documents: list[Document]) -> Iterator[tuple[str, str, str, datetime]]:
    """The commits of the default branches: in this organisation each has a record."""
    for document in documents:
        change = document.get("change")
        if change and change["default_branch"]:
            time = datetime.fromisoformat(document["time"]).replace(tzinfo=None)
            yield document["repository"], document["team"], change["tested"], time


def _canonical(document: Document) -> str:
    return json.dumps(document, sort_keys=True, separators=(",", ":"))
