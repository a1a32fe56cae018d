"""`vsm-gate audit`: a complete population, its evidence, and what has none."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from vsm_gate import __version__
from vsm_gate.cli.history import commit_named
from vsm_gate.cli.ledgers import HistoryPlace, history_place
from vsm_gate.cli.options import (
    FILE,
    Time,
    environment,
    history_options,
    now_option,
    progress,
)
from vsm_gate.errors import InputError, UsageError
from vsm_gate.git import Git
from vsm_gate.history.environment import plain
from vsm_gate.history.ledger import EVERYTHING, Ledger
from vsm_gate.memory import no_garbage_collection
from vsm_gate.publish.escape import line

if TYPE_CHECKING:
    from vsm_gate.audit.audit import Asked, Audit, Clone, Verified
    from vsm_gate.audit.evidence import Evidence

_EPILOG: Final = """\b
Exit codes:
  0   no exception in what was asked for, and no fault in the ledger
  2   usage error
  3   exceptions or faults were found, or something could not be read
"""


@dataclass(frozen=True, slots=True)
class Request:
    """The command line of `audit`, as it was given."""

    since: datetime | None
    until: datetime | None
    commit: str | None
    deployment: str | None
    sample: int | None
    seed: str | None
    environments: tuple[str, ...]
    members: tuple[str, ...]
    repository: str | None
    branch: str | None
    verify: bool
    expect: str | None
    signers: Path | None
    replay: bool
    out: Path | None
    shape: str
    history_branch: str | None
    history_remote: str | None
    now: datetime

    def check(self) -> None:
        """Raises `UsageError` for what contradicts itself."""
        chosen = [self.commit, self.deployment, self.sample]
        asked = self.expect or self.signers or self.replay
        if asked and not self.verify:
            raise UsageError("--no-verify leaves --expect, --allowed-signers and --replay unasked")
        if sum(each is not None for each in chosen) > 1:
            raise UsageError("say one of --commit, --deployment and --sample")
        if (self.sample is None) != (self.seed is None):
            raise UsageError(
                "--sample and --seed belong together",
                hint="the seed is any text that the auditor chooses, so that nobody else chose",
            )
        if self.since is not None and self.since >= (self.until or self.now):
            raise UsageError("--since is not before --until")

    def owners(self) -> dict[str, frozenset[str]]:
        """The logins that belong to an owner. Raises `UsageError`."""
        found: dict[str, frozenset[str]] = {}
        for text in self.members:
            owner, sign, login = text.casefold().partition("=")
            if not (owner.strip("@") and sign and login):
                raise UsageError(f"--member {line(text)!r} is no OWNER=LOGIN")
            key = owner.removeprefix("@")
            found[key] = found.get(key, frozenset()) | {login.removeprefix("@")}
        return found


@click.command("audit", epilog=_EPILOG)
@click.option(
    "--since", type=Time(), metavar="TIME", help="Begin.  [default: the first checked change]"
)
@click.option("--until", type=Time(), metavar="TIME", help="End, itself excluded.  [default: now]")
@click.option("--commit", metavar="SHA", help="Only the change that brought this commit.")
@click.option("--deployment", metavar="ID", help="Only this deployment and what it carried.")
@click.option("--sample", type=click.IntRange(min=1), metavar="N", help="So many of the changes.")
@click.option("--seed", metavar="TEXT", help="What the auditor chose to draw the sample with.")
@click.option(
    "--environment",
    "environments",
    multiple=True,
    metavar="NAME",
    default=("production",),
    show_default=True,
    help="Deployments there are releases; repeatable.",
)
@click.option(
    "--member",
    "members",
    multiple=True,
    metavar="OWNER=LOGIN",
    help="Who may approve for an owner of the policy; repeatable.",
)
@click.option("--repository", metavar="OWNER/NAME", help="[default: the one of this checkout]")
@click.option("--branch", metavar="REF", help="The default branch.  [default: the remote's]")
@click.option(
    "--verify/--no-verify", default=True, help="Verify the ledger as well.  [default: verify]"
)
@click.option("--expect", metavar="SHA", help="A commit that the history has to contain.")
@click.option(
    "--allowed-signers",
    "signers",
    type=FILE,
    metavar="FILE",
    help="Whose signatures its commits have to bear.  [default: what the configuration says]",
)
@click.option("--replay", is_flag=True, help="Make each recorded decision again as well.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Write the page, the tables and the evidence to this folder.",
)
@click.option(
    "--format", "shape", type=click.Choice(["text", "json"]), default="text", show_default=True
)
@history_options
@now_option
@click.pass_context
def command(ctx: click.Context, /, **given: Any) -> None:
    r"""List every change of the default branch with its evidence, and name what has none.

    The population comes from git, whole; the evidence from the history; a sample is drawn so that
    anybody can draw it again. The page, the tables, the records behind them and a manifest of
    their digests go to one folder.

    \b
    Examples:
      vsm-gate audit --since 2026-07-01T00:00:00Z --until 2026-10-01T00:00:00Z --out audit-q3
      vsm-gate audit --since 2026-07-01T00:00:00Z --sample 25 --seed "chosen by the auditor" \
        --out sample
      vsm-gate audit --deployment deploy-812
    """
    request = Request(**given)
    request.check()
    git = Git(Path.cwd(), {**plain(environment()), "GIT_GRAFT_FILE": os.devnull})
    place = history_place(git, request.history_branch, request.history_remote)
    ledger = place.open(git, request.now)
    with no_garbage_collection():
        found = _audit(request, git, place, ledger)
        if request.out is not None:
            _write(found, ledger, request.out)
    _show(found, request)
    progress("")
    if not found.clean:
        ctx.exit(InputError.exit_code)


def _audit(request: Request, git: Git, place: HistoryPlace, ledger: Ledger) -> Audit:
    from vsm_gate.audit import audit as auditing
    from vsm_gate.audit.gathering import gather
    from vsm_gate.collect.deployed import present
    from vsm_gate.collect.forge import find_context
    from vsm_gate.collect.past_policies import past_policies
    from vsm_gate.collect.population import find_branch, first_parents

    progress("Listing the changes")
    context = find_context(git, environment())
    branch = find_branch(git, request.branch, context.default_name)
    clone = auditing.Clone(branch, first_parents(git, branch), frozenset())
    asked = _asked(request, git, clone)
    progress("Verifying the history")
    verified = _verified(request, place, ledger)
    progress("Reading the history")
    evidence = gather(ledger.iter_contents(), request.repository or context.repository)
    _require_deployment(asked, evidence)
    policy = past_policies(
        git, clone.branch, evidence.policies.values(), request.owners(), request.now
    )
    progress("Joining the evidence")
    deployed = (each.commit for each in evidence.happenings if each.commit)
    clone = replace(clone, known=present(git, deployed))
    return auditing.audit(clone, evidence, policy, asked, verified)


def _asked(request: Request, git: Git, clone: Clone) -> Asked:
    from vsm_gate.audit.audit import Asked
    from vsm_gate.collect.population import landed_in

    # What is recorded in this second belongs to an audit that ends now.
    until = request.until or request.now + timedelta(seconds=1)
    named = request.commit
    return Asked(
        since=None if request.since is None else request.since.astimezone(UTC),
        until=until.astimezone(UTC),
        now=request.now.astimezone(UTC),
        commit=None if named is None else landed_in(git, clone.commits, named),
        deployment=request.deployment,
        sample=request.sample,
        seed=request.seed or "",
        environments=frozenset(request.environments),
    )


def _require_deployment(asked: Asked, evidence: Evidence) -> None:
    names = {each.id for each in evidence.happenings}
    if asked.deployment is not None and asked.deployment not in names:
        raise UsageError(
            f"no deployment {line(asked.deployment)!r} of {line(evidence.repository)} is recorded",
            hint="`vsm-gate history log --kind deployment` lists them",
        )


def _verified(request: Request, place: HistoryPlace, ledger: Ledger) -> Verified:
    from vsm_gate.audit.audit import Verified

    head = ledger.head()
    why = (
        "there is no such branch"
        if head is None
        else f"`{EVERYTHING}` is many branches; verify each where it is kept"
        if place.branch == EVERYTHING
        else "it was not asked for"
        if not request.verify
        else ""
    )
    if why:
        return Verified(head, done=False, why=why)
    walk = ledger.verify(
        expect=commit_named("--expect", request.expect),
        signers=request.signers,
        replay=request.replay,
    )
    faults = (f"{x.commit[:12]} {x.path or '(the commit)'}: {x.what}" for x in walk.faults)
    return Verified(
        head,
        done=True,
        commits=len(walk.commits),
        records=walk.records,
        replayed=walk.replayed.made if walk.replayed else None,
        faults=tuple(faults),
    )


def _write(found: Audit, ledger: Ledger, out: Path) -> None:
    from vsm_gate.audit import pack
    from vsm_gate.web import folder

    def contents(wanted: frozenset[str]) -> Iterator[tuple[str, bytes]]:
        return (each for each in ledger.iter_contents() if each[0] in wanted)

    progress("Writing")
    folder.write(pack.plan(found, contents, __version__), out, what=pack.WHAT)


def _show(found: Audit, request: Request) -> None:
    if request.shape == "json":
        from vsm_gate.audit import document

        for piece in document.pieces(found):
            click.echo(piece, nl=False)
        return
    from vsm_gate.audit import summary

    for text in summary.lines(found):
        click.echo(_kept(text))
    if request.out is not None:
        click.echo(str(request.out / "index.html"))


def _kept(text: str) -> str:
    """One visible line, its indentation kept."""
    indent = len(text) - len(text.lstrip(" "))
    return " " * indent + line(text, 300)
