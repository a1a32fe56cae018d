"""`vsm-gate init`: the first files, written from what is found in the repository."""

from __future__ import annotations

import click

from vsm_gate import starter
from vsm_gate.cli.options import repository
from vsm_gate.collect.change import tracked_files
from vsm_gate.collect.forge import default_branch, find_context
from vsm_gate.errors import UsageError
from vsm_gate.publish.apply import replace_file
from vsm_gate.readers.tests.manual_csv import TEMPLATE


@click.command("init")
@click.option("--team", metavar="TEAM", help="The team.  [default: the repository's name]")
@click.option("--force", is_flag=True, help="Write also over files that are there.")
@click.option("--manual-tests", is_flag=True, help="Print a template for tests done by hand.")
def command(team: str | None, force: bool, manual_tests: bool) -> None:
    r"""Write a configuration, a first scorecard and a workflow for this repository.

    Files that are there already are left alone.

    \b
    Examples:
      vsm-gate init --team payments
      vsm-gate init --manual-tests > uat.csv
    """
    if manual_tests:
        click.echo(TEMPLATE, nl=False)
        return
    git = repository()
    name = team or find_context(git, {}).repository.rpartition("/")[2]
    files = starter.files(tracked_files(git), name, default_branch(git) or "main")
    for path, text in files.items():
        place = git.folder / path
        if place.exists() and not force:
            click.echo(f"kept   {path}: it is there already")
            continue
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            replace_file(place, text.encode("utf-8"))
        except OSError as problem:
            raise UsageError(
                f"{path} cannot be written: {problem.strerror}",
                hint="what was written before it is listed above",
            ) from None
        click.echo(f"wrote  {path}")
    click.echo("\nNext: look at them, run your tests, then `vsm-gate check`; commit when it fits.")
