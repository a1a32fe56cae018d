"""`vsm-gate scorecard lint | show | schema`: policies as files."""

from __future__ import annotations

import json
import posixpath
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from vsm_gate.cli.options import environment
from vsm_gate.collect.elsewhere import MAX_SIZE, Elsewhere
from vsm_gate.errors import ConfigurationError, Mistake
from vsm_gate.git import Git
from vsm_gate.publish.escape import visible
from vsm_gate.scorecards import show as shown
from vsm_gate.scorecards.load import Policy, Source, SourceError, load
from vsm_gate.scorecards.policy import document
from vsm_gate.scorecards.reference import DEFAULT, SHIPPED

format_option = click.option(
    "--format", "shape", type=click.Choice(["text", "json"]), default="text"
)


@dataclass(frozen=True, slots=True)
class _Files:
    """Scorecards on disk, none of them outside `root`."""

    root: Path
    git: Git

    @classmethod
    def around(cls, first: str) -> _Files:
        """Those of the repository that a file is in, else of the folder one stands in."""
        here = Path.cwd()
        place = Path(first).resolve()
        repository = next((each for each in place.parents if (each / ".git").exists()), None)
        root = repository or (here if place.is_relative_to(here) else place.parent)
        return cls(root, Git(here, environment()))

    def read(self, reference: str) -> Source:
        """A scorecard by its name. Raises `SourceError`."""
        if reference.startswith((SHIPPED, "git+")):
            return Elsewhere(self.git, datetime.now(UTC)).read(reference)
        place = Path(reference)
        if not place.resolve().is_relative_to(self.root.resolve()):
            raise SourceError(f"{reference} lies outside {self.root}")
        try:
            if place.stat().st_size > MAX_SIZE:
                raise SourceError(f"{reference} is larger than {MAX_SIZE >> 20} MiB")
            return Source(reference, place.read_bytes().decode("utf-8-sig"))
        except OSError as problem:
            raise SourceError(f"{reference}: {problem.strerror}") from None
        except UnicodeDecodeError:
            raise SourceError(f"{reference} is not UTF-8 text") from None

    def fetch(self, reference: str, source: Source) -> Source:
        """What `extends` names, seen from the file that it is written in."""
        if reference.startswith((SHIPPED, "git+")):
            return self.read(reference)
        if source.name.startswith((SHIPPED, "git+")):
            raise SourceError(f"`{reference}` is a path, and {source.name} is not a file here")
        folder = posixpath.dirname(source.name)
        return self.read(posixpath.normpath(posixpath.join(folder, reference)))


def load_policy(name: str) -> Policy:
    """Raises `ConfigurationError` with every mistake."""
    files = _Files.around(name)
    try:
        first = files.read(name)
    except SourceError as problem:
        message = str(problem).removeprefix(f"{name}: ")
        raise ConfigurationError([Mistake(name, None, None, message)]) from None
    return load(first, files.fetch)


@click.command("lint")
@click.argument("files", nargs=-1, required=True, metavar="FILE…")
@format_option
@click.pass_context
def lint(ctx: click.Context, files: tuple[str, ...], shape: str) -> None:
    r"""Check scorecards, with all that they extend, and show every mistake at once.

    \b
    Examples:
      vsm-gate scorecard lint scorecards/*.yaml
      vsm-gate scorecard lint --format json team.yaml
    """
    entries = []
    for file in files:
        try:
            entries.append(_good(file, load_policy(file)))
        except ConfigurationError as problem:
            entries.append(_bad(file, problem.mistakes))
    if shape == "json":
        print_json({"schema": "vsm-gate/scorecard-lint/v1", "files": entries})
    else:
        for entry in entries:
            _report(entry)
    if not all(entry["ok"] for entry in entries):
        ctx.exit(ConfigurationError.exit_code)


def _good(file: str, policy: Policy) -> dict[str, Any]:
    return {
        "file": file,
        "ok": True,
        "sha256": policy.sha256,
        "objectives": len(policy.objectives),
        "sources": [source.name for source in policy.sources],
        "notes": _copies(policy),
        "mistakes": [],
    }


def _copies(policy: Policy) -> list[str]:
    """What stands in for what cannot be reached."""
    return [f"{source.name} is {source.note}" for source in policy.sources if source.cached]


def _bad(file: str, mistakes: tuple[Mistake, ...]) -> dict[str, Any]:
    entries = [
        {
            "file": mistake.file,
            "line": mistake.line,
            "column": mistake.column,
            "message": mistake.message,
            "hint": mistake.hint,
        }
        for mistake in mistakes
    ]
    return {"file": file, "ok": False, "mistakes": entries}


def _report(entry: dict[str, Any]) -> None:
    if entry["ok"]:
        count, chain = entry["objectives"], entry["sources"]
        extends = f", extending {' and '.join(reversed(chain[:-1]))}" if len(chain) > 1 else ""
        objectives = "1 objective" if count == 1 else f"{count} objectives"
        click.echo(visible(f"{entry['file']}: good: {objectives}{extends}"))
        for note in entry["notes"]:
            click.echo(visible(f"    {note}"))
        return
    for each in entry["mistakes"]:
        places = [each["file"], each["line"], each["column"]]
        where = ":".join(str(place) for place in places if place is not None)
        click.echo(visible(f"{where}: {each['message']}"))
        if each["hint"]:
            click.echo(visible(f"    {each['hint']}"))
    count = len(entry["mistakes"])
    click.echo(visible(f"{entry['file']}: {count} mistake{'' if count == 1 else 's'}"))


@click.command("show")
@click.argument("file", required=False, metavar="[FILE]")
@format_option
def show(file: str | None, shape: str) -> None:
    r"""Show the policy in force after inheritance: a scorecard, with the file and line that each
    value was written at. Without FILE, the one that .vsm-gate.yaml names, or the one that ships.

    \b
    Examples:
      vsm-gate scorecard show scorecards/teams/payments.yaml
      vsm-gate scorecard show vsm-gate:baseline
    """
    policy = load_policy(file or configured())
    if shape == "text":
        for line in (*(f"# {note}" for note in _copies(policy)), *shown.text(policy)):
            click.echo(visible(line))
        return
    print_json(
        {
            "schema": "vsm-gate/scorecard-show/v1",
            "sha256": policy.sha256,
            "sources": [
                {"name": source.name, "sha256": source.sha256, "note": source.note or None}
                for source in policy.sources
            ],
            "policy": document(policy),
            "origins": shown.origins(policy),
            "disabled": {name: str(origin) for name, origin in policy.disabled.items()},
        }
    )


def configured() -> str:
    """The scorecard that the configuration of this checkout names, seen from this folder."""
    from vsm_gate.cli.ledgers import checkout_configuration

    git = Git(Path.cwd(), environment())
    config = checkout_configuration(git)
    name = (config.scorecard if config else None) or DEFAULT
    if name.startswith((SHIPPED, "git+")):
        return name
    return posixpath.join(git.text("rev-parse", "--show-cdup", check=False), name)


@click.command("schema")
def schema() -> None:
    r"""Print the JSON Schema of a scorecard, for editors.

    \b
    Examples:
      vsm-gate scorecard schema > scorecard.schema.json
    """
    from vsm_gate.scorecards.schema import json_schema

    print_json(json_schema())


def print_json(data: dict[str, Any]) -> None:
    """Print a document of a public format."""
    click.echo(json.dumps(data, ensure_ascii=False, indent=2))
