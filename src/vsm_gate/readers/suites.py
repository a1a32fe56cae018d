"""Cases in suites, one after the other, for the readers of XML reports other than JUnit's."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import BinaryIO, ClassVar
from xml.etree.ElementTree import Element

from vsm_gate.model.tests import RED, CaseDetail, Outcome, TestReport
from vsm_gate.readers.builder import NAMELESS, Attempts, ReportBuilder, identity_hash
from vsm_gate.readers.cases import MAX_NAME, cut
from vsm_gate.readers.pieces import read_pieces


@dataclass(slots=True, kw_only=True)
class Case:
    """A case as a report describes it.

    Where its producer writes a retried case again, `row` tells cases apart whose identity is the
    same (parameters, an instance). Most never do, and rows of data whose names were cut short may
    share theirs. `seen_in` and `line` are where it stands, which is no part of its identity.
    """

    name: str
    classname: str = ""
    file: str = ""
    row: str | None = None
    seen_in: str = ""
    line: int | None = None
    type: str = ""
    message: str = ""
    text: str = ""


@dataclass(slots=True)
class _Level:
    """A suite that is open; `red` counts red cases in it at any depth."""

    path: str
    name: str
    red: int = 0
    attempts: Attempts = field(default_factory=dict)
    fresh: Callable[[], blake2b] = field(init=False)

    def __post_init__(self) -> None:
        self.fresh = identity_hash(self.path, "")


class Suites:
    """Counts cases in nested suites. `skipped_attempts` as in `ReportBuilder`."""

    def __init__(self, format_name: str, *, skipped_attempts: bool = False) -> None:
        self.builder = ReportBuilder(format_name, skipped_attempts=skipped_attempts)
        self._levels = [_Level("", "")]

    @property
    def red(self) -> int:
        """Red cases so far in the innermost open suite."""
        return self._levels[-1].red

    @property
    def name(self) -> str:
        """The innermost open suite."""
        return self._levels[-1].name

    def open(self, name: str) -> None:
        """A suite begins."""
        name = name[:MAX_NAME]
        above = self._levels[-1].path
        self._levels.append(_Level(f"{above}/{name}" if above else name, name))

    def rename(self, name: str) -> None:
        """The innermost suite, of which no case was counted yet, has a name after all."""
        if len(self._levels) > 1:
            red = self._levels.pop().red
            self.open(name)
            self._levels[-1].red = red

    def close(self) -> None:
        """The innermost suite ends."""
        closed = self._levels.pop()
        self._levels[-1].red += closed.red

    def add(self, case: Case, outcome: Outcome, micros: int | None) -> None:
        """Count a case. Without a `row` (None) it is never taken for a retry."""
        level = self._levels[-1]
        builder = self.builder
        digest = NAMELESS
        if case.name:
            hasher = identity_hash(level.path, case.file)() if case.file else level.fresh()
            hasher.update(f"{case.classname}\0{case.name}".encode())
            digest = hasher.digest()
        builder.count(digest, micros)
        key = None if case.row is None or not case.name else digest + case.row.encode()
        outcome = builder.settle(outcome, level.attempts, key)
        level.red += outcome in RED
        if builder.wants(outcome):
            builder.describe(self._detail(case, digest, outcome))

    def _detail(self, case: Case, digest: bytes, outcome: Outcome) -> CaseDetail:
        return CaseDetail(
            index=len(self.builder.micros) - 1,
            identity=int.from_bytes(digest, "little"),
            outcome=outcome,
            name=cut(case.name, MAX_NAME),
            classname=cut(case.classname, MAX_NAME),
            suite=self.name,
            file=cut(case.seen_in, MAX_NAME),
            line=case.line,
            type=cut(case.type, MAX_NAME),
            message=cut(case.message),
            text=cut(case.text),
        )

    def errored(self, name: str, *, message: str = "", text: str = "") -> None:
        """Count red that belongs to no case; the name says what it was."""
        case = Case(name=name, message=message, text=text)
        level = self._levels[-1]
        builder = self.builder
        builder.count(NAMELESS, None)
        builder.settle(Outcome.ERRORED)
        level.red += 1
        if builder.wants(Outcome.ERRORED):
            builder.describe(self._detail(case, NAMELESS, Outcome.ERRORED))

    def report(self) -> TestReport:
        """The finished report."""
        return self.builder.report()


class SuiteReader(ABC):
    """A format of nested suites with cases, read piece by piece (`readers.pieces`).

    A format says which elements are its `pieces`, what to `keep` of them, which elements are
    suites (`levels`, with their name in `level_name`), and which counts declare red (`declared`):
    where they do, and no red is found, that is counted as one errored case.
    """

    pieces: ClassVar[frozenset[str]]
    keep: ClassVar[frozenset[str]] = frozenset()
    nesting: ClassVar[frozenset[str]] = frozenset()
    levels: ClassVar[frozenset[str]] = frozenset()
    level_name: ClassVar[str] = "name"
    declared: ClassVar[tuple[str, ...]] = ()

    def __init__(self, format_name: str, *, skipped_attempts: bool = False) -> None:
        self.suites = Suites(format_name, skipped_attempts=skipped_attempts)
        self.declared_red = False

    def read(self, stream: BinaryIO) -> TestReport:
        """Read a whole stream. Raises `ReadError`."""
        read_pieces(stream, self)
        self.finish()
        return self.suites.report()

    def open(self, tag: str, attributes: dict[str, str]) -> None:
        """An element opens that is no piece."""
        if tag in self.levels:
            self.suites.open(portable(attributes.get(self.level_name, "")))
        for count in self.declared:
            self.declared_red |= bool(attributes.get(count, "").strip().strip("0"))

    def close(self, tag: str) -> None:
        """An element closes that is no piece."""
        if tag in self.levels:
            self.suites.close()

    @abstractmethod
    def piece(self, element: Element, nested: int) -> None:
        """Count what a piece says; `nested` pieces in it have been counted before."""

    def finish(self) -> None:
        """All pieces have been seen."""
        if self.declared_red and not self.suites.red:
            self.suites.errored("(the report declares failed tests and holds none)")


def portable(name: str) -> str:
    """The last part of a path: an assembly's folder differs from machine to machine."""
    return name.replace("\\", "/").rpartition("/")[2] if "\\" in name or "/" in name else name
