"""The site: pages planned first, then written as one folder, whole or not at all."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from vsm_gate.errors import InputError, UsageError

# A file's text, or its pieces where it is large.
Page = str | Iterable[str]

MARKER: Final = ".vsm-gate-report.json"
_MARKER_SCHEMA: Final = "vsm-gate/report-folder/v1"


def write(pages: Mapping[str, Page], folder: Path) -> None:
    """Write a site into `folder`, replacing a report that was there.

    The pages are written beside it and moved into place, so that whoever reads finds the old report
    or the new one. Raises `UsageError` where the folder holds anything that a report did not put
    there, `InputError` where it cannot be written.
    """
    target = Path(os.path.realpath(folder))
    _refuse_foreign(target, folder)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{target.name}-", dir=target.parent) as beside:
            new = Path(beside) / "new"
            _fill(new, pages)
            _swap(new, target, Path(beside) / "old")
    except OSError as problem:
        raise InputError(
            f"the report cannot be written to {folder}: {problem.strerror or problem}",
            hint="name another folder with --out",
        ) from None


def _refuse_foreign(target: Path, named: Path) -> None:
    if not os.path.lexists(target):
        return
    if not target.is_dir():
        raise UsageError(f"{named} is not a folder", hint="name another with --out")
    present = {
        path.relative_to(target).as_posix()
        for path in target.rglob("*")
        if path.is_symlink() or not path.is_dir()
    }
    foreign = sorted(present - _ours(target))
    if foreign:
        raise UsageError(
            f"{named} holds files that no report put there, {foreign[0]!r} for one",
            hint="name an empty folder, or one that an earlier report was written to",
        )


def _ours(target: Path) -> set[str]:
    """The files of an earlier report, by its own list."""
    try:
        listed = json.loads((target / MARKER).read_text("utf-8"))
    except (OSError, ValueError):
        return set()
    if not isinstance(listed, dict) or listed.get("schema") != _MARKER_SCHEMA:
        return set()
    names = listed.get("files")
    return {MARKER, *(str(name) for name in names)} if isinstance(names, list) else set()


def _fill(folder: Path, pages: Mapping[str, Page]) -> None:
    marker = json.dumps({"schema": _MARKER_SCHEMA, "files": sorted(pages)}, indent=1)
    for name, content in ((MARKER, marker), *pages.items()):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        # Half a surrogate pair in a name cannot be written; it is shown as a question mark.
        with path.open("w", encoding="utf-8", errors="replace", newline="") as out:
            out.writelines([content] if isinstance(content, str) else content)


def _swap(new: Path, target: Path, old: Path) -> None:
    mask = os.umask(0)
    os.umask(mask)
    new.chmod(0o777 & ~mask)
    if target.exists():
        target.rename(old)
    try:
        new.rename(target)
    except OSError:
        if old.exists():
            old.rename(target)
        raise
    shutil.rmtree(old, ignore_errors=True)
