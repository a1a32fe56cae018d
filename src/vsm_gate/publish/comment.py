"""The one comment on a pull request, which every run edits in place. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar, Final

from vsm_gate.model.results import Verdict
from vsm_gate.publish import links, naming, parts, reaches, trend, view
from vsm_gate.publish.escape import markdown
from vsm_gate.publish.fit import fit
from vsm_gate.publish.result import CheckResult

# What the forge takes is counted in characters; the bytes are never fewer.
LIMIT: Final = 65_536
_PLACES: Final = 10
_FAILURES: Final = 5
_MARKER: Final = re.compile(
    r"<!-- vsm-gate ([0-9a-f]{16}) head=([0-9a-f]{40,64}) run=(\d{1,20})/(\d{1,9}) -->"
)


@dataclass(frozen=True, slots=True)
class Marker:
    """Whose comment it is (`key`), and which attempt of which run on which commit wrote it."""

    key: str
    head: str
    run: int
    attempt: int

    def __str__(self) -> str:
        return f"<!-- vsm-gate {self.key} head={self.head} run={self.run}/{self.attempt} -->"

    @classmethod
    def of(cls, body: str) -> Marker | None:
        """The marker that a comment begins with; None where it is none of ours."""
        match = _MARKER.match(body)
        return cls(match[1], match[2], int(match[3]), int(match[4])) if match else None

    def is_older_than(self, other: Marker) -> bool:
        """Whether a later attempt on the same commit has spoken already."""
        return self.head == other.head and (self.run, self.attempt) < (other.run, other.attempt)


@dataclass(frozen=True, slots=True)
class Comment:
    """What stands on the pull request `number`, where it is still at the marker's commit."""

    publisher: ClassVar[str] = "comment"
    number: int
    marker: Marker
    body: str


def comment(result: CheckResult) -> Comment | None:
    """The comment of a result; None where there is no pull request to comment on."""
    number = result.context.pull_request
    if number is None:
        return None
    context = result.context
    run = int(context.run) if context.run.isdecimal() else 0
    marker = Marker(naming.key(result), result.change.head, run, context.attempt)
    text = _short(result) if _is_good(result) else _full(result)
    page = links.run(result)
    whole = f"[the summary of the run]({page})" if page else "the summary of the run"
    return Comment(number, marker, fit(f"{marker}\n{text}", LIMIT, whole))


def _is_good(result: CheckResult) -> bool:
    """Nothing to do, and nothing was softened."""
    passed = result.decision.verdict is result.decision.conclusion is Verdict.PASS
    breaking = any(each.severity == "breaking" for each in result.impact.details)
    return passed and not breaking and not view.steps(result, 0) and not result.problems


def _short(result: CheckResult) -> str:
    """Three lines on a good change: the verdict, the figures, what it reaches and how it stands."""
    drawn = trend.bars(result)
    stands = (
        reaches.impact_text(result),
        trend.trend_text(result),
        f"score {drawn}" if drawn else "",
    )
    said = "; ".join(part for part in stands if part)
    return parts.together(parts.head(result), " · ".join([*_sentence(said), _foot(result)]))


def _sentence(text: str) -> list[str]:
    return [markdown(text[:1].upper() + text[1:], 400)] if text else []


def _full(result: CheckResult) -> str:
    """What stands in the way, what it reaches, where the team stands; the rest is folded."""
    return parts.together(
        parts.head(result),
        parts.steps(result, _PLACES),
        parts.failures(result, _FAILURES),
        parts.impact(result),
        parts.graph(result),
        parts.stand(result),
        _folded("Scorecard", parts.scorecard(result)),
        parts.details(result),
        _foot(result),
    )


def _folded(title: str, text: str) -> str:
    return f"<details><summary>{title}</summary>\n\n{text}\n\n</details>" if text else ""


def _foot(result: CheckResult) -> str:
    page = links.run(result)
    where = f"[All of it]({page})" if page else "All of it is in the summary of the run"
    return f"<sub>{where} · vsm-gate {markdown(result.tool_version)}</sub>"
