"""Several reports of one run made into one: shards, matrix jobs, the same file given twice."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from vsm_gate.model.coverage import CoverageReport
from vsm_gate.model.tests import MAX_DETAILS, CaseTable, Outcome, TestReport

PARTITION: Final = 1 << 20
_WORST_LAST: Final = (
    Outcome.SKIPPED,
    Outcome.PASSED,
    Outcome.FLAKY,
    Outcome.FAILED,
    Outcome.ERRORED,
)
_RANK: Final = tuple(_WORST_LAST.index(outcome) for outcome in Outcome)


def merge_coverage(reports: Iterable[CoverageReport]) -> CoverageReport:
    """Coverage of all reports, by path and line: covered in one is covered.

    The order of the reports and one that is given twice make no difference. Sums cannot be merged
    with lines, since nobody knows which lines they are of: they are left out and named, unless no
    report has anything better; of several sums the one that saw more is kept.
    """
    given = list(reports)
    if len(given) == 1:
        return given[0]
    units = sorted({report.unit for report in given})
    merged = CoverageReport(
        format=" + ".join(sorted({part for r in given for part in r.format.split(" + ")})),
        unit=" + ".join(units) or "line",
        has_branches=any(report.has_branches for report in given),
    )
    for report in given:
        for path, file in report.files.items():
            known = merged.files.get(path)
            if known is None:
                merged.files[path] = file.copy()
            else:
                known.merge(file)
    notes = {note for report in given for note in report.notes}
    if len(units) > 1:
        notes.add(f"lines were derived from different units: {', '.join(units)}")
    notes.update(_merge_sums(merged, given))
    merged.notes.extend(sorted(notes))
    return merged


def _merge_sums(merged: CoverageReport, given: Sequence[CoverageReport]) -> Iterable[str]:
    """Keep the sums of whole reports where there is nothing else; a note for each that is not."""
    for name, has_own in (
        ("line_total", any(file.line_ratio().total for file in merged.files.values())),
        ("branch_total", any(file.branch_ratio().total for file in merged.files.values())),
    ):
        sums = {getattr(report, name) for report in given} - {None}
        if sums and not has_own:
            setattr(merged, name, max(sums, key=lambda ratio: (ratio.total, ratio.covered)))
            sums.remove(getattr(merged, name))
        what = name.removesuffix("_total")
        for ratio in sums:
            yield (
                f"a report gives only the sum of its {what} coverage, "
                f"{ratio.covered}/{ratio.total}, which cannot be merged: left out"
            )


def merge_tests(reports: Iterable[TestReport]) -> TestReport:
    """Distinct cases of all reports, and of each the worst outcome that any of them saw.

    Cases are the same if they have the same identity and are the same occurrence of it within
    their report, so that repetitions stay apart while shards, matrix jobs, a file given twice and
    an aggregate beside its members count once. A case without identity equals no other. Errored
    is worse than failed, then flaky, passed, skipped: a case that one job skips and another runs
    was run. Its time is the longest that any report gives: a sum would count one case several
    times, and a mean could not be merged further.

    Linear in the cases; beside the reports and the result it takes 8 bytes a case, and
    dictionaries of about `PARTITION` identities at a time.
    """
    given = list(reports)
    if len(given) == 1:
        return given[0]
    slots = _same_cases([report.cases.identities for report in given])
    merged = TestReport(
        format=" + ".join(sorted({part for r in given for part in r.format.split(" + ")})),
        cases=_fold(given, slots),
        manual=bool(given) and all(report.manual for report in given),
        notes=sorted({note for report in given for note in report.notes}),
    )
    _describe(merged, given, slots)
    return merged


def _same_cases(columns: Sequence[array[int]]) -> array[int]:
    """For every case, counted through all reports, the first case that is the same one."""
    slots = array("I", range(sum(len(column) for column in columns)))
    parts = 1 << (len(slots) // PARTITION).bit_length()
    places = [_partition(column, parts) for column in columns]
    for part in range(parts):
        first: dict[int, int] = {}
        later: dict[tuple[int, int], int] = {}
        offset = 0
        for column, own in zip(columns, places, strict=True):
            here: dict[int, int] = {}
            for index in own[part]:
                identity = column[index]
                occurrence = here.get(identity, 0)
                here[identity] = occurrence + 1
                if occurrence:
                    key = (identity, occurrence)
                    slots[offset + index] = later.setdefault(key, offset + index)
                else:
                    slots[offset + index] = first.setdefault(identity, offset + index)
            offset += len(column)
    return slots


def _partition(column: array[int], parts: int) -> list[array[int]]:
    """The places of a column's identities, spread by their lowest bits; 0 is no identity."""
    found = [array("I") for _ in range(parts)]
    mask = parts - 1
    for index, identity in enumerate(column):
        if identity:
            found[identity & mask].append(index)
    return found


def _fold(given: Sequence[TestReport], slots: array[int]) -> CaseTable:
    """The merged table. `slots` comes in with the first case that is the same, and goes out with
    each case's place in the merged table.
    """
    merged = CaseTable()
    outcomes = merged.outcomes
    case = 0
    for report in given:
        table = report.cases
        for index, outcome in enumerate(table.outcomes):
            if slots[case] == case:
                slots[case] = len(outcomes)
                merged.add(table.identities[index], Outcome(outcome), table.micros_of(index))
            else:
                slots[case] = slot = slots[slots[case]]
                if _RANK[outcome] > _RANK[outcomes[slot]]:
                    outcomes[slot] = outcome
                if merged.micros[slot] != table.micros[index]:
                    merged.set_micros(slot, _longer(merged.micros_of(slot), table.micros_of(index)))
            case += 1
    return merged


def _longer(mine: int | None, other: int | None) -> int | None:
    return max(mine or 0, other or 0) if mine is not None or other is not None else None


def _describe(merged: TestReport, given: Sequence[TestReport], slots: array[int]) -> None:
    """Carry over the detail of each case from the first report that saw its worst outcome."""
    described: set[int] = set()
    offset = 0
    for report in given:
        for detail in report.details:
            slot = slots[offset + detail.index]
            if slot not in described and detail.outcome == merged.cases.outcomes[slot]:
                described.add(slot)
                if len(merged.details) < MAX_DETAILS:
                    merged.details.append(replace(detail, index=slot))
        offset += len(report.cases)
