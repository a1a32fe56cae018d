"""What the jobs of this run took, from the forge's API."""

from __future__ import annotations

from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any, Final

from vsm_gate.api.client import Client, field, moment
from vsm_gate.model.change import Context
from vsm_gate.model.forge import JobRun

_UNSTARTED: Final = frozenset({"queued", "waiting", "pending", "requested"})


def read_runs(client: Client, context: Context, now: datetime) -> tuple[JobRun, ...]:
    """The jobs of every attempt of the run that have begun, by attempt. Raises `ApiError`.

    A job that is running has taken the time until `now`. A re-run of failed jobs lists those that
    had succeeded once more: they are counted where they ran.
    """
    place = f"/actions/runs/{int(context.run)}/jobs?filter=all"
    listed = list(client.pages(place, inside="jobs", most=client.spare(3)))
    listed.sort(key=lambda job: (_attempt(job), str(job.get("name"))))
    found: dict[tuple[Any, ...], JobRun] = {}
    for job in listed:
        started = moment(job, "started_at")
        skipped = job.get("conclusion") == "skipped" or job.get("status") in _UNSTARTED
        if started is None or skipped:
            continue
        identity = (job.get("name"), started, job.get("completed_at"))
        found.setdefault(identity, _job(job, started, now))
    return tuple(found.values())


def _job(job: dict[str, Any], started: datetime, now: datetime) -> JobRun:
    queued, ended = moment(job, "created_at"), moment(job, "completed_at")
    conclusion = job.get("conclusion")
    return JobRun(
        name=str(field(job, "name")),
        attempt=_attempt(job),
        queued_s=_seconds(started - queued) if queued else None,
        duration_s=_seconds((ended or now) - started),
        conclusion=None if ended is None or conclusion is None else str(conclusion),
    )


def _attempt(job: dict[str, Any]) -> int:
    """The attempt that a job is of; an older server does not tell, and it is the first."""
    attempt = job.get("run_attempt")
    return attempt if isinstance(attempt, int) and attempt > 0 else 1


def _seconds(time: timedelta) -> Fraction:
    """Never below 0: clocks of a forge and of its runners are not one."""
    return max(Fraction(time // timedelta(microseconds=1), 1_000_000), Fraction(0))
