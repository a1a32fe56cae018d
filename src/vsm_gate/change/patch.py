"""Patch coverage: of the lines that a change adds or modifies, those that tests ran."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from vsm_gate.change.paths import is_test, suffix
from vsm_gate.model.change import Change, FileChange
from vsm_gate.model.coverage import COVERED, MISSED, CoverageReport, FileCoverage


@dataclass(frozen=True, slots=True)
class PatchCoverage:
    """Coverage of the lines that a change adds or modifies, at the head.

    `covered` ÷ `coverable` is patch coverage. `missed` has the lines not covered by path, as
    ascending ranges without gaps, so that their lengths sum to `coverable - covered`.
    `branches_taken` and `branches_total` are None where the reports carry no branches.
    `files_without_data` are changed source files that the reports should know and do not.
    `reason` says in words why nothing is coverable, and is empty where something is.
    """

    covered: int = 0
    coverable: int = 0
    missed: dict[str, tuple[range, ...]] = field(default_factory=dict)
    branches_taken: int | None = None
    branches_total: int | None = None
    files_without_data: tuple[str, ...] = ()
    reason: str = ""


def patch_coverage(change: Change, coverage: CoverageReport) -> PatchCoverage:
    """Measure `change` by a report whose files bear the repository's paths.

    A changed line counts where the report holds it to be coverable; a renamed file counts by what
    was changed in it, under its new name. Linear in the changed lines.
    """
    covered = coverable = taken = outcomes = 0
    missed: dict[str, tuple[range, ...]] = {}
    for file in change.files:
        data = coverage.files.get(file.path)
        if data is None or not file.added_lines:
            continue
        hit, gaps = _lines(file, data)
        lost = sum(len(gap) for gap in gaps)
        covered, coverable = covered + hit, coverable + hit + lost
        if gaps:
            missed[file.path] = gaps
        for mask, total in _branches(file, data):
            taken, outcomes = taken + mask.bit_count(), outcomes + total
    without_data = _without_data(change, coverage)
    return PatchCoverage(
        covered=covered,
        coverable=coverable,
        missed=missed,
        branches_taken=taken if coverage.has_branches else None,
        branches_total=outcomes if coverage.has_branches else None,
        files_without_data=without_data,
        reason="" if coverable else _reason(change, coverage, without_data),
    )


def _lines(file: FileChange, data: FileCoverage) -> tuple[int, tuple[range, ...]]:
    """How many changed lines are covered, and the ranges of those that are missed."""
    covered = 0
    gaps: list[range] = []
    for lines in file.added_lines:
        states = data.lines[lines.start : lines.stop]
        covered += states.count(COVERED)
        at = states.find(MISSED)
        while at >= 0:
            end = at + 1
            while end < len(states) and states[end] == MISSED:
                end += 1
            gaps.append(range(lines.start + at, lines.start + end))
            at = states.find(MISSED, end)
    return covered, tuple(gaps)


def _branches(file: FileChange, data: FileCoverage) -> Iterator[tuple[int, int]]:
    """The outcomes of the branches on changed lines."""
    if not data.branches:  # pragma: no mutate - quicker, and the same
        return
    for lines in file.added_lines:
        for line in lines:
            if line in data.branches:
                yield data.branches[line]


def _without_data(change: Change, coverage: CoverageReport) -> tuple[str, ...]:
    """Changed files that the reports should know: alike in place, suffix and kind to one they do.

    A report that measures no tests is not asked for a test, one that measures `src` not for what
    stands beside it, and none for generated or vendored files.
    """
    unknown = [
        file.path
        for file in change.files
        if file.added_lines
        and not (file.generated or file.vendored or file.binary)
        and file.path not in coverage.files
    ]
    if not unknown:  # pragma: no mutate - quicker, and the same
        return ()
    known = {_kind(path) for path in coverage.files}
    return tuple(path for path in unknown if _kind(path) in known)


def _kind(path: str) -> tuple[str | None, str, bool]:
    """Its top folder, None for a file at the root; its suffix; whether it is a test."""
    top, slash, _ = path.partition("/")
    return (top if slash else None, suffix(path), is_test(path))


def _reason(change: Change, coverage: CoverageReport, without_data: tuple[str, ...]) -> str:
    """Why nothing is coverable."""
    changed = [file for file in change.files if file.added_lines]
    if not change.files:
        return "the change touches no file"
    if not changed:
        return "the change adds or modifies no line of text"
    if not coverage.files:
        return "the coverage reports name no file of the repository"
    if without_data:
        return f"the coverage reports do not know {_some(without_data)}"
    return _nothing_coverable(changed, coverage)


def _nothing_coverable(changed: list[FileChange], coverage: CoverageReport) -> str:
    """As `_reason`, where there are changed lines and the reports know all that they should."""
    measured = [file for file in changed if file.path in coverage.files]
    if not measured:
        paths = _some(tuple(file.path for file in changed))
        return f"the coverage reports measure no changed file ({paths})"
    if not any(coverage.files[file.path].lines for file in measured):
        paths = _some(tuple(file.path for file in measured))
        return f"the coverage reports give no lines of {paths}"
    count = sum(len(lines) for file in measured for lines in file.added_lines)
    if count == 1:
        return "the one changed line is not coverable"
    return f"none of the {count} changed lines is coverable"


def _some(paths: tuple[str, ...]) -> str:
    shown = ", ".join(paths[:3])
    return shown if len(paths) <= 3 else f"{shown} and {len(paths) - 3} more"
