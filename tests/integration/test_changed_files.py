"""The files and lines of a change in real repositories, whatever git is configured to show."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tests.support.changes import change_of, paths
from tests.support.repository import Repository

from vsm_gate.collect.change import find_change, tracked_files
from vsm_gate.git import Git
from vsm_gate.model.change import Change, Context, FileChange


def only_file(change: Change) -> FileChange:
    (file,) = change.files
    return file


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
