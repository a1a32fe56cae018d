"""Cases of a report one by one, where a failure followed by a pass of the same case is a retry.

For formats that give a case whole, in any order, and red that is told after it. JUnit's and the
XML formats like it count a case where it begins and settle it where it ends, a million of them in
seconds: they have `builder`, which folds by the same rule and keeps a flaky case where it passed;
here it stays where it first failed.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final

from vsm_gate.model.tests import MAX_DETAILS, TOLD, CaseDetail, Outcome, TestReport, identity
from vsm_gate.readers.cases import MAX_NAME, cut

SECONDS: Final = 1e6
MILLISECONDS: Final = 1e3
NANOSECONDS: Final = 1e-3

_LONGEST: Final = 1 << 50


def micros(value: object, unit: float) -> int | None:
    """A number of `unit`s in whole microseconds.

    None where it is no time: negative, NaN, above 35 years, or not a number at all.
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if not 0 <= value <= _LONGEST:
        return None
    scaled = round(value * unit)
    return scaled if scaled <= _LONGEST else None


@dataclass(slots=True, kw_only=True)
class Case:
    """A case as a report describes it.

    The first four are its identity; `row` tells cases of one report apart that share it. `line`,
    and `seen_in` where that is not `file`, say where it stands or failed.
    """

    name: str
    classname: str = ""
    suite: str = ""
    file: str = ""
    row: int | None = None
    line: int | None = None
    seen_in: str = ""
    type: str = ""
    message: str = ""
    text: str = ""

    def identity(self) -> int:
        """Its 64-bit identity; 0 where it has no name."""
        if not self.name:
            return 0
        return identity(self.suite, self.file, self.classname, self.name)


@dataclass(slots=True)
class Recorder:
    """Adds cases to a report.

    With `retries`, cases of one identity (and row, where there is one) that failed and then
    passed become one flaky case with the time of the last attempt. Every other repetition stays
    separate: `retries` is for producers that write a retried case again.
    """

    report: TestReport
    retries: bool = False
    _red: dict[tuple[int, int | None], list[int]] = field(default_factory=dict)
    _dropped: set[int] = field(default_factory=set)

    def add(self, case: Case, outcome: Outcome, time: int | None) -> int:
        """Add a case, with its time in microseconds, and return its index."""
        key = case.identity()
        if outcome is Outcome.PASSED and self._red:
            red = self._red.pop((key, case.row), None)
            if red is not None:
                return self._settle(red, time)
        index = self.report.cases.add(key, outcome, time)
        if outcome in TOLD:
            self._tell(case, key, index, outcome)
            if self.retries and key and outcome is not Outcome.FLAKY:
                self._red.setdefault((key, case.row), []).append(index)
        return index

    def fail(self, index: int, case: Case, outcome: Outcome) -> None:
        """Make a case red that was added before."""
        self.report.cases.outcomes[index] = outcome
        self._tell(case, case.identity(), index, outcome)

    def is_red(self, case: Case) -> bool:
        """Whether an earlier attempt of this case is waiting for a pass."""
        return (case.identity(), case.row) in self._red

    def _tell(self, case: Case, key: int, index: int, outcome: Outcome) -> None:
        if len(self.report.details) >= MAX_DETAILS:
            return
        self.report.describe(
            CaseDetail(
                index=index,
                identity=key,
                outcome=outcome,
                name=cut(case.name, MAX_NAME),
                classname=cut(case.classname, MAX_NAME),
                suite=cut(case.suite, MAX_NAME),
                file=cut(case.seen_in or case.file, MAX_NAME),
                line=case.line,
                type=cut(case.type, MAX_NAME),
                message=cut(case.message),
                text=cut(case.text),
            )
        )

    def _settle(self, red: list[int], time: int | None) -> int:
        """Make the failed attempts, and the pass that ends them, one flaky case."""
        first = red[0]
        self._dropped.update(red[1:])
        self.report.cases.outcomes[first] = Outcome.FLAKY
        self.report.cases.set_micros(first, time)
        return first

    def finish(self) -> TestReport:
        """The report, with the attempts that were joined to others taken out."""
        report = self.report
        outcomes = report.cases.outcomes
        told = [replace(each, outcome=Outcome(outcomes[each.index])) for each in report.details]
        report.details = sorted(told, key=lambda detail: detail.index)
        if self._dropped:
            report.leave_out(self._dropped)
            count = len(self._dropped)
            report.notes.append(f"{count} further attempts of retried cases were joined to them")
        return report
