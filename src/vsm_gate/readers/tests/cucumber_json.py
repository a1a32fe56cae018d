"""Cucumber's JSON formatter, of all its implementations: an array of features.

A background belongs to the scenario that follows it. A scenario that is written again, at the
same line, is another attempt. Behave's JSON is like it: features and scenarios have a `location`
and a `status` of their own, which alone tells of hooks that failed, and times are seconds.
"""

from __future__ import annotations

from typing import Any, BinaryIO, Final

from vsm_gate.model.tests import TestReport
from vsm_gate.readers.attempts import NANOSECONDS, SECONDS, Case, Recorder, micros
from vsm_gate.readers.cases import add_errored, line_number
from vsm_gate.readers.contract import Format
from vsm_gate.readers.gherkin import Rows, Scenario
from vsm_gate.readers.head import Head
from vsm_gate.readers.json import CLOSED, ITEM, mapping, sequence, string, walk, whole

FORMAT: Final = Format(
    name="cucumber-json",
    title="Cucumber JSON",
    producers=(
        "cucumber-js",
        "Cucumber-JVM",
        "cucumber-ruby",
        "godog",
        "Behat",
        "Reqnroll",
        "Behave",
    ),
    reads="scenarios with the status and time of their steps, hooks and background; retries",
    leaves="tags, arguments, attachments",
    how="cucumber-js --format json:cucumber.json; java … --plugin json:cucumber.json",
)

_FEATURE: Final = (ITEM,)
_ELEMENTS: Final = (ITEM, "elements")
_ENTER: Final = frozenset({(), _FEATURE, _ELEMENTS})
_NOT_RED: Final = frozenset({"", "passed", "skipped", "untested"})  # of behave's own statuses


def sniff(head: Head) -> bool:
    """An array of features: objects with scenarios, which may reach beyond the head. A feature
    without scenarios may lack their list.
    """
    feature, scenario = head.keys[0], head.keys[1]
    return head.shape == "array" and (
        {"keyword", "uri"} <= feature
        or {"keyword", "location", "status"} <= feature
        or ("elements" in feature and {"keyword", "steps"} <= scenario)
    )


def read(stream: BinaryIO) -> TestReport:
    """Read the features one scenario at a time. Raises `ReadError`."""
    recorder = Recorder(TestReport(FORMAT.name), retries=True)
    rows = Rows()
    feature = _Feature()
    for path, value in walk(stream, _ENTER):
        if path == (*_ELEMENTS, ITEM):
            feature.element(mapping(value))
        elif path == _FEATURE:
            feature.add_to(recorder, rows)
            feature = _Feature()
        elif len(path) == 2 and value is not CLOSED:
            feature.facts[path[1]] = value
    return recorder.finish()


class _Feature:
    """A feature under way. Its own name and file may stand behind its scenarios."""

    def __init__(self) -> None:
        self.facts: dict[str, Any] = {}
        self.scenarios: list[tuple[str, int, Scenario]] = []
        self.background: list[dict[str, Any]] = []

    def element(self, element: dict[str, Any]) -> None:
        """A scenario, or the background of the next one."""
        if element.get("type") == "background":
            self.background.append(element)
            return
        scenario = Scenario()
        for part in (*self.background, element):
            _run(scenario, part)
        status = string(element.get("status"))
        if status and status.lower() not in _NOT_RED:
            scenario.step(status, name="", message="", hook=True)
        self.background = []
        line = whole(element.get("line")) or _line(element) or 0
        self.scenarios.append((string(element.get("name")), line, scenario))

    def add_to(self, recorder: Recorder, rows: Rows) -> None:
        """Count the scenarios, now that the feature is complete."""
        facts = self.facts
        file, name = string(facts.get("uri")), string(facts.get("name"))
        unit = NANOSECONDS
        if not file and "location" in facts:
            file, unit = string(facts["location"]).rpartition(":")[0], SECONDS
        if self.background:
            self.element({"name": string(self.background[0].get("name")) or "Background"})
        for title, line, scenario in self.scenarios:
            case = Case(
                name=rows.name(file, title, line),
                classname=name,
                file=file,
                row=line,
                line=line or None,
                message=scenario.failed,
                text=scenario.message,
            )
            recorder.add(case, scenario.outcome(), micros(scenario.duration, unit))
        status = string(facts.get("status")).lower()
        if status not in _NOT_RED and not any(each.failed for _, _, each in self.scenarios):
            add_errored(recorder.report, f"(the feature {name}: {status})")


def _line(element: dict[str, Any]) -> int | None:
    """The line at the end of a location."""
    return line_number(string(element.get("location")).rpartition(":")[2])


def _run(scenario: Scenario, element: dict[str, Any]) -> None:
    """Take the results of an element: hooks before, steps with their own hooks, hooks after."""
    for hook in sequence(element.get("before")):
        _take(scenario, mapping(hook), hook=True)
    for step in map(mapping, sequence(element.get("steps"))):
        for hook in sequence(step.get("before")):
            _take(scenario, mapping(hook), hook=True)
        _take(scenario, step, hook=step.get("hidden") is True)
        for hook in sequence(step.get("after")):
            _take(scenario, mapping(hook), hook=True)
    for hook in sequence(element.get("after")):
        _take(scenario, mapping(hook), hook=True)


def _text(said: object) -> str:
    """A message, which Behave gives line by line."""
    return string(said) or "\n".join(map(string, sequence(said)))


def _take(scenario: Scenario, step: dict[str, Any], *, hook: bool) -> None:
    result = mapping(step.get("result"))
    if status := string(result.get("status")):
        name = "hook" if hook else f"{string(step.get('keyword'))}{string(step.get('name'))}"
        message = _text(said) if (said := result.get("error_message")) else ""
        scenario.step(status, name=name.strip(), message=message, hook=hook)
    scenario.add_time(result.get("duration"))
