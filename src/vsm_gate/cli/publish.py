"""`vsm-gate publish`: the second half of a run whose token could only read."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import click

from vsm_gate.api.client import Client
from vsm_gate.cli.options import emit, environment
from vsm_gate.cli.surfaces import OF_FORGE, Surfaces
from vsm_gate.cli.workflow import new_guard, token_of
from vsm_gate.collect.forge import event_of, find_context
from vsm_gate.collect.relayed import relayed
from vsm_gate.errors import NOT_PUBLISHED, OK, InputError, UsageError
from vsm_gate.git import Git
from vsm_gate.publish import plan
from vsm_gate.publish.apply import apply
from vsm_gate.publish.bundle import MAX_BYTES, read
from vsm_gate.publish.console import Style
from vsm_gate.publish.github import GitHub


@click.command("publish")
@click.argument("bundle", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--publish", type=Surfaces(), metavar="LIST", help="Where to publish.  [default: all]"
)
@click.pass_context
def command(ctx: click.Context, /, bundle: Path, publish: frozenset[str] | None) -> None:
    r"""Publish what another job has found: one without rights, or one whose forge did not answer.

    The bundle is data: before a word of it is shown, its repository, commit, run and pull request
    are held against the forge's. Nothing is judged again, and nothing is recorded. In a workflow on
    `workflow_run` the bundle has to be of the run before.

    \b
    Examples:
      vsm-gate publish bundle.json
      vsm-gate publish --publish comment,status bundle.json
    """
    ctx.exit(_run(bundle, publish))


def _run(place: Path, named: frozenset[str] | None) -> int:
    surroundings = environment()
    token = token_of(surroundings)
    if not token:
        raise UsageError("there is no token", hint="set GITHUB_TOKEN, or `token` of the action")
    found = read(str(place), _content(place))
    real = find_context(Git(Path.cwd(), surroundings), surroundings)
    client = Client(real, token)
    event = event_of(surroundings) if real.event == "workflow_run" else {}
    found = replace(found, context=relayed(found.context, real, event, client))
    summary = surroundings.get("GITHUB_STEP_SUMMARY")
    targets = plan.Targets(
        style=Style(colour=sys.stdout.isatty() and "NO_COLOR" not in surroundings, unicode=True),
        guard=new_guard(),
        summary=Path(summary) if summary and (named is None or "summary" in named) else None,
        obeyed=True,
        forge=frozenset(OF_FORGE) if named is None else named.intersection(OF_FORGE),
    )
    forge = GitHub(client, fork=False, named=named or frozenset())
    steps = [*plan.then_shown(found, targets), *plan.then_posted(found, targets)]
    receipts = apply(steps, emit, frozenset(), forge)
    apply(plan.closing(replace(found, receipts=tuple(receipts)), targets), emit, frozenset())
    lost = any(not receipt.ok and not receipt.left_out for receipt in receipts)
    return NOT_PUBLISHED if lost else OK


def _content(place: Path) -> bytes:
    """The file, and not more of it than a bundle may have. Raises `InputError`."""
    try:
        with place.open("rb") as stream:
            return stream.read(MAX_BYTES + 1)
    except OSError as problem:
        raise InputError(f"{place} cannot be read: {problem.strerror}") from None
