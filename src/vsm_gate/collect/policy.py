"""Where policies are read from: the base of a change, the checkout, the tool itself, or git.

Nobody lowers their own bar. Of a change that is still a proposal (a pull request, a merge queue,
any branch but the default one) the configuration, the scorecards and CODEOWNERS are those of its
base. What the base does not have is read from the checkout, and said to be.
"""

from __future__ import annotations

import os
import posixpath
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from vsm_gate.collect.elsewhere import MAX_SIZE, Elsewhere, text_of
from vsm_gate.errors import UsageError
from vsm_gate.git import Git
from vsm_gate.impact.codeowners import LOCATIONS, Codeowners, parse
from vsm_gate.model.change import Change, Context
from vsm_gate.scorecards.load import load
from vsm_gate.scorecards.policy import Policy, Source
from vsm_gate.scorecards.reference import DEFAULT, SHIPPED, SourceError, shipped_name


@dataclass(slots=True)
class PolicyFiles:
    """The files that govern a change, each from where it has authority.

    `notes` collects what a reader should know: which of them the base does not have yet, which are
    copies of what cannot be reached, and which of them the change edits; the latter are `edited`
    as well.
    """

    git: Git
    change: Change
    now: datetime
    proposal: bool
    notes: list[str] = field(default_factory=list)
    edited: set[str] = field(default_factory=set)

    @classmethod
    def governing(cls, git: Git, context: Context, change: Change, now: datetime) -> PolicyFiles:
        """The files for a change in its context."""
        return cls(git, change, now, proposal=not context.default_branch)

    def as_proposed(self) -> PolicyFiles | None:
        """The files as the change leaves them; None where it edits none of those read so far."""
        if not self.edited:
            return None
        return PolicyFiles(self.git, self.change, self.now, proposal=False)

    def read(self, path: str) -> Source | None:
        """A file of the repository, or None where there is none. Raises `UsageError`."""
        text = self._at_base(path) if self.proposal else None
        if text is not None:
            if any(path in {file.path, file.old_path} for file in self.change.files):
                self.edited.add(path)
                self._note(f"this change edits {path}; it was judged by the version of its base")
            return Source(path, text, note=f"at {self.change.base[:10]}")
        text = in_checkout(self.git.folder, path)
        if text is None:
            return None
        if self.proposal:
            self._note(f"{path} is not in the base of this change yet: it was read from the change")
        return Source(path, text)

    def scorecard(
        self, reference: str | None, *, from_command_line: bool = False
    ) -> tuple[Policy, str]:
        """The policy that a reference leads to, and words for where it came from.

        Only the command line may name a file outside of the repository. Raises
        `ConfigurationError` with every mistake, `UsageError` where it is not there.
        """
        first = self._first(reference or DEFAULT, from_command_line)
        policy = load(first, self.fetch)
        copies = [f"{each.name} is {each.note}" for each in policy.sources if each.cached]
        words = f"{first.name} {'' if first.cached else first.note}".strip()
        return policy, "; ".join([words, *copies])

    def codeowners(self) -> Codeowners | None:
        """The first CODEOWNERS file that there is, in the forge's order."""
        for place in LOCATIONS:
            source = self.read(place)
            if source is not None:
                return parse(source.text, place)
        return None

    def fetch(self, reference: str, source: Source) -> Source:
        """What a scorecard extends. Raises `SourceError`."""
        if shipped_name(reference) is not None or reference.startswith("git+"):
            return self._elsewhere(reference)
        if source.name.startswith((SHIPPED, "git+")):
            raise SourceError(
                f"`{reference}` is a path, and {source.name} is not in this repository"
            )
        path = posixpath.normpath(posixpath.join(posixpath.dirname(source.name), reference))
        if os.path.isabs(path) and not os.path.isabs(source.name):
            raise SourceError(f"`{reference}` lies outside the repository: name a path within it")
        found = self._named(path)
        if found is None:
            raise SourceError(f"there is no {path}")
        return found

    def _first(self, reference: str, from_command_line: bool) -> Source:
        if os.path.isabs(reference) and not from_command_line:
            raise UsageError(
                f"the scorecard {reference} lies outside the repository",
                hint="name a path within it, `git+URL…`, or give the file as --scorecard",
            )
        try:
            if shipped_name(reference) is not None or reference.startswith("git+"):
                return self._elsewhere(reference)
        except SourceError as problem:
            raise UsageError(f"the scorecard `{reference}` cannot be read: {problem}") from None
        found = self._named(reference)
        if found is None:
            raise UsageError(
                f"the scorecard {reference} does not exist",
                hint=f"name a file of this repository, or {DEFAULT} for the one that ships",
            )
        return found

    def _elsewhere(self, reference: str) -> Source:
        """What is not in the repository. Raises `SourceError`."""
        source = Elsewhere(self.git, self.now).read(reference)
        if source.cached:
            self._note(f"{source.name} is {source.note}")
        return source

    def _named(self, path: str) -> Source | None:
        """A file of the repository, or an absolute path. Raises `UsageError`."""
        return self.read(path) if not os.path.isabs(path) else _outside(path)

    def _at_base(self, path: str) -> str | None:
        name = f"{self.change.base}:{path}"
        if not self.git.ok("cat-file", "-e", name):
            return None
        return text_of(path, self.git.run("cat-file", "blob", name))

    def _note(self, text: str) -> None:
        if text not in self.notes:
            self.notes.append(text)


def in_checkout(root: Path, path: str) -> str | None:
    """The text of a file below `root`, or None where there is none. Raises `UsageError`."""
    place = root / path
    if not place.resolve().is_relative_to(root.resolve()):
        raise UsageError(f"{path} lies outside the repository")
    return _contents(path, place)


def _outside(path: str) -> Source | None:
    text = _contents(path, Path(path))
    return None if text is None else Source(path, text)


def _contents(path: str, place: Path) -> str | None:
    """The text of a file, or None where there is none. Raises `UsageError`."""
    try:
        with place.open("rb") as stream:
            return text_of(path, stream.read(MAX_SIZE + 1))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as problem:
        raise UsageError(f"{path} cannot be read: {problem.strerror}") from None
