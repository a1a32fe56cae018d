"""`vsm-gate components`: which components there are, and who says so."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from vsm_gate.cli.options import FILE, progress, repository
from vsm_gate.collect import config as configuration
from vsm_gate.collect.change import tracked_files
from vsm_gate.collect.components import discover_components
from vsm_gate.errors import UsageError
from vsm_gate.git import Git
from vsm_gate.impact.discover.merge import Declared, Discovered, Fact, listed
from vsm_gate.impact.graph import Graph
from vsm_gate.impact.picture import dot, mermaid
from vsm_gate.impact.reach import graph_notes
from vsm_gate.publish.escape import line

_NONE_FOUND = """\
No components were found. They are read from Backstage catalogs, workspaces (npm, Yarn, pnpm, uv,
Poetry, Cargo, Go, Maven, Gradle), graphs of Nx, Turborepo and Bazel and Compose files, or listed in
.vsm-gate.yaml:

  components:
    - {name: payments, paths: [services/payments], owner: "@acme/payments", tier: 1}
    - {name: shop, paths: [services/shop], depends_on: [payments]}"""


@click.command("components")
@click.option("--config", type=FILE, metavar="FILE", help="Default: .vsm-gate.yaml")
@click.option(
    "--format",
    "shape",
    type=click.Choice(["text", "json", "dot", "mermaid"]),
    default="text",
    show_default=True,
)
def command(config: Path | None, shape: str) -> None:
    r"""Show the components of this repository, where each fact came from, and what conflicts.

    \b
    Examples:
      vsm-gate components
      vsm-gate components --format dot | dot -Tsvg > components.svg
    """
    progress("reading components")
    found = _found(repository(), config)
    progress("")
    graph = Graph.of(found.components)
    problems = [f"{trouble.source}: {trouble.reason}" for trouble in found.troubles]
    conflicts = [*found.conflicts, *graph_notes(graph)]
    if shape == "json":
        document = {
            "schema": "vsm-gate/components/v1",
            "components": [_entry(declared) for declared in found.declared],
            "conflicts": conflicts,
            "problems": problems,
        }
        click.echo(json.dumps(document, indent=2))
    elif shape == "text":
        _show(found, conflicts, problems)
    else:
        draw = dot if shape == "dot" else mermaid
        click.echo(draw(found.components), nl=False)


def _found(git: Git, config: Path | None) -> Discovered:
    """The list of the configuration, else what is discovered."""
    file = config or git.folder / configuration.FILE
    if file.is_file():
        name = str(config or configuration.FILE)
        given = configuration.parse(name, file.read_text("utf-8", "replace"))
        if given.components is not None:
            return listed(given.component_list())
    elif config:
        raise UsageError(f"the configuration {config} does not exist")
    return discover_components(git.folder, tracked_files(git))


def _entry(declared: Declared) -> dict[str, Any]:
    return {
        "name": declared.name,
        "root": declared.root,
        "paths": list(declared.paths),
        "owner": _fact(declared.owners),
        "tier": _fact(declared.tiers),
        "depends_on": [
            {"name": name, "source": source} for name, source in declared.depends_on.items()
        ],
        "sources": declared.sources,
    }


def _fact(facts: list[Fact]) -> dict[str, Any] | None:
    return {"value": facts[0].value, "source": facts[0].source} if facts else None


def _show(found: Discovered, conflicts: list[str], problems: list[str]) -> None:
    if not found.declared:
        click.echo(_NONE_FOUND)
    for declared in found.declared:
        click.secho(line(declared.name), bold=True)
        for what, text in _facts(declared):
            click.echo(f"  {what:<10} {line(text)}")
    for title, texts in (("Conflicts", conflicts), ("Not read", problems)):
        if texts:
            click.secho(f"\n{title}", bold=True)
        for text in texts:
            click.echo(f"  {line(text, 400)}")


def _facts(declared: Declared) -> list[tuple[str, str]]:
    """What is known of a component, each with the file that says it."""
    place = ", ".join(declared.paths) if declared.root is None else declared.root or "."
    facts = [("folder", place or "not known: no change can touch it")]
    for what, said in (("tier", declared.tiers), ("owner", declared.owners)):
        if said:
            facts.append((what, f"{said[0].value}  ({said[0].source})"))
    facts += [("needs", f"{name}  ({source})") for name, source in declared.depends_on.items()]
    return [*facts, ("from", ", ".join(declared.sources))]
