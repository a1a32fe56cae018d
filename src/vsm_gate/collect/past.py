"""The repository's own earlier changes: what each commit of the first-parent line did to files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from vsm_gate.change.rank import rank
from vsm_gate.collect.base import commit_of, shallow_ends
from vsm_gate.collect.change import OWN_ATTRIBUTES, SPELT_OUT, at_root, marked
from vsm_gate.git import Git
from vsm_gate.model.change import Change, FileChange
from vsm_gate.model.impact import Risk

WINDOW: Final = 300

_LOG: Final = (
    *OWN_ATTRIBUTES,
    "log",
    "--first-parent",
    "--diff-merges=first-parent",
    "--root",
    "--no-show-signature",
    "-z",
    "--numstat",
    *SPELT_OUT,
    "--format=%x01%H",
    f"--max-count={WINDOW}",
)


@dataclass(frozen=True, slots=True)
class Past:
    """Earlier changes, the newest first; `cut` is where a shallow history ends among them."""

    changes: tuple[tuple[FileChange, ...], ...]
    cut: str | None = None


def find_risk(git: Git, change: Change) -> Risk:
    """The rank of a change among the changes before its base. Nothing about people is read."""
    git = at_root(git)
    if git.ok("config", "--get-regexp", r"^remote\..*\.promisor$"):
        return Risk(missing="cannot rank: a partial clone lacks the files of earlier changes")
    past = _past(git, change.base)
    if past.cut:
        return Risk(
            missing=f"cannot rank: history is cut at {past.cut[:12]}; fetch it all "
            "(`fetch-depth: 0` for actions/checkout)"
        )
    return rank(change.files, past.changes)


def _past(git: Git, base: str) -> Past:
    """The changes up to `base`; none where that is the empty tree."""
    if commit_of(git, base) is None:
        return Past(())
    commits = dict(_commits(git.run(*_LOG, base, "--")))
    ends = shallow_ends(git)
    cut = next((commit for commit in commits if commit in ends), None)
    if cut:
        return Past((), cut)
    files = iter(marked(git, [file for found in commits.values() for file in found]))
    return Past(tuple(tuple(next(files) for _ in found) for found in commits.values()))


def _commits(output: bytes) -> Iterator[tuple[str, list[FileChange]]]:
    """Each commit with its files, of a log in which every part ends with NUL."""
    parts = iter(output.decode("utf-8", "surrogateescape").split("\0"))
    files: list[FileChange] = []
    for part in parts:
        if part.startswith("\x01"):
            files = []
            yield part[1:], files
        elif part:
            added, deleted, path = part.lstrip("\n").split("\t", 2)
            if not path:
                _, path = next(parts), next(parts)
            binary = added == "-"
            lines = (0, 0) if binary else (int(added), int(deleted))
            files.append(FileChange(path, "modified", *lines, binary=binary))
