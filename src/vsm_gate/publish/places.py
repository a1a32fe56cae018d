"""The places that a step is about: failed tests, lines that no test runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from vsm_gate.model.tests import CaseDetail, Outcome
from vsm_gate.publish.result import CheckResult

# What the base says of a red case.
NEW: Final = "new in this change"
KNOWN: Final = "failed at the base already"
FLAKY: Final = "known to be flaky"

# So many ranges of lines are shown of a file.
_RANGES: Final = 12


@dataclass(frozen=True, slots=True)
class Place:
    """Something to look at: what it is, what was said of it, and the lines of a file, if known.

    `ranges` are the first of the lines that it is about, `more_ranges` counts the others.
    """

    title: str
    said: str = ""
    path: str = ""
    ranges: tuple[range, ...] = ()
    more_ranges: int = 0

    @property
    def text(self) -> str:
        """All of it on one line, for where there are no links."""
        where = self.path
        if self.path and self.ranges:
            shown = ranges_text(self.ranges, self.more_ranges)
            many = len(self.ranges) > 1 or len(self.ranges[0]) > 1
            line = f"line{'s' if many else ''} {shown}"
            where = f"{self.path}:{shown}" if self.title else f"{self.path}: {line}"
        return "  ".join(part for part in (self.title, self.said, where) if part)


@dataclass(frozen=True, slots=True)
class Group:
    """Places that have something in common, which the title says; `more` counts those not shown."""

    title: str
    places: tuple[Place, ...]
    more: int = 0


Subject = Literal["failures", "flaky", "patch", "unmapped"]


def subject_of(metric: str) -> Subject | None:
    """What a metric's places are. Metrics of one subject have the same ones."""
    if metric in {"tests.failed", "tests.pass_rate", "tests.new_failures"}:
        return "failures"
    if metric.startswith("coverage.patch"):
        return "patch"
    of_metric: dict[str, Subject] = {"tests.flaky": "flaky", "coverage.unmapped": "unmapped"}
    return of_metric.get(metric)


def groups(subject: Subject | None, result: CheckResult, limit: int) -> tuple[Group, ...]:
    """The places of a subject, at most `limit` of them, the rest counted."""
    if subject == "failures" and result.tests:
        return _failures(result, limit)
    if subject == "flaky" and result.tests:
        flaky = [each for each in result.tests.details if each.outcome is Outcome.FLAKY]
        return _group("", [case(detail) for detail in flaky], limit)
    if subject == "patch" and result.patch:
        missed = result.patch.missed.items()
        return _group("", [_uncovered(path, ranges) for path, ranges in missed], limit)
    if subject == "unmapped":
        return _group("", [Place(path) for path in result.unmapped], limit)
    return ()


def _group(title: str, places: Sequence[Place], limit: int) -> tuple[Group, ...]:
    """The first `limit` as a group; no group where there are none."""
    shown = tuple(places[:limit])
    return (Group(title, shown, len(places) - len(shown)),) if places else ()


def _failures(result: CheckResult, limit: int) -> tuple[Group, ...]:
    """Red cases: those of this change before those that failed at the base already."""
    found: list[Group] = []
    for title, details in red_cases(result).items():
        found += _group(title, [case(detail) for detail in details], limit)
        limit -= len(found[-1].places)
    counts = result.tests.counts() if result.tests else None
    beyond = counts.red - sum(len(each.places) + each.more for each in found) if counts else 0
    if beyond > 0 and found:
        found[-1] = replace(found[-1], more=found[-1].more + beyond)
    return tuple(found)


def red_cases(result: CheckResult) -> dict[str, list[CaseDetail]]:
    """Red cases by what the base says of them, in this order; no title where it says nothing."""
    found: dict[str, list[CaseDetail]] = {"": [], NEW: [], KNOWN: [], FLAKY: []}
    since = result.since
    for detail in result.tests.red_details() if result.tests else ():
        if since is None or not detail.identity:
            title = ""
        elif detail.identity in since.known_failures:
            title = KNOWN
        else:
            title = FLAKY if detail.identity in since.flaky_failures else NEW
        found[title].append(detail)
    return {title: details for title, details in found.items() if details}


def case(detail: CaseDetail) -> Place:
    """A case, the first line of its message, and where it stands."""
    said = (detail.message or detail.text or detail.type).strip().partition("\n")[0]
    lines = (range(detail.line, detail.line + 1),) if detail.file and detail.line else ()
    return Place(detail.title, said, detail.file, lines)


def _uncovered(path: str, ranges: Sequence[range]) -> Place:
    shown = tuple(ranges[:_RANGES])
    return Place("", "", path, shown, len(ranges) - len(shown))


def ranges_text(ranges: Sequence[range], more: int = 0) -> str:
    """Line ranges as a person writes them: `12–15, 31`."""
    shown = ", ".join(range_text(part) for part in ranges)
    return shown + (f" and {more:,} more range{'' if more == 1 else 's'}" if more else "")


def range_text(part: range) -> str:
    """The first and the last line of a range, or the one that it has."""
    return str(part.start) if len(part) == 1 else f"{part.start}–{part.stop - 1}"
