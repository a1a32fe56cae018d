"""`vsm-gate check`: the main job."""

from __future__ import annotations

import os
import secrets
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import click
from click.core import ParameterSource

from vsm_gate import __version__, pipeline
from vsm_gate.api.client import Client
from vsm_gate.change.model import RiskModel
from vsm_gate.cli.ledgers import HistoryPlace, history_place
from vsm_gate.cli.options import (
    FILE,
    Glob,
    environment,
    history_options,
    now_option,
    progress,
    repository,
)
from vsm_gate.cli.slo import Budgets
from vsm_gate.collect import config as configuration
from vsm_gate.collect.change import find_change
from vsm_gate.collect.components import known_components
from vsm_gate.collect.facts import read_facts
from vsm_gate.collect.forge import find_context
from vsm_gate.collect.memberships import read_membership
from vsm_gate.collect.policy import PolicyFiles
from vsm_gate.collect.reports import Pattern, usual_patterns
from vsm_gate.effects import Effects, Request
from vsm_gate.errors import ConfigurationError, UsageError
from vsm_gate.git import Git
from vsm_gate.history.risk_models import RiskModels
from vsm_gate.history.snapshots import Snapshots
from vsm_gate.model.change import Context, Membership
from vsm_gate.model.forge import ForgeFacts
from vsm_gate.publish import plan
from vsm_gate.publish.apply import Forge
from vsm_gate.publish.check_run import CheckRun
from vsm_gate.publish.comment import Comment
from vsm_gate.publish.console import Style
from vsm_gate.publish.dsse import Signer
from vsm_gate.publish.plan import Targets
from vsm_gate.publish.status import CommitStatus
from vsm_gate.scorecards.policy import Policy

_EPILOG: Final = """\b
Exit codes:
  0   may merge: pass, warn, or a failure that is not enforced
  2   usage or configuration error     3   git or the history cannot be read
  10  the gate failed                  11  too little evidence to say
  12  it passed, but publishing or recording was required and failed
"""


OF_FORGE: Final = (CheckRun.publisher, Comment.publisher, CommitStatus.publisher)
SURFACES: Final = ("summary", "annotations", "outputs", *OF_FORGE)


@dataclass(frozen=True, slots=True)
class Flags:
    """The command line of `check`, as it was given."""

    config: str | None
    team: str | None
    scorecard: str | None
    tests: tuple[str, ...]
    coverage: tuple[str, ...]
    base: str | None
    head: str | None
    history_branch: str | None
    history_remote: str | None
    no_history: bool
    publish: frozenset[str] | None
    summary: Path | None
    annotations: bool
    bundle: Path | None
    json_file: Path | None
    sarif: Path | None
    code_quality: Path | None
    junit: Path | None
    dotenv: Path | None
    attest: Path | None
    attest_key: Path | None
    shape: str
    now: datetime
    clock: Callable[[], float | None]


class Surfaces(click.ParamType[frozenset[str]]):
    """A list of surfaces, separated by commas or blanks."""

    name = "surfaces"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> frozenset[str]:
        """Split it; an unknown surface is a mistake."""
        words = frozenset(str(value).replace(",", " ").split())
        for word in sorted(words.difference(SURFACES)):
            self.fail(f"unknown surface {word!r}; there are {', '.join(SURFACES)}", param, ctx)
        return words


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
    git, surroundings = repository(), environment()
    context = _context(git, surroundings, flags)
    progress("finding the change")
    change = find_change(git, context)
    files = PolicyFiles.governing(git, context, change, flags.now)
    config = _config(flags, files)
    targets = _targets(flags, config, git, surroundings)
    proposed = _proposed_config(flags, files)
    proposal = None if context.default_branch else change
    components, strange = known_components(config, git, proposal, proposed)
    client = _client(context, surroundings)
    place = history_place(git, flags.history_branch, flags.history_remote, config)
    named = _from_here(flags.scorecard, git.folder)
    result = pipeline.run(
        Request(
            root=git.folder,
            context=context,
            change=change,
            team=flags.team or config.team,
            patterns=_patterns(flags, config, git.folder),
            components=components,
            now=flags.now,
            tool_version=__version__,
            targets=targets,
            sensitive=config.sensitive_classes(),
        ),
        Effects(
            git=git,
            policy=lambda: files.scorecard(
                named or config.scorecard, from_command_line=named is not None
            ),
            codeowners=files.codeowners,
            notes=lambda: (*files.notes, *strange, *_short_lived(place, flags, surroundings)),
            ledger=None if flags.no_history else place.open(git, flags.now),
            ledger_name=place.name,
            ledger_arguments=place.arguments,
            snapshots=None if flags.no_history else _snapshots(place, git, context),
            emit=_emit if flags.shape == "text" else lambda _: None,
            progress=progress,
            forge=_forge(flags, context, client) if client else None,
            facts=lambda: read_facts(client, context, flags.now) if client else ForgeFacts(),
            membership=lambda team, login: (
                read_membership(client, team, login) if client else Membership()
            ),
            proposed=lambda: _proposed(flags, files),
            risk_model=lambda: None if flags.no_history else _risk_model(place, git, context),
            seconds=flags.clock,
            budgets=Budgets(
                config.slo_sources(), git.folder, surroundings, edited=change.paths, now=flags.now
            ),
        ),
    )
    progress("")
    if flags.shape == "json":
        click.echo(plan.result_json(result), nl=False)
    if targets.bundle and not targets.keep_bundle and not result.needs_bundle:
        targets.bundle.unlink(missing_ok=True)
    return result.exit_code


def _short_lived(
    place: HistoryPlace, flags: Flags, surroundings: Mapping[str, str]
) -> Iterator[str]:
    """Records in a build server's clone end with the job: better said now than found out."""
    if surroundings.get("CI") == "true" and place.remote is None and not flags.no_history:
        yield (
            "records are kept in this clone, which ends with the job: name a remote, such as "
            "`history: {repository: origin}` in .vsm-gate.yaml"
        )


def _context(git: Git, surroundings: Mapping[str, str], flags: Flags) -> Context:
    context = find_context(git, surroundings)
    return replace(
        context,
        base_ref=flags.base or context.base_ref,
        base_branch="" if flags.base else context.base_branch,
        tested=flags.head or context.tested,
    )


def _proposed(flags: Flags, files: PolicyFiles) -> tuple[Policy, str] | None:
    """The policy as the change leaves it; None where it edits no file that the policy is from."""
    after = files.as_proposed()
    if after is None:
        return None
    named = _from_here(flags.scorecard, files.git.folder)
    reference = named or _config(flags, after).scorecard
    return after.scorecard(reference, from_command_line=named is not None)


def _proposed_config(flags: Flags, files: PolicyFiles) -> configuration.Config | None:
    """The configuration as the change leaves it; None where it does not edit it, or breaks it:
    then what is wrong with it is told with the policy that it proposes.
    """
    after = files.as_proposed()
    try:
        return _config(flags, after) if after else None
    except ConfigurationError:
        return None


def _config(flags: Flags, files: PolicyFiles) -> configuration.Config:
    """The configuration. One that is named must be there; the usual one may be absent."""
    name = _from_here(flags.config, files.git.folder) or configuration.FILE
    source = files.read(name)
    if source is not None:
        return configuration.parse(name, source.text)
    if flags.config:
        raise UsageError(
            f"the configuration {flags.config} does not exist", hint="`vsm-gate init` writes one"
        )
    return configuration.default()


def _from_here(name: str | None, root: Path) -> str | None:
    """A file that the command line names, seen from the root; outside of it as it is.

    References to scorecards elsewhere (`vsm-gate:NAME`, `git+URL…`) are no files.
    """
    if name is None or name.startswith(("vsm-gate:", "git+")):
        return name
    path = Path(os.path.normpath(Path.cwd() / name))
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)


def _emit(text: str) -> None:
    click.echo(text, nl=False)


def _patterns(flags: Flags, config: configuration.Config, root: Path) -> tuple[Pattern, ...]:
    """What to read: flags before the configuration before the usual places."""
    below = Path.cwd().relative_to(root).as_posix()
    patterns: list[Pattern] = []
    for kind, given, configured in (
        ("tests", flags.tests, config.tests),
        ("coverage", flags.coverage, config.coverage),
    ):
        if given:
            patterns += [Pattern(kind, _anchored(glob, below, root)) for glob in given]
        elif configured is not None:
            patterns += [Pattern(kind, entry.path, entry.stage) for entry in configured]
        else:
            patterns += usual_patterns(kind)
    return tuple(patterns)


def _anchored(glob: str, below: str, root: Path) -> str:
    """A pattern of the command line is of the current folder; patterns are of the repository."""
    if os.path.isabs(glob):
        return os.path.relpath(glob, root)
    return glob if below == "." else os.path.normpath(f"{below}/{glob}")


def _snapshots(place: HistoryPlace, git: Git, context: Context) -> Snapshots | None:
    """The snapshots of the default branch, which are kept where the history is."""
    if not context.default_name:
        return None
    return Snapshots.open(
        git.folder, of=context.default_name, remote=place.remote, environment=git.environment
    )


def _risk_model(place: HistoryPlace, git: Git, context: Context) -> RiskModel | None:
    """The model that was trained for this repository, which is kept where the history is."""
    models = RiskModels.open(
        git.folder, of=context.repository, remote=place.remote, environment=git.environment
    )
    return models.model()


def _targets(
    flags: Flags, config: configuration.Config, git: Git, surroundings: Mapping[str, str]
) -> Targets:
    """Where results go: what the flags say, and in a workflow what the runner offers."""
    in_workflow = surroundings.get("GITHUB_ACTIONS") == "true"

    def wanted(surface: str) -> bool:
        return in_workflow and (flags.publish is None or surface in flags.publish)

    def offered(surface: str, variable: str) -> Path | None:
        place = surroundings.get(variable)
        return Path(place) if place and wanted(surface) else None

    return Targets(
        style=Style(
            colour=sys.stdout.isatty() and "NO_COLOR" not in surroundings,
            unicode=surroundings.get("TERM") != "linux",
        ),
        guard=f"vsm-gate-{secrets.token_hex(16)}",
        summary=flags.summary or offered("summary", "GITHUB_STEP_SUMMARY"),
        annotations=flags.annotations or wanted("annotations"),
        obeyed=in_workflow,
        json=flags.json_file,
        files=_files(flags),
        bundle=flags.bundle or _own_bundle(git),
        keep_bundle=flags.bundle is not None,
        outputs=offered("outputs", "GITHUB_OUTPUT"),
        forge=_surfaces_of_forge(flags, surroundings),
        required=frozenset({"history"} if config.history.required else ()),
        signer=_signer(flags),
    )


def _signer(flags: Flags) -> Signer | None:
    """The key that attestations are signed with. Raises `UsageError` before anything is judged."""
    if flags.attest_key is None:
        return None
    if flags.attest is None:
        raise UsageError("--attest-key signs nothing without --attest FILE")
    try:
        pem = flags.attest_key.read_bytes()
    except OSError as problem:
        raise UsageError(f"{flags.attest_key} cannot be read: {problem.strerror}") from None
    return Signer.load(str(flags.attest_key), pem)


def _files(flags: Flags) -> dict[str, Path]:
    """The files for other systems that are asked for, by their names."""
    given = {
        "sarif": flags.sarif,
        "code-quality": flags.code_quality,
        "junit": flags.junit,
        "dotenv": flags.dotenv,
        "attestation": flags.attest,
    }
    return {name: path for name, path in given.items() if path is not None}


def _surfaces_of_forge(flags: Flags, surroundings: Mapping[str, str]) -> frozenset[str]:
    """What the forge's API is asked for: in a workflow what is named, with a token everything."""
    if surroundings.get("GITHUB_ACTIONS") != "true":
        return frozenset()
    if flags.publish is not None:
        return flags.publish.intersection(OF_FORGE)
    return frozenset(OF_FORGE) if token_of(surroundings) else frozenset()


def token_of(surroundings: Mapping[str, str]) -> str:
    """The token of the action, or else the one of a step that runs the command itself."""
    return surroundings.get("VSM_GATE_TOKEN") or surroundings.get("GITHUB_TOKEN") or ""


def _client(context: Context, surroundings: Mapping[str, str]) -> Client | None:
    """The forge's API: in a workflow, with a token."""
    token = token_of(surroundings)
    in_workflow = surroundings.get("GITHUB_ACTIONS") == "true"
    return Client(context, token) if token and in_workflow else None


def _forge(flags: Flags, context: Context, client: Client) -> Forge:
    from vsm_gate.publish.github import GitHub

    return GitHub(client, fork=context.from_fork, named=flags.publish or frozenset())


def _own_bundle(git: Git) -> Path:
    """A bundle that nobody asked for lies with git's own files until the record is safe."""
    return (
        Path(git.text("rev-parse", "--absolute-git-dir")) / f"vsm-gate-{secrets.token_hex(4)}.json"
    )
