"""The rank of a change in real repositories."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from tests.support import imports
from tests.support.repository import FIRST_SECOND, Repository

from vsm_gate.change.rank import NEEDED
from vsm_gate.collect.change import find_change
from vsm_gate.collect.history_cache import place_of
from vsm_gate.collect.past import WINDOW, Past, look_back
from vsm_gate.model.change import Context, PastOfFiles
from vsm_gate.model.impact import Risk


def risk_of(repository: Repository, **context: object) -> Risk:
    given = Context(repository="acme/shop", **context)  # type: ignore[arg-type]
    return look_back(repository.client, find_change(repository.client, given)).risk


def grow(repository: Repository, commits: int) -> None:
    """Changes of one line, two lines, and so on."""
    made = []
    for number in range(1, commits + 1):
        content = "".join(f"{number}.{line}\n" for line in range(number))
        made.append(imports.commit(FIRST_SECOND + number, {f"f{number}.py": content}))
    imports.bring(repository, made)
    repository.git("reset", "--hard", "--quiet", "main")


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    repository = Repository(tmp_path / "checkout")
    grow(repository, 40)
    return repository


def test_a_change_is_ranked_among_those_before_it(repository: Repository) -> None:
    repository.write("new.py", "x\n" * 30).commit()
    found = risk_of(repository, default_branch=True)
    assert (found.compared, found.percentile) == (40, Fraction(100 * (2 * 29 + 1), 80))
    assert found.level == "medium"


def test_a_branch_is_one_change_and_so_is_a_merge(repository: Repository) -> None:
    repository.branch("big")
    for number in range(3):
        repository.write(f"big{number}.py", "x\n" * 100).commit()
    repository.checkout("main").merge("big")
    repository.branch("feature").write("a.py", "x\n" * 200).commit()
    repository.write("b.py", "x\n" * 99).commit()
    found = risk_of(repository, base_ref="main")
    assert (found.compared, found.percentile) == (41, Fraction(4000, 41))


def test_moves_binaries_and_lock_files_are_no_churn(repository: Repository) -> None:
    repository.move("f40.py", "moved/f40.py").write("a.bin", b"\0" * 9).commit()
    repository.write("uv.lock", "x\n" * 5000).commit()
    repository.write(".gitattributes", "*.gen linguist-generated\n").commit()
    repository.write("x.gen", "x\n" * 5000).write("new.py", "1\n").commit()
    found = risk_of(repository, default_branch=True)
    assert (found.compared, found.percentile) == (41, Fraction(100 * 2, 82))


def test_a_first_commit_and_a_young_repository_have_no_rank(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "young")
    repository.write("a.py", "1\n").commit()
    assert "0 earlier changes" in risk_of(repository, default_branch=True).missing
    repository.write("a.py", "2\n").commit()
    assert "1 earlier change to compare" in risk_of(repository, default_branch=True).missing


def test_a_shallow_history_is_never_ranked_wrongly(repository: Repository, tmp_path: Path) -> None:
    repository.write("new.py", "x\n").commit()
    clone = repository.clone(tmp_path / "clone", f"--depth={NEEDED + 5}")
    found = risk_of(clone, default_branch=True)
    assert found.percentile is None
    assert found.missing.startswith("cannot rank: history is cut at ")
    assert "fetch-depth: 0" in found.missing


def test_a_partial_clone_is_not_filled_for_a_rank(repository: Repository, tmp_path: Path) -> None:
    repository.git("config", "uploadpack.allowFilter", "true")
    repository.write("new.py", "x\n").commit()
    clone = repository.clone(tmp_path / "clone", "--filter=blob:none")
    assert "partial clone" in risk_of(clone, default_branch=True).missing


def test_a_cut_beyond_the_window_does_no_harm(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "long")
    grow(repository, WINDOW + 20)
    clone = repository.clone(tmp_path / "clone", f"--depth={WINDOW + 5}")
    assert risk_of(clone, default_branch=True) == risk_of(repository, default_branch=True)
    assert risk_of(clone, default_branch=True).compared == WINDOW


def test_the_machines_configuration_changes_nothing(repository: Repository) -> None:
    repository.move("f30.py", "moved.py").write("new.py", "x\n" * 20).commit()
    plain = risk_of(repository, default_branch=True)
    for key, value in {
        "diff.renames": "false",
        "log.diffMerges": "off",
        "log.showRoot": "false",
        "format.pretty": "fuller",
        "log.showSignature": "true",
        "log.decorate": "full",
        "diff.noprefix": "true",
        "diff.relative": "true",
        "color.ui": "always",
        "diff.external": "false",
    }.items():
        repository.git("config", key, value)
    assert risk_of(repository, default_branch=True) == plain


def past_of(repository: Repository, **context: object) -> Past:
    given = Context(repository="acme/shop", **context)  # type: ignore[arg-type]
    return look_back(repository.client, find_change(repository.client, given))


def cache_of(repository: Repository) -> Path:
    return place_of(repository.client)


def test_what_was_done_to_the_files_before(repository: Repository) -> None:
    repository.write("f40.py", "x\n").write("f39.py", "x\n").write("new.py", "x\n").commit("Fix it")
    found = past_of(repository, default_branch=True)
    # committed after 60 seconds, and the two files after 40 and 39, all of them by one person
    assert found.files == PastOfFiles(Fraction(20, 86_400), 2, 1, is_fix=True, missing="")
    assert found.notes == ()


def test_a_branch_is_told_by_all_of_its_messages_and_an_older_base(repository: Repository) -> None:
    repository.branch("topic").write("f1.py", "x\n").commit("Fix it")
    repository.move("f2.py", "g2.py").commit("Polish")
    repository.checkout("main").write("f1.py", "y\n").commit("Later, elsewhere")
    past_of(repository, default_branch=True)
    repository.checkout("topic")
    found = past_of(repository, base_ref="main").files
    assert (found.prior_changes, found.prior_authors, found.is_fix) == (2, 1, True)


def test_of_a_first_commit_nothing_was_before(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "young")
    repository.write("a.py", "1\n").commit("Fix nothing")
    assert past_of(repository, default_branch=True).files == PastOfFiles(
        None, 0, 0, is_fix=True, missing="no changed file was there before"
    )


def test_a_second_run_finds_the_cache_and_the_same(repository: Repository) -> None:
    repository.write("f1.py", "x\n").commit()
    first = past_of(repository, default_branch=True)
    kept = cache_of(repository).read_bytes()
    assert past_of(repository, default_branch=True) == first
    assert cache_of(repository).read_bytes() == kept
    assert repository.git("status", "--porcelain") == ""


def test_work_trees_share_the_cache(repository: Repository, tmp_path: Path) -> None:
    repository.write("f1.py", "x\n").commit()
    repository.git("worktree", "add", "--quiet", str(tmp_path / "tree"), "-b", "other")
    tree = Repository(tmp_path / "tree", create=False)
    assert cache_of(tree) == cache_of(repository)
    assert past_of(tree, default_branch=True) == past_of(repository, default_branch=True)


def test_a_rewritten_history_is_told_once(repository: Repository) -> None:
    past_of(repository, default_branch=True)
    repository.git("reset", "--hard", "--quiet", "HEAD~5")
    for name in ("f1.py", "f2.py"):
        repository.write(name, "rewritten\n").commit()
    found = past_of(repository, default_branch=True)
    assert [note.partition(": ")[2] for note in found.notes] == [
        "4 cached changes left out, and read anew"
    ]
    cache_of(repository).unlink()
    assert past_of(repository, default_branch=True) == replace(found, notes=())
    assert past_of(repository, default_branch=True).notes == ()


def test_a_damaged_cache_is_told_and_made_anew(repository: Repository) -> None:
    repository.write("f1.py", "x\n").commit()
    first = past_of(repository, default_branch=True)
    cache_of(repository).write_bytes(b"\0" * 5000)
    again = past_of(repository, default_branch=True)
    assert again == replace(first, notes=("the cached history was damaged, and was made anew",))
    assert past_of(repository, default_branch=True) == first


def test_a_cache_that_cannot_be_kept_does_no_harm(repository: Repository) -> None:
    repository.write("f1.py", "x\n").commit()
    first = past_of(repository, default_branch=True)
    shutil.rmtree(cache_of(repository).parent)
    cache_of(repository).parent.write_text("in the way")
    found = past_of(repository, default_branch=True)
    assert replace(found, notes=()) == first
    assert any("cannot be cached" in note for note in found.notes)


def test_runs_at_the_same_time_do_not_hurt_one_another(repository: Repository) -> None:
    repository.write("f1.py", "x\n").commit()
    head = repository.head
    tips = [repository.git("rev-parse", f"HEAD~{back}") for back in range(4)]

    def run(tip: str) -> Past:
        change = find_change(
            repository.client, Context(repository="x", tested=tip, default_branch=True)
        )
        return look_back(repository.client, change)

    with ThreadPoolExecutor(8) as pool:
        at_once = list(pool.map(run, tips * 2))
    shutil.rmtree(cache_of(repository).parent)
    assert at_once == [run(tip) for tip in tips] * 2
    assert [path.name for path in cache_of(repository).parent.iterdir()] == ["history-index"]
    assert repository.head == head


def test_a_shallow_history_measures_nothing_and_says_where_it_is_cut(
    repository: Repository, tmp_path: Path
) -> None:
    repository.write("f1.py", "x\n").commit()
    clone = repository.clone(tmp_path / "clone", "--depth=36")
    found = past_of(clone, default_branch=True)
    cut = repository.git("rev-parse", "HEAD~35")[:12]
    assert found.files.prior_changes is None
    assert found.files.missing.startswith(f"history is cut at {cut}; fetch it all")
    clone.git("fetch", "--quiet", "--unshallow")
    assert past_of(clone, default_branch=True) == past_of(repository, default_branch=True)


def test_a_history_that_became_shallow_is_not_looked_up(
    repository: Repository, tmp_path: Path
) -> None:
    repository.write("f1.py", "x\n").commit()
    clone = repository.clone(tmp_path / "clone")
    assert past_of(clone, default_branch=True).files.prior_changes == 1
    clone.git("fetch", "--quiet", "--depth=3")
    clone.git("reflog", "expire", "--expire=all", "--all")
    clone.git("gc", "--quiet", "--prune=now")
    found = past_of(clone, default_branch=True)
    assert "history is cut at" in found.files.missing
    assert "history is cut at" in found.risk.missing
    assert cache_of(clone).exists()


def test_a_partial_clone_measures_nothing(repository: Repository, tmp_path: Path) -> None:
    repository.git("config", "uploadpack.allowFilter", "true")
    repository.write("f1.py", "x\n").commit()
    clone = repository.clone(tmp_path / "clone", "--filter=blob:none")
    assert "partial clone" in past_of(clone, default_branch=True).files.missing
