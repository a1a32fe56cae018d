"""Which changes a deployment carried, in real repositories."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest
from tests.support import imports
from tests.support.repository import FIRST_SECOND, Repository

from vsm_gate.collect.deployed import Deployed, Deployment, find_deployed


def minute(number: int) -> datetime:
    return datetime.fromtimestamp(FIRST_SECOND + 60 * number, UTC).replace(tzinfo=None)


def found(
    repository: Repository,
    commits: Sequence[str],
    heads: Mapping[tuple[str, str], str] | None = None,
) -> dict[str, Deployed]:
    deployments = [Deployment("acme/shop", commit) for commit in commits]
    changes = list(find_deployed(repository.client, deployments, heads or {}))
    assert len({change.change for change in changes}) == len(changes)
    return {change.change: change for change in changes}


def test_the_first_deployment_carries_what_was_there(repository: Repository) -> None:
    repository.commit("one")
    second = repository.commit("two")

    assert found(repository, [second]) == {}


def test_commits_on_the_line_are_changes_of_their_own(repository: Repository) -> None:
    first, second, third = (repository.commit(name) for name in ("one", "two", "three"))

    changes = found(repository, [first, third])

    assert set(changes) == {second, third}
    assert {change.commit for change in changes.values()} == {third}
    assert changes[second].authored == minute(2)


def test_a_merge_began_with_the_first_commit_that_it_merged(repository: Repository) -> None:
    first = repository.commit("one")
    repository.branch("topic").commit("begin")
    repository.commit("more")
    repository.checkout("main").commit("meanwhile")
    merged = repository.merge("topic")

    changes = found(repository, [first, merged])

    assert set(changes) == {merged, repository.git("rev-parse", "HEAD~1")}
    assert changes[merged].authored == minute(2)


def test_a_squashed_pull_request_began_with_the_first_commit_of_its_head(
    repository: Repository,
) -> None:
    first = repository.commit("one")
    repository.branch("topic").commit("begin")
    head = repository.commit("more")
    squashed = repository.checkout("main").write("file", "x").commit("Do it all (#12)")

    changes = found(repository, [first, squashed], {("acme/shop", "12"): head})

    assert changes[squashed].authored == minute(2)
    assert changes[squashed].merged == minute(4)
    assert found(repository, [first, squashed])[squashed].authored == minute(4)


def test_the_pull_request_of_another_repository_is_not_meant(repository: Repository) -> None:
    first = repository.commit("one")
    head = repository.branch("topic").commit("begin")
    squashed = repository.checkout("main").commit("Do it all (#12)")

    changes = found(repository, [first, squashed], {("acme/other", "12"): head})

    assert changes[squashed].authored == minute(3)


def test_a_rollback_carries_nothing_and_what_it_took_back_is_not_new(
    repository: Repository,
) -> None:
    first, second, third = (repository.commit(name) for name in ("one", "two", "three"))

    changes = found(repository, [first, second, first, third])

    assert {name: change.commit for name, change in changes.items()} == {
        second: second,
        third: third,
    }


def test_a_commit_that_this_clone_does_not_have_is_passed_over(repository: Repository) -> None:
    first, second = repository.commit("one"), repository.commit("two")

    changes = found(repository, [first, "f" * 40, "no commit", second])

    assert set(changes) == {second}


def test_repositories_are_told_apart(repository: Repository) -> None:
    first, second = repository.commit("one"), repository.commit("two")
    deployments = [Deployment("acme/shop", first), Deployment("acme/other", second)]

    assert list(find_deployed(repository.client, deployments, {})) == []


def test_a_shallow_clone_does_not_take_its_edge_for_a_root(
    repository: Repository, tmp_path: Path
) -> None:
    repository.commit("one")
    second, third = repository.commit("two"), repository.commit("three")
    shallow = repository.clone(tmp_path / "shallow", "--depth=1")

    assert set(found(repository, [second, third])) == {third}
    assert found(shallow, [second, third]) == {}


def tangled(repository: Repository, dice: Random, size: int) -> list[str]:
    """Commits with any parents among the nine before, authored at any time, oldest first. Some
    are titled as squashed pull requests, numbered as they are.
    """
    made = []
    for number in range(size):
        near = range(max(0, number - 9), number)
        parents = dice.sample(near, min(len(near), dice.choice((0, 1, 1, 1, 1, 1, 2, 2, 3))))
        title = f"Change (#{number})" if dice.random() < 0.5 else "Change"
        made.append(
            imports.commit(
                FIRST_SECOND + 60 * number,
                ref=f"refs/all/{number:04}",
                mark=number + 1,
                title=title,
                authored=FIRST_SECOND + dice.randrange(10**6),
                parents=[parent + 1 for parent in parents],
            )
        )
    imports.bring(repository, made)
    return repository.git("for-each-ref", "--format=%(objectname)", "refs/all").splitlines()


def one_by_one(
    repository: Repository, commits: Sequence[str], heads: Mapping[str, str]
) -> list[tuple[str, str, int]]:
    """Deployment, change and when it began, each change asked of git alone."""

    def listed(form: str, *revisions: str) -> list[str]:
        return repository.git("log", f"--format={form}", *revisions, "--").splitlines()

    found = []
    for place, commit in enumerate(commits[1:], 1):
        carried = set(listed("%H", *commits[:place]))
        for change in listed("%H", "--first-parent", commit):
            parents, title = listed("%P%n%s", "-1", change)
            if change in carried or not parents:
                continue
            others = (f"^{each}" for each in (parents.split()[0], *commits[:place]))
            times = listed("%at", change, *others)
            head = heads.get(title.partition("#")[2].removesuffix(")"))
            if head and " " not in parents:
                times += listed("%at", head, *(f"^{each}" for each in commits))
            found.append((commit, change, min(map(int, times))))
    return found


@pytest.mark.parametrize("seed", range(6))
def test_every_change_is_what_git_says_of_it_alone(repository: Repository, seed: int) -> None:
    dice = Random(seed)
    all_of_them = tangled(repository, dice, 60)
    commits = [dice.choice(all_of_them[-45:]) for _ in range(9)]
    heads = {str(number): dice.choice(all_of_them) for number in range(60)}

    deployments = [Deployment("acme/shop", commit) for commit in commits]
    named = {("acme/shop", number): head for number, head in heads.items()}
    changes = find_deployed(repository.client, deployments, named)

    expected = one_by_one(repository, commits, heads)
    assert len(expected) > 5
    assert [
        (each.commit, each.change, int(each.authored.replace(tzinfo=UTC).timestamp()))
        for each in changes
    ] == expected
