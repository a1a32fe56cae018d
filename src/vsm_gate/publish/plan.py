"""What will be written where, decided before anything is written. Pure."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from vsm_gate.publish.annotations import receipt_remarks, remarks, workflow_commands
from vsm_gate.publish.attestation import attestations
from vsm_gate.publish.check_run import CheckRun, check_run
from vsm_gate.publish.code_quality import code_quality
from vsm_gate.publish.comment import Comment, comment
from vsm_gate.publish.console import Style, console, receipts
from vsm_gate.publish.document import document, number
from vsm_gate.publish.dotenv import dotenv
from vsm_gate.publish.dsse import Signer
from vsm_gate.publish.result import CheckResult
from vsm_gate.publish.sarif import sarif
from vsm_gate.publish.status import CommitStatus, commit_status
from vsm_gate.publish.summary import summary


@dataclass(frozen=True, slots=True)
class Targets:
    """The surfaces of a run. A file is None where it is not asked for.

    `guard` is a word that nobody can guess: where the forge reads commands from the log (`obeyed`,
    and so with annotations, which are commands), the terminal's text stands between two of them,
    so that nothing in it can be a command. `forge` names the surfaces that its API is asked for.
    `required` names the surfaces without which a passing run does not count. Where the bundle is
    not to be kept, nobody is told of it unless it is needed. `files` are those that other systems
    read, by their names in `FILES`. `signer` signs attestations; None: they stay unsigned.
    """

    style: Style
    guard: str
    summary: Path | None = None
    annotations: bool = False
    obeyed: bool = False
    json: Path | None = None
    files: Mapping[str, Path] = field(default_factory=dict)
    bundle: Path | None = None
    keep_bundle: bool = True
    outputs: Path | None = None
    forge: frozenset[str] = frozenset()
    required: frozenset[str] = frozenset()
    signer: Signer | None = None


@dataclass(frozen=True, slots=True)
class Write:
    """Put a text into a file; `append` to what is there, or replace it as a whole."""

    publisher: str
    path: Path
    text: str
    append: bool = False


@dataclass(frozen=True, slots=True)
class Print:
    """Put a text on standard output."""

    publisher: str
    text: str


# What other systems read, a file each.
FILES: Final[Mapping[str, Callable[[CheckResult, Targets], str]]] = {
    "sarif": lambda result, _: sarif(result),
    "code-quality": lambda result, _: code_quality(result),
    "junit": lambda result, _: _junit(result),
    "dotenv": lambda result, targets: dotenv(_values(result, targets)),
    "attestation": lambda result, targets: attestations(result, targets.signer),
}

Post = CheckRun | Comment | CommitStatus
Step = Write | Print | Post


def safe_first(result: CheckResult, targets: Targets) -> list[Step]:
    """Before anything leaves this machine: the bundle, from which all else can be repeated."""
    if targets.bundle is None:
        return []
    return [Write("bundle", targets.bundle, result_json(result))]


def then_shown(result: CheckResult, targets: Targets) -> list[Step]:
    """What people see here: the terminal, the summary of the step."""
    text = console(result, targets.style)
    steps: list[Step] = [Print("console", _guarded(text, targets))]
    if targets.summary is not None:
        steps.append(Write("summary", targets.summary, summary(result), append=True))
    return steps


def then_posted(result: CheckResult, targets: Targets) -> list[Step]:
    """What the forge is asked for. The check is last: its remarks take what requests are left."""
    planned = {
        CommitStatus.publisher: commit_status,
        Comment.publisher: comment,
        CheckRun.publisher: check_run,
    }
    steps = (make(result) for name, make in planned.items() if name in targets.forge)
    return [step for step in steps if step is not None]


def then_annotated(result: CheckResult, targets: Targets) -> list[Step]:
    """Remarks as commands in the log: all, or those that the check could not know of."""
    if not targets.annotations:
        return []
    found = receipt_remarks(result) if _has_check(result) else remarks(result)
    return [Print("annotations", workflow_commands(found))]


def _has_check(result: CheckResult) -> bool:
    return any(each.ok for each in result.receipts if each.publisher == CheckRun.publisher)


def last(result: CheckResult, targets: Targets) -> list[Step]:
    """What machines read, with the receipts of all before it."""
    steps: list[Step] = []
    if targets.json is not None:
        steps.append(Write("json", targets.json, result_json(result)))
    for name, path in targets.files.items():
        steps.append(Write(name, path, FILES[name](result, targets)))
    if targets.outputs is not None:
        text = _outputs(result, targets)
        steps.append(Write("outputs", targets.outputs, text, append=True))
    return steps


def closing(result: CheckResult, targets: Targets) -> list[Step]:
    """The receipts, for the terminal."""
    shown = [
        receipt
        for receipt in result.receipts
        if targets.keep_bundle or not (receipt.ok and receipt.publisher == "bundle")
    ]
    return [Print("console", _guarded(receipts(shown, targets.style), targets))]


def _guarded(text: str, targets: Targets) -> str:
    if not (targets.annotations or targets.obeyed):
        return text
    return f"::stop-commands::{targets.guard}\n{text}::{targets.guard}::\n"


def result_json(result: CheckResult) -> str:
    """The public result, as text."""
    return json.dumps(document(result), ensure_ascii=False, indent=2) + "\n"


def _outputs(result: CheckResult, targets: Targets) -> str:
    # the delimiter is the guard: a value that holds it cannot have been made to
    return "".join(
        f"{name}<<{targets.guard}\n{'' if value is None else value}\n{targets.guard}\n"
        for name, value in _values(result, targets).items()
    )


def _values(result: CheckResult, targets: Targets) -> dict[str, object]:
    """The outputs, as `action.yml` names them."""
    return {
        "verdict": result.decision.verdict.value,
        "conclusion": result.decision.conclusion.value,
        "score": number(result.decision.score),
        "level": result.decision.level,
        "record-id": result.record.id if result.record and result.recorded else None,
        "result": targets.json,
        "bundle": targets.bundle if targets.keep_bundle or result.needs_bundle else None,
    }


def _junit(result: CheckResult) -> str:
    # loaded where it is asked for: the library costs more than the rest of the publishers
    from vsm_gate.publish.junit import junit

    return junit(result)
