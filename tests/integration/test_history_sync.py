"""Histories of several repositories, brought into one and read together."""

from pathlib import Path

import pytest
from tests.support.cli import run
from tests.support.git_http import serving
from tests.support.ledgers import (
    DAY,
    NOW,
    numbers,
    opened,
    record,
    server,
)
from tests.support.repository import Repository

from vsm_gate.errors import HistoryError, UsageError
from vsm_gate.history.federation import SOURCES, source_name, sync


@pytest.fixture
def others(tmp_path: Path, env: dict[str, str]) -> list[Repository]:
    found = [server(tmp_path / "srv" / name) for name in ("one.git", "two.git")]
    for number, each in enumerate(found):
        for day in range(4):
            now = NOW + day * DAY
            mine = record(10 * number + day, time=now, repository=f"acme/r{number}")
            opened(each.path, env, now=now).append([mine])
    return found


def bring(work: Repository, others: list[Repository], env: dict[str, str]) -> list[int]:
    return [
        sync(work.path, str(each.path), branch="vsm-history", environment=env)[0].commits
        for each in others
    ]


def test_all_are_read_together_in_both_directions(
    work: Repository, others: list[Repository], env: dict[str, str]
) -> None:
    opened(work.path, env, now=NOW + DAY).append([record(99, time=NOW + DAY)])
    bring(work, others, env)
    ledger = opened(work.path, env, branch="*")
    found = numbers(ledger)
    assert sorted(found) == [0, 1, 2, 3, 10, 11, 12, 13, 99]
    assert [one.time for one in ledger.records()] == sorted(one.time for one in ledger.records())
    assert [one.document["number"] for one in ledger.newest()] == found[::-1]
    assert [one.document["number"] for one in ledger.newest(repository="acme/r1")] == [
        13, 12, 11, 10,
    ]  # fmt: skip


def test_only_what_is_new_is_brought(
    work: Repository, others: list[Repository], env: dict[str, str]
) -> None:
    assert bring(work, others, env) == [6, 6]
    assert bring(work, others, env) == [0, 0]
    later = NOW + 3 * DAY
    opened(others[0].path, env, now=later).append([record(7, time=later)])
    assert bring(work, others, env) == [1, 0]
    assert 7 in numbers(opened(work.path, env, branch="*"))


def test_without_a_history_of_its_own_the_others_are_read_all_the_same(
    work: Repository, others: list[Repository], env: dict[str, str]
) -> None:
    assert opened(work.path, env, branch="*").head() is None
    assert numbers(opened(work.path, env, branch="*")) == []
    bring(work, others, env)
    assert opened(work.path, env, branch="*").head() is not None
    assert len(numbers(opened(work.path, env, branch="*"))) == 8


def test_a_record_that_two_histories_have_is_read_once(
    work: Repository, others: list[Repository], env: dict[str, str]
) -> None:
    later = NOW + 3 * DAY
    for each in others:
        opened(each.path, env, now=later).append([record(77, time=later)])
    bring(work, others, env)
    assert numbers(opened(work.path, env, branch="*")).count(77) == 1


def test_a_rewritten_history_is_not_taken_over(
    work: Repository, others: list[Repository], env: dict[str, str]
) -> None:
    bring(work, others, env)
    others[0].git("update-ref", "refs/heads/vsm-history", "vsm-history~2")
    opened(others[0].path, env, now=NOW + 3 * DAY).append([record(5, time=NOW + 3 * DAY)])
    with pytest.raises(HistoryError, match="was rewritten since") as problem:
        bring(work, others[:1], env)
    assert "update-ref -d" in (problem.value.hint or "")
    assert 5 not in numbers(opened(work.path, env, branch="*"))


def test_what_is_no_history_is_not_kept(work: Repository, env: dict[str, str]) -> None:
    with pytest.raises(HistoryError, match="no history branch"):
        sync(work.path, str(work.path), branch="main", environment=env)
    assert work.git("for-each-ref", SOURCES) == ""


def test_all_together_are_neither_written_nor_verified(
    work: Repository, env: dict[str, str]
) -> None:
    with pytest.raises(UsageError, match="one branch"):
        opened(work.path, env, branch="*").append([record(1)])
    with pytest.raises(UsageError, match="one branch"):
        opened(work.path, env, branch="*").verify()


def test_a_source_is_named_without_its_password() -> None:
    name = source_name("https://robot:hunter2@forge.invalid/acme/shop.git", "vsm-history")
    assert "hunter2" not in name
    assert name.startswith("forge.invalid_acme_shop.git-")
    assert name != source_name("https://forge.invalid/acme/shop.git", "other")


@pytest.mark.parametrize("address", ["..", "/", "a..b", "@{x}", "x.lock", "-x", "~", ""])
def test_any_address_makes_a_name_that_git_takes(work: Repository, address: str) -> None:
    name = source_name(address, "b")
    assert work.git("check-ref-format", f"{SOURCES}/{name}") == ""


def test_the_command_says_what_is_new_and_what_could_not_be_read(
    work: Repository, others: list[Repository], env: dict[str, str], tmp_path: Path
) -> None:
    with serving(tmp_path / "srv", env) as http:
        remotes = [f"{http.url}/one.git", f"{http.url}/absent.git", str(others[1].path)]
        done = run("history", "sync", *remotes, folder=work.path, environment=env)
    assert done.exit_code == 3
    assert done.stdout.count("6 new commits") == 2
    assert "absent.git" in done.stderr
    log = run("history", "log", "--history-branch", "*", "--format", "json",
              folder=work.path, environment=env)  # fmt: skip
    assert len(log.json()["records"]) == 8
