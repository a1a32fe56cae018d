"""What a change is compared with, and which commits are of it, in real repositories."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.support.changes import change_of, paths
from tests.support.repository import FIRST_SECOND, Repository

from vsm_gate.collect.change import find_change
from vsm_gate.errors import GitError
from vsm_gate.git import Git
from vsm_gate.model.change import Context


class TestBase:
    def test_on_the_default_branch_it_is_the_first_parent(self, repository: Repository) -> None:
        repository.write("a.py", "1\n").commit()
        base = repository.head
        repository.write("b.py", "2\n").commit()
        change = change_of(repository, default_branch=True)
        assert (change.base, change.tested, change.head) == (base, repository.head, repository.head)
        assert paths(change) == ["b.py"]
        assert "first parent" in change.base_found

    def test_of_a_merge_on_the_default_branch_it_is_what_was_there(
        self, repository: Repository
    ) -> None:
        repository.write("a.py", "1\n").commit()
        repository.branch("feature").write("b.py", "2\n").commit()
        repository.write("c.py", "2\n").commit()
        repository.checkout("main").write("d.py", "2\n").commit()
        base = repository.head
        repository.merge("feature")
        change = change_of(repository, default_branch=True)
        assert change.base == base
        assert paths(change) == ["b.py", "c.py"]

    def test_of_a_first_commit_it_is_the_empty_tree(self, repository: Repository) -> None:
        repository.write("a.py", "1\n2\n").write("b.py", "").commit()
        change = change_of(repository, default_branch=True)
        assert change.base == repository.git("hash-object", "-t", "tree", "--stdin")
        assert [(file.path, file.status, file.added) for file in change.files] == [
            ("a.py", "added", 2),
            ("b.py", "added", 0),
        ]
        assert "first commit" in change.base_found

    def test_on_a_branch_it_is_where_the_branch_began(self, repository: Repository) -> None:
        repository.write("a.py", "1\n").commit()
        base = repository.head
        repository.branch("feature").write("b.py", "2\n").commit()
        repository.write("c.py", "2\n").commit()
        repository.checkout("main").write("a.py", "moved on\n").commit()
        repository.checkout("feature")
        change = change_of(repository, branch="feature")
        assert change.base == base
        assert paths(change) == ["b.py", "c.py"]
        assert "merge base with `main`" in change.base_found

    @pytest.mark.parametrize(
        ("refs", "expected"),
        [
            (("origin/HEAD", "origin/main", "origin/master", "main", "master"), "origin/HEAD"),
            (("origin/main", "origin/master", "main", "master"), "origin/main"),
            (("origin/master", "main", "master"), "origin/master"),
            (("main", "master"), "main"),
            (("master",), "master"),
        ],
    )
    def test_the_default_branch_is_looked_for_in_order(
        self, tmp_path: Path, refs: tuple[str, ...], expected: str
    ) -> None:
        repository = Repository(tmp_path / "checkout", branch="topic")
        for number, ref in enumerate(refs):
            commit = repository.write("a.py", f"{number}\n").commit()
            folder = "refs/remotes" if "/" in ref else "refs/heads"
            repository.git("update-ref", f"{folder}/{ref}", commit)
        wanted = repository.git("rev-parse", "HEAD~" + str(len(refs) - 1))
        repository.write("b.py", "2\n").commit()
        change = change_of(repository)
        assert change.base == wanted
        assert f"`{expected}`" in change.base_found

    def test_a_tag_of_that_name_is_not_the_default_branch(self, repository: Repository) -> None:
        base = repository.write("a.py", "1\n").commit()
        repository.branch("feature").write("b.py", "2\n").commit()
        repository.git("tag", "main")
        assert change_of(repository).base == base

    def test_a_commit_that_is_on_the_default_branch_is_compared_with_its_parent(
        self, repository: Repository
    ) -> None:
        repository.write("a.py", "1\n").commit()
        repository.write("b.py", "1\n").commit()
        repository.write("c.py", "1\n").commit()
        repository.checkout("HEAD~1")
        change = change_of(repository)
        assert paths(change) == ["b.py"]
        assert "on `main` already" in change.base_found

    def test_without_any_default_branch_the_run_says_so(self, tmp_path: Path) -> None:
        repository = Repository(tmp_path / "checkout", branch="one")
        repository.write("a.py", "1\n").commit()
        repository.branch("two").write("b.py", "1\n").commit()
        with pytest.raises(GitError, match="no default branch") as raised:
            change_of(repository)
        assert "--base" in (raised.value.hint or "")

    def test_the_only_branch_is_the_default_branch(self, tmp_path: Path) -> None:
        repository = Repository(tmp_path / "checkout", branch="production")
        repository.write("a.py", "1\n").commit()
        repository.write("b.py", "1\n").commit()
        assert paths(change_of(repository)) == ["b.py"]

    def test_a_named_base_is_turned_into_the_merge_base(self, repository: Repository) -> None:
        base = repository.write("a.py", "1\n").commit()
        repository.branch("release").write("r.py", "1\n").commit()
        repository.checkout("main").write("b.py", "2\n").commit()
        change = change_of(repository, base_ref="release", default_branch=True)
        assert (change.base, paths(change)) == (base, ["b.py"])

    def test_a_remote_branch_can_be_named_as_the_forge_names_it(
        self, repository: Repository
    ) -> None:
        base = repository.write("a.py", "1\n").commit()
        repository.git("update-ref", "refs/remotes/origin/next", base)
        repository.write("b.py", "2\n").commit()
        assert change_of(repository, base_ref="next").base == base

    @pytest.mark.parametrize("name", ["no-such", "--all", "-x", "a\0b", "..", "a b", "", "f" * 40])
    def test_an_unknown_base_is_never_replaced_by_another(
        self, repository: Repository, name: str
    ) -> None:
        repository.write("a.py", "1\n").commit()
        repository.write("b.py", "1\n").commit()
        if not name:
            assert paths(change_of(repository, base_ref=name, default_branch=True)) == ["b.py"]
            return
        with pytest.raises(GitError, match="is not in this clone"):
            change_of(repository, base_ref=name, default_branch=True)

    def test_unrelated_histories_have_no_base(self, repository: Repository) -> None:
        repository.write("a.py", "1\n").commit()
        repository.git("checkout", "--quiet", "--orphan", "other")
        repository.write("b.py", "1\n").commit()
        with pytest.raises(GitError, match="no common history"):
            change_of(repository, base_ref="main")

    def test_of_several_merge_bases_one_is_taken_and_the_rest_is_said(
        self, repository: Repository
    ) -> None:
        repository.write("a.py", "1\n").commit()
        left = repository.branch("left").write("l.py", "1\n").commit()
        right = repository.checkout("main").branch("right").write("r.py", "1\n").commit()
        repository.git("merge", "--quiet", "--no-ff", "-m", "right takes left", left)
        repository.checkout("left")
        repository.git("merge", "--quiet", "--no-ff", "-m", "left takes right", right)
        repository.write("new.py", "1\n").commit()
        change = change_of(repository, base_ref="right")
        assert change.base in {left, right}
        assert "of 2" in change.base_found


class TestForge:
    @pytest.fixture
    def pull_request(self, repository: Repository) -> Repository:
        """A pull request opened at `opened`, the base since moved on, merged by the forge."""
        repository.write("a.py", "1\n").commit()
        repository.git("tag", "opened")
        repository.branch("feature").write("feature.py", "1\n").commit()
        repository.checkout("main").write("others.py", "1\n").commit()
        repository.git("tag", "moved-on")
        repository.checkout("moved-on")
        repository.merge("feature")
        return repository

    def test_a_merge_commit_is_compared_with_its_first_parent(
        self, pull_request: Repository
    ) -> None:
        head = pull_request.git("rev-parse", "feature")
        opened = pull_request.git("rev-parse", "opened")
        change = change_of(
            pull_request, event="pull_request", head=head, base_ref=opened, base_branch="main"
        )
        assert paths(change) == ["feature.py"]
        assert change.base == pull_request.git("rev-parse", "moved-on")
        assert (change.head, change.tested) == (head, pull_request.head)

    def test_a_base_that_a_person_names_by_its_id_is_honoured(
        self, pull_request: Repository
    ) -> None:
        head = pull_request.git("rev-parse", "feature")
        opened = pull_request.git("rev-parse", "opened")
        change = change_of(pull_request, event="pull_request", head=head, base_ref=opened)
        assert change.base == opened

    def test_at_its_own_head_the_base_branch_counts_and_not_where_it_once_stood(
        self, pull_request: Repository
    ) -> None:
        moved_on = pull_request.git("rev-parse", "moved-on")
        pull_request.git("update-ref", "refs/remotes/origin/main", moved_on)
        pull_request.checkout("feature").merge("moved-on")
        change = change_of(
            pull_request,
            event="pull_request",
            head=pull_request.head,
            base_ref=pull_request.git("rev-parse", "opened"),
            base_branch="main",
        )
        assert change.base == moved_on

    def test_a_named_base_is_honoured_beside_a_merge_commit(self, pull_request: Repository) -> None:
        head = pull_request.git("rev-parse", "feature")
        change = change_of(pull_request, event="pull_request", head=head, base_ref="opened")
        assert paths(change) == ["feature.py", "others.py"]

    def test_the_head_itself_is_compared_with_the_merge_base(
        self, pull_request: Repository
    ) -> None:
        pull_request.checkout("feature")
        head = pull_request.head
        moved_on = pull_request.git("rev-parse", "moved-on")
        change = change_of(pull_request, event="pull_request", head=head, base_ref=moved_on)
        assert paths(change) == ["feature.py"]
        assert change.base == pull_request.git("rev-parse", "opened")

    def test_a_head_that_merged_the_base_into_itself_is_no_merge_commit_of_the_forge(
        self, pull_request: Repository
    ) -> None:
        pull_request.checkout("feature").merge("moved-on")
        pull_request.write("more.py", "1\n").commit()
        pull_request.branch("other", "HEAD~1")
        head = pull_request.head
        moved_on = pull_request.git("rev-parse", "moved-on")
        change = change_of(pull_request, event="pull_request", head=head, base_ref=moved_on)
        assert paths(change) == ["feature.py"]

    def test_a_merge_of_something_else_is_no_merge_of_the_pull_request(
        self, pull_request: Repository
    ) -> None:
        """As where `pull_request_target` has checked out the base branch."""
        here = pull_request.head
        change = change_of(pull_request, event="pull_request_target", head="f" * 40, base_ref=here)
        assert (change.base, change.files) == (here, ())

    def test_a_queued_group_is_compared_with_the_queue_before_it(
        self, repository: Repository
    ) -> None:
        repository.write("a.py", "1\n").commit()
        repository.branch("one").write("one.py", "1\n").commit()
        repository.checkout("main").branch("two").write("two.py", "1\n").commit()
        repository.checkout("main").branch("queue").merge("one")
        base = repository.head
        head = repository.merge("two")
        change = change_of(repository, event="merge_group", base_ref=base, head=head)
        assert (change.base, paths(change)) == (base, ["two.py"])

    def test_a_push_is_compared_with_what_was_there_before(self, repository: Repository) -> None:
        before = repository.write("a.py", "1\n").commit()
        repository.write("b.py", "1\n").commit()
        repository.write("c.py", "1\n").commit()
        change = change_of(repository, event="push", base_ref=before, default_branch=True)
        assert paths(change) == ["b.py", "c.py"]

    @pytest.mark.parametrize("before", ["0" * 40, "1" * 40])
    def test_a_push_of_a_new_branch_or_over_an_old_one_is_compared_with_the_default_branch(
        self, repository: Repository, before: str
    ) -> None:
        repository.write("a.py", "1\n").commit()
        repository.branch("feature").write("b.py", "1\n").commit()
        repository.write("c.py", "1\n").commit()
        assert paths(change_of(repository, event="push", base_ref=before)) == ["b.py", "c.py"]


class TestCommits:
    def test_they_are_counted_from_the_base_without_merges(self, repository: Repository) -> None:
        repository.write("a.py", "1\n").commit()
        repository.branch("feature").write("b.py", "2\n").commit()
        authored = {"GIT_AUTHOR_DATE": "2020-01-01T12:00:00+02:00"}
        repository.write("c.py", "2\n").commit(env=authored)
        repository.checkout("main").write("d.py", "2\n").commit()
        repository.checkout("feature").merge("main")
        change = change_of(repository)
        assert change.commits == 2
        assert change.first_commit == datetime(2020, 1, 1, 10, tzinfo=UTC)

    def test_of_a_first_commit_it_is_one(self, repository: Repository) -> None:
        repository.write("a.py", "1\n").commit()
        change = change_of(repository, default_branch=True)
        assert change.commits == 1
        assert change.first_commit == datetime.fromtimestamp(FIRST_SECOND + 60, UTC)

    def test_behind_a_cut_they_are_not_known(self, repository: Repository, tmp_path: Path) -> None:
        repository.write("a.py", "1\n").commit()
        head = repository.branch("feature").write("b.py", "2\n").commit()
        repository.write("c.py", "2\n").commit()
        repository.checkout("main").merge("feature")
        shallow = repository.clone(tmp_path / "shallow", "--depth=1")
        change = change_of(shallow, event="pull_request", head=head)
        assert (change.commits, change.first_commit) == (None, None)


class TestErrors:
    def test_nothing_committed(self, repository: Repository) -> None:
        with pytest.raises(GitError, match="nothing has been committed yet"):
            change_of(repository)

    def test_no_repository(self, tmp_path: Path) -> None:
        git = Git(tmp_path, {**os.environ, "GIT_CEILING_DIRECTORIES": str(tmp_path.parent)})
        with pytest.raises(GitError, match="not in the work tree of a git repository") as raised:
            find_change(git, Context(repository="acme/shop"))
        assert raised.value.exit_code == 3

    def test_a_bare_repository(self, repository: Repository, tmp_path: Path) -> None:
        repository.write("a.py").commit()
        bare = repository.clone(tmp_path / "bare", "--bare")
        with pytest.raises(GitError, match="not in the work tree"):
            change_of(bare)

    def test_a_folder_that_does_not_exist(self, tmp_path: Path) -> None:
        with pytest.raises(GitError, match="does not exist"):
            find_change(Git(tmp_path / "none"), Context(repository="acme/shop"))

    def test_a_tested_commit_that_is_not_here(self, repository: Repository) -> None:
        repository.write("a.py").commit()
        with pytest.raises(GitError, match="is not in this clone"):
            change_of(repository, tested="1" * 40)

    def test_a_damaged_object(self, repository: Repository) -> None:
        repository.write("a.py", "1\n").commit()
        repository.write("a.py", "2\n").commit()
        blob = repository.git("rev-parse", "HEAD~1:a.py")
        stored = repository.path / ".git" / "objects" / blob[:2] / blob[2:]
        stored.chmod(0o600)
        stored.write_bytes(b"damaged")
        with pytest.raises(GitError, match="git diff-tree failed"):
            change_of(repository, default_branch=True)
