"""Annotations: what a developer should see beside the line that it is about."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from hashlib import blake2b
from typing import Final

from vsm_gate.change.since_base import TestsSinceBase
from vsm_gate.errors import ConfigurationError, VsmGateError
from vsm_gate.model.results import Phase, Status, Verdict
from vsm_gate.model.tests import RED, CaseDetail
from vsm_gate.publish import escape
from vsm_gate.publish.fit import block, short
from vsm_gate.publish.result import CheckResult

# The runner shows this many of a step's commands at most, of each level.
PER_LEVEL: Final = 10
_TITLE: Final = 255
_MESSAGE: Final = 4_000
_SAID: Final = frozenset({Status.FAIL, Status.WARN, Status.MISSING})
_ORDER: Final = {"error": 0, "warning": 1, "notice": 2}


@dataclass(frozen=True, slots=True)
class Annotation:
    """A remark on a place. `path` is the repository's; without one it is about the whole run.

    `rule` says what kind of remark it is, where it is one beside the code.
    """

    level: str
    title: str
    message: str
    path: str | None = None
    line: int | None = None
    end_line: int | None = None
    rule: str = ""


def remarks(result: CheckResult) -> list[Annotation]:
    """All that there is to say, the severest first, in a stable order."""
    found = [
        *_verdict(result),
        *receipt_remarks(result),
        *_tests(result),
        *_patch(result),
        *_sensitive(result),
        *_problems(result),
    ]
    return sorted(found, key=lambda each: _ORDER[each.level])


def placed(result: CheckResult) -> list[Annotation]:
    """The remarks that are beside the code: those of a rule, in a file."""
    return [each for each in remarks(result) if each.rule and each.path]


def fingerprint(each: Annotation) -> str:
    """The same remark in another run; a test's is the same wherever its line has moved."""
    place = f"{each.line}-{each.end_line}" if each.rule == "uncovered-lines" else ""
    said = [each.message] if each.rule == "sensitive-file" else []
    text = "\0".join([each.rule, each.path or "", short(each.title, _TITLE), place, *said])
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def error_remarks(problem: VsmGateError) -> list[Annotation]:
    """What stopped a run: each mistake at its place, or the one message there is."""
    if not isinstance(problem, ConfigurationError):
        text = "\n".join(part for part in (problem.message, problem.hint) if part)
        return [Annotation("error", "vsm-gate cannot judge", text)]
    return [
        Annotation(
            "error",
            "vsm-gate cannot judge: a mistake in the configuration",
            "\n".join(part for part in (mistake.message, mistake.hint) if part),
            path=_path(mistake.file, ()),
            line=mistake.line,
        )
        for mistake in problem.mistakes
    ]


def _verdict(result: CheckResult) -> Iterator[Annotation]:
    acting = {reason.objective: reason.acts_as for reason in result.decision.reasons}
    for objective in result.decision.objectives:
        blocks = objective.phase is Phase.ENFORCE and objective.waiver is None
        if objective.status not in _SAID or objective.phase is Phase.OBSERVE:
            continue
        if objective.status is Status.MISSING:
            stops = acting.get(objective.id) in {Verdict.FAIL, Verdict.INCONCLUSIVE}
        else:
            stops = objective.status is Status.FAIL and blocks and objective.key
        level = "error" if stops else "warning"
        message = objective.explanation
        if objective.remedy:
            message += f"\n{objective.remedy}"
        yield Annotation(level, f"{objective.id}: {objective.status.value}", message)


def receipt_remarks(result: CheckResult) -> Iterator[Annotation]:
    """What was to be kept and is not: nobody reads the log of a run that passed."""
    for receipt in result.receipts:
        if not receipt.ok and (receipt.required or receipt.publisher == "history"):
            yield Annotation(
                "error" if receipt.required else "warning",
                f"{receipt.publisher}: it failed",
                "\n".join(part for part in (receipt.detail, receipt.hint) if part),
            )


def _tests(result: CheckResult) -> Iterator[Annotation]:
    if result.tests is None:
        return
    changed = {file.path for file in result.change.files}
    for detail in result.tests.details:
        level, what = _became(detail, result.since)
        yield Annotation(
            level,
            f"{detail.title} {what}",
            detail.message or detail.text or detail.type or what,
            path=_path(detail.file, changed),
            line=detail.line,
            rule="failing-test" if detail.outcome in RED else "flaky-test",
        )


def _became(detail: CaseDetail, since: TestsSinceBase | None) -> tuple[str, str]:
    """The level of a case and what became of it; red that is not this change's is no error."""
    if detail.outcome not in RED:
        return "warning", "is flaky: it failed, then passed on the same code"
    if since is not None and detail.identity in since.known_failures:
        return "warning", "failed, as it did at the base"
    if since is not None and detail.identity in since.flaky_failures:
        return "warning", "failed, and is known to be flaky"
    return "error", "failed"


def _path(file: str, known: Collection[str]) -> str | None:
    """A path that the forge will show: relative, without a leading slash or a way up.

    Of any other the longest known path that it ends with.
    """
    path = file.replace("\\", "/").removeprefix("./")
    if not path or path.startswith("/") or ":" in path or ".." in path.split("/"):
        ends = (each for each in known if each[:1] != "/" and path.endswith(f"/{each}"))
        return max(ends, key=len, default=None)
    return path


def _patch(result: CheckResult) -> Iterator[Annotation]:
    if result.patch is None:
        return
    for path, ranges in result.patch.missed.items():
        for part in ranges:
            first, last = part.start, part.stop - 1
            where = f"Line {first} is" if first == last else f"Lines {first} to {last} are"
            yield Annotation(
                "warning",
                "Changed lines that no test runs",
                f"{where} new or changed, and no test runs {'it' if first == last else 'them'}.",
                path=path.lstrip("/") or None,  # a bundle may say anything
                line=first,
                end_line=last,
                rule="uncovered-lines",
            )


def _sensitive(result: CheckResult) -> Iterator[Annotation]:
    """What sensitive files break or risk, beside the line that does it."""
    there = {file.path for file in result.change.files if file.status != "deleted"}
    for each in result.impact.details:
        if each.severity != "info" and (each.line is not None or each.path in there):
            yield Annotation(
                "warning" if each.severity == "breaking" else "notice",
                f"{each.sensitive}: {each.severity}",
                each.finding,
                path=each.path,
                line=each.line,
                rule="sensitive-file",
            )


def _problems(result: CheckResult) -> Iterator[Annotation]:
    level = "error" if result.decision.conclusion is Verdict.INCONCLUSIVE else "warning"
    for problem in result.problems:
        yield Annotation(level, "Evidence is missing", problem)


def workflow_commands(found: Iterable[Annotation]) -> str:
    """The annotations as workflow commands, as many as the runner shows, the rest counted."""
    lines: list[str] = []
    shown = dict.fromkeys(_ORDER, 0)
    left_out = 0
    for each in found:
        # one place of each level is kept for the sentence that says how many were left out
        if shown[each.level] >= PER_LEVEL - (each.level == "warning"):
            left_out += 1
            continue
        shown[each.level] += 1
        lines.append(_command(each))
    if left_out:
        text = f"{left_out} more remarks are in the summary of this run and in its result file."
        lines.append(_command(Annotation("warning", "Not all remarks are shown here", text)))
    return "".join(f"{line}\n" for line in lines)


def _command(each: Annotation) -> str:
    properties = {"title": escape.line(each.title, _TITLE)}
    if each.path is not None:
        properties["file"] = escape.line(each.path, 1000)
        if each.line is not None:
            properties["line"] = str(each.line)
        if each.end_line is not None:
            properties["endLine"] = str(each.end_line)
    shown = ",".join(f"{key}={escape.command_property(text)}" for key, text in properties.items())
    message = escape.command_value(block(each.message, _MESSAGE))
    return f"::{each.level} {shown}::{message}"
