"""The tables of records, and the queries that read them, on whatever engine they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from vsm_gate.analytics import sql
from vsm_gate.analytics.engine import Engine, Row, connect
from vsm_gate.analytics.extraction import load
from vsm_gate.analytics.figures import directions
from vsm_gate.analytics.periods import Period
from vsm_gate.analytics.work import KINDS_OF_WORK

__all__ = ["Deployed", "Row", "Warehouse", "query_names"]

TABLES: Final = (
    "records",
    "checks",
    "deployments",
    "incidents",
    "ties",
    "failures",
    "releases",
    "slo_readings",
    "approvals",
    "wastes",
    "defects",
    "reruns",
    "control",
)
# These depend on what git says of the deployments.
_OF_GIT: Final = ("lead_times", "changes", "carried", "passages")

# What git is asked about, so that it can say.
_FOR_GIT: Final = frozenset({"deployed_commits", "pull_request_heads", "trunk_ends", "span"})

# Repository, deployed commit, change, first authored, merged, and its kind of conventional commit.
Deployed = tuple[str, str, str, datetime, datetime, str | None]


class Warehouse:
    """Records as tables. `rejected` counts those that are no JSON document or have no time."""

    def __init__(self, engine: Engine, teams: Sequence[str] = (), rejected: int = 0) -> None:
        """Over an engine that has the tables of records; where `teams` are named, only theirs."""
        self._engine = engine
        self.rejected = rejected
        engine.give("chosen_teams", {"team": "text"}, [(team,) for team in teams])
        engine.give("kinds_of_work", {"name": "text", "work": "text"}, list(KINDS_OF_WORK.items()))
        columns = {"number": "whole", "metric": "text", "worst": "whole"}
        worst = [(number, *pair) for number, pair in enumerate(directions().items(), 1)]
        engine.give("directions", columns, worst)
        for table in TABLES:
            engine.make(table, sql.text("tables", table))
        self._found: list[Deployed] = []
        self._of_git = False
        self.set_trunk(())

    @classmethod
    def of(
        cls, records: Iterable[tuple[str, Mapping[str, Any]]], teams: Sequence[str] = ()
    ) -> Warehouse:
        """Over `(id, document)` pairs, loaded into memory."""
        duck = connect()
        rejected = load(duck, records)
        return cls(duck, teams, rejected)

    def set_deployed(self, rows: Iterable[Deployed]) -> None:
        """Say which changes each deployment carried first."""
        self._found = list(rows)
        self._of_git = False

    def _make_tables_of_git(self) -> None:
        """Make what depends on `deployed`, once somebody asks for it."""
        columns = {
            "repository": "text", "commit_id": "text", "change": "text",
            "authored": "time", "merged": "time", "kind": "text",
        }  # fmt: skip
        self._engine.give("deployed", columns, self._found)
        for table in _OF_GIT:
            self._engine.make(table, sql.text("tables", table))
        self._of_git = True

    def set_trunk(self, rows: Iterable[tuple[str, str, str, datetime]]) -> None:
        """Say which commits the default branch has: repository, team, commit, when committed."""
        columns = {"repository": "text", "team": "text", "commit_id": "text", "time": "time"}
        self._engine.give("trunk", columns, list(rows))

    def set_periods(self, periods: Iterable[Period]) -> None:
        """Say which periods the queries are about."""
        columns = {"period": "text", "since": "time", "until": "time", "days": "number"}
        rows = [(row.name, row.since, row.until, row.days) for row in periods]
        self._engine.give("periods", columns, rows)

    def set_roll_ups(self, roll_ups: Mapping[str, str]) -> None:
        """Say how the measurements of many changes become one figure: metric → way."""
        columns = {"metric": "text", "roll_up": "text"}
        self._engine.give("metrics", columns, list(roll_ups.items()))

    def first_and_last(self) -> tuple[datetime, datetime] | None:
        """Times of the oldest and the newest record; None where there is no record."""
        (found,) = self.query("views", "span")
        return None if found["first"] is None else (found["first"], found["last"])

    def query(self, folder: str, name: str) -> list[Row]:
        """The rows of one `.sql` file."""
        if not self._of_git and name not in _FOR_GIT:
            self._make_tables_of_git()
        return list(self._engine.rows(sql.text(folder, name)))

    def records(self, most: int) -> Iterator[Row]:
        """The newest check records of each team in the period: by team, newest first, streamed."""
        return self._engine.rows(sql.text("views", "records"), [str(most)])

    def figures(self) -> Iterator[Row]:
        """The rows of all figures: metric, period, team, value, n, numerator, denominator.

        Those that roll up what each change measured are apart, see `measured`.
        """
        for name in query_names():
            if not name.startswith("measurements."):
                yield from self.query("queries", name)

    def measured(self, roll_ups: Mapping[str, str]) -> Iterator[Row]:
        """The rows of the figures that are rolled up from the measurements of changes."""
        for way in sorted(set(roll_ups.values())):
            metrics = [metric for metric, each in roll_ups.items() if each == way]
            size = self._engine.metrics_at_once
            for start in range(0, len(metrics), size):
                self.set_roll_ups(dict.fromkeys(metrics[start : start + size], way))
                yield from self.query("queries", f"measurements.{way}")


def query_names() -> list[str]:
    """The figures' queries, by name."""
    return sql.names("queries")
