"""The features that a real history gives its changes, against the definitions taken literally."""

from __future__ import annotations

import random
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pytest
from tests.support import imports
from tests.support.repository import FIRST_SECOND, Repository

from vsm_gate.change.history import HistoryFeatures
from vsm_gate.collect.history_index import HistoryIndex
from vsm_gate.collect.line import line_names
from vsm_gate.collect.line_features import follow

MINUTE: Final = 60
EVERYTHING: Final = range(10_000)


def by(name: str) -> dict[str, str]:
    """Authored by somebody; the committer is always the same."""
    return {"GIT_AUTHOR_NAME": name, "GIT_AUTHOR_EMAIL": f"{name}@example.com"}


def indexed(repository: Repository, tip: str = "HEAD") -> HistoryIndex:
    index = HistoryIndex()
    cut, note = follow(repository.client, index, repository.git("rev-parse", tip))
    assert (cut, note) == (None, "")
    return index


def features(index: HistoryIndex) -> list[HistoryFeatures]:
    """Of all changes, oldest first."""
    return [entry.features for _, entry in sorted(index.entries(EVERYTHING).items())]


def test_a_history_counted_by_hand(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "checkout")
    repository.write("a.py", "1\n").write("b.py", "1\n").commit("Begin", env=by("ann"))
    repository.write("a.py", "2\n").commit("Fix a total", env=by("bob"))
    repository.write("c.py", "1\n").commit("Add c", env=by("ann"))
    repository.write("a.py", "3\n").write("b.py", "3\n").commit("Change both", env=by("cat"))
    repository.write("b.py", "4\n").write("c.py", "4\n").commit("And again", env=by("ANN"))
    assert features(indexed(repository)) == [
        HistoryFeatures(None, 0, 0, is_fix=False),
        HistoryFeatures(1 * MINUTE, 1, 1, is_fix=True),
        HistoryFeatures(None, 0, 0, is_fix=False),
        # a.py was changed 2 minutes before, b.py 3; by the first two changes
        HistoryFeatures((2 + 3) * MINUTE // 2, 2, 2, is_fix=False),
        # b.py by the first and the fourth change, c.py by the third; ann, cat, ann
        HistoryFeatures((1 + 2) * MINUTE // 2, 3, 2, is_fix=False),
    ]


def test_a_merge_is_one_change_of_its_author(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "checkout")
    repository.write("a.py", "1\n").commit("Begin", env=by("ann"))
    repository.branch("topic").write("a.py", "2\n").commit("Fix it", env=by("bob"))
    repository.write("a.py", "3\n").commit("Polish", env=by("cat"))
    repository.checkout("main").write("b.py", "1\n").commit("Add b", env=by("ann"))
    repository.merge("topic", message="Merge topic")
    repository.write("a.py", "4\n").commit("More", env=by("dan"))
    found = features(indexed(repository))
    assert len(found) == 4
    assert found[2] == HistoryFeatures(4 * MINUTE, 1, 1, is_fix=True)
    # the merge counts once, as a change by the author of its last commit
    assert found[3] == HistoryFeatures(1 * MINUTE, 2, 2, is_fix=False)


def test_a_renamed_file_keeps_its_past(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "checkout")
    text = "".join(f"{number}\n" for number in range(30))
    repository.write("a.py", text).write("b.py", "b\n").commit("Begin", env=by("ann"))
    repository.move("a.py", "new/c.py").commit("Move", env=by("bob"))
    repository.write("new/c.py", text + "30\n").commit("Change it", env=by("cat"))
    repository.write("a.py", "other\n").commit("Take the old name", env=by("cat"))
    found = features(indexed(repository))
    assert found[1] == HistoryFeatures(1 * MINUTE, 1, 1, is_fix=False)
    assert found[2] == HistoryFeatures(1 * MINUTE, 2, 2, is_fix=False)
    # what takes the old name is taken to be the old file
    assert found[3] == HistoryFeatures(3 * MINUTE, 1, 1, is_fix=False)


def literal(repository: Repository) -> list[HistoryFeatures]:
    """The definitions taken literally, of a linear history without renames."""
    log = repository.git("log", "--reverse", "--name-only", "--no-renames", "--format=%x01%ct %ae")
    seen: list[tuple[int, str, list[str]]] = []
    found = []
    for part in log.split("\x01")[1:]:
        head, *names = part.splitlines()
        moment, author = head.split(" ")
        files = [name for name in names if name]
        ages = [
            int(moment) - max(time for time, _, old in seen if file in old)
            for file in files
            if any(file in old for _, _, old in seen)
        ]
        prior = [change for change in seen if set(files) & set(change[2])]
        age = sum(ages) // len(ages) if ages else None
        people = {who for _, who, _ in prior}
        found.append(HistoryFeatures(age, len(prior), len(people), is_fix=False))
        seen.append((int(moment), author, files))
    return found


def grown(repository: Repository, commits: int, seed: int) -> Repository:
    dice = random.Random(seed)
    for number in range(commits):
        for file in dice.sample(range(8), dice.randint(0, 3)):
            repository.write(f"f{file}.py", f"{number} {dice.random()}\n")
        repository.commit("x", env=by(dice.choice(["ann", "bob", "cat"])))
    return repository


@pytest.mark.parametrize("seed", [1, 2])
def test_the_definitions_taken_literally(tmp_path: Path, seed: int) -> None:
    repository = grown(Repository(tmp_path / "checkout"), 40, seed)
    assert features(indexed(repository)) == literal(repository)


def test_what_is_added_later_is_counted_as_if_it_had_been_there(tmp_path: Path) -> None:
    repository = grown(Repository(tmp_path / "checkout"), 30, 3)
    repository.move("f1.py", "f9.py").commit("Move", env=by("dan"))
    repository.branch("topic", at="HEAD~5").write("t.py", "x\n").commit("On a branch")
    repository.checkout("main").merge("topic")
    repository.write("f9.py", "y\n").commit("Last", env=by("ann"))
    index = HistoryIndex()
    for tip in ("main~20", "main~8", "main~2", "main"):
        assert follow(repository.client, index, repository.git("rev-parse", tip)) == (None, "")
    assert features(index) == features(indexed(repository))


def test_an_older_commit_of_the_line_needs_no_reading(tmp_path: Path) -> None:
    repository = grown(Repository(tmp_path / "checkout"), 10, 4)
    index = indexed(repository)
    index.changed = False
    old = repository.git("rev-parse", "HEAD~4")
    assert follow(repository.client, index, old) == (None, "")
    assert (index.changed, index.number_of(old)) == (False, 5)


def test_a_rewritten_history_is_read_anew_and_told(tmp_path: Path) -> None:
    repository = grown(Repository(tmp_path / "checkout"), 12, 5)
    index = indexed(repository)
    repository.git("reset", "--hard", "--quiet", "HEAD~4")
    meeting = repository.head
    repository.write("f1.py", "rewritten\n").commit("Other", env=by("eve"))
    cut, note = follow(repository.client, index, repository.head)
    assert cut is None
    assert note == (
        f"the history was rewritten after {meeting[:12]}: 4 cached changes left out, and read anew"
    )
    assert features(index) == features(indexed(repository))


def test_a_history_whose_old_tip_is_gone_is_read_anew(tmp_path: Path) -> None:
    repository = grown(Repository(tmp_path / "checkout"), 6, 6)
    index = indexed(repository)
    repository.git("reset", "--hard", "--quiet", "HEAD~1")
    repository.write("f1.py", "rewritten\n").commit("Other", env=by("eve"))
    repository.git("reflog", "expire", "--expire=all", "--all")
    repository.git("gc", "--quiet", "--prune=now")
    _, note = follow(repository.client, index, repository.head)
    assert note.endswith(": 1 cached change left out, and read anew")
    assert features(index) == features(indexed(repository))


@pytest.mark.parametrize("rewritten", [False, True])
def test_another_history_altogether(tmp_path: Path, rewritten: bool) -> None:
    repository = grown(Repository(tmp_path / "checkout"), 5, 7)
    index = indexed(repository)
    repository.git("checkout", "--quiet", "--orphan", "other")
    repository.write("z.py", "z\n").commit("Begin again")
    if rewritten:
        repository.git("branch", "-D", "main")
    _, note = follow(repository.client, index, repository.head)
    told = "the history was rewritten: 5 cached changes left out, and read anew"
    assert note == (told if rewritten else "")
    assert features(index) == features(indexed(repository))


def test_a_line_whose_commits_the_known_tip_had_merged(tmp_path: Path) -> None:
    """The other line's commits are reachable from the known tip, and yet not on its line."""
    repository = grown(Repository(tmp_path / "checkout"), 4, 8)
    repository.branch("release").write("r.py", "1\n").commit("On the release")
    repository.checkout("main").write("m.py", "1\n").commit("On main")
    repository.merge("release")
    index = indexed(repository)
    release = repository.git("rev-parse", "release")
    assert follow(repository.client, index, release) == (None, "")
    assert features(index) == features(indexed(repository, "release"))


def test_where_a_shallow_history_is_cut_is_told(tmp_path: Path) -> None:
    repository = grown(Repository(tmp_path / "checkout"), 10, 9)
    clone = repository.clone(tmp_path / "clone", "--depth=4")
    index = HistoryIndex()
    cut, _ = follow(clone.client, index, clone.head)
    assert cut == repository.git("rev-parse", "HEAD~3")
    assert (index.newest(), index.changed) == (None, False)


HOSTILE: Final[Mapping[str, str]] = {
    "name": "-x\n\x01\t \u00e9.py",
    "author": "\x01evil",
    "message": "\x01Fix\x01 a\x02\n\n\x1e",
}


def test_hostile_names_and_messages(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "checkout")
    repository.write(HOSTILE["name"], "1\n").write("\x01b", "1\n")
    repository.commit(HOSTILE["message"], env=by(HOSTILE["author"]))
    repository.git("mv", "--", "\x01b", "R100")
    repository.commit("Move", env=by("bob"))
    index = indexed(repository, "HEAD~1")
    assert follow(repository.client, index, repository.head) == (None, "")
    assert [each.is_fix for each in features(index)] == [True, False]
    assert index.earlier_to("R100", 10) == [0, 1]
    assert index.earlier_to(HOSTILE["name"], 10) == [0]
    assert index.entries([0])[0].time == FIRST_SECOND + MINUTE


def test_a_long_line_need_not_be_read_to_its_end(tmp_path: Path) -> None:
    """More names than a pipe holds: whoever stops early must not wait for git, nor git for them."""
    repository = Repository(tmp_path / "checkout")
    imports.bring(repository, (imports.commit(FIRST_SECOND + number) for number in range(4000)))
    names = line_names(repository.client, "main")
    assert next(names) == repository.head
    del names
    assert sum(1 for _ in line_names(repository.client, "main")) == 4000


def test_nothing_about_people_is_in_the_index(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "checkout")
    for name in ("ann", "bob"):
        repository.write("a.py", name).commit("x", env=by(name))
    image = indexed(repository).image()
    for secret in (b"ann", b"bob", b"example.com", b"Developer"):
        assert secret not in image
