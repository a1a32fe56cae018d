"""What an audit begins with, from the local clone: the default branch, whole."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from vsm_gate.errors import GitError, UsageError
from vsm_gate.git import Git
from vsm_gate.model.population import LandedCommit

_FORMAT = "--format=%H%x00%P%x00%ct%x00%an%x00%ae%x00%s"


def find_branch(git: Git, named: str | None, default: str) -> str:
    """The ref that is named, else that of the default branch: the remote's, else the clone's own.

    Raises `UsageError` where there is none, `GitError` where the clone is shallow.
    """
    if git.text("rev-parse", "--is-shallow-repository") == "true":
        raise GitError(
            "this clone is shallow: what came to the branch before it was cut cannot be listed",
            hint="fetch the rest with `git fetch --unshallow`, or clone without --depth",
        )
    usual = [f"refs/remotes/origin/{default}", f"refs/heads/{default}"] if default else []
    for place in [named] if named else usual:
        found = git.text("rev-parse", "--verify", "--quiet", "--end-of-options", place, check=False)
        if found:
            return place
    what = f"there is no branch {named!r}" if named else "the default branch cannot be told"
    raise UsageError(what, hint="name it with --branch")


def first_parents(git: Git, ref: str) -> list[LandedCommit]:
    """The first-parent line of a branch, oldest commit first."""
    listed = git.text(
        "log",
        "--first-parent",
        "--reverse",
        "--no-show-signature",
        "--no-color",
        _FORMAT,
        ref,
        "--",
    )
    return [_commit(line) for line in listed.split("\n")]


def landed_in(git: Git, line: Sequence[LandedCommit], name: str) -> str:
    """The commit of the line that brought a commit: itself, or the merge that it came with.

    Raises `UsageError` where the name is no commit, or one that did not come to the branch.
    """
    sha = git.text(
        "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}", check=False
    )
    if not sha:
        raise UsageError(f"{name!r} is no commit of this clone")
    low, high = 0, len(line)
    while low < high:
        middle = (low + high) // 2
        if git.ok("merge-base", "--is-ancestor", sha, line[middle].sha):
            high = middle
        else:
            low = middle + 1
    if low == len(line):
        raise UsageError(f"{name!r} is not on the default branch", hint="--branch names another")
    return line[low].sha


def _commit(line: str) -> LandedCommit:
    sha, parents, seconds, author, email, subject = line.split("\0", 5)
    time = datetime.fromtimestamp(int(seconds), UTC)
    return LandedCommit(sha, tuple(parents.split()), time, author, email, subject, dated=time)
