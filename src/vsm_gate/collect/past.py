"""The repository's own earlier changes: where a change ranks among them, and what they did before
to its files.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain
from typing import Final

from vsm_gate.change.history import DAY, HistoryFeatures, history_features
from vsm_gate.change.model import RiskModel
from vsm_gate.change.rank import Described, rank
from vsm_gate.collect import history_cache
from vsm_gate.collect.base import commit_of, shallow_ends
from vsm_gate.collect.change import at_root, marked
from vsm_gate.collect.history_index import HistoryIndex
from vsm_gate.collect.line import authors, commits, line_names, sizes
from vsm_gate.collect.line_features import follow
from vsm_gate.git import Git
from vsm_gate.model.change import Change, FileChange, PastOfFiles
from vsm_gate.model.impact import Risk

WINDOW: Final = 300

_PARTIAL: Final = "a partial clone lacks the files of earlier changes"
ALL: Final = "fetch it all (`fetch-depth: 0` for actions/checkout)"


@dataclass(frozen=True, slots=True)
class Past:
    """What the past says of a change; `notes` tell what happened to the cache, if anything."""

    risk: Risk
    files: PastOfFiles
    notes: tuple[str, ...] = ()


def look_back(git: Git, change: Change, model: RiskModel | None = None) -> Past:
    """Rank a change among the changes before its base, and count what they did to its files.

    Who wrote the earlier changes is asked of git and counted; nothing about people is kept.
    """
    git = at_root(git)
    if is_partial(git):
        return Past(Risk(missing=f"cannot rank: {_PARTIAL}"), PastOfFiles(missing=_PARTIAL))
    index, damaged = history_cache.index_of(git)
    base = commit_of(git, change.base)
    cut, moved = (None, "") if base is None else follow(git, index, base)
    if cut is None:
        found = _features(git, index, change, base)
        files = _told(found)
    else:
        found, files = None, PastOfFiles(missing=f"history is cut at {cut[:12]}; {ALL}")
    risk = _rank(git, index, Described.of(change.files, found), base, model)
    unsaved = history_cache.keep(git, index)
    return Past(risk, files, tuple(filter(None, (damaged, moved, unsaved))))


def is_partial(git: Git) -> bool:
    """Whether git would fetch the content of earlier changes one by one."""
    return git.ok("config", "--get-regexp", r"^remote\..*\.promisor$")


def _features(git: Git, index: HistoryIndex, change: Change, base: str | None) -> HistoryFeatures:
    """What the changes up to `base`, which the index has, did to the files of a change."""
    number = -1 if base is None else index.number_of(base)
    before = 0 if number is None else number + 1
    earlier = [index.earlier_to(file.old_path or file.path, before) for file in change.files]
    entries = index.entries(chain.from_iterable(earlier))
    wrote = authors(git, [entry.name for entry in entries.values()])
    own = commits(git, [change.tested], [] if base is None else [base])
    return history_features(
        own[change.tested].time if change.tested in own else 0,
        earlier,
        lambda number: entries[number].time,
        lambda number: wrote[entries[number].name],
        is_fix=any(commit.is_fix for commit in own.values()),
    )


def _told(found: HistoryFeatures) -> PastOfFiles:
    return PastOfFiles(
        file_age=None if found.file_age is None else Fraction(found.file_age, DAY),
        prior_changes=found.prior_changes,
        prior_authors=found.prior_authors,
        is_fix=found.is_fix,
        missing="no changed file was there before" if found.file_age is None else "",
    )


def _rank(
    git: Git, index: HistoryIndex, change: Described, base: str | None, model: RiskModel | None
) -> Risk:
    """The rank among the newest changes up to `base`; none where that is the empty tree."""
    names = [] if base is None else list(line_names(git, base, WINDOW))
    ends = shallow_ends(git)
    cut = next((name for name in names if name in ends), None)
    if cut:
        return Risk(missing=f"cannot rank: history is cut at {cut[:12]}; {ALL}")
    known = index.entries_of(names)
    earlier = [
        Described.of(files, known[name].features if name in known else None)
        for name, files in zip(names, files_of(git, index, names), strict=True)
    ]
    return rank(change, earlier, model)


def files_of(git: Git, index: HistoryIndex, names: Sequence[str]) -> list[tuple[FileChange, ...]]:
    """The files of changes of the line, with what the checkout's attributes say of them."""
    found = index.sizes(names)
    new = sizes(git, [name for name in names if name not in found])
    index.keep_sizes(new)
    found.update(new)
    files = iter(marked(git, [file for name in names for file in found[name]]))
    return [tuple(next(files) for _ in found[name]) for name in names]
