"""`vsm-gate history`: the ledger, listed, verified, exported, and added to."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from functools import wraps
from itertools import islice
from pathlib import Path
from typing import Any, Final

import click

from vsm_gate.cli.ledgers import open_ledger
from vsm_gate.cli.options import (
    FILE,
    Time,
    environment,
    history_options,
    now_option,
    progress,
)
from vsm_gate.errors import InputError, UsageError, VsmGateError
from vsm_gate.history import listing
from vsm_gate.history.bundles import records_of
from vsm_gate.history.ledger import BRANCH, Appended, Ledger
from vsm_gate.history.record import Record
from vsm_gate.history.verification import Walk
from vsm_gate.publish.escape import line

_SHOWN: Final = 30
_SHAPE: Final = click.Choice(["text", "json"])


@click.group("history")
def command() -> None:
    """The ledger of records on the history branch."""


def with_ledger(function: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options that name a ledger, and the ledger itself."""

    @history_options
    @now_option
    @wraps(function)
    def command_with_ledger(
        history_branch: str | None, history_remote: str | None, now: datetime, **given: Any
    ) -> None:
        function(ledger=open_ledger(history_branch, history_remote, now), **given)

    return command_with_ledger


def with_selection(function: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options that choose records, as one argument `selection`."""

    @click.option("--kind", "kinds", multiple=True, help="Only records of this kind; repeatable.")
    @click.option("--repository", metavar="OWNER/NAME", help="Only records of this repository.")
    @click.option("--since", type=Time(), metavar="TIME", help="Not older than this.")
    @click.option("--until", type=Time(), metavar="TIME", help="Older than this.")
    @wraps(function)
    def command_with_selection(
        kinds: tuple[str, ...],
        repository: str | None,
        since: datetime | None,
        until: datetime | None,
        **given: Any,
    ) -> None:
        selection = {
            "kinds": kinds or None,
            "repository": repository,
            "since": since,
            "until": until,
        }
        function(selection=selection, **given)

    return command_with_selection


@command.command("log")
@with_selection
@click.option("--team", metavar="TEAM", help="Only records of this team.")
@click.option("--commit", metavar="SHA", help="Only records about this commit; may be shortened.")
@click.option("--verdict", help="Only checks with this verdict.")
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    metavar="N",
    help=f"At most so many.  [default: {_SHOWN} as text, all as JSON]",
)
@click.option("--format", "shape", type=_SHAPE, default="text", show_default=True)
@with_ledger
def log(
    ledger: Ledger,
    selection: dict[str, Any],
    limit: int | None,
    shape: str,
    **wanted: str | None,
) -> None:
    r"""List records, newest first.

    \b
    Examples:
      vsm-gate history log
      vsm-gate history log --kind check --verdict fail --since 2026-11-01T00:00:00Z
      vsm-gate history log --commit 6c5110c --format json
    """
    chosen = (x for x in ledger.newest(**selection) if listing.matches(x, wanted))
    if shape == "json":
        click.echo(_log_json(ledger.head(), islice(chosen, limit)))
    elif ledger.head() is None:
        click.echo("no records: there is no such history branch yet")
    else:
        _log_text(chosen, limit or _SHOWN)


def _log_json(head: str | None, records: Iterable[Record]) -> str:
    entries = [{**listing.row(record), "document": record.document} for record in records]
    document = {"schema": "vsm-gate/history-log/v1", "head": head, "records": entries}
    return json.dumps(document, indent=2)


def _log_text(records: Iterator[Record], limit: int) -> None:
    rows = [listing.cells(record) for record in islice(records, limit)]
    if not rows:
        click.echo("no records that fit")
        return
    shown = [tuple(line(cell, 48) for cell in row) for row in (listing.HEADINGS, *rows)]
    widths = [max(len(row[column]) for row in shown) for column in range(len(listing.HEADINGS))]
    for row in shown:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        click.echo("  ".join(cells).rstrip())
    if next(records, None) is not None:
        click.echo(f"… and older ones; --limit N shows more than {limit}")


@command.command("verify")
@click.option("--expect", metavar="SHA", help="A commit that the branch has to contain.")
@click.option(
    "--allowed-signers",
    "signers",
    type=FILE,
    metavar="FILE",
    help="Every commit has to be signed with the SSH key of one of these (ssh-keygen's ALLOWED "
    "SIGNERS).  [default: what the configuration says]",
)
@click.option(
    "--signed-from",
    metavar="SHA",
    help="The first commit that has to be signed.  [default: what the configuration says, else "
    "the root]",
)
@click.option(
    "--replay",
    is_flag=True,
    help="Make each decision again from the measurements and the policy that were recorded; a "
    "verdict that does not follow is a fault.",
)
@click.option("--format", "shape", type=_SHAPE, default="text", show_default=True)
@with_ledger
def verify(
    ledger: Ledger, expect: str | None, signed_from: str | None, shape: str, **asked: Any
) -> None:
    r"""Prove that the branch was only ever added to; list every fault, and exit 3 on one.

    Every published check names the head that it saw: give that as --expect, and a branch that
    was rewritten since is found.

    \b
    Examples:
      vsm-gate history verify
      vsm-gate history verify --history-remote origin --expect 3ec8290f41d5
      vsm-gate history verify --replay --allowed-signers .github/allowed_signers
    """
    progress("Verifying the history")
    walk = ledger.verify(
        expect=commit_named("--expect", expect),
        signed_from=commit_named("--signed-from", signed_from),
        **asked,
    )
    progress("")
    head = ledger.head()
    click.echo(_verify_json(walk, head) if shape == "json" else _verify_text(walk, head))
    if walk.faults:
        click.get_current_context().exit(InputError.exit_code)


def commit_named(option: str, text: str | None) -> str | None:
    """The commit that an option names, perhaps shortened. Raises `UsageError`."""
    if text is not None and not listing.is_commit(text):
        raise UsageError(f"{option} {line(text)!r} is no commit id of 7 digits or more")
    return text.lower() if text else None


def _verify_json(walk: Walk, head: str | None) -> str:
    faults = [{"commit": x.commit, "path": x.path, "fault": x.what} for x in walk.faults]
    document = {
        "schema": "vsm-gate/history-verify/v1",
        "head": head,
        "ok": not walk.faults,
        "commits": len(walk.commits),
        "records": walk.records,
        "sealed_days": len(walk.sealed),
        "replayed": None
        if walk.replayed is None
        else {"decisions": walk.replayed.made, "not_replayed": dict(walk.replayed.unable)},
        "faults": faults,
        "warnings": walk.warnings,
    }
    return json.dumps(document, indent=2)


def _verify_text(walk: Walk, head: str | None) -> str:
    lines = [
        f"{fault.commit[:12]}  {line(fault.path or '(the commit)', 200)}\n    {line(fault.what)}"
        for fault in walk.faults
    ]
    lines += [f"warning: {line(text)}" for text in walk.warnings]
    size = f"{walk.records:,} records in {len(walk.commits):,} commits"
    faults = len(walk.faults)
    outcome = f"{faults} fault{'' if faults == 1 else 's'}" if faults else "no fault"
    return "\n".join([*lines, *_replay_text(walk), f"{outcome}: {size}, head {head}"])


def _replay_text(walk: Walk) -> Iterator[str]:
    if walk.replayed is None:
        return
    yield f"{walk.replayed.made:,} decisions made again"
    for reason, count in walk.replayed.unable.most_common():
        yield f"{count:,} not made again: {line(reason)}"


@command.command("export")
@with_selection
@click.option(
    "--format",
    "shape",
    type=click.Choice(["jsonl", "csv", "parquet"]),
    default="jsonl",
    show_default=True,
)
@click.option("--out", type=FILE, metavar="FILE", help="Write there.  [default: print]")
@with_ledger
def export(ledger: Ledger, selection: dict[str, Any], shape: str, out: Path | None) -> None:
    r"""Hand the records to other tools, oldest first.

    \b
    Examples:
      vsm-gate history export --format csv --out records.csv
      vsm-gate history export --kind deployment | jq .document.event
    """
    from vsm_gate.history import export as exporting

    if shape == "parquet" and out is None:
        raise UsageError("--format parquet needs --out FILE")
    records = ledger.records(**selection)
    lines = exporting.csv_lines if shape == "csv" else exporting.json_lines
    if out is None:
        for text in lines(records):
            click.echo(text, nl=False)
        return
    half = out.with_name(f"{out.name}.part")
    try:
        if shape == "parquet":
            exporting.parquet(records, half)
        else:
            with half.open("w", encoding="utf-8", newline="") as stream:
                stream.writelines(lines(records))
        half.replace(out)
    except OSError as problem:
        raise InputError(f"{out} cannot be written: {problem.strerror or problem}") from None
    finally:
        half.unlink(missing_ok=True)


@command.command("append")
@click.argument("bundles", nargs=-1, required=True, metavar="BUNDLE…", type=FILE)
@click.option("--format", "shape", type=_SHAPE, default="text", show_default=True)
@with_ledger
def append(ledger: Ledger, bundles: tuple[Path, ...], shape: str) -> None:
    r"""Append the records that bundles carry, in one commit; what is there already stays once.

    \b
    Examples:
      vsm-gate history append result.json
      vsm-gate history append --history-remote origin bundles/*.json
    """
    show_appended(ledger, _records_of(bundles), shape)


def show_appended(
    ledger: Ledger, records: Sequence[Record], shape: str, known: Sequence[Record] = ()
) -> None:
    """Append, and print what came of it; `known` ones are there already.

    Raises `HistoryError` where it could not be done.
    """
    done = ledger.append(records) if records else Appended(ledger.head() or "", (), "none", 0, "")
    if shape == "json":
        document = {
            "schema": "vsm-gate/appended/v1",
            "head": done.head,
            "ids": list(done.ids),
            "known": [record.id for record in known],
            "how": done.how,
            "attempts": done.attempts,
            "detail": done.detail,
        }
        click.echo(json.dumps(document, indent=2))
        return
    for word, found in (("recorded", records), ("there already", known)):
        for record in found:
            click.echo(f"{word} {record.id[:12]}  {line(listing.summary(record))}")
    if records:
        detail = f" ({line(done.detail, 300)})" if done.detail else ""
        click.echo(f"{done.how}, head {done.head}{detail}")


def _records_of(bundles: tuple[Path, ...]) -> list[Record]:
    """The records of all bundles. One that is bad stops the run, before anything is appended."""
    records, bad = [], []
    for file in bundles:
        try:
            records += records_of(str(file), file.read_bytes())
        except OSError as problem:
            bad.append(f"{file} cannot be read: {problem.strerror or problem}")
        except VsmGateError as problem:
            bad.append(problem.message)
    if bad:
        raise InputError("nothing was appended:\n" + "\n".join(f"  {text}" for text in bad))
    return records


@command.command("sync")
@click.argument("remotes", nargs=-1, required=True, metavar="REMOTE…")
@click.option(
    "--history-branch", metavar="BRANCH", default=BRANCH, help="Their branch.", show_default=True
)
@click.option("--format", "shape", type=_SHAPE, default="text", show_default=True)
def sync(remotes: tuple[str, ...], history_branch: str, shape: str) -> None:
    r"""Bring the histories of other repositories into this one; only what is new is fetched.

    They are read together, with this repository's own, as the branch `*`.

    \b
    Examples:
      vsm-gate history sync https://forge.example/acme/shop https://forge.example/acme/ledger
      vsm-gate report --history-branch '*' --out site
    """
    from vsm_gate.history import federation

    done, problems = [], []
    for remote in remotes:
        progress(f"Synchronizing {line(remote)}")
        try:
            done += federation.sync(
                Path.cwd(), remote, branch=history_branch, environment=environment()
            )
        except VsmGateError as problem:
            problems.append(problem)
    progress("")
    if shape == "json":
        entries = [asdict(found) for found in done]
        click.echo(json.dumps({"schema": "vsm-gate/sync/v1", "sources": entries}, indent=2))
    else:
        for found in done:
            click.echo(f"{line(found.remote)}: {found.commits:,} new commits, at {found.after}")
    if problems:
        texts = "\n".join(f"  {problem.message}" for problem in problems)
        raise InputError(f"not every history was synchronized:\n{texts}", hint=problems[0].hint)
