"""Carry out a plan. What fails becomes a receipt and never changes a verdict."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

from vsm_gate.model.results import Receipt
from vsm_gate.publish.plan import Print, Step, Write


def apply(
    steps: Iterable[Step], emit: Callable[[str], None], required: frozenset[str]
) -> list[Receipt]:
    """Write and print, in order; a receipt for each step that writes."""
    receipts = []
    for step in steps:
        must = step.publisher in required
        try:
            if isinstance(step, Print):
                emit(step.text)
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
