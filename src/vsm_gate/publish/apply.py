"""Carry out a plan. What fails becomes a receipt and never changes a verdict."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from vsm_gate.model.results import Receipt
from vsm_gate.publish.plan import Post, Print, Step, Write


class Forge(Protocol):
    """What puts results on the forge."""

    def post(self, step: Post) -> Receipt:
        """Put it there. What fails is said by the receipt: nothing is raised."""
        ...


class NoToken:
    """The forge of those who have no token for it."""

    def post(self, step: Post) -> Receipt:
        """Say that nothing was asked of the forge, and why."""
        detail = "not published: no token; set GITHUB_TOKEN, or `token` of the action"
        return Receipt(step.publisher, ok=False, detail=detail)


def apply(
    steps: Iterable[Step],
    emit: Callable[[str], None],
    required: frozenset[str],
    forge: Forge | None = None,
) -> list[Receipt]:
    """Write, print and post, in order; a receipt for each step that leaves something behind."""
    forge = forge or NoToken()
    receipts = []
    for step in steps:
        must = step.publisher in required
        try:
            if isinstance(step, Print):
                emit(step.text)
                continue
            if not isinstance(step, Write):
                receipts.append(replace(forge.post(step), required=must))
                continue
            detail = _write(step)
            receipts.append(Receipt(step.publisher, ok=True, detail=detail, required=must))
        except OSError as problem:
            where = f"{step.path}: " if isinstance(step, Write) else ""
            detail = f"{where}{problem.strerror or problem}"
            receipts.append(Receipt(step.publisher, ok=False, detail=detail, required=must))
    return receipts


def _write(step: Write) -> str:
    step.path.parent.mkdir(parents=True, exist_ok=True)
    content = step.text.encode("utf-8", "backslashreplace")
    if step.append:
        with step.path.open("ab") as stream:
            stream.write(content)
    else:
        replace_file(step.path, content)
    return f"{step.path} ({len(content):,} bytes)"


def replace_file(path: Path, content: bytes) -> None:
    """Write a file so that it is there whole or not at all. Raises `OSError`."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
