"""What a change is compared with: the commit, and in words how it was found.

In a shallow clone the answer may lie behind the cut, or what shows may be an older common ancestor
than the true one. History is then fetched a step at a time, objects only, until the answer is
certain; where that cannot be done the run stops. There is no falling back on a two-dot diff.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from vsm_gate.collect.forge import default_branch
from vsm_gate.errors import GitError
from vsm_gate.git import Git
from vsm_gate.model.change import Context

_PULL_REQUEST: Final = frozenset(("pull_request", "pull_request_target", "pull_request_review"))
_DEFAULTS: Final = ("origin/HEAD", "origin/main", "origin/master", "main", "master")
_DEPTHS: Final = (50, 200, 1_000, 5_000, 20_000)
_FETCH: Final = (
    "-c",
    "http.lowSpeedLimit=1000",
    "-c",
    "http.lowSpeedTime=60",
    "fetch",
    "--quiet",
    "--no-tags",
    "--no-write-fetch-head",
    "--no-auto-maintenance",
    "--no-recurse-submodules",
    "--refmap=",
)
_WHOLE_HISTORY: Final = (
    "fetch the whole history: `fetch-depth: 0` for actions/checkout, else `git fetch --unshallow`"
)


@dataclass(frozen=True, slots=True)
class Base:
    """The commit to compare with (the empty tree for a first commit), and how it was found."""

    commit: str
    found: str


def resolve_tested(git: Git, context: Context) -> str:
    """The full id of the tested commit. Raises `GitError` where there is none."""
    tested = commit_of(git, context.tested or "HEAD")
    if tested:
        return tested
    if not context.tested or not git.text("rev-list", "-n", "1", "--all"):
        raise GitError(
            "nothing has been committed yet", hint="a change is judged once it is committed"
        )
    raise GitError(
        f"the commit `{context.tested}` is not in this clone",
        hint="check out the commit that is to be judged",
    )


def find_base(git: Git, context: Context, tested: str) -> Base:
    """What the commit `tested` is compared with in this context.

    A pull request's merge commit: its first parent, since the base that the forge's event names
    was frozen when the pull request was opened. Else the merge base with `context.base_ref` where
    it is given; on the default branch the first parent; elsewhere the merge base with the
    default branch. Raises `GitError` where none of these can be told.
    """
    wanted = None if _is_null(context.base_ref) else context.base_ref
    frozen = bool(context.base_branch)
    if _is_merge_of_forge(git, context, tested) and (not wanted or frozen):
        return _first_parent(git, tested, "the first parent of the pull request's merge commit")
    moved = commit_of(git, f"refs/remotes/origin/{context.base_branch}") if frozen else None
    if moved:
        return _merge_base(git, context.base_branch, moved, tested)
    if wanted:
        commit = _known(git, wanted)
        if commit:
            return _merge_base(git, wanted, commit, tested)
        if context.event != "push":
            raise GitError(
                f"the base `{wanted}` is not in this clone",
                hint="name a branch, tag or commit that exists, or " + _WHOLE_HISTORY,
            )
    if context.default_branch:
        return _first_parent(git, tested, "the first parent on the default branch")
    return _against_default(git, tested)


def _is_merge_of_forge(git: Git, context: Context, tested: str) -> bool:
    """Whether the tested commit is the forge's merge of the pull request's head into its base."""
    above = parents(git, tested)
    merges = len(above) == 2 and context.head in {"", above[1]}
    return merges and context.event in _PULL_REQUEST


def _against_default(git: Git, tested: str) -> Base:
    name, commit = _default(git)
    if not commit:
        raise GitError(
            f"cannot tell what {tested[:12]} is to be compared with: there is no default branch "
            f"(looked for {', '.join(_DEFAULTS)})",
            hint="name the base with --base, or tell git the default branch: "
            "`git config init.defaultBranch NAME`",
        )
    base = _merge_base(git, name, commit, tested)
    if base.commit != tested:
        return base
    return _first_parent(git, tested, f"the first parent, since the commit is on `{name}` already")


def _default(git: Git) -> tuple[str, str | None]:
    """The name and commit of the default branch, from this clone or else from its remote."""
    for name in _DEFAULTS:
        folder = "refs/remotes" if "/" in name else "refs/heads"
        commit = commit_of(git, f"{folder}/{name}")
        if commit:
            return name, commit
    remote = _remote(git)
    if remote is not None:
        advertised = git.text("ls-remote", remote, "HEAD", check=False).partition("\t")[0]
        commit = _known(git, advertised) if _is_id(advertised) else None
        if commit:
            return f"{remote}/HEAD", commit
    local = default_branch(git) or ""
    return local, commit_of(git, f"refs/heads/{local}")


def _first_parent(git: Git, tested: str, found: str) -> Base:
    above = parents(git, tested)
    if not above:
        empty_tree = git.text("hash-object", "-t", "tree", "--stdin")
        return Base(empty_tree, "nothing: it is the first commit")
    if commit_of(git, above[0]) is None and _is_shallow(git):
        seen = int(git.text("rev-list", "--count", tested))
        _fetch(git, seen + 1, tested)
    if commit_of(git, above[0]) is None:
        raise GitError(
            f"cannot determine the base: history is cut at {tested[:12]}, before its parent",
            hint=_WHOLE_HISTORY,
        )
    return Base(above[0], f"{found} ({above[0][:12]})")


def _merge_base(git: Git, name: str, commit: str, tested: str) -> Base:
    """The merge base, deepening a shallow history until it is certain."""
    if commit in parents(git, tested):
        return Base(commit, f"`{name}`, the parent ({commit[:12]})")
    for depth in (*_DEPTHS, 0):
        found = git.text("merge-base", "--all", commit, tested, check=False).split()
        cut = _cut(git, (commit, tested), found)
        if not cut:
            break
        seen = int(git.text("rev-list", "--count", commit, tested))
        if not depth or not _fetch(git, max(depth, 2 * seen), commit, tested):
            raise GitError(
                f"cannot determine the merge base of {tested[:12]} and `{name}`: "
                f"history is cut at {cut[:12]}",
                hint=_WHOLE_HISTORY,
            )
    if not found:
        raise GitError(
            f"cannot determine the merge base: {tested[:12]} and `{name}` have no common history",
            hint="name another base with --base",
        )
    several = f", the best of {len(found)}" if len(found) > 1 else ""
    return Base(found[0], f"the merge base with `{name}` ({found[0][:12]}{several})")


def _cut(git: Git, tips: tuple[str, str], bases: list[str]) -> str | None:
    """A commit where history is cut, between the tips and their common ancestors.

    Behind such a commit a later common ancestor may be hidden.
    """
    ends = shallow_ends(git)
    if not ends:
        return None
    between = git.text("rev-list", *tips, "--not", *bases).split()
    return next((commit for commit in between if commit in ends), None)


def shallow_ends(git: Git) -> frozenset[str]:
    """The commits where a shallow clone is cut; none where the history is whole."""
    if not _is_shallow(git):
        return frozenset()
    listed = git.folder / git.text("rev-parse", "--git-path", "shallow")
    return frozenset(listed.read_text("ascii").split())


def parents(git: Git, commit: str) -> tuple[str, ...]:
    """The parents that the commit itself names, also where a shallow clone has cut them off."""
    header, _, _ = git.run("cat-file", "commit", commit).partition(b"\n\n")
    lines = (line.split(b" ") for line in header.splitlines())
    return tuple(line[1].decode("ascii") for line in lines if line[0] == b"parent")


def commit_of(git: Git, name: str) -> str | None:
    """The full id of the commit that a name stands for, or None where this clone has none."""
    if "\0" in name:
        return None
    asked = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
    return git.text(*asked, check=False) or None


def _known(git: Git, name: str) -> str | None:
    """The commit of a name; a full id that is not here yet is fetched."""
    commit = commit_of(git, name) or commit_of(git, f"refs/remotes/origin/{name}")
    if commit is None and _is_id(name):
        _fetch(git, 1 if _is_shallow(git) else 0, name)
        commit = commit_of(git, name)
    return commit


def _fetch(git: Git, depth: int, *commits: str) -> bool:
    """Fetch commits with `depth` generations of history (0: all), objects only.

    The depth is never less than what is here already, which git would otherwise cut back.
    """
    remote = _remote(git)
    if remote is None:
        return False
    deep = (f"--depth={depth}",) if depth else ()
    return git.ok(*_FETCH, *deep, remote, *commits)


def _is_shallow(git: Git) -> bool:
    return git.text("rev-parse", "--is-shallow-repository") == "true"


def _remote(git: Git) -> str | None:
    remotes = [name for name in git.text("remote").splitlines() if not name.startswith("-")]
    return "origin" if "origin" in remotes else next(iter(remotes), None)


def _is_null(name: str | None) -> bool:
    """Whether there is no name, or the zeros by which a forge says that there is no commit."""
    return not name or (_is_id(name) and not name.strip("0"))


def _is_id(name: str) -> bool:
    return len(name) in {40, 64} and set(name) <= set("0123456789abcdef")
