"""`vsm-gate report`: the trend site, its figures as JSON, Markdown or CSV, and the digest."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from vsm_gate.cli.options import (
    Time,
    history_options,
    now_option,
    progress,
)
from vsm_gate.cli.warehouse import Source, open_warehouse, warehouse_options
from vsm_gate.errors import UsageError

if TYPE_CHECKING:
    from vsm_gate.analytics.picture import Picture
    from vsm_gate.analytics.warehouse import Warehouse
    from vsm_gate.scorecards.curves import Curves


@dataclass(frozen=True, slots=True)
class Request:
    """The command line of `report`, as it was given."""

    since: datetime | None
    until: datetime | None
    teams: tuple[str, ...]
    out: Path | None
    shape: str | None
    curves: str | None
    history_branch: str | None
    history_remote: str | None
    cache: Path | None
    engine: str | None
    now: datetime

    def check(self) -> None:
        """Raises `UsageError` for what contradicts itself."""
        if (self.out is None) == (self.shape is None):
            raise UsageError("say either --out DIR, for the site, or --format " + "|".join(_SHAPES))
        if self.since is not None and self.since >= (self.until or self.now):
            raise UsageError(
                "--since is not before --until", hint="the end is now unless you name it"
            )

    def source(self) -> Source:
        """The history that is reported on."""
        # What a team could borrow is known of its peers: a digest reads them all.
        teams = () if self.shape == "digest" else self.teams
        return Source(
            self.history_branch, self.history_remote, self.cache, self.engine, teams, self.now
        )


_SHAPES: Final = ("json", "markdown", "csv", "trends", "digest", "openmetrics")


@click.command("report")
@click.option("--since", type=Time(), metavar="TIME", help="Begin.  [default: the oldest record]")
@click.option("--until", type=Time(), metavar="TIME", help="End, itself excluded.  [default: now]")
@click.option("--team", "teams", multiple=True, metavar="TEAM", help="Only this team; repeatable.")
@click.option(
    "--out", type=click.Path(path_type=Path), metavar="DIR", help="Write the site to this folder."
)
@click.option(
    "--format",
    "shape",
    type=click.Choice(_SHAPES),
    help="Print the figures instead of writing the site; trends are those of every week, and of "
    "the 4 and 13 weeks up to it, as CSV.",
)
@click.option(
    "--curves",
    metavar="FILE",
    help="Score the dimensions by the curves of this scorecard.  [default: the tool's]",
)
@warehouse_options
@history_options
@now_option
def command(**given: Any) -> None:
    r"""Draw the report of the history: the picture now, what changed, what to do next.

    \b
    Examples:
      vsm-gate report --out site
      vsm-gate report --format json --since 2026-10-01T00:00:00Z --team payments
      vsm-gate report --format digest --team payments
      vsm-gate report --format trends > trends.csv
    """
    request = Request(**given)
    request.check()
    require_extra()
    with _no_collection(), open_warehouse(request.source()) as warehouse:
        picture = _picture(request, warehouse)
        if request.out is None:
            click.echo(_printed(request, picture, warehouse), nl=False)
            return
        progress("Drawing")
        from vsm_gate.report import pages, site

        site.write(pages.plan(picture, warehouse), request.out)
        progress("")
        click.echo(str(request.out / "index.html"))


@contextmanager
def _no_collection() -> Iterator[None]:
    """Leave cycles alone: what a report makes of rows lives until it ends, and the search for what
    does not is an eighth of its time.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def require_extra() -> None:
    """Raises `UsageError` where the libraries of the report are not installed."""
    try:
        import duckdb  # noqa: F401
        import vl_convert  # noqa: F401
    except ModuleNotFoundError as absent:
        raise UsageError(
            f"the report needs {absent.name}, which is not installed",
            hint='install the report extra: pip install "vsm-gate[report]"',
        ) from None


def _picture(request: Request, warehouse: Warehouse) -> Picture:
    from vsm_gate.analytics.picture import draw

    # What is recorded in this second belongs to a report that ends now.
    until = request.until or request.now + timedelta(seconds=1)
    since = None if request.since is None else _utc(request.since)
    curves = _curves(request.curves)
    picture = draw(warehouse, since=since, until=_utc(until), now=_utc(request.now), curves=curves)
    for team in request.teams:
        if team not in picture.teams:
            click.echo(f"vsm-gate: no record is of the team `{team}`", err=True)
    return picture


def _curves(scorecard: str | None) -> Curves | None:
    """The curves that a scorecard brings; None for those of the tool."""
    if scorecard is None:
        return None
    from vsm_gate.cli.scorecard_files import load_policy

    own = load_policy(scorecard).curves
    if own is None:
        raise UsageError(
            f"{scorecard} brings no curves", hint="write `curves`, or leave --curves out"
        )
    return own.curves


def _printed(request: Request, picture: Picture, warehouse: Warehouse) -> str:
    from vsm_gate.report import formats
    from vsm_gate.report.openmetrics import to_openmetrics

    if request.shape == "digest":
        from vsm_gate.report.digest import to_digest
        from vsm_gate.report.findings import find

        return to_digest(picture, find(warehouse, picture), request.teams)
    if request.shape == "trends":
        from vsm_gate.analytics.series import ROLLING, rolling, weekly
        from vsm_gate.report.tables import trends_csv

        windows = {weeks: rolling(warehouse, picture, weeks) for weeks in ROLLING}
        return trends_csv({1: weekly(picture), **windows})
    shapes = {
        "json": formats.to_json,
        "markdown": formats.to_markdown,
        "csv": formats.to_csv,
        "openmetrics": to_openmetrics,
    }
    return shapes[str(request.shape)](picture)


def _utc(time: datetime) -> datetime:
    """As the tables have it: in UTC, without a zone."""
    return time.astimezone(UTC).replace(tzinfo=None)
