"""Test results in one language, whatever wrote them.

A passing case costs its identity (8 bytes), its outcome (1) and its time (4): a report of a
million cases is 13 MB. Only cases that somebody will want to read about carry strings.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from enum import IntEnum
from fractions import Fraction
from hashlib import blake2b
from typing import Final

NO_TIME: Final = 0xFFFF_FFFF
LONG_TIME: Final = 0xFFFF_FFFE
MAX_DETAILS: Final = 1000
MAX_TEXT: Final = 16_384


class Outcome(IntEnum):
    """What became of a case. `FLAKY` failed and then passed on the same code."""

    PASSED = 0
    FAILED = 1
    ERRORED = 2
    SKIPPED = 3
    FLAKY = 4


RED: Final = (Outcome.FAILED, Outcome.ERRORED)
TOLD: Final = (*RED, Outcome.FLAKY)  # the outcomes that have a detail


def identity(suite: str, file: str, classname: str, name: str) -> int:
    """The 64-bit identity of a case, the same in every run on every machine.

    BLAKE2b over the four parts, joined by NUL. At a million cases the chance that any two
    share an identity is 3 in 10⁸.
    """
    text = f"{suite}\0{file}\0{classname}\0{name}"
    digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "little")


@dataclass(frozen=True, slots=True)
class CaseDetail:
    """A case that is not simply green: enough of it to tell a developer what happened.

    `index` is its place in the table of its report. `file` and `line` are where the report says
    it stands; `message` and `text` are cut at `MAX_TEXT` characters, and hostile.
    """

    index: int
    identity: int
    outcome: Outcome
    name: str
    classname: str = ""
    suite: str = ""
    file: str = ""
    line: int | None = None
    type: str = ""
    message: str = ""
    text: str = ""

    @property
    def title(self) -> str:
        """Class and name, as a person would say it."""
        return f"{self.classname} {self.name}".strip() or "(a case without a name)"


@dataclass(slots=True)
class CaseTable:
    """The cases of a report as three parallel columns.

    `identities` 64-bit, 0 where the case has no name (it equals no other); `outcomes` one byte
    each; `micros` microseconds, `NO_TIME` where the report gives none, `LONG_TIME` where it is
    more than 71 minutes and stands in `long_micros` under the case's index.
    """

    identities: array[int] = field(default_factory=lambda: array("Q"))
    outcomes: bytearray = field(default_factory=bytearray)
    micros: array[int] = field(default_factory=lambda: array("I"))
    long_micros: dict[int, int] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.outcomes)

    def add(self, identity: int, outcome: Outcome, micros: int | None) -> int:
        """Append a case and return its index. `micros` None: no time was given."""
        index = len(self.outcomes)
        self.identities.append(identity)
        self.outcomes.append(outcome)
        self.micros.append(self._packed(index, micros))
        return index

    def set_micros(self, index: int, micros: int | None) -> None:
        """Replace the time of a case."""
        self.long_micros.pop(index, None)
        self.micros[index] = self._packed(index, micros)

    def _packed(self, index: int, micros: int | None) -> int:
        if micros is None:
            return NO_TIME
        if micros >= LONG_TIME:
            self.long_micros[index] = micros
            return LONG_TIME
        return micros

    def micros_of(self, index: int) -> int | None:
        """The time of a case in microseconds, or None where the report gives none."""
        value = self.micros[index]
        if value == NO_TIME:
            return None
        return self.long_micros[index] if value == LONG_TIME else value

    def total_micros(self) -> int | None:
        """Sum of the cases' own times; None where no case carries one."""
        untimed = self.micros.count(NO_TIME)
        if untimed == len(self.micros):
            return None
        long_count = len(self.long_micros)
        plain = sum(self.micros) - untimed * NO_TIME - long_count * LONG_TIME
        return plain + sum(self.long_micros.values())

    def count(self, outcome: Outcome) -> int:
        """How many cases had this outcome."""
        return self.outcomes.count(outcome)


@dataclass(frozen=True, slots=True)
class TestCounts:
    """`passed + failed + errored + skipped + flaky = total`; `duration_s` None: no times."""

    total: int
    passed: int
    failed: int
    errored: int
    skipped: int
    flaky: int
    duration_s: Fraction | None

    @property
    def red(self) -> int:
        """Cases that failed, in whichever way."""
        return self.failed + self.errored


@dataclass(slots=True)
class TestReport:
    """One test report, or several merged.

    `details` holds the first `MAX_DETAILS` cases that are red or flaky, in report order. `notes`
    says in words what a reader should know about the reading (a duplicate that was taken for a
    retry, a declared count that had no case).
    """

    format: str
    cases: CaseTable = field(default_factory=CaseTable)
    details: list[CaseDetail] = field(default_factory=list)
    manual: bool = False
    notes: list[str] = field(default_factory=list)

    def counts(self) -> TestCounts:
        """The counts of distinct cases."""
        micros = self.cases.total_micros()
        return TestCounts(
            total=len(self.cases),
            passed=self.cases.count(Outcome.PASSED),
            failed=self.cases.count(Outcome.FAILED),
            errored=self.cases.count(Outcome.ERRORED),
            skipped=self.cases.count(Outcome.SKIPPED),
            flaky=self.cases.count(Outcome.FLAKY),
            duration_s=None if micros is None else Fraction(micros, 1_000_000),
        )

    @property
    def details_left_out(self) -> int:
        """How many red or flaky cases have no detail."""
        return sum(map(self.cases.count, TOLD)) - len(self.details)

    def describe(self, detail: CaseDetail) -> None:
        """Keep the detail of a case, within the bound."""
        if len(self.details) < MAX_DETAILS:
            self.details.append(detail)

    def leave_out(self, rows: Collection[int]) -> None:
        """Take cases out of the table, with their details; those behind them move up."""
        dropped = sorted(rows)
        whole, kept = self.cases, CaseTable()
        begin = 0
        for end in (*dropped, len(whole)):
            kept.identities += whole.identities[begin:end]
            kept.outcomes += whole.outcomes[begin:end]
            kept.micros += whole.micros[begin:end]
            begin = end + 1

        def moved(row: int) -> int:
            return row - bisect_left(dropped, row)

        long_ones = whole.long_micros.items()
        kept.long_micros = {moved(row): micros for row, micros in long_ones if row not in rows}
        self.cases = kept
        self.details = [
            replace(detail, index=moved(detail.index))
            for detail in self.details
            if detail.index not in rows
        ]

    def red_details(self) -> Iterator[CaseDetail]:
        """The details of cases that failed or errored."""
        return (detail for detail in self.details if detail.outcome in RED)
