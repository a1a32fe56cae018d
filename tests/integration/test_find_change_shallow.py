"""The change in a clone whose history is cut: what lacks is fetched, and nothing else touched."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.support.changes import change_of, paths
from tests.support.repository import Repository

from vsm_gate.errors import GitError


def long_history(repository: Repository, commits: int) -> None:
    for number in range(commits):
        repository.write("log.txt", f"{number} of {commits}\n").commit()


def state(repository: Repository) -> tuple[str, ...]:
    """What must not change: refs, HEAD, index, work tree."""
    folder = repository.path / ".git"
    return (
        repository.git("for-each-ref"),
        repository.git("symbolic-ref", "HEAD"),
        repository.git("ls-files", "--stage"),
        repository.git("status", "--porcelain"),
        str(sorted(path.name for path in folder.iterdir() if path.name != "shallow")),
    )


def test_a_pull_request_at_depth_one(repository: Repository, tmp_path: Path) -> None:
    repository.write("a.py", "1\n").commit()
    opened = repository.head
    head = repository.branch("feature").write("feature.py", "1\n").commit()
    repository.checkout("main").write("others.py", "1\n").commit()
    base = repository.head
    repository.branch("merged").merge("feature")
    clone = repository.clone(tmp_path / "clone", "--depth=1", "--branch=merged")
    change = change_of(clone, event="pull_request", head=head, base_ref=opened, base_branch="main")
    assert (change.base, paths(change)) == (base, ["feature.py"])


def test_a_push_at_depth_one(repository: Repository, tmp_path: Path) -> None:
    before = repository.write("a.py", "1\n").commit()
    repository.write("b.py", "1\n").commit()
    repository.write("c.py", "1\n").commit()
    clone = repository.clone(tmp_path / "one", "--depth=1")
    change = change_of(clone, event="push", base_ref=before, default_branch=True)
    assert paths(change) == ["b.py", "c.py"]
    clone = repository.clone(tmp_path / "two", "--depth=1")
    assert paths(change_of(clone, default_branch=True)) == ["c.py"]


def test_a_branch_whose_beginning_lies_behind_the_cut(
    repository: Repository, tmp_path: Path
) -> None:
    long_history(repository, 70)
    base = repository.head
    repository.branch("feature").write("feature.py", "1\n").commit()
    long_history(repository, 60)
    repository.checkout("main").write("others.py", "1\n").commit()
    clone = repository.clone(
        tmp_path / "clone", "--depth=1", "--branch=feature", "--no-single-branch"
    )
    before = state(clone)
    change = change_of(clone)
    assert (change.base, paths(change)) == (base, ["feature.py", "log.txt"])
    assert state(clone) == before


def test_a_branch_alone_asks_the_remote_for_its_default_branch(
    repository: Repository, tmp_path: Path
) -> None:
    base = repository.write("a.py", "1\n").commit()
    repository.branch("feature").write("feature.py", "1\n").commit()
    repository.write("more.py", "1\n").commit()
    repository.checkout("main").write("others.py", "1\n").commit()
    clone = repository.clone(tmp_path / "clone", "--depth=1", "--branch=feature")
    clone.git("update-ref", "-d", "refs/remotes/origin/HEAD")
    change = change_of(clone, event="workflow_dispatch")
    assert (change.base, paths(change)) == (base, ["feature.py", "more.py"])


def test_a_later_common_ancestor_may_be_hidden(repository: Repository, tmp_path: Path) -> None:
    """At depth three an old common ancestor shows and the true merge base does not."""
    old = repository.write("a.py", "1\n").commit()
    true = repository.write("true.py", "1\n").commit()
    repository.git("branch", "feature")
    for branch in ("feature", "main"):
        repository.checkout(branch)
        long_history(repository, 5)
        tree = repository.git("rev-parse", "HEAD^{tree}")
        tip = repository.git("commit-tree", tree, "-p", "HEAD", "-p", old, "-m", "old again")
        repository.git("reset", "--hard", "--quiet", tip)
    clone = repository.clone(
        tmp_path / "clone", "--depth=3", "--branch=feature", "--no-single-branch"
    )
    assert clone.git("merge-base", "origin/main", "HEAD") == old
    assert change_of(clone).base == true


@pytest.mark.parametrize("gone", ["no remote", "remote unreachable"])
def test_without_a_remote_the_run_says_where_history_is_cut(
    repository: Repository, tmp_path: Path, gone: str
) -> None:
    repository.write("a.py", "1\n").commit()
    repository.branch("feature").write("feature.py", "1\n").commit()
    repository.write("feature.py", "2\n").commit()
    repository.checkout("main").write("others.py", "1\n").commit()
    clone = repository.clone(
        tmp_path / "clone", "--depth=1", "--branch=feature", "--no-single-branch"
    )
    if gone == "no remote":
        clone.git("config", "--remove-section", "remote.origin")
    else:
        clone.git("config", "remote.origin.url", (tmp_path / "nowhere").as_uri())
    for context in ({}, {"default_branch": True}):
        with pytest.raises(GitError, match="history is cut at") as raised:
            change_of(clone, **context)
        assert "fetch-depth: 0" in (raised.value.hint or "")


def test_deepening_never_cuts_back_what_is_there(repository: Repository, tmp_path: Path) -> None:
    long_history(repository, 80)
    base = repository.head
    repository.branch("feature").write("feature.py", "1\n").commit()
    repository.checkout("main")
    long_history(repository, 80)
    repository.checkout("feature")
    clone = repository.clone(tmp_path / "clone", "--depth=60", "--no-single-branch")
    assert change_of(clone).base == base
    assert int(clone.git("rev-list", "--count", "origin/main")) >= 60
