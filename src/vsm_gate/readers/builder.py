"""A report of tests as it grows: columns, bounded details, and attempts that turn into one case.

For XML, where a case begins before its outcome is known, and for speed; see `attempts` for the
formats that give a case whole.
"""

from __future__ import annotations

import sys
from array import array
from collections.abc import Callable
from dataclasses import replace
from hashlib import blake2b
from typing import Final

from vsm_gate.model.tests import (
    LONG_TIME,
    MAX_DETAILS,
    NO_TIME,
    RED,
    TOLD,
    CaseDetail,
    Outcome,
    TestReport,
)

NAMELESS: Final = bytes(8)
Attempts = dict[bytes, int]


def identity_hash(suite: str, file: str) -> Callable[[], blake2b]:
    r"""A maker of hashes that want only `classname\0name` to be `model.tests.identity`."""
    return blake2b(f"{suite}\0{file}\0".encode(), digest_size=8).copy


class ReportBuilder:
    """Collects the cases of one report.

    A case is counted first (`count`) and settled when its outcome is known, before the next one;
    one that passes needs no settling where nothing under its key failed before. The columns are
    open because the JUnit reader fills them in its innermost loop.

    Attempts: a case that failed, and later passed under the same key in the same suite, is one
    flaky case with the time of the attempt that passed. With `skipped_attempts` (TestNG) a
    skipped case that is followed by another result under its key was an attempt, too. All else
    that repeats is counted as separate cases.
    """

    __slots__ = (
        "_dropped",
        "_format",
        "_previous",
        "details",
        "digests",
        "full",
        "long_micros",
        "micros",
        "outcomes",
        "skipped_attempts",
    )

    def __init__(self, format_name: str, *, skipped_attempts: bool = False) -> None:
        self._format = format_name
        self.skipped_attempts = skipped_attempts
        self.digests = bytearray()
        self.micros: array[int] = array("I")
        self.long_micros: dict[int, int] = {}
        self.outcomes = bytearray()  # as far as the last case that did not pass
        self.details: dict[int, CaseDetail] = {}
        self.full = False  # no further detail is kept
        self._previous: dict[int, int] = {}  # an attempt, and the one before it
        self._dropped: set[int] = set()

    def count(self, digest: bytes, micros: int | None) -> int:
        """Append a case that has passed until it is settled otherwise. Its index comes back."""
        self.digests += digest
        self.micros.append(self.packed(micros))
        return len(self.micros) - 1

    def packed(self, micros: int | None) -> int:
        """The next case's time, if it has one, as its column holds it."""
        if micros is None:
            return NO_TIME
        if micros < LONG_TIME:
            return micros
        self.long_micros[len(self.micros)] = micros
        return LONG_TIME

    def settle(
        self, outcome: Outcome, attempts: Attempts | None = None, key: bytes | None = None
    ) -> Outcome:
        """Give the last case its outcome. With a key it is compared with earlier attempts."""
        index = len(self.micros) - 1
        if attempts is not None and key is not None:
            outcome = self._attempt(index, outcome, attempts, key)
        if outcome is not Outcome.PASSED:
            self.outcomes.extend(bytes(index - len(self.outcomes)))
            self.outcomes.append(outcome)
        return outcome

    def _attempt(self, index: int, outcome: Outcome, attempts: Attempts, key: bytes) -> Outcome:
        last = attempts.get(key)
        if outcome is Outcome.PASSED:
            if last is None:
                return outcome
            del attempts[key]
            self._fold(last, index)
            return Outcome.FLAKY
        if last is not None and self.outcomes[last] == Outcome.SKIPPED:
            self._dropped.add(last)
            last = self._previous.pop(last, None)
        if outcome in RED or (self.skipped_attempts and outcome is Outcome.SKIPPED):
            attempts[key] = index
            if last is not None:
                self._previous[index] = last
        return outcome

    def _fold(self, last: int, index: int) -> None:
        """Drop the attempts that end with `last` in favour of the one that passed."""
        attempt: int | None = last
        while attempt is not None:
            self._dropped.add(attempt)
            known = self.details.pop(attempt, None)
            if known is not None and index not in self.details:
                self.details[index] = replace(known, index=index, outcome=Outcome.FLAKY)
            attempt = self._previous.pop(attempt, None)

    def wants(self, outcome: Outcome) -> bool:
        """Whether the detail of the last case is to be kept."""
        return not self.full and outcome in TOLD and len(self.micros) - 1 not in self.details

    def describe(self, detail: CaseDetail) -> None:
        """Keep a detail. The index is the one that `count` gave."""
        self.details[detail.index] = detail
        self.full = len(self.details) >= MAX_DETAILS

    def report(self) -> TestReport:
        """The finished report."""
        report = TestReport(self._format)
        self.outcomes.extend(bytes(len(self.micros) - len(self.outcomes)))
        cases = report.cases
        cases.identities.frombytes(self.digests)
        if sys.byteorder == "big":
            cases.identities.byteswap()
        cases.outcomes, cases.micros = self.outcomes, self.micros
        cases.long_micros = self.long_micros
        report.details = [self.details[index] for index in sorted(self.details)]
        if self._dropped:
            report.leave_out(self._dropped)
            report.notes.append(f"{len(self._dropped)} repeated cases were attempts of others")
        return report
