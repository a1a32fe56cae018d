"""The parsed diff of trees made by hypothesis, held against the files and against `--numstat`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.support.repository import Repository

from vsm_gate.collect.change import find_change
from vsm_gate.model.change import Change, Context, FileChange

Tree = dict[bytes, bytes]

NAMES = st.sampled_from([b"a.py", b"-b", b'"c"', b"d\ne", b"\xff", b"f/g.py", b"f/h", b"R1 i"])
LINES = st.lists(
    st.sampled_from(
        [b"", b"a", b"b", b"\r", b"@@ -1 +1 @@", b"diff --git a/a b/b", b"-- a", b" x"]
    ),
    max_size=12,
)
ENDS = st.sampled_from([b"", b"\n"])
CONTENTS = st.builds(lambda lines, end: b"\n".join(lines) + end, LINES, ENDS)
TREES = st.dictionaries(NAMES, CONTENTS, max_size=5)


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    return Repository(tmp_path_factory.mktemp("trees") / "checkout")


def commit(repository: Repository, tree: Mapping[bytes, bytes], parent: str | None) -> str:
    """Commit a tree without a work tree, by git's own import format."""
    lines = [b"commit refs/heads/main\ncommitter A <a@example.com> 1700000000 +0000\ndata 1\nx\n"]
    if parent:
        lines.append(b"from %s\ndeleteall\n" % parent.encode())
    for name, content in tree.items():
        quoted = b'"' + name.replace(b"\\", b"\\\\").replace(b'"', b'\\"').replace(b"\n", b"\\n")
        lines.append(b'M 100644 inline %s"\ndata %d\n%s\n' % (quoted, len(content), content))
    repository.git("fast-import", "--quiet", "--force", stdin=b"".join(lines))
    return repository.git("rev-parse", "refs/heads/main")


def split(content: bytes) -> list[bytes]:
    """The lines as git counts them, each with its end."""
    return content.split(b"\n")[:-1] if content.endswith(b"\n") else _open(content)


def _open(content: bytes) -> list[bytes]:
    *lines, last = content.split(b"\n")
    return [*lines, last + b" (no line end)"] if last else lines


def numstat(repository: Repository, base: str, head: str) -> Iterator[tuple[int, int]]:
    command = ("diff-tree", "-r", "-z", "-M", "--numstat", base, head)
    for part in repository.git(*command).split("\0"):
        added, tab, rest = part.partition("\t")
        if tab:
            yield int(added), int(rest.partition("\t")[0])


def check(file: FileChange, before: Tree, after: Tree) -> None:
    """What is left without the added lines was there before, in that order; the counts agree."""
    name = file.path.encode("utf-8", "surrogateescape")
    old_name = (file.old_path or file.path).encode("utf-8", "surrogateescape")
    old, new = split(before.get(old_name, b"")), split(after.get(name, b""))
    numbers = [number for lines in file.added_lines for number in lines]
    assert numbers == sorted(set(numbers))
    assert len(numbers) == file.added
    kept = [line for number, line in enumerate(new, 1) if number not in set(numbers)]
    assert len(new) - len(kept) == file.added
    assert len(old) - len(kept) == file.deleted
    rest = iter(old)
    assert all(line in rest for line in kept)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(before=TREES, after=TREES)
def test_the_change_is_what_git_and_the_files_say(
    repository: Repository, before: Tree, after: Tree
) -> None:
    base = commit(repository, before, None)
    head = commit(repository, after, base)
    change: Change = find_change(
        repository.client, Context(repository="acme/shop", tested=head, default_branch=True)
    )
    assert change.base == base
    for file in change.files:
        check(file, before, after)
    found = sorted((file.added, file.deleted) for file in change.files)
    assert found == sorted(numstat(repository, base, head))
    touched = {name for name in {*before, *after} if before.get(name) != after.get(name)}
    named = {name for file in change.files for name in (file.path, file.old_path) if name}
    assert {name.encode("utf-8", "surrogateescape") for name in named} == touched
