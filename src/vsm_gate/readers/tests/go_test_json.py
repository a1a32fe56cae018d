"""`go test -json`: a stream of events, one JSON object a line, with other lines in between.

The leaves are the cases: a test with subtests has no result of its own, unless it fails while
none of them does. A package that fails although no test in it did (it does not build, a panic, an
exit), or that never comes to an end, is one errored case.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, BinaryIO, Final

from vsm_gate.model.tests import Outcome, TestReport
from vsm_gate.readers.attempts import SECONDS, Case, Recorder, micros
from vsm_gate.readers.cases import add_errored
from vsm_gate.readers.contract import Format, ReadError
from vsm_gate.readers.golang import RESULTS, UNBUILT, failed_case, mark_parents
from vsm_gate.readers.head import Head
from vsm_gate.readers.json import Objects, string

FORMAT: Final = Format(
    name="go-test-json",
    title="go test -json",
    producers=("go test", "gotestsum (--jsonfile)", "go tool test2json"),
    reads="leaf tests with status, time and the output of failed ones; packages that do not build, "
    "panic, exit or never end; reruns",
    leaves="benchmark figures, the output of passed tests, the times of packages",
    how="go test -json ./... > tests.json",
)

_MAX_KEPT: Final = 16 << 20
_OVERHEAD: Final = 100
_MAX_LINES: Final = 500
_MAX_PACKAGES: Final = 100_000


def sniff(head: Head) -> bool:
    """JSON objects that have an action and the package that it happened in."""
    return (
        head.shape in ("lines", "object")
        and "Action" in head.keys[0]
        and bool(head.keys[0] & {"Package", "ImportPath"})
    )


def read(stream: BinaryIO) -> TestReport:
    """Read the stream event by event. Raises `ReadError`."""
    run = _Run()
    objects = Objects(stream, other=run.text)
    for event in objects:
        run.event(event)
    if not run.packages and not run.failed_builds:
        raise ReadError("a stream of go test events, but without any package")
    return run.report(objects)


@dataclass(slots=True)
class _Package:
    """What is known of a package while its tests run. `red` are parents of failed tests."""

    finished: bool = False
    failures: int = 0
    running: int = 0
    parents: set[int] = field(default_factory=set)
    red: set[int] = field(default_factory=set)
    output: dict[str, deque[str]] = field(default_factory=dict)


class _Run:
    """The state of a stream: its packages, failed builds, and the report so far."""

    def __init__(self) -> None:
        self.recorder = Recorder(TestReport(FORMAT.name), retries=True)
        self.packages: dict[str, _Package] = {}
        self.build_output: dict[str, deque[str]] = {}
        self.failed_builds: set[str] = set()
        self.unfinished_tests = 0
        self.kept = 0

    def event(self, event: dict[str, Any]) -> None:
        """Take one event."""
        action, name = event.get("Action"), event.get("Package")
        if not isinstance(name, str):
            self.build(event)
            return
        package = self.packages.get(name)
        if package is None:
            if len(self.packages) >= _MAX_PACKAGES:
                raise ReadError(f"the stream has more than {_MAX_PACKAGES} packages")
            package = self.packages[name] = _Package()
        test = string(event.get("Test"))
        if action == "output":
            self.keep(package.output, test, string(event.get("Output")))
        elif action in ("run", "start"):
            package.finished = False
            if test:
                package.running += 1
                mark_parents(test, package.parents)
        elif (outcome := RESULTS.get(string(action))) is not None:
            if test:
                self.end(name, package, test, outcome, micros(event.get("Elapsed"), SECONDS))
            else:
                self.end_package(name, package, outcome, string(event.get("FailedBuild")))

    def build(self, event: dict[str, Any]) -> None:
        """An event of the compiler, which knows import paths and no packages."""
        path = string(event.get("ImportPath"))
        if event.get("Action") == "build-fail":
            self.failed_builds.add(path)
        elif event.get("Action") == "build-output":
            self.keep(self.build_output, path, string(event.get("Output")))

    def text(self, line: str) -> None:
        """A line that is no event: before Go 1.24 that is how a package that cannot be loaded is
        told of.
        """
        if match := UNBUILT.match(line):
            self.failed_builds.add(match["name"])

    def keep(self, kept: dict[str, deque[str]], key: str, output: str) -> None:
        """Remember the last output until the outcome is known, within a bound for all together."""
        if self.kept < _MAX_KEPT:
            self.kept += len(output) + _OVERHEAD
            lines = kept.setdefault(key, deque())
            lines.append(output)
            if len(lines) > _MAX_LINES:
                self.kept -= len(lines.popleft()) + _OVERHEAD

    def forget(self, package: _Package, test: str) -> deque[str]:
        """The output of a test that has ended."""
        output = package.output.pop(test, deque())
        self.kept -= sum(map(len, output)) + _OVERHEAD * len(output)
        return output

    def end(
        self, name: str, package: _Package, test: str, outcome: Outcome, time: int | None
    ) -> None:
        """The result of a test."""
        package.running -= 1
        if "/" in test:
            mark_parents(test, package.parents)
        output = self.forget(package, test)
        red_inside = hash(test) in package.red
        if outcome is Outcome.FAILED:
            package.failures += 1
            mark_parents(test, package.red)
            case = failed_case(name, test, output)
        else:
            case = Case(classname=name, name=test)
        if hash(test) in package.parents:
            package.parents.discard(hash(test))
            package.red.discard(hash(test))
            own_failure = outcome is Outcome.FAILED and not red_inside
            recovered = outcome is Outcome.PASSED and self.recorder.is_red(case)
            if not own_failure and not recovered:
                return
        self.recorder.add(case, outcome, time)

    def end_package(self, name: str, package: _Package, outcome: Outcome, build: str) -> None:
        """The result of a package, which is news only if none of its tests failed."""
        output = self.forget(package, "")
        if outcome is Outcome.FAILED and not package.failures:
            self.failed_package(name, package, build, "".join(output))
        self.failed_builds.discard(build)
        self.unfinished_tests += max(package.running, 0)
        for test in list(package.output):
            self.forget(package, test)
        self.packages[name] = _Package(finished=True)

    def failed_package(self, name: str, package: _Package, build: str, output: str) -> None:
        """Count a package that failed by itself."""
        built = "".join(self.build_output.get(build, ()))
        if build or "[build failed]" in output or "[setup failed]" in output:
            what = "does not build"
        elif "panic: " in output or any("panic: " in line for line in _last(package.output)):
            what = "panicked"
        else:
            what = "failed with no failed test"
        open_output = "".join(_last(package.output))
        add_errored(
            self.recorder.report,
            f"(package {name} {what})",
            message=(built or open_output or output).strip().partition("\n")[0],
            text=built + open_output + output,
            suite=name,
        )

    def report(self, events: Objects) -> TestReport:
        """The report, once the stream has ended."""
        report = self.recorder.report
        for name, package in self.packages.items():
            if not package.finished:
                open_tests = ", ".join(test for test in list(package.output)[:20] if test)
                message = f"still running: {open_tests}" if open_tests else ""
                add_errored(report, f"(package {name} did not finish)", message=message, suite=name)
                self.unfinished_tests += max(package.running, 0)
        unbuilt = {path.partition(" ")[0]: path for path in sorted(self.failed_builds)}
        for name, path in unbuilt.items():
            if name not in self.packages:
                text = "".join(self.build_output.get(path, ()))
                add_errored(report, f"(package {path} does not build)", text=text)
        if self.unfinished_tests:
            report.notes.append(f"{self.unfinished_tests} tests began and have no result")
        if events.broken:
            report.notes.append(f"{events.broken} lines begin like events and are no JSON")
        if events.cut_off and all(package.finished for package in self.packages.values()):
            add_errored(report, "(the stream is cut off)")
        return self.recorder.finish()


def _last(output: dict[str, deque[str]]) -> Iterable[str]:
    """What the test that began last has said."""
    return next((lines for test, lines in reversed(output.items()) if test), ())
