"""Change metrics: how large and how scattered a change is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from vsm_gate.metrics.metric import Direction, Metric, count, nothing_to_measure, rate
from vsm_gate.model.results import Measurement

if TYPE_CHECKING:
    from vsm_gate.change.features import ChangeFeatures
    from vsm_gate.model.change import PastOfFiles
    from vsm_gate.model.forge import ForgeFacts


_KAMEI: Final = "Kamei et al., IEEE TSE 39(6), 2013"

METRICS: Final = (
    Metric(
        "change.files",
        "Files",
        "count",
        Direction.LOWER,
        "files added, modified, deleted or renamed",
        "the change",
    ),
    Metric(
        "change.lines_added",
        "Lines added",
        "count",
        Direction.NONE,
        "lines added (LA)",
        "the change",
        _KAMEI,
    ),
    Metric(
        "change.lines_deleted",
        "Lines deleted",
        "count",
        Direction.NONE,
        "lines deleted (LD)",
        "the change",
        _KAMEI,
    ),
    Metric(
        "change.directories",
        "Directories",
        "count",
        Direction.LOWER,
        "distinct directories with a changed file (ND)",
        "the change",
        _KAMEI,
    ),
    Metric(
        "change.subsystems",
        "Subsystems",
        "count",
        Direction.LOWER,
        "distinct top-level directories with a changed file (NS)",
        "the change",
        _KAMEI,
    ),
    Metric(
        "change.entropy",
        "Entropy",
        "ratio",
        Direction.LOWER,
        "−Σ pₖ log₂ pₖ ÷ log₂ n over the changed lines of each of n files",
        "the change",
        "Hassan, ICSE 2009",
    ),
    Metric(
        "change.file_age",
        "File age",
        "days",
        Direction.HIGHER,
        "mean time since the changed files were last changed, renames followed (AGE)",
        "the repository's history",
        _KAMEI,
    ),
    Metric(
        "change.prior_changes",
        "Prior changes",
        "count",
        Direction.LOWER,
        "distinct earlier changes to the changed files, of each the newest 250 (NUC)",
        "the repository's history",
        _KAMEI,
    ),
    Metric(
        "change.prior_authors",
        "Prior authors",
        "count",
        Direction.LOWER,
        "number of people who made those earlier changes, as a count only (NDEV)",
        "the repository's history",
        _KAMEI,
    ),
    Metric(
        "change.is_fix",
        "Is a fix",
        "count",
        Direction.NONE,
        "1 where the title of a commit says that a defect is fixed, else 0 (FIX)",
        "the change",
        _KAMEI,
    ),
    Metric(
        "change.test_ratio",
        "Test share",
        "%",
        Direction.HIGHER,
        "changed lines in tests ÷ all changed lines",
        "the change",
    ),
    Metric(
        "change.approvals",
        "Approvals",
        "count",
        Direction.HIGHER,
        "people who approved the final revision",
        "the forge's reviews, or approval events",
    ),
    Metric(
        "change.self_merge",
        "Self-merge",
        "count",
        Direction.LOWER,
        "1 where the author or a bot merged without another's approval of the final revision",
        "the pull request and its reviews",
    ),
    Metric(
        "change.review_comments",
        "Review comments",
        "count",
        Direction.NONE,
        "remarks beside the code",
        "the pull request",
    ),
)

_HOW: Final = "`vsm-gate event approval --commit SHA --by WHO` records one"
FROM_FORGE: Final = ("change.approvals", "change.self_merge", "change.review_comments")


def measure(found: ChangeFeatures, past: PastOfFiles) -> Iterator[Measurement]:
    """All change metrics that follow from the diff, and from the history before it."""
    yield count("change.files", found.files)
    yield count("change.lines_added", found.lines_added)
    yield count("change.lines_deleted", found.lines_deleted)
    yield count("change.directories", found.directories)
    yield count("change.subsystems", found.subsystems)
    if found.entropy is None:
        yield nothing_to_measure("change.entropy", "no line was changed")
        yield nothing_to_measure("change.test_ratio", "no line was changed")
    else:
        yield Measurement("change.entropy", found.entropy)
        yield rate("change.test_ratio", found.test_lines, found.lines)
    yield from _past(past)


def _past(past: PastOfFiles) -> Iterator[Measurement]:
    if past.prior_changes is None or past.prior_authors is None or past.is_fix is None:
        for metric in ("file_age", "prior_changes", "prior_authors", "is_fix"):
            yield Measurement(f"change.{metric}", missing=past.missing)
        return
    if past.file_age is None:
        yield nothing_to_measure("change.file_age", "no changed file was there before")
    else:
        yield Measurement("change.file_age", past.file_age)
    yield count("change.prior_changes", past.prior_changes)
    yield count("change.prior_authors", past.prior_authors)
    yield count("change.is_fix", int(past.is_fix))


def measure_pull_request(facts: ForgeFacts) -> Iterator[Measurement]:
    """All change metrics that follow from the pull request, as the forge tells of it."""
    yield _approvals(facts)
    yield _self_merge(facts)
    yield _review_comments(facts)


def _approvals(facts: ForgeFacts) -> Measurement:
    """By the forge's reviews and by approval events together, each person once."""
    pull, recorded = facts.pull_request, facts.recorded or frozenset()
    told = pull.approvers if pull else None
    if told is None and not recorded:
        why = facts.why_of_pull("reviews")
        if facts.recorded is not None:
            why += f"; and the history has none either ({_HOW})"
        return Measurement("change.approvals", missing=why)
    people = {each.casefold() for each in (*(told or ()), *recorded)}
    return count("change.approvals", len(people))


def _self_merge(facts: ForgeFacts) -> Measurement:
    """Of a pull request that is not merged there is nothing to say yet."""
    pull, metric = facts.pull_request, "change.self_merge"
    if pull is None:
        known = bool(facts.recorded)
        return count(metric, 0) if known else Measurement(metric, missing=facts.why("pull_request"))
    if pull.merged is None:
        return nothing_to_measure(metric, "the pull request is not merged yet")
    if pull.merged_by is None:
        return Measurement(metric, missing="the forge does not tell who merged it")
    alone = pull.merged_by == pull.author or pull.merged_by.endswith("[bot]")
    if alone and pull.approvers is None and not facts.recorded:
        return Measurement(metric, missing=facts.why("reviews"))
    return count(metric, int(alone and not pull.approvers and not facts.recorded))


def _review_comments(facts: ForgeFacts) -> Measurement:
    pull = facts.pull_request
    if pull is None or pull.review_comments is None:
        return Measurement("change.review_comments", missing=facts.why("pull_request"))
    return count("change.review_comments", pull.review_comments)
