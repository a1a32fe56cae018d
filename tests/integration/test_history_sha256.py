"""Repositories that name objects by SHA-256: the checked one, and that of the history."""

import json
from pathlib import Path

import pytest
from tests.support import cli
from tests.support.git_http import serving
from tests.support.ledgers import DAY, NOW, numbers, opened, record
from tests.support.reports import junit
from tests.support.repository import Repository
from tests.support.ssh import NEEDS_SSH_KEYGEN, allow, make_key

from vsm_gate.errors import HistoryError
from vsm_gate.history.federation import sync

SHA1, SHA256 = "sha1", "sha256"


def made(folder: Path, kind: str, *, bare: bool = False) -> Repository:
    """A repository of that kind; one that is not bare has a commit."""
    repository = Repository(folder, create=False)
    folder.mkdir(parents=True)
    shape = ("--bare",) if bare else ()
    repository.git("init", "--quiet", "--initial-branch=main", f"--object-format={kind}", *shape)
    if bare:
        repository.git("config", "uploadpack.allowFilter", "true")
        repository.git("config", "http.receivepack", "true")
    else:
        repository.write("file", "content\n").commit("begin")
    return repository


def test_an_own_history_is_written_sealed_read_and_verified(
    tmp_path: Path, env: dict[str, str]
) -> None:
    work = made(tmp_path / "work", SHA256)
    since: dict[str, str] = {}
    for day in (0, 0, 1, 4):
        ledger = opened(work.path, env, now=NOW + day * DAY)
        head, number = ledger.head(), day * 10 + len(since)
        ledger.append([record(number, time=NOW + day * DAY, history_head=head)])
        fresh = list(opened(work.path, env).iter_contents(since))
        assert [json.loads(content)["number"] for _, content in fresh] == [number]
        since = opened(work.path, env).positions()
    found = opened(work.path, env).verify(replay=True)
    assert (found.faults, found.records, len(found.sealed)) == ([], 4, 2)
    assert len(found.commits) == 6
    assert {len(commit) for commit in found.commits} == {64}
    work.git("fsck", "--strict", "--no-dangling")


@pytest.mark.parametrize("kinds", [(SHA256, SHA256), (SHA1, SHA256), (SHA256, SHA1)])
def test_the_checkout_and_the_remote_may_differ(
    tmp_path: Path, env: dict[str, str], kinds: tuple[str, str]
) -> None:
    work, bare = made(tmp_path / "work", kinds[0]), made(tmp_path / "s/h.git", kinds[1], bare=True)
    opened(bare.path, env).append([record(0)])
    with serving(tmp_path / "s", env) as http:
        url = f"{http.url}/h.git"
        for day in (0, 1, 4):
            ledger = opened(work.path, env, remote=url, now=NOW + day * DAY)
            ledger.append([record(day + 1, time=NOW + day * DAY)])
        assert sorted(numbers(opened(work.path, env, remote=url))) == [0, 1, 2, 5]
        assert opened(work.path, env, remote=url).verify().faults == []


def test_an_empty_remote_of_another_kind_is_an_error_that_says_so(
    tmp_path: Path, env: dict[str, str]
) -> None:
    work, bare = made(tmp_path / "work", SHA1), made(tmp_path / "h.git", SHA256, bare=True)
    with pytest.raises(HistoryError, match="hash algorithm"):
        opened(work.path, env, remote=f"file://{bare.path}").append([record(1)])


def test_a_history_of_another_kind_is_not_mirrored_and_said(
    tmp_path: Path, env: dict[str, str]
) -> None:
    work, bare = made(tmp_path / "work", SHA1), made(tmp_path / "h.git", SHA256, bare=True)
    opened(bare.path, env).append([record(0)])
    with pytest.raises(HistoryError, match="mismatched algorithms"):
        sync(work.path, str(bare.path), branch="vsm-history", environment=env)


@NEEDS_SSH_KEYGEN
def test_signatures(tmp_path: Path, env: dict[str, str]) -> None:
    work, key = made(tmp_path / "work", SHA256), make_key(tmp_path / "key")
    opened(work.path, env, sign=str(key.file)).append([record(1)])
    signers = allow(tmp_path / "signers", key)
    assert opened(work.path, env).verify(signers=signers).faults == []
    opened(work.path, env).append([record(2)])
    assert len(opened(work.path, env).verify(signers=signers).faults) == 1


def test_a_change_is_checked_recorded_and_compared_with_its_base(tmp_path: Path) -> None:
    work = made(tmp_path / "work", SHA256)
    work.write(".gitignore", "junit.xml\n").write(
        ".vsm-gate.yaml", "schema: vsm-gate/config/v1\ntests: junit.xml\n"
    )
    work.commit("Configure", ignored=False)
    work.write("junit.xml", junit(["test_a"]))
    for name in ("one", "two"):
        work.write(name, name).commit(name)
        done = cli.run(
            "check", "--now", NOW.isoformat(), "--format", "json",
            folder=work.path, environment=work.environment,
        )  # fmt: skip
        assert done.stdout, done.stderr
        found = done.json()
        assert found["receipts"]["history"]["ok"] is True
        assert len(found["change"]["head"]) == len(found["change"]["base"]) == 64
    assert len(found["baseline"]["records"]) == 1
    walk = opened(work.path, work.environment).verify(replay=True)
    assert walk.faults == []
    assert walk.replayed is not None
    assert walk.replayed.made == 2
