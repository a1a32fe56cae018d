"""`vsm-gate check`: the main job."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Final

import click
from click.core import ParameterSource

from vsm_gate import __version__, pipeline
from vsm_gate.cli.check_effects import effects_of
from vsm_gate.cli.check_inputs import Flags, Inputs
from vsm_gate.cli.check_targets import targets_of
from vsm_gate.cli.options import FILE, Glob, emit, history_options, now_option, progress
from vsm_gate.cli.surfaces import Surfaces
from vsm_gate.effects import Request
from vsm_gate.publish import plan

_EPILOG: Final = """\b
Exit codes:
  0   may merge: pass, warn, or a failure that is not enforced
  2   usage or configuration error     3   git or the history cannot be read
  10  the gate failed                  11  too little evidence to say
  12  it passed, but publishing or recording was required and failed
"""


@click.command("check", epilog=_EPILOG)
@click.option("--config", metavar="FILE", help="Configuration.  [default: .vsm-gate.yaml]")
@click.option("--team", metavar="TEAM", help="The team whose change this is.")
@click.option("--scorecard", metavar="FILE", help="The policy.  [default: the one that ships]")
@click.option("--tests", type=Glob(), multiple=True, help="Test reports; may be repeated.")
@click.option("--coverage", type=Glob(), multiple=True, help="Coverage reports; may be repeated.")
@click.option("--base", metavar="REF", help="What the change is compared with.")
@click.option("--head", metavar="REF", help="The commit under judgement.  [default: HEAD]")
@history_options
@click.option("--no-history", is_flag=True, help="Neither read nor write the history.")
@click.option(
    "--publish", type=Surfaces(), metavar="LIST", help="Where to publish.  [default: all]"
)
@click.option("--summary", type=FILE, metavar="FILE", help="Append a summary in Markdown.")
@click.option("--annotations", is_flag=True, help="Print annotations as workflow commands.")
@click.option("--bundle", type=FILE, metavar="FILE", help="Keep what can repeat the rest.")
@click.option("--json", "json_file", type=FILE, metavar="FILE", help="Write the whole result.")
@click.option("--sarif", type=FILE, metavar="FILE", help="Write remarks beside the code as SARIF.")
@click.option("--code-quality", type=FILE, metavar="FILE", help="Write them as GitLab reads them.")
@click.option("--junit", type=FILE, metavar="FILE", help="Write the objectives as test cases.")
@click.option("--attest", type=FILE, metavar="FILE", help="Write in-toto statements, one a line.")
@click.option("--attest-key", type=FILE, metavar="FILE", help="Sign them with this key (PEM).")
@click.option("--dotenv", type=FILE, metavar="FILE", help="Write the outputs as variables.")
@click.option(
    "--format",
    "shape",
    type=click.Choice(["text", "json"]),
    default="text",
    help="What to print: text for people, or the whole result.  [default: text]",
)
@now_option
@click.pass_context
def command(ctx: click.Context, /, **given: Any) -> None:
    r"""Judge the change that is checked out, and record the result.

    What is not given is read from `.vsm-gate.yaml`, and what is not there is found.

    \b
    Examples:
      vsm-gate check
      vsm-gate check --base main --tests 'build/**/TEST-*.xml' --coverage coverage.xml
      vsm-gate check --scorecard scorecards/team.yaml --json result.json
    """
    given["clock"] = _clock(frozen=ctx.get_parameter_source("now") is not ParameterSource.DEFAULT)
    ctx.exit(run(Flags(**given)))


def _clock(*, frozen: bool) -> Callable[[], float | None]:
    """Tells how many seconds have gone by since it was made; a frozen one tells nothing."""
    began = time.monotonic()
    return lambda: None if frozen else time.monotonic() - began


def run(flags: Flags) -> int:
    """Prepare what the road needs, and go along it. Returns the exit code."""
    inputs = Inputs.find(flags)
    targets = targets_of(inputs)
    components, strange = inputs.components()
    request = Request(
        root=inputs.git.folder,
        context=inputs.context,
        change=inputs.change,
        team=flags.team or inputs.config.team,
        patterns=inputs.patterns(),
        components=components,
        now=flags.now,
        tool_version=__version__,
        targets=targets,
        sensitive=inputs.config.sensitive_classes(),
    )
    result = pipeline.run(request, effects_of(inputs, strange))
    progress("")
    if flags.shape == "json":
        emit(plan.result_json(result))
    if targets.bundle and not targets.keep_bundle and not result.needs_bundle:
        targets.bundle.unlink(missing_ok=True)
    return result.exit_code
