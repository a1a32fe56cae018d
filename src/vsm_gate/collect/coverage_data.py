"""coverage.py's own data file, `.coverage`.

It records which lines ran, not which could: for that the sources are needed, so it is read here,
at the edge, and not by a reader. A private copy is read, so that the user's file is never written
or locked; no plug-in of the checkout's configuration is loaded, and no source outside the checkout
is opened.
"""

from __future__ import annotations

import os
import sqlite3
import warnings
from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from vsm_gate.model.coverage import CoverageReport, FileCoverage
from vsm_gate.model.evidence import Unreadable
from vsm_gate.readers.contract import Format
from vsm_gate.readers.coverage import lcov
from vsm_gate.readers.paths import locate
from vsm_gate.readers.tracked import TrackedFiles

if TYPE_CHECKING:
    from coverage import Coverage, CoverageData

FORMAT: Final = Format(
    name="coveragepy-data",
    title="coverage.py data file",
    producers=("coverage.py", "pytest-cov"),
    reads="lines and branches of every measured file whose source is in the checkout, with the "
    "exclusions of the checkout's coverage configuration; contexts",
    leaves="files measured by plug-ins (templates), the trace of other machines' sources",
    how="`coverage run -m pytest`, or `pytest --cov`",
)

MAX_SOURCE_LINES: Final = 1_000_000

_PRUNED: Final = frozenset({"node_modules", "venv", "site-packages", "__pycache__"})
_CONFIGURATIONS: Final = {
    ".coveragerc": "",
    ".coveragerc.toml": "",
    "setup.cfg": "[coverage:",
    "tox.ini": "[coverage:",
    "pyproject.toml": "tool.coverage",
}
_TAKEN_OVER: Final = (
    "report:exclude_lines",
    "report:partial_branches",
    "report:partial_branches_always",
)
_FILTERS: Final = ("report:omit", "report:include")
_MEND: Final = "run `coverage xml` where the tests ran, and give that report"


def read_data_file(
    path: Path, root: Path, wanted: Collection[str] | None
) -> CoverageReport | Unreadable:
    """The coverage of the checkout at `root`, by paths relative to it.

    `wanted` restricts the reading to some of those paths, because every source that is read costs
    some 10 ms. Sources that are not there, or that are no Python of this version, are counted and
    named in the notes; if none is there, nothing can be said and the file is `Unreadable`.
    """
    try:
        with _opened(path) as data:
            measured = _sources(data, root)
            if not measured:
                return Unreadable(str(path), _nothing_to_read(data))
            report = _analyse(data, path, root, measured, wanted)
            report.notes.extend(_notes(data, measured))
            return report
    except _errors() as problem:
        return Unreadable(str(path), f"no data file of coverage.py: {str(problem)[:300]}")


def _errors() -> tuple[type[Exception], ...]:
    from coverage.exceptions import CoverageException

    return (CoverageException, sqlite3.Error, OSError, ValueError)


@contextmanager
def _opened(path: Path) -> Iterator[CoverageData]:
    """The data of a private copy of the file."""
    from coverage import CoverageData

    with TemporaryDirectory(prefix="vsm-gate-") as folder:
        copy = Path(folder) / "data"
        copyfile(path, copy)
        _refuse_oversized(copy)
        data = CoverageData(basename=str(copy))
        with closing(data):
            data.read()
            yield data


def _refuse_oversized(copy: Path) -> None:
    """Lines are stored as one bit each: a hostile million of bytes would be eight million lines."""
    with closing(sqlite3.connect(copy)) as database:
        found = database.execute("select max(length(numbits)) from line_bits").fetchone()
    if found[0] is not None and found[0] > MAX_SOURCE_LINES // 8:
        raise ValueError(f"it has a source of more than {MAX_SOURCE_LINES} lines")


def _sources(data: CoverageData, root: Path) -> dict[str, str]:
    """Measured files whose source is in the checkout, by the name that the data file uses."""
    names = sorted(
        name
        for name in data.measured_files()
        if name.isprintable() and not data.file_tracer(name)  # a line end would forge a record
    )
    found: dict[str, str] = {}
    for name in names:
        direct = os.path.relpath(name, root) if os.path.isabs(name) else os.path.normpath(name)
        if _is_inside(root, direct):
            found[name] = Path(direct).as_posix()
    if len(found) < len(names):
        rest = [name for name in names if name not in found]
        found.update(locate(rest, TrackedFiles(_python_files(root))).found)
    return found


def _is_inside(root: Path, path: str) -> bool:
    """Whether it is a regular file inside the checkout, links resolved."""
    place = (root / path).resolve()
    return place.is_relative_to(root.resolve()) and place.is_file()


def _python_files(root: Path) -> Iterator[str]:
    for folder, folders, files in os.walk(root):
        folders[:] = [name for name in folders if not name.startswith(".") and name not in _PRUNED]
        for name in files:
            path = os.path.relpath(os.path.join(folder, name), root)
            if name.endswith((".py", ".pyw")) and _is_inside(root, path):
                yield Path(path).as_posix()


def _analyse(
    data: CoverageData,
    path: Path,
    root: Path,
    measured: dict[str, str],
    wanted: Collection[str] | None,
) -> CoverageReport:
    """Hold what ran against what the sources could run."""
    analysis, notes = _analyser(path, root)
    report = CoverageReport(FORMAT.name, has_branches=data.has_arcs(), notes=notes)
    places: dict[str, str] = {}
    ran = analysis.get_data()
    try:
        for name, repo_path in measured.items():
            if wanted is None or repo_path in wanted:
                place = str((root / repo_path).resolve())
                places[place] = repo_path
                if data.has_arcs():
                    ran.add_arcs({place: data.arcs(name) or ()})
                else:
                    ran.add_lines({place: data.lines(name) or ()})
                ran.touch_file(place)
        for place, file in _lcov(analysis, notes).items():
            repo_path = places[os.path.abspath(place)]
            report.files[repo_path] = file.copy(repo_path)
    finally:
        ran.close(force=True)
    return report


def _lcov(analysis: Coverage, notes: list[str]) -> dict[str, FileCoverage]:
    """coverage.py's own LCOV report: it reads each source once, and names branch outcomes."""
    from coverage.exceptions import NoDataError

    with (
        TemporaryDirectory(prefix="vsm-gate-") as folder,
        warnings.catch_warnings(record=True) as said,
    ):
        warnings.simplefilter("always")
        outfile = Path(folder) / "lcov.info"
        try:
            analysis.lcov_report(outfile=str(outfile), ignore_errors=True)
        except NoDataError:  # none of the wanted files was measured
            return {}
        unread = [str(one.message) for one in said if "parse" in str(one.message).lower()]
        if unread:
            notes.append(f"{len(unread)} sources could not be parsed, the first: {unread[0][:300]}")
        with outfile.open("rb") as stream:
            return lcov.read(stream).files


def _analyser(path: Path, root: Path) -> tuple[Coverage, list[str]]:
    """A Coverage with the exclusions and filters of the configuration nearest to the data file."""
    from coverage import Coverage
    from coverage.exceptions import ConfigError

    analysis = Coverage(data_file=None, config_file=False, messages=False)
    found = _configuration(path, root)
    if found is None:
        return analysis, []
    try:
        theirs = Coverage(data_file=None, config_file=str(found), messages=False)
    except ConfigError as problem:
        return analysis, [f"default exclusions, because of {str(problem)[:300]}"]
    for option in _TAKEN_OVER:
        analysis.set_option(option, theirs.get_option(option))
    for option in _FILTERS:
        patterns = theirs.get_option(option)
        if isinstance(patterns, list):
            below = [
                one if one.startswith(("*", "/")) else str(found.parent / one) for one in patterns
            ]
            analysis.set_option(option, below)
    return analysis, []


def _configuration(path: Path, root: Path) -> Path | None:
    """The first file with coverage.py's settings, from the data file's folder up to the root."""
    top = root.resolve()
    folder = path.resolve().parent
    while folder.is_relative_to(top):
        for name, mark in _CONFIGURATIONS.items():
            candidate = folder / name
            if _is_inside(top, os.path.relpath(candidate, top)) and mark in _text(candidate):
                return candidate
        if folder == top:
            break
        folder = folder.parent
    return None


def _text(place: Path) -> str:
    return place.read_text(encoding="utf-8", errors="replace")


def _notes(data: CoverageData, measured: dict[str, str]) -> Iterator[str]:
    traced = [name for name in data.measured_files() if data.file_tracer(name)]
    if traced:
        yield f"{len(traced)} files measured by a plug-in are left out, the first: {min(traced)!r}"
    absent = sorted(set(data.measured_files()) - set(traced) - set(measured))
    if absent:
        yield f"{len(absent)} measured sources are not in the checkout, the first: {absent[0]!r}"


def _nothing_to_read(data: CoverageData) -> str:
    names = sorted(data.measured_files())
    if not names:
        return "it measured no file: nothing ran under coverage.py, or its `source` is another"
    return (
        "it records which lines ran, not which could, and of its "
        f"{len(names)} sources none is in the checkout (the first: {names[0][:200]!r}): {_MEND}"
    )
