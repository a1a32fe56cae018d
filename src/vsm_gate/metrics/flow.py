"""Flow metrics and waste: where time goes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from vsm_gate.metrics.metric import Direction, Metric, nothing_to_measure
from vsm_gate.model.results import Measurement

if TYPE_CHECKING:
    from vsm_gate.model.forge import ForgeFacts, JobRun


METRICS: Final = (
    Metric(
        "flow.time",
        "Flow time",
        "s",
        Direction.LOWER,
        "median(merged − first commit)",
        "pull requests",
    ),
    Metric(
        "flow.velocity",
        "Flow velocity",
        "count",
        Direction.HIGHER,
        "changes finished in the window",
        "pull requests",
    ),
    Metric(
        "flow.load",
        "Flow load",
        "count",
        Direction.LOWER,
        "changes open now",
        "pull requests",
    ),
    Metric(
        "flow.distribution",
        "Flow distribution",
        "%",
        Direction.NONE,
        "features ÷ merged changes of which it is known whether they are feature, defect, risk or "
        "debt",
        "labels or conventional commits",
    ),
    Metric(
        "flow.efficiency",
        "Pipeline flow efficiency",
        "%",
        Direction.HIGHER,
        "time in which a job of the change runs ÷ (deployed − opened); work by people is not seen",
        "job timings and reviews",
    ),
    Metric(
        "flow.complete_accurate",
        "Complete and accurate",
        "%",
        Direction.HIGHER,
        "changes that leave a stage without rework ÷ those that enter it; rolled: the "
        "product over stages",
        "attempts, reviews and deployments",
    ),
    Metric(
        "waste.queue",
        "Queueing",
        "min",
        Direction.LOWER,
        "job started − queued",
        "job timings",
    ),
    Metric(
        "waste.rerun",
        "Reruns",
        "min",
        Direction.LOWER,
        "minutes of jobs in attempts after the first",
        "job timings",
    ),
    Metric(
        "waste.flaky",
        "Flaky reruns",
        "min",
        Direction.LOWER,
        "minutes of jobs that turned green in a later attempt, with no code change",
        "job timings",
    ),
    Metric(
        "waste.review_wait",
        "Review wait",
        "min",
        Direction.LOWER,
        "time from first asking for a review to the first one",
        "the timeline of the pull request and its reviews",
    ),
    Metric(
        "waste.blocked",
        "Blocked without cause",
        "min",
        Direction.LOWER,
        "time red until green with no code change",
        "records",
    ),
    Metric(
        "waste.late_defects",
        "Late defects",
        "count",
        Direction.LOWER,
        "defects found in acceptance or production that an earlier stage exists for",
        "records and incidents",
    ),
)

FROM_FORGE: Final = ("waste.queue", "waste.rerun", "waste.flaky", "waste.review_wait")
_RED: Final = frozenset({"failure", "timed_out"})


def measure(facts: ForgeFacts) -> Iterator[Measurement]:
    """The waste of one change, as far as its run has come."""
    if facts.runs is None:
        for metric in ("waste.queue", "waste.rerun", "waste.flaky"):
            yield Measurement(metric, missing=facts.why("runs"))
    else:
        yield from _of_jobs(facts.runs)
    yield _review_wait(facts)


def _of_jobs(jobs: tuple[JobRun, ...]) -> Iterator[Measurement]:
    queued = [job.queued_s for job in jobs if job.queued_s is not None]
    if queued:
        yield _minutes("waste.queue", queued)
    else:
        yield nothing_to_measure("waste.queue", "of no job it is known when it was queued")
    yield _minutes("waste.rerun", (job.duration_s for job in jobs if job.attempt > 1))
    yield _minutes("waste.flaky", (job.duration_s for job in jobs if _turned_green(job, jobs)))


def _turned_green(job: JobRun, jobs: tuple[JobRun, ...]) -> bool:
    """Whether the job failed in an earlier attempt of the same run, and so on the same code."""
    return job.conclusion == "success" and any(
        each.name == job.name and each.attempt < job.attempt and each.conclusion in _RED
        for each in jobs
    )


def _review_wait(facts: ForgeFacts) -> Measurement:
    pull = facts.pull_request
    if pull is None or pull.reviews is None:
        return Measurement("waste.review_wait", missing=facts.why_of_pull("reviews"))
    if pull.review_requested is None and "timeline" in facts.missing:
        return Measurement("waste.review_wait", missing=facts.why("timeline"))
    if pull.review_requested is None:
        return nothing_to_measure("waste.review_wait", "nobody was asked for a review")
    if pull.reviews.first is None:
        return nothing_to_measure("waste.review_wait", "there is no review yet")
    waited = pull.reviews.first - pull.review_requested
    return _minutes("waste.review_wait", [max(Fraction(int(waited.total_seconds())), Fraction(0))])


def _minutes(metric: str, seconds: Iterable[Fraction]) -> Measurement:
    return Measurement(metric, sum(seconds, Fraction(0)) / 60)
