"""The change, found in real repositories."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.support.repository import FIRST_SECOND, Repository

from vsm_gate.collect.change import find_change, tracked_files
from vsm_gate.errors import GitError
from vsm_gate.git import Git
from vsm_gate.model.change import Change, Context, FileChange


def change_of(repository: Repository, **context: object) -> Change:
    return find_change(repository.client, Context(repository="acme/shop", **context))  # type: ignore[arg-type]


def paths(change: Change) -> list[str]:
    return [file.path for file in change.files]


def only_file(change: Change) -> FileChange:
    (file,) = change.files
    return file


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path / "checkout")


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


class TestShallow:
    def test_a_pull_request_at_depth_one(self, repository: Repository, tmp_path: Path) -> None:
        repository.write("a.py", "1\n").commit()
        opened = repository.head
        head = repository.branch("feature").write("feature.py", "1\n").commit()
        repository.checkout("main").write("others.py", "1\n").commit()
        base = repository.head
        repository.branch("merged").merge("feature")
        clone = repository.clone(tmp_path / "clone", "--depth=1", "--branch=merged")
        change = change_of(
            clone, event="pull_request", head=head, base_ref=opened, base_branch="main"
        )
        assert (change.base, paths(change)) == (base, ["feature.py"])

    def test_a_push_at_depth_one(self, repository: Repository, tmp_path: Path) -> None:
        before = repository.write("a.py", "1\n").commit()
        repository.write("b.py", "1\n").commit()
        repository.write("c.py", "1\n").commit()
        clone = repository.clone(tmp_path / "one", "--depth=1")
        change = change_of(clone, event="push", base_ref=before, default_branch=True)
        assert paths(change) == ["b.py", "c.py"]
        clone = repository.clone(tmp_path / "two", "--depth=1")
        assert paths(change_of(clone, default_branch=True)) == ["c.py"]

    def test_a_branch_whose_beginning_lies_behind_the_cut(
        self, repository: Repository, tmp_path: Path
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
        self, repository: Repository, tmp_path: Path
    ) -> None:
        base = repository.write("a.py", "1\n").commit()
        repository.branch("feature").write("feature.py", "1\n").commit()
        repository.write("more.py", "1\n").commit()
        repository.checkout("main").write("others.py", "1\n").commit()
        clone = repository.clone(tmp_path / "clone", "--depth=1", "--branch=feature")
        clone.git("update-ref", "-d", "refs/remotes/origin/HEAD")
        change = change_of(clone, event="workflow_dispatch")
        assert (change.base, paths(change)) == (base, ["feature.py", "more.py"])

    def test_a_later_common_ancestor_may_be_hidden(
        self, repository: Repository, tmp_path: Path
    ) -> None:
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
        self, repository: Repository, tmp_path: Path, gone: str
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

    def test_deepening_never_cuts_back_what_is_there(
        self, repository: Repository, tmp_path: Path
    ) -> None:
        long_history(repository, 80)
        base = repository.head
        repository.branch("feature").write("feature.py", "1\n").commit()
        repository.checkout("main")
        long_history(repository, 80)
        repository.checkout("feature")
        clone = repository.clone(tmp_path / "clone", "--depth=60", "--no-single-branch")
        assert change_of(clone).base == base
        assert int(clone.git("rev-list", "--count", "origin/main")) >= 60


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


class TestFiles:
    def test_the_lines_of_a_modified_file(self, repository: Repository) -> None:
        repository.write("a.py", "1\n2\n3\n4\n5\n").commit()
        repository.write("a.py", "0\n1\n2\nthree\n4\n5\n6").commit()
        file = only_file(change_of(repository, default_branch=True))
        assert file == FileChange(
            path="a.py",
            status="modified",
            added=3,
            deleted=1,
            added_lines=(range(1, 2), range(4, 5), range(7, 8)),
            deleted_lines=(range(3, 4),),
        )

    def test_a_renamed_file_counts_by_what_was_changed_in_it(self, repository: Repository) -> None:
        text = "".join(f"line {number}\n" for number in range(40))
        repository.write("old/a.py", text).commit()
        repository.move("old/a.py", "new/b.py").write("new/b.py", text + "one more\n").commit()
        file = only_file(change_of(repository, default_branch=True))
        assert (file.path, file.old_path, file.status) == ("new/b.py", "old/a.py", "renamed")
        assert (file.added, file.deleted, file.added_lines) == (1, 0, (range(41, 42),))

    def test_a_deleted_file(self, repository: Repository) -> None:
        repository.write("a.py", "1\n2\n").write("b.py", "").commit()
        repository.remove("a.py").commit()
        file = only_file(change_of(repository, default_branch=True))
        assert (file.path, file.status, file.added, file.deleted) == ("a.py", "deleted", 0, 2)

    def test_only_the_mode_changed(self, repository: Repository) -> None:
        repository.write("run.sh", "true\n").commit()
        (repository.path / "run.sh").chmod(0o755)
        repository.commit()
        file = only_file(change_of(repository, default_branch=True))
        assert (file.status, file.added, file.deleted) == ("modified", 0, 0)

    def test_a_binary_file_has_no_lines(self, repository: Repository) -> None:
        repository.write("a.bin", b"\0\1\n\2").commit()
        repository.write("a.bin", b"\0\1\n\3\n").commit()
        file = only_file(change_of(repository, default_branch=True))
        assert (file.binary, file.added, file.deleted, file.added_lines) == (True, 0, 0, ())

    def test_a_link_has_no_lines_to_cover(self, repository: Repository) -> None:
        repository.write("b.py", "1\n2\n").write("c.py", "3\n").link("a.py", "b.py").commit()
        repository.link("a.py", "elsewhere").link("b.py", "c.py")
        repository.write("c.py", "4\n").commit()
        a, b, c = change_of(repository, default_branch=True).files
        assert (a.added_lines, b.added_lines, c.added_lines) == ((), (), (range(1, 2),))
        assert (b.status, b.added, b.deleted) == ("modified", 1, 2)

    def test_a_link_that_becomes_a_file(self, repository: Repository) -> None:
        repository.write("b.py", "1\n").link("a.py", "b.py").commit()
        repository.remove("a.py").write("a.py", "1\n2\n").write("b.py", "2\n").commit()
        a, b = change_of(repository, default_branch=True).files
        assert (a.added, a.deleted, a.added_lines) == (2, 1, (range(1, 3),))
        assert b.added_lines == (range(1, 2),)

    def test_a_submodule(self, repository: Repository) -> None:
        def point_at(commit: str) -> None:
            repository.git("update-index", "--add", "--cacheinfo", f"160000,{commit},lib")
            repository.git("commit", "--quiet", "-m", "Move the submodule")

        repository.write(".gitmodules", '[submodule "lib"]\npath = lib\nurl = x\nignore = all\n')
        repository.commit()
        point_at("1" * 40)
        point_at("2" * 40)
        file = only_file(change_of(repository, default_branch=True))
        assert (file.path, file.submodule, file.added_lines) == ("lib", True, ())

    def test_windows_line_ends_and_a_missing_last_one(self, repository: Repository) -> None:
        repository.write("a.py", "1\r\n2\r\n3").commit()
        repository.write("a.py", "1\r\n2\n3\n").commit()
        file = only_file(change_of(repository, default_branch=True))
        assert (file.added, file.deleted, file.added_lines) == (2, 2, (range(2, 4),))

    def test_content_that_looks_like_a_diff(self, repository: Repository) -> None:
        repository.write("a.txt", "x\n").write("b.txt", "x\n").commit()
        text = "@@ -1 +1,900 @@\ndiff --git a/b b/b\nBinary files a/a and b/b differ\n"
        text += "+++ b/b\n--- a/a\n\r@@ -1 +7 @@\r\n"
        repository.write("a.txt", text).write("b.txt", text + "\f\v\u2028@@ -1 +1 @@\x85\n")
        repository.commit()
        a, b = change_of(repository, default_branch=True).files
        assert (a.added, a.binary, a.added_lines) == (6, False, (range(1, 7),))
        assert (b.added, b.binary, b.added_lines) == (7, False, (range(1, 8),))

    NAMES = (
        "-rf",
        "--help",
        "::moved",
        ":(top)x",
        "a b",
        " lead",
        "trail ",
        'quo"te',
        "back\\slash",
        "new\nline",
        "tab\tname",
        "R100",
        ":100644 100644 a b M",
        "diff --git a/x b/x",
        "ünïcode/日本.py",
        "deep/er/and/deeper/x",
        "[a-z]*",
        "\x01\x7f",
    )

    def test_names_may_hold_anything(self, repository: Repository) -> None:
        for name in self.NAMES:
            repository.write(name, f"content of {name!r}\n")
        repository.commit()
        for name in self.NAMES:
            repository.write(name, f"other content of {name!r}\n1\n")
        repository.commit()
        change = change_of(repository, default_branch=True)
        assert paths(change) == sorted(self.NAMES)
        assert {file.status for file in change.files} == {"modified"}
        for file in change.files:
            assert (file.added, file.deleted) == (2, 1)
        assert sorted(tracked_files(repository.client)) == sorted(self.NAMES)

    def test_a_name_that_is_not_text(self, repository: Repository) -> None:
        name = os.fsdecode(b"latin-\xe9.py")
        repository.write(name, "1\n").commit()
        repository.write(name, "2\n").commit()
        assert paths(change_of(repository, default_branch=True)) == [name]
        assert tracked_files(repository.client) == (name,)

    def test_the_whole_repository_is_seen_from_a_folder_in_it(self, repository: Repository) -> None:
        repository.write("a/x.py", "1\n").write("b/y.py", "1\n").commit()
        repository.write("a/x.py", "2\n").write("b/gen.py", "1\n")
        repository.write(".gitattributes", "b/gen.py linguist-generated\n").commit()
        below = Git(repository.path / "a", repository.environment)
        change = find_change(below, Context(repository="acme/shop", default_branch=True))
        assert paths(change) == [".gitattributes", "a/x.py", "b/gen.py"]
        assert [file.generated for file in change.files] == [False, False, True]
        assert tracked_files(below) == (".gitattributes", "a/x.py", "b/gen.py", "b/y.py")

    def test_a_file_in_conflict_is_tracked_once(self, repository: Repository) -> None:
        blob = repository.write("b.py", "1\n").git("hash-object", "-w", "b.py")
        entries = "".join(f"100644 {blob} {stage}\ta.py\n" for stage in (1, 2, 3))
        repository.git("update-index", "--index-info", stdin=entries.encode())
        assert tracked_files(repository.client) == ("a.py",)

    def test_generated_and_vendored_files_are_marked(self, repository: Repository) -> None:
        repository.write("start").commit()
        for name in ("a.py", "b.py", "c/d.py", "vendor/e.go", "vendor/own.go", "api_pb2.py"):
            repository.write(name, "1\n")
        attributes = (
            "a.py linguist-generated\nb.py linguist-generated=true\n"
            "c/** linguist-vendored\nvendor/own.go -linguist-vendored\n"
            "*.none linguist-generated=false\n"
        )
        repository.write(".gitattributes", attributes).write("x_pb2.none", "").commit()
        change = change_of(repository, default_branch=True)
        assert [file.path for file in change.files if file.generated] == [
            "a.py",
            "api_pb2.py",
            "b.py",
        ]
        assert [file.path for file in change.files if file.vendored] == ["c/d.py", "vendor/e.go"]

    def test_sha256_repositories(self, tmp_path: Path) -> None:
        repository = Repository(tmp_path / "checkout", create=False)
        repository.path.mkdir()
        repository.git("init", "--quiet", "--object-format=sha256", "--initial-branch=main")
        repository.write("a.py", "1\n").commit()
        first = change_of(repository, default_branch=True)
        repository.write("a.py", "1\n2\n").commit()
        change = change_of(repository, default_branch=True)
        assert (len(first.base), len(change.base)) == (64, 64)
        assert only_file(change).added_lines == (range(2, 3),)


CONFIGURATIONS = {
    "external diff": {"diff.external": "false"},
    "no prefix": {"diff.noprefix": "true", "diff.mnemonicPrefix": "true"},
    "no renames": {"diff.renames": "false", "diff.renameLimit": "1"},
    "copies": {"diff.renames": "copies"},
    "colour": {"color.ui": "always", "color.diff": "always"},
    "context": {"diff.context": "9", "diff.interHunkContext": "9"},
    "algorithm": {"diff.algorithm": "patience", "diff.indentHeuristic": "false"},
    "submodules": {"diff.submodule": "log", "diff.ignoreSubmodules": "all"},
    "relative": {"diff.relative": "true", "diff.orderFile": "order"},
    "white space": {"core.whitespace": "cr-at-eol", "diff.suppressBlankEmpty": "true"},
    "quoting": {"core.quotePath": "false", "core.precomposeUnicode": "true"},
    "pager": {"core.pager": "false", "pager.diff": "true"},
    "attributes": {"core.attributesFile": "attributes"},
    "driver": {"diff.own.textconv": "tac", "diff.own.binary": "true", "diff.own.command": "false"},
}


class TestConfiguration:
    @pytest.fixture
    def plain(self, repository: Repository) -> Change:
        text = "".join(f"def function_{number}():\n    pass\n\n" for number in range(40))
        repository.write("a.py", text).write("b.py", text + "# b\n").write("c.bin", b"\0\1")
        repository.write("old.py", text + "# old\n").write("ü.py", text).commit()
        changed = text.replace("function_7(", "seven(").replace("function_9(", "nine(")
        repository.write("a.py", changed).write("b.py", text.replace("\n\n", "\n \n"))
        repository.write("c.bin", b"\0\2").write("ü.py", text + "1\n").write("copy.py", text)
        repository.move("old.py", "new.py").write("new.py", changed + "# old\n").commit()
        return change_of(repository, default_branch=True)

    @pytest.mark.parametrize("name", CONFIGURATIONS)
    def test_the_machines_configuration_changes_nothing(
        self, repository: Repository, plain: Change, name: str, tmp_path: Path
    ) -> None:
        for key, value in CONFIGURATIONS[name].items():
            repository.git("config", key, value)
        (repository.path / "order").write_text("ü.py\nnew.py\n")
        (repository.path / "attributes").write_text("*.py -diff linguist-generated\n")
        if name == "driver":
            info = repository.path / ".git" / "info"
            info.mkdir(exist_ok=True)
            (info / "attributes").write_text("*.py diff=own\n")
        assert change_of(repository, default_branch=True) == plain

    def test_the_environment_changes_nothing(self, repository: Repository, plain: Change) -> None:
        environment = {
            **repository.environment,
            "GIT_DIFF_OPTS": "-u5",
            "GIT_EXTERNAL_DIFF": "false",
            "GIT_LITERAL_PATHSPECS": "1",
            "LC_ALL": "de_DE.UTF-8",
        }
        git = Git(repository.path, environment)
        assert find_change(git, Context(repository="acme/shop", default_branch=True)) == plain

    @pytest.mark.parametrize("attribute", ["-diff", "binary", "diff=none", "-text", "diff"])
    def test_an_attribute_cannot_hide_lines(self, repository: Repository, attribute: str) -> None:
        repository.write("a.py", "1\n2\n").write("b.bin", b"\0\n").write("c.py", "1\n").commit()
        repository.git("config", "diff.none.binary", "true")
        repository.write(".gitattributes", f"*.py {attribute}\n*.bin {attribute}\n")
        repository.write("a.py", "1\ntwo\n").write("b.bin", b"\0\n\0\n").write("c.py", "1\n2\n")
        repository.commit()
        _, a, b, c = change_of(repository, default_branch=True).files
        assert (a.binary, a.added, a.deleted, a.added_lines) == (False, 1, 1, (range(2, 3),))
        assert (c.binary, c.added_lines) == (False, (range(2, 3),))
        if attribute != "diff":
            assert (b.binary, b.added, b.added_lines) == (True, 0, ())

    def test_only_commits_count(self, repository: Repository, plain: Change) -> None:
        repository.write("a.py", "not committed\n").write("untracked.py", "1\n")
        repository.write("staged.py", "1\n").git("add", "staged.py")
        assert change_of(repository, default_branch=True) == plain
