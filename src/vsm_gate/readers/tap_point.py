"""A test point of TAP: what its line and its diagnostics say."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from vsm_gate.model.tests import MAX_TEXT, Outcome
from vsm_gate.readers.attempts import MILLISECONDS, SECONDS, micros
from vsm_gate.readers.cases import MAX_NAME, line_number

POINT: Final = re.compile(
    r"(?P<indent> *)(?P<not>not )?ok(?=\s|$)[ \t]*(?:\d+(?=\s|$))?[ \t]*(?:-(?=\s|$)[ \t]*)?"
    r"(?P<said>[^\r\n]*)"
)
_DIRECTIVE: Final = re.compile(r"(?<!\\)(?:\\\\)*#[ \t]*(?P<word>todo|skip)", re.IGNORECASE)
_ESCAPED: Final = re.compile(r"\\([#\\])")
_TIME: Final = re.compile(r"#[ \t]*time=(?P<number>\d+(?:\.\d+)?)(?P<unit>ms|s)\b")
_BATS_TIME: Final = re.compile(r" in (?P<number>\d+)(?P<unit>ms|sec)$")
_YAML_TIME: Final = re.compile(r" *duration_ms: *['\"]?(?P<number>\d+(?:\.\d+)?(?:e[+-]?\d+)?)")
_YAML_MESSAGE: Final = re.compile(r" *(?:error|message): *(?P<message>.*)")
_YAML_PLACE: Final = re.compile(
    r" *(?:location|at): *['\"]?(?:.*\()?(?P<file>[^()]+?):(?P<line>\d+):\d+"
)
_PERL_PLACE: Final = re.compile(r"# +at (?P<file>.+) line (?P<line>\d+)\.")


@dataclass(slots=True)
class Point:
    """A test point, with what its diagnostics add to it."""

    name: str
    outcome: Outcome
    time: int | None = None
    message: str = ""
    file: str = ""
    line: int | None = None
    text: list[str] = field(default_factory=list)
    size: int = 0

    def diagnose(self, line: str) -> None:
        """Take a comment that follows."""
        self._keep(line)
        if len(line) < MAX_NAME and (match := _PERL_PLACE.match(line)):
            self.file, self.line = match["file"], line_number(match["line"])

    def learn(self, line: str, *, top: bool) -> None:
        """Take a line of YAML, without a YAML parser: of the keys at its `top` few are of use."""
        self._keep(line)
        if not top or len(line) > MAX_TEXT:
            return
        if match := _YAML_TIME.match(line):
            self.time = micros(float(match["number"]), MILLISECONDS)
        elif match := _YAML_MESSAGE.match(line):
            self.message = match["message"].strip().strip("'\"|>-")
        elif match := _YAML_PLACE.match(line):
            self.file, self.line = match["file"], line_number(match["line"])

    def _keep(self, line: str) -> None:
        if self.size < MAX_TEXT:
            self.text.append(line)
            self.size += len(line)


def described(*, failed: bool, said: str, versioned: bool) -> Point:
    """A test point from its description.

    Where the stream has no version line, bats' `in 12ms` at the end of a name is its time.
    """
    point = Point(said, Outcome.FAILED if failed else Outcome.PASSED)
    timed = None
    if "#" in said:
        if timed := _TIME.search(said):
            point.name = said[: timed.start()]
        if directive := _DIRECTIVE.search(said):
            point.name = point.name[: directive.start()]
            skipped = failed or directive["word"].lower() == "skip"
            point.outcome = Outcome.SKIPPED if skipped else Outcome.PASSED
    point.name = point.name.strip()
    if not versioned and timed is None and (timed := _BATS_TIME.search(point.name)):
        point.name = point.name[: timed.start()]
    if "\\" in point.name:
        point.name = _ESCAPED.sub(r"\1", point.name)
    if timed is not None:
        unit = MILLISECONDS if timed["unit"] == "ms" else SECONDS
        point.time = micros(float(timed["number"]), unit)
    return point
