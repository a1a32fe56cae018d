"""What the jobs of this run took, from the forge's API."""

from __future__ import annotations

from datetime import datetime, timedelta
from fractions import Fraction
from typing import Final

from vsm_gate.api.client import Client, Json, moment, number, text
from vsm_gate.model.change import Context
from vsm_gate.model.forge import JobRun

_UNSTARTED: Final = frozenset({"queued", "waiting", "pending", "requested"})


def read_runs(client: Client, context: Context, now: datetime) -> tuple[JobRun, ...]:
    """The jobs of every attempt of the run that have begun, by attempt. Raises `ApiError`.

    A job that is running has taken the time until `now`. A re-run of failed jobs lists those that
    had succeeded once more: they are counted where they ran.
    """
    place = f"/actions/runs/{int(context.run)}/jobs?filter=all"
    listed = list(client.pages(place, inside="jobs", most=client.spare(2)))
    listed.sort(key=lambda job: (_attempt(job), text(job, "name")))
    found: dict[tuple[str, datetime, datetime | None], JobRun] = {}
    for job in listed:
        started = moment(job, "started_at")
        skipped = text(job, "conclusion") == "skipped" or text(job, "status") in _UNSTARTED
        if started is None or skipped:
            continue
        identity = (text(job, "name"), started, moment(job, "completed_at"))
        found.setdefault(identity, _job(job, started, now))
    return tuple(found.values())


def _job(job: Json, started: datetime, now: datetime) -> JobRun:
    queued, ended = moment(job, "created_at"), moment(job, "completed_at")
    return JobRun(
        name=text(job, "name"),
        attempt=_attempt(job),
        queued_s=_seconds(started - queued) if queued else None,
        duration_s=_seconds((ended or now) - started),
        conclusion=text(job, "conclusion") or None if ended else None,
    )


def _attempt(job: Json) -> int:
    """The attempt that a job is of; an older server does not tell, and it is the first."""
    return number(job, "run_attempt") or 1


def _seconds(time: timedelta) -> Fraction:
    """Never below 0: clocks of a forge and of its runners are not one."""
    return max(Fraction(time // timedelta(microseconds=1), 1_000_000), Fraction(0))
