"""A history of sixteen branches: written by hash, and read, verified and synchronized as one."""

import json
from pathlib import Path

import pytest
from tests.support import cli
from tests.support.git_http import GitServer
from tests.support.ledgers import DAY, NOW, numbers, opened, record
from tests.support.repository import Repository
from tests.support.ssh import NEEDS_SSH_KEYGEN, allow, make_key
from werkzeug.wrappers import Request

from vsm_gate.errors import HistoryError
from vsm_gate.history.federation import sync
from vsm_gate.history.record import Record, parse

MANY = range(40)


def branches(repository: Repository) -> list[str]:
    return repository.git("for-each-ref", "--format=%(refname:short)", "refs/heads").splitlines()


@pytest.mark.parametrize("where", ["own", "remote"])
def test_records_are_spread_and_read_as_one(
    work: Repository, bare: Repository, env: dict[str, str], where: str
) -> None:
    remote = str(bare.path) if where == "remote" else None
    kept = bare if remote else work
    head = None
    for day in range(4):
        now = NOW + day * DAY
        mine = [record(n + 100 * day, time=now, history_head=head) for n in MANY]
        done = opened(work.path, env, remote=remote, shards=16, now=now).append(mine)
        assert done.ids == tuple(each.id for each in mine)
        head = opened(work.path, env, remote=remote, now=now).head()
    shards = [name for name in branches(kept) if name.startswith("vsm-history-shards/")]
    assert len(shards) > 10
    assert "vsm-history" not in branches(kept)
    ledger = opened(work.path, env, remote=remote)
    assert sorted(numbers(ledger)) == sorted(n + 100 * day for day in range(4) for n in MANY)
    newest = [each.time for each in ledger.newest()]
    assert newest == sorted(newest, reverse=True)
    assert set(ledger.positions()) == {f"refs/heads/{name}" for name in shards}
    found = opened(work.path, env, remote=remote).verify(expect=head)
    assert (found.faults, found.records) == ([], 160)
    for name in shards:
        log = kept.git("ls-tree", "-r", "--name-only", name).splitlines()
        ids = {path[-17:-5] for path in log if path.startswith("records/")}
        assert {each[0] for each in ids} == {name[-1]}


def test_what_is_new_in_any_shard_is_told(work: Repository, env: dict[str, str]) -> None:
    opened(work.path, env, shards=16).append([record(n) for n in range(8)])
    since = opened(work.path, env).positions()
    later = NOW + 3 * DAY
    opened(work.path, env, shards=16, now=later).append(
        [record(n, time=later) for n in range(8, 16)]
    )
    fresh = opened(work.path, env).iter_contents(since)
    assert sorted(parse(content).document["number"] for _, content in fresh) == [*range(8, 16)]


def test_a_history_that_began_on_one_branch_stays_part_of_it(
    work: Repository, bare: Repository, env: dict[str, str]
) -> None:
    for kept, remote in ((work, None), (bare, str(bare.path))):
        opened(kept.path, env).append([record(1)])
        head = opened(kept.path, env).head()
        after = [record(n, history_head=head) for n in range(2, 8)]
        opened(work.path, env, remote=remote, shards=16).append(after)
        ledger = opened(work.path, env, remote=remote)
        assert sorted(numbers(ledger)) == [*range(1, 8)]
        assert ledger.verify().faults == []


def test_recording_again_is_recording_once(work: Repository, env: dict[str, str]) -> None:
    mine = [record(n) for n in range(6)]
    opened(work.path, env, shards=16).append(mine)
    opened(work.path, env, shards=16).append(mine[::-1])
    opened(work.path, env, shards=16).append(mine[2:4])
    assert opened(work.path, env).verify().records == 6


def test_a_policy_goes_with_its_check(work: Repository, env: dict[str, str]) -> None:
    policy = record(0, kind="policy", policy={"sha256": "a" * 64, "document": {}})
    for number in range(1, 12):
        opened(work.path, env, shards=16).append([record(number), policy])
    for name in branches(work)[1:]:
        files = work.git("ls-tree", "-r", "--name-only", name).splitlines()
        assert sum("-policy-" in path for path in files) == 1


def test_tampering_with_a_shard_is_found(work: Repository, env: dict[str, str]) -> None:
    opened(work.path, env, shards=16).append([record(n) for n in range(10)])
    head = opened(work.path, env).head()
    seen = [record(n, history_head=head) for n in range(10, 30)]
    opened(work.path, env, shards=16).append(seen)
    assert opened(work.path, env).verify(expect=head).faults == []
    where = next(name for name in branches(work) if work.git("rev-parse", name) == head or
                 head in work.git("rev-list", name).splitlines())  # fmt: skip
    work.git("update-ref", "-d", f"refs/heads/{where}")
    found = opened(work.path, env).verify(expect=head)
    whats = [fault.what for fault in found.faults]
    assert f"the branch does not contain {head}, which was expected" in whats
    assert any("which is no ancestor" in what for what in whats)


def test_a_shard_that_refuses_is_said_and_the_rest_is_there_once(
    work: Repository, bare: Repository, env: dict[str, str]
) -> None:
    mine = sorted((record(n) for n in range(20)), key=lambda each: each.id)
    refused = mine[-1].id[0]
    hook = bare.hook("update", f'case "$1" in */{refused}) exit 1;; esac')
    with pytest.raises(HistoryError, match=r"cannot be pushed.*shards took theirs"):
        opened(work.path, env, remote=str(bare.path), shards=16).append(mine)
    hook.unlink()
    opened(work.path, env, remote=str(bare.path), shards=16).append(mine)
    assert opened(bare.path, env).verify().records == 20


class _Rival:
    """Somebody who appends to every shard just before a push to one is received."""

    def __init__(self, bare: Repository, env: dict[str, str]) -> None:
        self.bare, self.env, self.times = bare, env, 0

    def __call__(self, request: Request, _real: object) -> None:
        pushes = request.path.endswith("receive-pack") and request.method == "POST"
        if pushes and self.times < 1:
            self.times += 1
            rival = [record(1000 + n) for n in range(60)]
            opened(self.bare.path, self.env, shards=16).append(rival)


def test_each_shard_has_an_inbox_of_its_own(
    work: Repository, bare: Repository, http: GitServer, env: dict[str, str]
) -> None:
    opened(bare.path, env, shards=16).append([record(n) for n in range(60, 120)])
    other = record(7)
    waiting = bare.git("hash-object", "-w", "--stdin", stdin=other.content + b"\n")
    bare.git("update-ref", "refs/vsm-gate/inbox/000000000000", waiting)
    http.fault = _Rival(bare, env)
    done = opened(work.path, env, remote=http.url, shards=16).append([record(1)])
    assert done.how == "folded"
    refs = bare.git("for-each-ref", "--format=%(refname)", "refs/vsm-gate").splitlines()
    assert refs == ["refs/vsm-gate/inbox/000000000000"]
    assert opened(bare.path, env).verify().faults == []


def test_sync_brings_every_shard(work: Repository, bare: Repository, env: dict[str, str]) -> None:
    opened(bare.path, env).append([record(99)])
    opened(bare.path, env, shards=16).append([record(n) for n in MANY])
    done = sync(work.path, str(bare.path), branch="vsm-history", environment=env)
    assert sum(each.commits for each in done) == len(branches(bare))
    assert sorted(numbers(opened(work.path, env, branch="*"))) == [*MANY, 99]
    again = sync(work.path, str(bare.path), branch="vsm-history", environment=env)
    assert sum(each.commits for each in again) == 0


@NEEDS_SSH_KEYGEN
def test_shards_are_signed(work: Repository, env: dict[str, str], tmp_path: Path) -> None:
    key = make_key(tmp_path / "key")
    opened(work.path, env, shards=16, sign=str(key.file)).append([record(n) for n in range(5)])
    signers = allow(tmp_path / "signers", key)
    assert opened(work.path, env).verify(signers=signers).faults == []


def test_the_configuration_turns_it_on_and_every_command_reads_it(
    work: Repository, env: dict[str, str]
) -> None:
    configuration = {"schema": "vsm-gate/config/v1", "history": {"shards": 16}}
    work.write(".vsm-gate.yaml", json.dumps(configuration)).commit("Spread the history")

    def run(*arguments: str) -> cli.Done:
        done = cli.run(*arguments, folder=work.path, environment=env)
        assert done.exit_code == 0, done.stderr
        return done

    for number in range(9):
        run("event", "approval", "--commit", f"{number:040x}", "--by", "alex",
            "--at", "2026-11-22T09:00:00Z")  # fmt: skip
    assert len(branches(work)) > 4
    shown = run("history", "log", "--format", "json").json()["records"]
    assert len(shown) == 9
    assert run("history", "export").stdout.count("\n") == 9
    assert run("history", "verify", "--format", "json").json()["records"] == 9
    assert {Record.of(each["document"]).id for each in shown} == {each["id"] for each in shown}
