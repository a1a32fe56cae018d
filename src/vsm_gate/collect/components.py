"""Components, read from the files of the checkout that declare them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from vsm_gate.change.paths import is_test, is_vendored
from vsm_gate.collect.blobs import blobs_at, contents
from vsm_gate.collect.change import tracked_files
from vsm_gate.collect.config import Config
from vsm_gate.git import Git
from vsm_gate.impact.discover import bazel
from vsm_gate.impact.discover.contract import Format, Found, Trouble
from vsm_gate.impact.discover.merge import Discovered, merge
from vsm_gate.impact.discover.registry import ENDINGS, FORMATS
from vsm_gate.impact.joining import joined
from vsm_gate.model.change import Change
from vsm_gate.model.impact import Component

MAX_SIZE: Final = 2 * 1024 * 1024
MAX_GRAPH: Final = 64 * 1024 * 1024
_SHOWN: Final = 5
MADE_BY_TOOLS: Final = (
    "nx-graph.json",
    "project-graph.json",
    "turbo-dry-run.json",
    "turbo-dry.json",
    *bazel.FILES,
)


def discover_components(
    root: Path, tracked: Iterable[str], older: Mapping[str, bytes | None] | None = None
) -> Discovered:
    """What the tracked files of the checkout at `root` declare.

    `older` has the content of files that stand for those of the checkout, None for one that is
    not there. Files of tests and of vendored code are left out; the graphs that tools write are
    also found at the root where they are not tracked.
    """
    files = _Files(os.path.realpath(root), older or {})
    candidates = {path for path in (*tracked, *files.older) if _declares(path)}
    candidates.update(name for name in MADE_BY_TOOLS if (root / name).is_file())
    paths = sorted(path for path in candidates if files.older.get(path, b"") is not None)
    return merge([_said(files, kind, paths) for kind in FORMATS])


def known_components(
    config: Config, git: Git, change: Change | None = None, proposed: Config | None = None
) -> tuple[tuple[Component, ...], tuple[str, ...]]:
    """The components that the configuration lists, else those that the repository declares.

    Of a `change` that is still a proposal they are those of its base, with what the change adds;
    `proposed` is the configuration as the change leaves it, where it edits it. Beside them what
    could not be read, what contradicts, and what stands as at the base. Only the files that the
    change edits are read again. A single declared component is the repository itself and says
    nothing about reach: it counts as none.
    """
    head, notes = _listed_or_found(proposed or config, git, {})
    older = _before(git, change) if change else {}
    if not older and proposed is None:
        return head, notes
    base, strange = _listed_or_found(config, git, older)
    both, kept = joined(base, head)
    return both, tuple(dict.fromkeys((*notes, *strange, *kept)))


def _listed_or_found(
    config: Config, git: Git, older: Mapping[str, bytes | None]
) -> tuple[tuple[Component, ...], tuple[str, ...]]:
    if config.components is not None:
        return config.component_list(), ()
    found = discover_components(git.folder, tracked_files(git), older)
    strange = [f"{trouble.source}: {trouble.reason}" for trouble in found.troubles]
    several = found.components if len(found.declared) > 1 else ()
    return several, (*strange[:_SHOWN], *found.conflicts[:_SHOWN])


def _before(git: Git, change: Change) -> dict[str, bytes | None]:
    """The files that declare components and that a change edits, as its base has them."""
    paths = [path for path in change.paths if _declares(path)]
    if not paths:
        return {}
    found = blobs_at(git, change.base, paths)
    small = {path: blob for path, blob in found.items() if blob.size <= _limit(path)}
    texts = dict(zip(small, contents(git, list(small.values())), strict=True))
    return {path: texts.get(path) for path in paths}


def _declares(path: str) -> bool:
    """Whether a file may declare components."""
    if not path.endswith(ENDINGS) or is_test(path) or is_vendored(path):
        return False
    return any(kind.wants(path) for kind in FORMATS)


@dataclass(frozen=True, slots=True)
class _Files:
    """The files below the resolved folder `root`, some of them as they were."""

    root: str
    older: Mapping[str, bytes | None]

    def read(self, path: str) -> str | Trouble:
        """A file's text, or why there is none."""
        before = self.older.get(path)
        raw = self._in_checkout(path) if before is None else before
        if isinstance(raw, Trouble):
            return raw
        limit = _limit(path)
        if len(raw) > limit:
            return Trouble(path, f"it is larger than {limit >> 20} MB")
        return raw.decode("utf-8-sig", "replace")

    def _in_checkout(self, path: str) -> bytes | Trouble:
        file = os.path.join(self.root, path)
        try:
            if not os.path.realpath(file).startswith(os.path.join(self.root, "")):
                return Trouble(path, "it is a link to a place outside of the repository")
            with open(file, "rb") as stream:
                return stream.read(_limit(path) + 1)
        except OSError as problem:
            return Trouble(path, f"it cannot be read: {problem.strerror or problem}")


def _said(files: _Files, kind: Format, paths: Sequence[str]) -> Iterator[Found | Trouble]:
    texts: dict[str, str] = {}
    for path in filter(kind.wants, paths):
        text = files.read(path)
        if isinstance(text, Trouble):
            yield text
        else:
            texts[path] = text
    if texts:
        yield from kind.find(texts)


def _limit(path: str) -> int:
    return MAX_GRAPH if path.rpartition("/")[2] in MADE_BY_TOOLS else MAX_SIZE
