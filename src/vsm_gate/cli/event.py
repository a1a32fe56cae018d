"""`vsm-gate event`: what happened to a change after the gate, into the ledger."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import click
from click.core import ParameterSource

from vsm_gate.cli.event_recording import append, content, documents
from vsm_gate.cli.options import FILE, environment, history_options, now_option
from vsm_gate.cli.slo import read_configured, read_given, remote
from vsm_gate.errors import OK, InputError, UsageError
from vsm_gate.history import event_files, events, forge_events

_COMMON: Final = (
    "team", "components", "repository", "shape", "history_branch", "history_remote", "now",
)  # fmt: skip

Command = Callable[..., None]


def _about(function: Command) -> Command:
    """The options that tell whose events they are, and where they are recorded."""
    shape = click.option(
        "--format", "shape", type=click.Choice(["text", "json"]), default="text", show_default=True
    )
    component = click.option(
        "--component",
        "components",
        multiple=True,
        metavar="C",
        help="A component that it is about; repeatable.",
    )
    team = click.option(
        "--team",
        metavar="TEAM",
        help="The team that it belongs to.  [default: what the configuration says]",
    )
    repository = click.option(
        "--repository", metavar="OWNER/NAME", help="[default: the one of this checkout or job]"
    )
    for option in (now_option, history_options, shape, repository, component, team):
        function = option(function)
    return function


def _common(function: Command) -> Command:
    """The options that every kind of event has."""
    file = click.option(
        "--from",
        "file",
        type=FILE,
        metavar="FILE",
        help="Record many: CSV or JSON, with columns named like the options.",
    )
    return _about(file(function))


@click.group("event", invoke_without_command=True)
@click.option(
    "--from-github", is_flag=True, help="Record what the event that started this workflow tells of."
)
@click.option(
    "--incident-label",
    "labels",
    multiple=True,
    metavar="LABEL",
    help="Issues with this label are incidents; repeatable.  [default: incident]",
)
@click.option(
    "--environment",
    "where",
    metavar="NAME",
    help="Where a workflow deploys whose event does not tell.  [default: production]",
)
@_about
@click.pass_context
def command(ctx: click.Context, /, from_github: bool, **given: Any) -> None:
    r"""Record deployments, incidents, releases, SLO readings and approvals.

    With --from-github from what GitHub tells a workflow: a deployment's status, the end of a
    workflow that deploys, a release, an issue with an incident's label, an approving review. The
    same thing is recorded once, however often it is told; what changes corrects what was recorded.

    \b
    Examples:
      vsm-gate event --from-github --component checkout
      vsm-gate event --from-github --incident-label outage --incident-label sev1
    """
    if ctx.invoked_subcommand is None:
        _from_github(ctx, **given) if from_github else click.echo(ctx.get_help())
        return
    named = any(
        ctx.get_parameter_source(name) == ParameterSource.COMMANDLINE for name in ctx.params
    )
    if named:
        raise UsageError(
            f"options of `vsm-gate event {ctx.invoked_subcommand}` stand behind its name",
            hint=f"vsm-gate event {ctx.invoked_subcommand} --help",
        )


def _from_github(
    ctx: click.Context, labels: tuple[str, ...], where: str | None, **common: Any
) -> None:
    """Record what the event of this workflow tells of."""
    surroundings = environment()
    place = surroundings.get("GITHUB_EVENT_PATH", "")
    if not place:
        raise UsageError(
            "there is no event of GitHub's here",
            hint="run it in a workflow: docs/examples/events.yml is one to paste",
        )
    found = forge_events.told(
        surroundings.get("GITHUB_EVENT_NAME", ""),
        content(Path(place)),
        environment=where,
        labels=frozenset(label.lower() for label in labels or ("incident",)),
    )
    if found is None:
        click.echo("the event tells of no delivery that is over: nothing is recorded")
        ctx.exit(OK)
    kind, rows = events.KINDS[found.kind], [event_files.Row(1, found.values)]
    append(documents(kind, rows, place, **common), **common)


@command.command("deployment")
@click.option("--id", metavar="ID", help="Its stable id.")
@click.option("--commit", metavar="SHA", help="The commit that was deployed, whole.")
@click.option("--status", metavar="STATUS", help="success or failure.")
@click.option("--environment", metavar="NAME", help="[default: production]")
@click.option("--started", metavar="TIME")
@click.option("--finished", metavar="TIME")
@click.option("--caused-by", metavar="INCIDENT", help="The incident that made it necessary.")
@_common
def deployment(**given: Any) -> None:
    r"""Record a deployment.

    \b
    Example:
      vsm-gate event deployment --id deploy-812 --commit "$GITHUB_SHA" --status success \
        --started 2026-11-22T09:31:00Z --finished 2026-11-22T09:34:10Z --component checkout
    """
    _record("deployment", **given)


@command.command("incident")
@click.option("--id", metavar="ID", help="Its stable id.")
@click.option("--started", metavar="TIME")
@click.option("--resolved", metavar="TIME", help="Leave it out while it lasts.")
@click.option("--deployment", metavar="ID", help="The deployment that caused it.")
@click.option("--severity", metavar="S")
@_common
def incident(**given: Any) -> None:
    r"""Record an incident; again when it is resolved, under the same id.

    \b
    Example:
      vsm-gate event incident --id INC-17 --started 2026-11-22T10:02:00Z --deployment deploy-812
    """
    _record("incident", **given)


@command.command("release")
@click.option("--id", metavar="ID", help="Its stable id.")
@click.option("--planned", metavar="TIME")
@click.option("--finished", metavar="TIME")
@click.option("--status", metavar="STATUS", help="success or failure.")
@_common
def release(**given: Any) -> None:
    r"""Record a release of a release train or a staged delivery.

    \b
    Example:
      vsm-gate event release --id 2026.11 --planned 2026-11-20T18:00:00Z \
        --finished 2026-11-20T18:10:00Z --status success
    """
    _record("release", **given)


@command.command("slo")
@click.option("--name", metavar="N", help="Name of the objective.")
@click.option("--target", metavar="%", help="The share of good events that is promised.")
@click.option("--good", metavar="N", help="Good events, or with --from what to ask for them.")
@click.option("--total", metavar="N", help="All events, or with --from what to ask for them.")
@click.option(
    "--tolerating", metavar="N", help="Those of the bad that users put up with, for the Apdex."
)
@click.option("--window", metavar="WINDOW", help="[default: 28d]")
@click.option("--at", metavar="TIME", help="When it was read.  [default: now]")
@click.option(
    "--from",
    "place",
    metavar="FILE|URL",
    help="Where readings are: CSV, JSON or OpenMetrics text, or the address of a Prometheus.",
)
@click.option("--configured", is_flag=True, help="Read every source under `slo` in .vsm-gate.yaml.")
@_about
def slo(place: str | None, *, configured: bool, **given: Any) -> None:
    r"""Record readings of service level objectives.

    With --from and queries (or, of a text in the OpenMetrics format, selectors) in place of the
    counts they are asked for. A token in VSM_GATE_SLO_TOKEN is sent along, over https alone.

    \b
    Examples:
      vsm-gate event slo --name availability --target 99.9% --good 998931 --total 1000000
      vsm-gate event slo --from slo.json
      vsm-gate event slo --name checkout --target 99.9% --from https://prometheus.example.org \
        --good 'sum(increase(http_requests_total{code!~"5.."}[28d]))' \
        --total 'sum(increase(http_requests_total[28d]))'
      vsm-gate event slo --configured
    """
    flags = {key: given[key] for key in given.keys() - {*_COMMON} if given[key] is not None}
    asked = place is not None and (given["good"] or given["total"] or remote(place))
    if configured and (place or flags):
        raise UsageError("--configured reads what the configuration names, and nothing beside it")
    if not configured and not asked:
        _record("slo", file=Path(place) if place else None, **given)
        return
    found = read_given(str(place), flags) if place else read_configured()
    rows = [event_files.Row(1, values) for values in found.rows]
    common = {key: given[key] for key in _COMMON}
    if rows:
        append(documents(events.KINDS["slo"], rows, None, **common), **common)
    if found.problems:
        raise InputError("\n".join(found.problems))


@command.command("approval")
@click.option("--commit", metavar="SHA", help="The commit that was approved, whole.")
@click.option("--by", metavar="WHO")
@click.option("--at", metavar="TIME", help="When it was given.  [default: now]")
@_common
def approval(**given: Any) -> None:
    r"""Record an approval that the forge does not know of.

    \b
    Example:
      vsm-gate event approval --commit "$(git rev-parse HEAD)" --by alex
    """
    _record("approval", **given)


def _record(name: str, /, *, file: Path | None, **given: Any) -> None:
    """Record one event from flags, or many from a file."""
    kind = events.KINDS[name]
    common = {key: given.pop(key) for key in _COMMON}
    flags = {key: text for key, text in given.items() if text is not None}
    if file is not None and flags:
        raise UsageError("events come from flags or from a file, not from both")
    if file is None:
        rows = [event_files.Row(1, flags)]
    else:
        rows = event_files.rows(str(file), content(file), kind)
    append(documents(kind, rows, str(file) if file else None, **common), **common)
