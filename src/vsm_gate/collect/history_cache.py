"""Where the index of the line is kept between runs: one file in the repository's git folder.

It is replaced as a whole, so that runs at the same time do not hurt one another, and carries the
digest of its content. It is only ever a shortcut: what is damaged, of another version or cannot be
written costs time and nothing else.
"""

from __future__ import annotations

import os
import tempfile
from hashlib import sha256
from pathlib import Path
from typing import Final

from vsm_gate.collect.base import shallow_ends
from vsm_gate.collect.history_index import HistoryIndex
from vsm_gate.git import Git

_ANY_VERSION: Final = b"vsm-gate/history-index/v"
_VERSION: Final = _ANY_VERSION + b"1"
_FOLDER: Final = "vsm-gate"
_FILE: Final = "history-index"


def place_of(git: Git) -> Path:
    """The file of the repository: all of its work trees share it."""
    asked = ("rev-parse", "--path-format=absolute", "--git-common-dir")
    return Path(git.text(*asked)) / _FOLDER / _FILE


def index_of(git: Git) -> tuple[HistoryIndex, str]:
    """The index of a repository, and what was wrong with its file, if anything.

    A shallow clone has none: what an index says of commits that are cut off cannot be looked up.
    """
    return (HistoryIndex(), "") if shallow_ends(git) else load(place_of(git))


def keep(git: Git, index: HistoryIndex) -> str:
    """Save the index of a repository where it changed. Returns why that failed, else nothing."""
    return save(index, place_of(git)) if index.changed and not shallow_ends(git) else ""


def load(place: Path) -> tuple[HistoryIndex, str]:
    """The index that is there, else an empty one; with it what was wrong with the file, if any."""
    try:
        header, _, image = place.read_bytes().partition(b"\n")
    except FileNotFoundError:
        return HistoryIndex(), ""
    except OSError as problem:
        return HistoryIndex(), f"the cached history cannot be read: {problem.strerror}"
    version, _, digest = header.partition(b" ")
    if version != _VERSION and version.startswith(_ANY_VERSION):
        return HistoryIndex(), ""
    if version != _VERSION or digest != sha256(image).hexdigest().encode():
        return HistoryIndex(), "the cached history was damaged, and was made anew"
    return HistoryIndex(image), ""


def save(index: HistoryIndex, place: Path) -> str:
    """Replace the file. Returns why it could not be, else nothing."""
    image = index.image()
    header = _VERSION + b" " + sha256(image).hexdigest().encode() + b"\n"
    try:
        place.parent.mkdir(exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f"{_FILE}-", dir=place.parent)
    except OSError as problem:
        return f"the history cannot be cached: {problem.strerror}"
    new = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(header)
            stream.write(image)
        new.replace(place)
    except OSError as problem:
        new.unlink(missing_ok=True)
        return f"the history cannot be cached: {problem.strerror}"
    return ""
