"""The change under judgement, from local git.

The work tree, the index and the branches are only read. What git is asked for is spelt out, so
that neither the machine's configuration nor the attributes in the change alter the answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from vsm_gate.change.diff import parse
from vsm_gate.change.paths import is_generated, is_vendored
from vsm_gate.collect.base import commit_of, find_base, resolve_tested, shallow_ends
from vsm_gate.errors import GitError
from vsm_gate.git import Git
from vsm_gate.model.change import Change, Context, FileChange

OWN_ATTRIBUTES: Final = ("-c", "core.attributesFile=/dev/null")
SPELT_OUT: Final = (
    "--find-renames=50%",
    "-l1000",
    "--diff-algorithm=default",
    "--no-color",
    "--no-ext-diff",
    "--no-textconv",
    "--no-relative",
    "--submodule=short",
    "--ignore-submodules=none",
)
_PATCH: Final = ("-p", "-U0", "--inter-hunk-context=0")
_DIFF: Final = (*OWN_ATTRIBUTES, "diff-tree", "-r", "-z", "--raw", *_PATCH, *SPELT_OUT)
_ATTRIBUTES: Final = ("linguist-generated", "linguist-vendored", "diff")


def find_change(git: Git, context: Context) -> Change:
    """The change that `context` stands for, with what it does to each file.

    Raises `GitError` where there is no repository or no commit, and where the base cannot be told.
    """
    git = at_root(git)
    tested = resolve_tested(git, context)
    base = find_base(git, context, tested)
    commits, first = _commits(git, base.commit, tested)
    return Change(
        base=base.commit,
        head=context.head or tested,
        tested=tested,
        base_found=base.found,
        files=_files(git, base.commit, tested),
        commits=commits,
        first_commit=first,
    )


def _commits(git: Git, base: str, tested: str) -> tuple[int | None, datetime | None]:
    """How many commits a change has, merges aside, and when the oldest was authored.

    Neither is known where a shallow clone is cut among them.
    """
    below = [f"^{base}"] if commit_of(git, base) else []
    lines = git.text("log", "--no-merges", "--format=%H %at", tested, *below, "--").splitlines()
    authored = {commit: int(at) for commit, _, at in (line.partition(" ") for line in lines)}
    if not authored or shallow_ends(git) & authored.keys():
        return None, None
    return len(authored), datetime.fromtimestamp(min(authored.values()), UTC)


def tracked_files(git: Git) -> tuple[str, ...]:
    """The paths of all tracked files, from the root of the checkout, sorted as git sorts them."""
    return _paths(at_root(git).run("ls-files", "-z", "--cached", "--deduplicate"))


def at_root(git: Git) -> Git:
    """Git at the root of the checkout. Raises `GitError` where there is none."""
    asked = git.call(("rev-parse", "--show-toplevel"))
    if asked.returncode == 0:
        return replace(git, folder=Path(asked.stdout.decode("utf-8", "surrogateescape")[:-1]))
    said = asked.stderr.decode("utf-8", "replace").strip()
    if "dubious ownership" in said:
        raise GitError(
            f"git refuses the checkout at {git.folder}, because it belongs to another user",
            hint=f"git config --global --add safe.directory {git.folder}",
        )
    raise GitError(
        f"{git.folder} is not in the work tree of a git repository",
        hint="run the gate in a checkout; on GitHub, after actions/checkout",
    )


def _files(git: Git, base: str, tested: str) -> tuple[FileChange, ...]:
    files = parse(git.stream(*_DIFF, base, tested, "--"))
    attributes = _attributes(git, [file.path for file in files])
    if any(_only_called_binary(file, attributes) for file in files):
        forced = parse(git.stream(*_DIFF, "--text", base, tested, "--"), forced=True)
        files = tuple(
            text if _only_called_binary(file, attributes) else file
            for file, text in zip(files, forced, strict=True)
        )
    return tuple(_marked(file, attributes) for file in files)


def marked(git: Git, files: Sequence[FileChange]) -> tuple[FileChange, ...]:
    """Files with what the checkout's attributes, else their paths, say of where they come from."""
    attributes = _attributes(git, list(dict.fromkeys(file.path for file in files)))
    return tuple(_marked(file, attributes) for file in files)


def _only_called_binary(file: FileChange, attributes: dict[tuple[str, str], str]) -> bool:
    """Whether an attribute, and not the content, made git call a file binary.

    Otherwise one line in `.gitattributes` would take a file out of patch coverage.
    """
    return file.binary and attributes.get((file.path, "diff"), "unspecified") != "unspecified"


def _attributes(git: Git, paths: Sequence[str]) -> dict[tuple[str, str], str]:
    """The attributes of files by (path, attribute), asked for in one go."""
    if not paths:
        return {}
    asked = b"".join(path.encode("utf-8", "surrogateescape") + b"\0" for path in paths)
    command = (*OWN_ATTRIBUTES, "check-attr", "--stdin", "-z", *_ATTRIBUTES)
    answer = _paths(git.run(*command, stdin=asked))
    triples = zip(answer[::3], answer[1::3], answer[2::3], strict=True)
    return {(path, attribute): value for path, attribute, value in triples}


def _marked(file: FileChange, attributes: dict[tuple[str, str], str]) -> FileChange:
    """The file with what Linguist's attributes say of it, else what its path says."""
    generated = _flag(attributes.get((file.path, "linguist-generated")))
    vendored = _flag(attributes.get((file.path, "linguist-vendored")))
    return replace(
        file,
        generated=is_generated(file.path) if generated is None else generated,
        vendored=is_vendored(file.path) if vendored is None else vendored,
    )


def _flag(value: str | None) -> bool | None:
    """An attribute as yes, no or not said."""
    return {"set": True, "true": True, "unset": False, "false": False}.get(value or "")


def _paths(output: bytes) -> tuple[str, ...]:
    """The parts of an output that ends each of them by NUL."""
    return tuple(output.decode("utf-8", "surrogateescape").split("\0")[:-1])
