"""RSpec's JSON formatter: one document, one object an example."""

from __future__ import annotations

from typing import Any, BinaryIO, Final

from vsm_gate.model.tests import Outcome, TestReport
from vsm_gate.readers.attempts import SECONDS, Case, Recorder, micros
from vsm_gate.readers.cases import add_errored
from vsm_gate.readers.contract import Format, ReadError
from vsm_gate.readers.head import Head
from vsm_gate.readers.json import CLOSED, ITEM, mapping, sequence, string, walk, whole

FORMAT: Final = Format(
    name="rspec-json",
    title="RSpec JSON",
    producers=("rspec --format json",),
    reads="examples with status, time, exception and place; errors outside of examples",
    leaves="profiles, messages",
    how="rspec --format json --out rspec.json",
)

_OUTCOMES: Final = {
    "passed": Outcome.PASSED,
    "failed": Outcome.FAILED,
    "pending": Outcome.SKIPPED,
}
_EXAMPLES: Final = ("examples",)
_ENTER: Final = frozenset({(), _EXAMPLES})
_MAX_ERRORS: Final = 1000


def sniff(head: Head) -> bool:
    """An object with `examples` and the version of RSpec."""
    return head.shape == "object" and {"version", "examples"} <= head.keys[0]


def read(stream: BinaryIO) -> TestReport:
    """Read the document example by example. Raises `ReadError`."""
    recorder = Recorder(TestReport(FORMAT.name))
    summary: dict[str, Any] = {}
    messages: list[Any] = []
    complete = False
    for path, value in walk(stream, _ENTER, arrays={_EXAMPLES}):
        if path == (*_EXAMPLES, ITEM):
            _add(recorder, mapping(value))
        elif path == _EXAMPLES:
            complete = value is CLOSED
        elif path == ("summary",):
            summary = mapping(value)
        elif path == ("messages",):
            messages = sequence(value)
    if not complete:
        raise ReadError("RSpec JSON without the list of examples")
    report = recorder.finish()
    outside = whole(summary.get("errors_outside_of_examples_count"))
    text = "\n".join(map(string, messages))
    for _ in range(min(outside, _MAX_ERRORS)):
        add_errored(report, "(an error outside of the examples)", text=text)
    declared = whole(summary.get("failure_count"))
    if declared and not report.counts().red:
        add_errored(report, f"(the report declares {declared} failures and holds none)")
    return report


def _add(recorder: Recorder, example: dict[str, Any]) -> None:
    exception = mapping(example.get("exception"))
    description = string(example.get("description"))
    full = string(example.get("full_description"))
    case = Case(
        name=description or full,
        classname=full.removesuffix(description).strip(),
        file=string(example.get("file_path")),
        line=whole(example.get("line_number")) or None,
        type=string(exception.get("class")),
        message=string(exception.get("message")),
        text="\n".join(map(string, sequence(exception.get("backtrace")))),
    )
    outcome = _OUTCOMES.get(string(example.get("status")), Outcome.ERRORED)
    recorder.add(case, outcome, micros(example.get("run_time"), SECONDS))
