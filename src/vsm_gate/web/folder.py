"""Pages written as one folder, whole or not at all."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from vsm_gate.errors import InputError, UsageError

# A file's text, or its pieces where it is large.
Page = str | Iterable[str]


def write(pages: Mapping[str, Page], folder: Path, *, what: str) -> None:
    """Write pages into `folder`, replacing what was written there before under the same `what`.

    The pages are written beside it and moved into place, so that whoever reads finds the old ones
    or the new ones. Beside them lies a list of their names, the file `marker_name(what)`. Raises
    `UsageError` where the folder holds anything else, `InputError` where it cannot be written.
    """
    target = Path(os.path.realpath(folder))
    _refuse_foreign(target, folder, what)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{target.name}-", dir=target.parent) as beside:
            new = Path(beside) / "new"
            _fill(new, {marker_name(what): marker(pages, what), **pages})
            _swap(new, target, Path(beside) / "old")
    except OSError as problem:
        raise InputError(
            f"the {what} cannot be written to {folder}: {problem.strerror or problem}",
            hint="name another folder with --out",
        ) from None


def marker_name(what: str) -> str:
    """The file that lists the others."""
    return f".vsm-gate-{what}.json"


def marker(names: Iterable[str], what: str) -> str:
    """The content of that file."""
    return json.dumps({"schema": _schema(what), "files": sorted(names)}, indent=1)


def _schema(what: str) -> str:
    return f"vsm-gate/{what}-folder/v1"


def _refuse_foreign(target: Path, named: Path, what: str) -> None:
    if not os.path.lexists(target):
        return
    if not target.is_dir():
        raise UsageError(f"{named} is not a folder", hint="name another with --out")
    present = {
        path.relative_to(target).as_posix()
        for path in target.rglob("*")
        if path.is_symlink() or not path.is_dir()
    }
    foreign = sorted(present - _ours(target, what))
    if foreign:
        raise UsageError(
            f"{named} holds files that no {what} put there, {foreign[0]!r} for one",
            hint=f"name an empty folder, or one that an earlier {what} was written to",
        )


def _ours(target: Path, what: str) -> set[str]:
    """The files that were written before, by their own list."""
    name = marker_name(what)
    try:
        listed = json.loads((target / name).read_text("utf-8"))
    except (OSError, ValueError):
        return set()
    if not isinstance(listed, dict) or listed.get("schema") != _schema(what):
        return set()
    names = listed.get("files")
    return {name, *(str(each) for each in names)} if isinstance(names, list) else set()


def _fill(folder: Path, pages: Mapping[str, Page]) -> None:
    for name, content in pages.items():
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
