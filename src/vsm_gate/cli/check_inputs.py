"""What a check starts from: its command line, where it stands, what changed, what governs it."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from vsm_gate.cli.options import environment, progress, repository
from vsm_gate.collect import config as configuration
from vsm_gate.collect.change import find_change
from vsm_gate.collect.components import known_components
from vsm_gate.collect.forge import find_context
from vsm_gate.collect.policy import PolicyFiles
from vsm_gate.collect.reports import Pattern, usual_patterns
from vsm_gate.errors import ConfigurationError, UsageError
from vsm_gate.git import Git
from vsm_gate.model.change import Change, Context
from vsm_gate.model.impact import Component
from vsm_gate.scorecards.policy import Policy


@dataclass(frozen=True, slots=True)
class Flags:
    """The command line of `check`, as it was given."""

    config: str | None
    team: str | None
    scorecard: str | None
    tests: tuple[str, ...]
    coverage: tuple[str, ...]
    base: str | None
    head: str | None
    history_branch: str | None
    history_remote: str | None
    no_history: bool
    publish: frozenset[str] | None
    summary: Path | None
    annotations: bool
    bundle: Path | None
    json_file: Path | None
    sarif: Path | None
    code_quality: Path | None
    junit: Path | None
    dotenv: Path | None
    attest: Path | None
    attest_key: Path | None
    shape: str
    now: datetime
    clock: Callable[[], float | None]


@dataclass(frozen=True, slots=True)
class Inputs:
    """What is known before the road begins. What the command line says goes before `config`,
    which is read, as all that governs the change, from `files`.
    """

    flags: Flags
    git: Git
    surroundings: Mapping[str, str]
    context: Context
    change: Change
    files: PolicyFiles
    config: configuration.Config

    @classmethod
    def find(cls, flags: Flags) -> Inputs:
        """Find where this run stands, and read the configuration. Raises `VsmGateError`."""
        git, surroundings = repository(), environment()
        context = _context(git, surroundings, flags)
        progress("finding the change")
        change = find_change(git, context)
        files = PolicyFiles.governing(git, context, change, flags.now)
        return cls(flags, git, surroundings, context, change, files, _config(flags, files))

    def components(self) -> tuple[tuple[Component, ...], tuple[str, ...]]:
        """The components that are known, and what is strange about them."""
        proposal = None if self.context.default_branch else self.change
        return known_components(self.config, self.git, proposal, self._proposed_config())

    def patterns(self) -> tuple[Pattern, ...]:
        """What to read: flags before the configuration before the usual places."""
        root = self.git.folder
        below = Path.cwd().relative_to(root).as_posix()
        patterns: list[Pattern] = []
        for kind, given, configured in (
            ("tests", self.flags.tests, self.config.tests),
            ("coverage", self.flags.coverage, self.config.coverage),
        ):
            if given:
                patterns += [Pattern(kind, _anchored(glob, below, root)) for glob in given]
            elif configured is not None:
                patterns += [Pattern(kind, entry.path, entry.stage) for entry in configured]
            else:
                patterns += usual_patterns(kind)
        return tuple(patterns)

    def policy(self) -> tuple[Policy, str]:
        """The policy that governs the change, and words for where it came from."""
        return self._policy(self.files, lambda: self.config)

    def proposed_policy(self) -> tuple[Policy, str] | None:
        """The policy as the change leaves it; None where it edits no file that it is from."""
        after = self.files.as_proposed()
        return None if after is None else self._policy(after, lambda: _config(self.flags, after))

    def _policy(
        self, files: PolicyFiles, config: Callable[[], configuration.Config]
    ) -> tuple[Policy, str]:
        """A scorecard that the command line names stands without the configuration."""
        named = _from_here(self.flags.scorecard, self.git.folder)
        reference = named or config().scorecard
        return files.scorecard(reference, from_command_line=named is not None)

    def _proposed_config(self) -> configuration.Config | None:
        """The configuration as the change leaves it; None where it does not edit it, or breaks
        it: then what is wrong with it is told with the policy that it proposes.
        """
        after = self.files.as_proposed()
        try:
            return _config(self.flags, after) if after else None
        except ConfigurationError:
            return None


def _context(git: Git, surroundings: Mapping[str, str], flags: Flags) -> Context:
    context = find_context(git, surroundings)
    return replace(
        context,
        base_ref=flags.base or context.base_ref,
        base_branch="" if flags.base else context.base_branch,
        tested=flags.head or context.tested,
    )


def _config(flags: Flags, files: PolicyFiles) -> configuration.Config:
    """The configuration. One that is named must be there; the usual one may be absent."""
    name = _from_here(flags.config, files.git.folder) or configuration.FILE
    source = files.read(name)
    if source is not None:
        return configuration.parse(name, source.text)
    if flags.config:
        raise UsageError(
            f"the configuration {flags.config} does not exist", hint="`vsm-gate init` writes one"
        )
    return configuration.default()


def _from_here(name: str | None, root: Path) -> str | None:
    """A file that the command line names, seen from the root; outside of it as it is.

    References to scorecards elsewhere (`vsm-gate:NAME`, `git+URL…`) are no files.
    """
    if name is None or name.startswith(("vsm-gate:", "git+")):
        return name
    path = Path(os.path.normpath(Path.cwd() / name))
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)


def _anchored(glob: str, below: str, root: Path) -> str:
    """A pattern of the command line is of the current folder; patterns are of the repository."""
    if os.path.isabs(glob):
        return os.path.relpath(glob, root)
    return glob if below == "." else os.path.normpath(f"{below}/{glob}")
