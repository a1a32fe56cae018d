"""All reports in one language: merged over shards, with the repository's paths. Pure."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from vsm_gate.change.paths import is_test
from vsm_gate.collect.reports import Collected
from vsm_gate.model.coverage import CoverageReport
from vsm_gate.model.evidence import Evidence
from vsm_gate.model.tests import CaseDetail, TestReport
from vsm_gate.readers.merge import merge_coverage, merge_tests
from vsm_gate.readers.paths import Mapped, locate, map_paths
from vsm_gate.readers.traces import places
from vsm_gate.readers.tracked import TrackedFiles


@dataclass(frozen=True, slots=True)
class Normalized:
    """What all reports say together.

    `tests` and `coverage` are None where no report was read. `test_problems` and
    `coverage_problems` are sentences about evidence that was declared and is absent, or is there
    and cannot be believed. `manual` counts the cases that were run by hand, `unmapped` are the
    files of coverage reports that match none of the repository's.
    """

    evidence: tuple[Evidence, ...]
    tests: TestReport | None = None
    test_problems: tuple[str, ...] = ()
    manual: int = 0
    coverage: CoverageReport | None = None
    coverage_problems: tuple[str, ...] = ()
    unmapped: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def problems(self) -> tuple[str, ...]:
        """All sentences about evidence that is not what it should be."""
        return self.test_problems + self.coverage_problems

    def paths(self, kind: str) -> tuple[str, ...]:
        """The files that are evidence of a kind."""
        return tuple(found.path for found in self.evidence if found.kind == kind)


def normalize(
    collected: Collected, tracked: Sequence[str], go_modules: Mapping[str, str] | None = None
) -> Normalized:
    """Merge what was read into one language, and say what could not be.

    `tracked` are the files of the repository, `go_modules` the folders of its Go modules.
    """
    files = TrackedFiles(tracked, go_modules)
    tests = [
        _located(found, files, posixpath.dirname(evidence.path))
        for evidence, found in collected.readings
        if isinstance(found, TestReport)
    ]
    mapped = [
        map_paths(found, files, folder=posixpath.dirname(evidence.path))
        for evidence, found in collected.readings
        if isinstance(found, CoverageReport)
    ]
    unmapped = tuple(path for each in mapped for path in (*each.unmapped, *each.ambiguous))
    coverage = merge_coverage([each.report for each in mapped]) if mapped else None
    return Normalized(
        evidence=tuple(evidence for evidence, _ in collected.readings),
        tests=merge_tests(tests) if tests else None,
        test_problems=tuple(collected.problems("tests")),
        manual=sum(len(report.cases) for report in tests if report.manual),
        coverage=coverage,
        coverage_problems=(
            *collected.problems("coverage"),
            *(_nothing_maps(coverage, unmapped) if coverage else ()),
        ),
        unmapped=unmapped,
        notes=tuple(_notes(tests, mapped)),
    )


def _located(report: TestReport, files: TrackedFiles, folder: str) -> TestReport:
    """The report with repository paths where its cases are shown, as far as they can be told.

    Where a report names no file, what the failure printed does.
    """
    named = dict.fromkeys(detail.file for detail in report.details if detail.file)
    printed = {
        index: list(places(f"{detail.message}\n{detail.text}"))
        for index, detail in enumerate(report.details)
        if not detail.file
    }
    named |= dict.fromkeys(path for found in printed.values() for path, _ in found)
    found = locate(named, files, folder=folder).found if named else {}
    details = [
        _placed(
            each, [(found[path], line) for path, line in printed.get(index, ()) if path in found]
        )
        if index in printed
        else replace(each, file=found.get(each.file, each.file))
        for index, each in enumerate(report.details)
    ]
    return replace(report, details=details)


def _placed(detail: CaseDetail, named: Sequence[tuple[str, int]]) -> CaseDetail:
    """A case at the first line of a test that its failure names, else at the first line of all."""
    ordered = sorted(named, key=lambda place: not is_test(place[0]))
    return replace(detail, file=ordered[0][0], line=ordered[0][1]) if ordered else detail


def _nothing_maps(coverage: CoverageReport, unmapped: Sequence[str]) -> list[str]:
    """Coverage of some other place says nothing of this repository."""
    if coverage.line_ratio().total or not unmapped:
        return []
    count = len(unmapped)
    files = f"{count} file{'' if count == 1 else 's'}"
    first = unmapped[0]
    return [f"none of the {files} in the coverage reports is of this repository: {first}, …"]


def _notes(tests: Sequence[TestReport], mapped: Sequence[Mapped]) -> list[str]:
    hints = [each.hint for each in mapped if each.hint]
    said = [note for report in tests for note in report.notes]
    return list(dict.fromkeys([*hints, *said]))
