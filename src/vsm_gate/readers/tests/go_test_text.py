"""`go test -v`: text for people, from which the results can be read all the same.

Tests come before the line of their package. Without `-v` the passed tests are not in it, and it
is refused: it would look like a run in which nothing passed.
"""

from __future__ import annotations

import re
from typing import BinaryIO, Final

from vsm_gate.model.tests import Outcome, TestReport
from vsm_gate.readers.attempts import SECONDS, Case, Recorder, micros
from vsm_gate.readers.cases import add_errored
from vsm_gate.readers.contract import Format, ReadError
from vsm_gate.readers.decoded import lines
from vsm_gate.readers.golang import RESULTS, failed_case, mark_parents
from vsm_gate.readers.head import Head

FORMAT: Final = Format(
    name="go-test-text",
    title="go test -v (text)",
    producers=("go test -v",),
    reads="leaf tests with status, time and output; packages that do not build, panic or exit",
    leaves="benchmarks; without -v the whole file, because passed tests are not in it",
    how="go test -v ./... > tests.txt (better: go test -json)",
)

_RESULT: Final = re.compile(
    r" *--- (?P<word>PASS|FAIL|SKIP): (?P<test>.+) "
    r"\((?P<time>\d+(?:\.\d+)?)(?:s| seconds)\)\s*"
)
# The tab is lost where the text was copied from a terminal.
_PACKAGE: Final = re.compile(r"(?P<word>ok  |FAIL|\?   )(?:\t| {4})(?P<name>\S+)(?P<rest>.*)\s*")
_WORDS: Final = ("ok  ", "FAIL", "?   ")
_BEGINS: Final = re.compile(r"=== (?:RUN|NAME|CONT) +(?P<test>\S+)")
_SEEN: Final = re.compile(r"^(?:=== RUN +\S|(?:ok  |FAIL|\?   )\t\S)", re.MULTILINE)
_ENDS: Final = frozenset({"PASS\n", "PASS\r\n", "PASS", "FAIL\n", "FAIL\r\n", "FAIL"})
_NONE_RAN: Final = re.compile(r"\[(?:build failed|setup failed|no tests to run)\]")
_MAX_KEPT: Final = 1000


def sniff(head: Head) -> bool:
    """Text with the line of a test that begins, or of a package."""
    return head.syntax == "text" and "Action" not in head.keys[0] and bool(_SEEN.search(head.text))


def read(stream: BinaryIO) -> TestReport:
    """Read the text line by line. Raises `ReadError`."""
    run = _Run()
    for line in lines(stream):
        run.take(line)
    return run.report()


class _Run:
    """The results that wait for the name of their package, and the report so far."""

    def __init__(self) -> None:
        self.recorder = Recorder(TestReport(FORMAT.name), retries=True)
        self.verbose = False
        self.ran = False  # some package, whose passed tests would not be seen without -v
        self.began: set[str] = set()
        self.results: list[tuple[str, Outcome, int | None]] = []
        self.output: dict[str, list[str]] = {}
        self.current = ""
        self.ended = ""  # what the binary said last: PASS, FAIL, or nothing since its last test

    def take(self, line: str) -> None:
        """Take one line."""
        if line.startswith("===") and (match := _BEGINS.match(line)):
            self.verbose = True
            self.current, self.ended = match["test"], ""
            self.began.add(self.current)
        elif match := _RESULT.fullmatch(line):
            self.result(match)
        elif line.startswith(_WORDS) and (match := _PACKAGE.fullmatch(line)):
            self.ran |= match["word"] != "?   " and not _NONE_RAN.search(line)
            self.package(match["name"], match["word"] == "FAIL", match["rest"])
        elif line in _ENDS:
            self.ended = line.strip()
        elif "--- " in line and (match := self.behind_output(line)):
            self.result(match)
        else:
            kept = self.output.setdefault(self.current, [])
            if len(kept) < _MAX_KEPT:
                kept.append(line)

    def behind_output(self, line: str) -> re.Match[str] | None:
        """The result that stands behind what its test printed without a line end. Where no test
        of that name began, the line is only quoted.
        """
        match = _RESULT.fullmatch(line, line.rfind("--- "))
        return match if match and match["test"] in self.began else None

    def result(self, match: re.Match[str]) -> None:
        """The result of a test."""
        outcome = RESULTS[match["word"].lower()]
        time = micros(float(match["time"]), SECONDS)
        self.results.append((match["test"], outcome, time))
        self.current, self.ended = match["test"], ""

    def package(self, name: str, failed: bool, rest: str) -> None:
        """The end of a package: now its tests can be counted."""
        parents: set[int] = set()
        red: set[int] = set()
        failures = 0
        for test, outcome, _ in self.results:
            mark_parents(test, parents)
            if outcome is Outcome.FAILED:
                mark_parents(test, red)
                failures += 1
        for test, outcome, time in self.results:
            own_failure = outcome is Outcome.FAILED and hash(test) not in red
            if own_failure:
                self.recorder.add(failed_case(name, test, self.output.get(test, [])), outcome, time)
            elif hash(test) not in parents:
                self.recorder.add(Case(classname=name, name=test), outcome, time)
        if failed and not failures:
            self.failed_package(name, rest)
        self.results, self.output, self.current = [], {}, ""
        self.began = set()

    def failed_package(self, name: str, rest: str) -> None:
        """Count a package that failed by itself."""
        text = "".join(self.output.get(self.current, []))
        if "[build failed]" in rest or "[setup failed]" in rest:
            what = "does not build"
        else:
            what = "panicked" if "panic: " in text else "failed with no failed test"
        of = f"package {name}" if name else "the test binary"
        add_errored(self.recorder.report, f"({of} {what})", text=text, suite=name)

    def report(self) -> TestReport:
        """The report, once the text has ended."""
        if self.ran and not self.verbose:
            raise ReadError(
                "go test was run without -v, so that passed tests are not in its output: "
                "use go test -json"
            )
        if self.began or self.results:
            ended = self.ended  # a test binary that ran by itself does not name its package
            self.package("", failed=ended == "FAIL", rest="")
            if not ended:
                add_errored(self.recorder.report, "(the last package did not finish)")
        return self.recorder.finish()
