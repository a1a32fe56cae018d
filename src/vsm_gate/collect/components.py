"""Components, read from the files of the checkout that declare them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

from vsm_gate.change.paths import is_test, is_vendored
from vsm_gate.collect.change import tracked_files
from vsm_gate.collect.config import Config
from vsm_gate.git import Git
from vsm_gate.impact.discover.contract import Format, Found, Trouble
from vsm_gate.impact.discover.merge import Discovered, merge
from vsm_gate.impact.discover.registry import ENDINGS, FORMATS
from vsm_gate.model.impact import Component

MAX_SIZE: Final = 2 * 1024 * 1024
MAX_GRAPH: Final = 64 * 1024 * 1024
_SHOWN: Final = 5
MADE_BY_TOOLS: Final = (
    "nx-graph.json",
    "project-graph.json",
    "turbo-dry-run.json",
    "turbo-dry.json",
)


def discover_components(root: Path, tracked: Iterable[str]) -> Discovered:
    """What the tracked files of the checkout at `root` declare.

    Files of tests and of vendored code are left out; the graphs that tools write are also found
    at the root where they are not tracked.
    """
    candidates = {path for path in tracked if path.endswith(ENDINGS)}
    candidates = {path for path in candidates if not is_test(path) and not is_vendored(path)}
    candidates.update(name for name in MADE_BY_TOOLS if (root / name).is_file())
    paths = sorted(candidates)
    resolved = os.path.realpath(root)
    return merge([_said(resolved, kind, paths) for kind in FORMATS])


def known_components(config: Config, git: Git) -> tuple[tuple[Component, ...], tuple[str, ...]]:
    """The components that the configuration lists, else those that the repository declares.

    Beside them what could not be read, and what contradicts. A single declared component is the
    repository itself and says nothing about reach: it counts as none.
    """
    if config.components is not None:
        return config.component_list(), ()
    found = discover_components(git.folder, tracked_files(git))
    strange = [f"{trouble.source}: {trouble.reason}" for trouble in found.troubles]
    several = found.components if len(found.declared) > 1 else ()
    return several, (*strange[:_SHOWN], *found.conflicts[:_SHOWN])


def _said(root: str, kind: Format, paths: Sequence[str]) -> Iterator[Found | Trouble]:
    files: dict[str, str] = {}
    for path in filter(kind.wants, paths):
        text = _read(root, path)
        if isinstance(text, Trouble):
            yield text
        else:
            files[path] = text
    if files:
        yield from kind.find(files)


def _read(root: str, path: str) -> str | Trouble:
    """A file below the resolved folder `root`."""
    file = os.path.join(root, path)
    limit = MAX_GRAPH if path.endswith(MADE_BY_TOOLS) else MAX_SIZE
    try:
        if not os.path.realpath(file).startswith(os.path.join(root, "")):
            return Trouble(path, "it is a link to a place outside of the repository")
        with open(file, "rb") as stream:
            raw = stream.read(limit + 1)
    except OSError as problem:
        return Trouble(path, f"it cannot be read: {problem.strerror or problem}")
    if len(raw) > limit:
        return Trouble(path, f"it is larger than {limit >> 20} MB")
    return raw.decode("utf-8-sig", "replace")
