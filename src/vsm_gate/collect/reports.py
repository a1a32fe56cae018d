"""Find report files, read each once, keep its digest. Nothing outside the workspace is opened."""

from __future__ import annotations

import os
import re
import stat
import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from io import BufferedReader
from pathlib import Path
from typing import Final

from vsm_gate.globs import compile_glob
from vsm_gate.model.coverage import CoverageReport
from vsm_gate.model.evidence import Evidence, Unreadable
from vsm_gate.model.tests import Outcome, TestReport
from vsm_gate.readers import registry

SQLITE: Final = b"SQLite format 3\0"  # a data file of coverage.py

_CHUNK: Final = 1 << 20
_GO_MODULE: Final = re.compile(r'^module\s+"?([^\s"]+)', re.MULTILINE)

PRUNED: Final = frozenset(
    {".git", ".hg", ".svn", "node_modules", ".venv", "venv", ".tox", ".nox", "__pycache__"}
    | {".mypy_cache", ".ruff_cache", ".pytest_cache", ".gradle", ".cargo", "site-packages"}
)

TESTS_USUALLY: Final = (
    "**/TEST-*.xml",
    "**/*junit*.xml",
    "**/test-results/**/*.xml",
    "**/test-reports/**/*.xml",
    "**/test-result*.xml",
    "**/test-report*.xml",
    "**/testng-results.xml",
    "**/failsafe-summary.xml",
    "**/pytest*.xml",
    "**/nosetests.xml",
    "**/*nunit*.xml",
    "**/*xunit*.xml",
    "**/TestResult*.xml",
    "**/*.trx",
    "**/ctrf*.json",
    "**/cucumber*.json",
    "**/cucumber*.ndjson",
    "**/jest-results.json",
    "**/vitest-results.json",
    "**/*.tap",
)
COVERAGE_USUALLY: Final = (
    "**/coverage.xml",
    "**/coverage*.cobertura.xml",
    "**/cobertura*.xml",
    "**/lcov.info",
    "**/*.lcov",
    "**/coverage.lcov",
    "**/jacoco*.xml",
    "**/clover.xml",
    "**/coverage.json",
    "**/coverage-final.json",
    "**/.resultset.json",
    "**/coverage.out",
    "**/cover.out",
    "**/*opencover*.xml",
    "**/scoverage.xml",
    "**/.coverage",
)

Reading = TestReport | CoverageReport | Unreadable
_KINDS: Final[dict[str, type]] = {"tests": TestReport, "coverage": CoverageReport}


@dataclass(frozen=True, slots=True)
class Pattern:
    """Files to read as evidence of a kind. `declared`: a person named it, so it must be there."""

    kind: str
    glob: str
    stage: str | None = None
    declared: bool = True


@dataclass(frozen=True, slots=True)
class Collected:
    """What was read: each file's evidence with what it says, and what was not found.

    `absent` has for each declared pattern that matched nothing its kind and a sentence.
    """

    readings: tuple[tuple[Evidence, Reading], ...]
    absent: tuple[tuple[str, str], ...] = ()

    def problems(self, kind: str) -> list[str]:
        """What of a kind was declared and is not there, or is there and cannot be believed."""
        absent = [sentence for of, sentence in self.absent if of == kind]
        unreadable = [
            f"{reading.where}: {reading.reason}"
            for evidence, reading in self.readings
            if evidence.kind == kind and isinstance(reading, Unreadable)
        ]
        return absent + unreadable


def usual_patterns(kind: str) -> tuple[Pattern, ...]:
    """Where tools put their reports when nobody tells them otherwise."""
    globs = TESTS_USUALLY if kind == "tests" else COVERAGE_USUALLY
    return tuple(Pattern(kind, glob, declared=False) for glob in globs)


def collect(root: Path, patterns: Sequence[Pattern], tracked: Iterable[str]) -> Collected:
    """Read every file that a pattern names, each once.

    What patterns of both kinds name is evidence of the kind that its content says. A file that
    git tracks is part of the project (a fixture, say) and not a result of this run:
    it is read only where a pattern names it without a wildcard.
    """
    known = frozenset(tracked)
    found: dict[str, list[Pattern]] = {}
    absent: list[tuple[str, str]] = []
    files = tuple(_walk(root)) if any(_is_glob(pattern.glob) for pattern in patterns) else ()
    for pattern in patterns:
        matches = _matches(root, pattern, files, known)
        for path in matches:
            found.setdefault(path, []).append(pattern)
        if pattern.declared and not matches:
            absent.append((pattern.kind, _absent(pattern)))
    readings = (_read(root, path, found[path]) for path in sorted(found))
    return Collected(tuple(pair for pair in readings if pair is not None), tuple(absent))


def _absent(pattern: Pattern) -> str:
    what = "test report" if pattern.kind == "tests" else "coverage report"
    verb = "matches no file" if _is_glob(pattern.glob) else "does not exist"
    return f"no {what}: `{pattern.glob}` {verb}"


def _is_glob(text: str) -> bool:
    return any(sign in text for sign in "*?[")


def _matches(
    root: Path, pattern: Pattern, files: Sequence[str], tracked: frozenset[str]
) -> list[str]:
    if not _is_glob(pattern.glob):
        path = os.path.normpath(os.path.join(root, pattern.glob))
        relative = os.path.relpath(path, root)
        return [relative] if os.path.lexists(path) else []
    match = compile_glob(pattern.glob).fullmatch
    return [file for file in files if file not in tracked and match(file)]


def _walk(root: Path) -> Iterator[str]:
    """Paths of all files below the root, `/` between their parts, without following links."""
    prefix = len(os.fspath(root)) + 1
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if name not in PRUNED)
        for name in sorted(names):
            yield os.path.join(folder, name)[prefix:].replace(os.sep, "/")


def _read(root: Path, path: str, patterns: Sequence[Pattern]) -> tuple[Evidence, Reading] | None:
    """The evidence in a file, or None where it merely bears a usual name and is something else."""
    reading, digest, size = read_file(root, path)
    fitting = (each for each in patterns if isinstance(reading, _KINDS[each.kind]))
    pattern = next(fitting, patterns[0])
    if not isinstance(reading, Unreadable | _KINDS[pattern.kind]):
        reason = f"it is not a {pattern.kind} report but {reading.format}"
        reading = Unreadable(path, reason, unknown=True)
    if isinstance(reading, Unreadable):
        if reading.unknown and not pattern.declared:
            return None
        form, problem = None, reading.reason
    else:
        form, problem = reading.format, None
    failed = _red(reading) if isinstance(reading, TestReport) else None
    found = Evidence(path, pattern.kind, form, digest, size, pattern.stage, problem, failed)
    return found, reading


def _red(report: TestReport) -> int:
    return report.cases.count(Outcome.FAILED) + report.cases.count(Outcome.ERRORED)


def read_file(root: Path, path: str) -> tuple[Reading, str, int]:
    """Read one file as evidence: what it says, the SHA-256 of its bytes, its size.

    A file that cannot be opened has no digest (""). What is not a regular file inside the root is
    refused.
    """
    place = root / path
    try:
        if not place.resolve().is_relative_to(root.resolve()):
            return Unreadable(path, "it lies outside the workspace"), "", 0
        if not stat.S_ISREG(place.stat().st_mode):
            return Unreadable(path, "it is not a regular file"), "", 0
        with place.open("rb") as stream:
            digest = _Digest(stream.fileno())
            reading = _reading(stream, place, path, root)
            return reading, digest.hexdigest(), digest.size
    except OSError as problem:
        return Unreadable(path, f"it cannot be read: {problem.strerror}"), "", 0


class _Digest:
    """SHA-256 of an open file, computed beside its reading, whose position it leaves alone."""

    def __init__(self, handle: int) -> None:
        self.size = 0
        self._handle = handle
        self._hash = sha256()
        self._problem: OSError | None = None
        self._thread = threading.Thread(target=self._compute, daemon=True)
        self._thread.start()

    def _compute(self) -> None:
        """Read to the end of the file."""
        try:
            while chunk := os.pread(self._handle, _CHUNK, self.size):
                self._hash.update(chunk)
                self.size += len(chunk)
        except OSError as problem:
            self._problem = problem

    def hexdigest(self) -> str:
        """The digest, when it is complete. Raises `OSError` where the file could not be read."""
        self._thread.join()
        if self._problem is not None:
            raise self._problem
        return self._hash.hexdigest()


def look_at(path: str) -> Reading:
    """What any file of this machine says, as a person asks it. It is no evidence."""
    place = Path.cwd() / path
    try:
        if not stat.S_ISREG(place.stat().st_mode):
            return Unreadable(path, "it is not a regular file")
        with place.open("rb") as stream:
            return _reading(stream, place, path, Path.cwd())
    except OSError as problem:
        return Unreadable(path, f"it cannot be read: {problem.strerror}")


def _reading(stream: BufferedReader, place: Path, path: str, root: Path) -> Reading:
    """What an open file says; the data file of coverage.py needs its own library."""
    if stream.peek(len(SQLITE)).startswith(SQLITE):
        from vsm_gate.collect.coverage_data import read_data_file

        return read_data_file(place, root, None)
    return registry.read(path, stream)


def go_modules(root: Path, tracked: Iterable[str]) -> dict[str, str]:
    """The folder of each Go module of the repository, by the path that its `go.mod` gives it.

    Coverage of Go names files by import path. A `go.mod` that cannot be read is left out: its
    files then stay unmapped, and are named.
    """
    found: dict[str, str] = {}
    for path in tracked:
        if path == "go.mod" or path.endswith("/go.mod"):
            try:
                text = (root / path).read_text("utf-8", "replace")
            except OSError:
                continue
            match = _GO_MODULE.search(text)
            if match:
                found[match.group(1)] = path.rpartition("/")[0]
    return found
