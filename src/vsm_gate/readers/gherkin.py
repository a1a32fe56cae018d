"""What the steps and hooks of a Cucumber scenario make of it, whichever format tells of them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from vsm_gate.model.tests import Outcome

_PASSED = "passed"
_SKIPPED = "skipped"


@dataclass(slots=True)
class Scenario:
    """A scenario under way: the statuses of its steps, its time in the report's own unit, and
    what failed first.

    It failed if a step or a hook failed, is undefined, ambiguous or pending (or has a status that
    nobody knows). It was skipped if every step that was executed was skipped, or none was.
    """

    steps_passed: int = 0
    failed: str = ""
    message: str = ""
    duration: float | None = None

    def step(self, status: str, *, name: str, message: str, hook: bool = False) -> None:
        """Take the result of a step or a hook."""
        status = status.lower()
        if status == _PASSED:
            self.steps_passed += not hook
        elif status != _SKIPPED and not self.failed:
            self.failed = f"{name}: {status}" if name else status
            self.message = message

    def add_time(self, time: object) -> None:
        """Add the time of a step or a hook; what is no time adds nothing."""
        if isinstance(time, bool) or not isinstance(time, int | float):
            return
        if 0 <= time < 1 << 60:
            self.duration = (self.duration or 0) + time

    def outcome(self) -> Outcome:
        """What became of it."""
        if self.failed:
            return Outcome.FAILED
        return Outcome.PASSED if self.steps_passed else Outcome.SKIPPED


@dataclass(slots=True)
class Rows:
    """Names for scenarios that share theirs, as the rows of an outline do: `name #2`.

    The place in the table tells them apart, because a line number changes with every edit above.
    """

    _lines: dict[tuple[str, str], dict[object, int]] = field(
        default_factory=lambda: defaultdict(dict)
    )

    def name(self, file: str, name: str, line: object) -> str:
        """The name of the scenario that stands at this line; the same line gives the same name."""
        lines = self._lines[file, name]
        place = lines.setdefault(line, len(lines) + 1)
        return name if place == 1 or not name else f"{name} #{place}"
