"""From the paths that a coverage report gives to the paths of the repository.

A report knows the machine that made it, not the repository: its paths are absolute ones of a CI
job or a container, have drives and backslashes, begin at a package, a source root or a
sub-project. They are matched against the tracked files, and nothing else can come out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple

from vsm_gate.model.coverage import CoverageReport
from vsm_gate.readers.names import Name, parse
from vsm_gate.readers.tracked import FEW, TrackedFiles, View

MAX_ROOTS: Final = 200

_INSTALLED: Final = ("site-packages", "dist-packages", "node_modules")


@dataclass(frozen=True, slots=True)
class Mapped:
    """A report with repository paths.

    `unmapped` are the report's paths that are no tracked file, `ambiguous` those that could be
    several; `report` is without them. `hint` says what is probably wrong and how to mend it.
    """

    report: CoverageReport
    unmapped: tuple[str, ...]
    ambiguous: tuple[str, ...]
    hint: str | None


@dataclass(slots=True)
class Locations:
    """Report paths with their tracked file, with several that they could be, and without any."""

    found: dict[str, str] = field(default_factory=dict)
    ambiguous: dict[str, list[str]] = field(default_factory=dict)
    nowhere: list[str] = field(default_factory=list)

    def knows(self, path: str) -> bool:
        """Whether the path is found or ambiguous."""
        return path in self.found or path in self.ambiguous

    def settle(self, path: str, targets: Sequence[str]) -> None:
        """Keep what a path could be; nothing, if that is nothing."""
        if len(targets) == 1:
            self.found[path] = targets[0]
        elif targets:
            self.ambiguous[path] = sorted(targets)


class _Candidate(NamedTuple):
    """A tracked file, and what turns a path into it: a prefix taken off, another put on."""

    target: str
    stripped: str
    added: str

    @property
    def rewrite(self) -> tuple[str, str]:
        return self.stripped, self.added


def map_paths(report: CoverageReport, tracked: TrackedFiles, *, folder: str = "") -> Mapped:
    """Give every file of the report its path in the repository, as `locate` finds it.

    Two paths that are the same file are merged. The report that was given stays as it is.
    """
    locations = locate(report.files, tracked, roots=report.roots, folder=folder)
    mapped = replace(report, files={}, roots=(), notes=[*report.notes])
    for path, target in locations.found.items():
        known = mapped.files.get(target)
        if known is None:
            mapped.files[target] = report.files[path].copy(target)
        else:
            known.merge(report.files[path])
    return Mapped(
        mapped,
        tuple(locations.nowhere),
        tuple(locations.ambiguous),
        _hint(locations, tracked),
    )


def locate(
    paths: Iterable[str], tracked: TrackedFiles, *, roots: Sequence[str] = (), folder: str = ""
) -> Locations:
    """Find the tracked file that each path of a report means.

    `roots` are the source folders that the report names, of which the first `MAX_ROOTS` are looked
    at, `folder` is where it lies: relative paths
    are tried there and in the folders above, too. A path is, in this order,

    1. below a Go module, the module's folder;
    2. what remains of it when a prefix is taken off (the root of a CI job's checkout, of a
       container) or put on (the report's folder or one above it). Of several such readings the
       one wins that most paths of the report agree on, then the report's folder, then the path
       as it stands, then the longest;
    3. the only tracked file with the same last parts: all parts of a relative path (a package, a
       source root), at least two of any other, and then another path must bear it out; of
       several, the one near the report's folder, or the one that is reached as the rest is;
    4. the same again without regard to case.

    Time is linear in the paths and the tracked files, apart from sorting those.
    """
    locations = Locations(nowhere=list(paths))
    total = len(locations.nowhere)
    folders = _above(folder)
    prefixes = [parse(root) for root in roots[:MAX_ROOTS]]
    if not folders and not tracked.go_modules and tracked.exact.has_all(locations.nowhere):
        return Locations({path: path for path in locations.nowhere})  # what 2 comes to, at once
    for view_name in ("exact", "folded"):
        if locations.nowhere:
            names = {path: _names(path, prefixes) for path in locations.nowhere}
            locator = _Locator(getattr(tracked, view_name), names, folders, total)
            locator.locate(tracked.go_modules, locations)
            locations.nowhere = [path for path in names if not locations.knows(path)]
    return locations


def _names(path: str, roots: Sequence[Name]) -> list[Name]:
    """The path below each of the report's roots, and as it stands."""
    name = parse(path)
    found = dict.fromkeys([*(name.at(root) for root in roots), name])
    return [name for name in found if name.text]


def _above(folder: str) -> list[str]:
    """The folder and those above it, without the repository's root."""
    parts = parse(folder).text.split("/")
    return ["/".join(parts[:end]) for end in range(len(parts), 0, -1) if parts[0]]


class _Locator:
    """Paths of a report, which has `total` of them, against one view of the tracked files."""

    def __init__(
        self, view: View, names: Mapping[str, list[Name]], folders: list[str], total: int
    ) -> None:
        self.total = total
        self.view = view
        self.names = names
        self.folders = folders

    def locate(self, go_modules: Mapping[str, str], locations: Locations) -> None:
        """Settle what can be settled, each step with what those before it left open."""
        for path, names in self.names.items():
            target = self.in_module(names[-1].text, go_modules) if names else None
            locations.settle(path, [target] if target else [])
        candidates = {
            path: list(self.candidates(names))
            for path, names in self.names.items()
            if path not in locations.found
        }
        for path, targets in _elect(candidates, self.total):
            locations.settle(path, targets)
        nearest = {
            path: self.by_suffix(names)
            for path, names in self.names.items()
            if not locations.knows(path)
        }
        learned = self.learn(nearest)
        for path, found in nearest.items():
            targets = [c.target for c in found if len(found) > 1 or c.rewrite in learned]
            if len(targets) != 1:
                as_rest = self.as_the_rest(self.names[path], learned)
                targets = as_rest if len(as_rest) == 1 else targets
            locations.settle(path, targets)

    def learn(self, nearest: Mapping[str, list[_Candidate]]) -> set[tuple[str, str]]:
        """How paths become tracked files. That two end alike says little: unless one is the whole
        end of the other, a second path must bear it out (or there must be no other path).
        """
        single = [found[0] for found in nearest.values() if len(found) == 1]
        votes = Counter(candidate.rewrite for candidate in single)
        return {
            candidate.rewrite
            for candidate in single
            if not candidate.stripped or votes[candidate.rewrite] > 1 or self.total == 1
        }

    def in_module(self, text: str, go_modules: Mapping[str, str]) -> str | None:
        """A Go import path below the longest module that it begins with."""
        end = len(text)
        while go_modules and (end := text.rfind("/", 0, end)) > 0:
            folder = go_modules.get(text[:end])
            if folder is not None:
                return self.view.get(f"{folder}/{text[end + 1 :]}".lstrip("/"))
        return None

    def candidates(self, names: list[Name]) -> Iterator[_Candidate]:
        """Tracked files that a path is when a prefix is taken off or a folder put before it."""
        for name in names:
            for folder in self.folders:
                target = self.view.get(name.below(folder) or "")
                if target is not None:
                    yield _Candidate(target, "", folder)
            at = 0
            while True:
                target = self.view.get(name.text[at:])
                if target is not None:
                    yield _Candidate(target, name.lead + name.text[:at], "")
                at = name.text.find("/", at) + 1
                if not at or "node_modules/" in name.text[:at]:
                    break

    def by_suffix(self, names: list[Name]) -> list[_Candidate]:
        """Tracked files with the same last parts; those near the report's folder, if any is."""
        found: dict[str, _Candidate] = {}
        for name in names:
            shared, targets = self.view.longest(name.text)
            whole = not name.absolute and shared == name.text.count("/") + 1
            if (shared < 2 and not whole) or "node_modules/" in name.text:
                continue
            stripped = name.lead + _without_last(name.text, shared)
            for target in targets:
                found[target] = _Candidate(target, stripped, _without_last(target, shared))
        for folder in self.folders if len(found) > 1 else ():
            near = [one for target, one in found.items() if target.startswith(f"{folder}/")]
            if near:
                return near
        return list(found.values())

    def as_the_rest(self, names: list[Name], learned: set[tuple[str, str]]) -> list[str]:
        """What a path is if it is reached in the way in which others of the report were."""
        found = set()
        for name in names:
            text = name.lead + name.text
            for stripped, added in learned if len(learned) <= FEW else ():
                if text.startswith(stripped):
                    target = self.view.get(added + text.removeprefix(stripped))
                    found.update([target] if target is not None else [])
        return sorted(found)


def _without_last(path: str, parts: int) -> str:
    """A path without its last parts, with the `/` before them."""
    return "".join(f"{part}/" for part in path.split("/")[:-parts])


def _elect(
    candidates: Mapping[str, list[_Candidate]], total: int
) -> Iterator[tuple[str, list[str]]]:
    """(path, targets): one target, or several where the same reading leads to more than one.

    A file in the repository's root says little when a prefix was taken off its path (every
    installed package has a `setup.py`): such a reading needs half of the report to agree.
    """
    votes = Counter(
        rewrite for found in candidates.values() for rewrite in {c.rewrite for c in found}
    )
    trusted = {
        candidate.rewrite
        for found in candidates.values()
        for candidate in found
        if not candidate.stripped
        or "/" in candidate.target
        or votes[candidate.rewrite] * 2 >= total
    }
    for path, found in candidates.items():
        able = [candidate for candidate in found if candidate.rewrite in trusted]
        if able:
            best = max(able, key=lambda c: (votes[c.rewrite], c.added, not c.stripped, c.target))
            yield path, sorted({c.target for c in able if c.rewrite == best.rewrite})


def _hint(locations: Locations, tracked: TrackedFiles) -> str | None:
    """What is probably wrong with the first path that is not found, and how to mend it."""
    if locations.ambiguous:
        path, targets = next(iter(locations.ambiguous.items()))
        return (
            f"`{path}` could be {_either(targets)}: let the report give paths from the "
            "repository's root, or write one report a sub-project, into its folder"
        )
    if not locations.nowhere:
        return None
    path = locations.nowhere[0]
    name = parse(path)
    if any(f"{folder}/" in path.replace("\\", "/") for folder in _INSTALLED):
        return f"`{path}` belongs to an installed package: leave those out of the measurement"
    shared, targets = tracked.exact.longest(name.text)
    if not shared:
        return (
            f"no tracked file is called `{name.text.rpartition('/')[2]}`: `{path}` is generated, "
            "not committed, or the report is of another repository or commit"
        )
    return (
        f"`{path}` is no tracked file; the nearest is {_either(targets)}: let the report give "
        "paths from the repository's root (coverage.py: `relative_files = true`), or name its "
        "source folder in it"
    )


def _either(targets: Sequence[str]) -> str:
    more = f" (or {len(targets) - 2} more)" if len(targets) > 2 else ""
    return " or ".join(f"`{target}`" for target in targets[:2]) + more
