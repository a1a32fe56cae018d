"""The ledger in the repository itself."""

import os
import subprocess
import sys
import threading
from datetime import datetime, timedelta, timezone
from pathlib import Path
from random import Random

import pytest
from tests.support.ledgers import (
    DAY,
    NOW,
    checkout,
    document,
    numbers,
    opened,
    record,
    server,
)
from tests.support.repository import Repository

from vsm_gate.errors import GitError, HistoryError, UsageError
from vsm_gate.history.record import Record, path_of
from vsm_gate.history.store import Pauses


def files(repository: Repository, branch: str = "vsm-history") -> list[str]:
    return repository.git("ls-tree", "-r", "--name-only", branch).splitlines()


def test_no_branch_yet_is_not_an_error(work: Repository, env: dict[str, str]) -> None:
    ledger = opened(work.path, env)
    assert ledger.head() is None
    assert list(ledger.newest()) == []
    assert list(ledger.records()) == []


def test_the_first_append_makes_an_orphan_with_its_format(
    work: Repository, env: dict[str, str]
) -> None:
    one = record(1)
    done = opened(work.path, env).append([one])
    assert done.ids == (one.id,)
    assert (done.how, done.attempts) == ("direct", 1)
    assert done.head == work.git("rev-parse", "vsm-history")
    assert work.git("rev-list", "--count", "vsm-history") == "1"
    assert files(work) == ["FORMAT", path_of(one)]
    assert work.git("show", "vsm-history:FORMAT") == "vsm-gate/history/v1"
    assert work.git("show", f"vsm-history:{path_of(one)}").encode() == one.content


def test_checkout_index_and_head_stay_as_they_are(work: Repository, env: dict[str, str]) -> None:
    work.write("file", "changed").write("new", "untracked")
    work.git("add", "file")
    work.write("file", "changed again")
    index = (work.path / ".git" / "index").read_bytes()
    before = work.git("status", "--porcelain=v2", "--branch")
    opened(work.path, env).append([record(1)])
    assert (work.path / ".git" / "index").read_bytes() == index
    assert work.git("status", "--porcelain=v2", "--branch") == before
    assert (work.path / "file").read_text("utf-8") == "changed again"


def test_the_branch_passes_the_strictest_check_of_git(
    work: Repository, env: dict[str, str]
) -> None:
    for day in range(4):
        now = NOW + day * DAY
        opened(work.path, env, now=now).append([record(day, time=now, repository="git/1")])
    work.git("fsck", "--strict", "--no-dangling")


def test_commits_carry_our_name_and_the_time_that_counts_as_now(
    work: Repository, env: dict[str, str]
) -> None:
    work.git("config", "user.name", "a person")
    work.git("config", "commit.gpgsign", "true")
    work.git("config", "user.signingkey", "none")
    opened(work.path, env).append([record(1)])
    shown = work.git("log", "-1", "--format=%an %cn %ct %G?", "vsm-history")
    assert shown == f"vsm-gate vsm-gate {int(NOW.timestamp())} N"


def test_hooks_are_not_run(work: Repository, env: dict[str, str]) -> None:
    work.hook("reference-transaction", "exit 1")
    assert opened(work.path, env).append([record(1)]).how == "direct"


def test_recording_twice_is_recording_once(work: Repository, env: dict[str, str]) -> None:
    first = opened(work.path, env).append([record(1), record(1)])
    again = opened(work.path, env, now=NOW + timedelta(hours=1)).append([record(1)])
    assert again.head == first.head
    assert again.detail == "recorded before"
    assert numbers(opened(work.path, env)) == [1]


def test_a_record_that_was_sealed_and_comes_again_is_read_once(
    work: Repository, env: dict[str, str]
) -> None:
    opened(work.path, env).append([record(1)])
    opened(work.path, env, now=NOW + 3 * DAY).append([record(1)])
    assert len([name for name in files(work) if name.endswith(".json")]) == 1
    assert numbers(opened(work.path, env)) == [1]
    assert [found.document["number"] for found in opened(work.path, env).newest()] == [1]


def test_many_records_are_one_commit(work: Repository, env: dict[str, str]) -> None:
    opened(work.path, env).append([record(number) for number in range(30)])
    assert work.git("rev-list", "--count", "vsm-history") == "1"
    assert sorted(numbers(opened(work.path, env))) == list(range(30))


def test_an_empty_append_is_refused(work: Repository, env: dict[str, str]) -> None:
    with pytest.raises(HistoryError, match="no record"):
        opened(work.path, env).append([])


@pytest.mark.parametrize("way", ["worktree", "shallow", "detached", "bare", "subfolder"])
def test_it_works_wherever_git_does(tmp_path: Path, env: dict[str, str], way: str) -> None:
    work = checkout(tmp_path / "work")
    work.write("below/file", "x").commit()
    place = work.path
    if way == "worktree":
        work.git("worktree", "add", "--quiet", "--detach", str(tmp_path / "linked"))
        place = tmp_path / "linked"
    elif way == "shallow":
        place = work.clone(tmp_path / "shallow", "--depth=1").path
    elif way == "detached":
        work.git("checkout", "--quiet", "--detach")
    elif way == "bare":
        place = server(tmp_path / "bare").path
    else:
        place = work.path / "below"
    for number in range(3):
        opened(place, env).append([record(number)])
    assert sorted(numbers(opened(place, env))) == [0, 1, 2]


def test_variables_of_a_hook_do_not_lead_astray(work: Repository, env: dict[str, str]) -> None:
    lost = {"GIT_DIR": "/nowhere", "GIT_INDEX_FILE": "/nowhere/index", "GIT_WORK_TREE": "/"}
    opened(work.path, {**env, **lost}).append([record(1)])
    assert numbers(opened(work.path, env)) == [1]


def test_newest_first_and_oldest_first(work: Repository, env: dict[str, str]) -> None:
    for number in (2, 0, 3, 1):
        time = NOW + number * DAY / 3
        opened(work.path, env, now=NOW + DAY).append([record(number, time=time)])
    ledger = opened(work.path, env)
    assert numbers(ledger) == [0, 1, 2, 3]
    assert [found.document["number"] for found in ledger.newest()] == [3, 2, 1, 0]


def test_reading_is_limited_to_times_repositories_and_kinds(
    work: Repository, env: dict[str, str]
) -> None:
    for number in range(6):
        now = NOW + number * DAY
        kind = "check" if number % 2 else "heartbeat"
        mine = record(number, time=now, kind=kind, repository=f"acme/r{number % 3}")
        opened(work.path, env, now=now).append([mine])
    ledger = opened(work.path, env)

    def found(**wanted: object) -> list[int]:
        oldest = [x.document["number"] for x in ledger.records(**wanted)]  # type: ignore[arg-type]
        newest = [x.document["number"] for x in ledger.newest(**wanted)]  # type: ignore[arg-type]
        assert oldest == newest[::-1]
        return oldest

    assert found(since=NOW + DAY, until=NOW + 4 * DAY) == [1, 2, 3]
    assert found(repository="acme/r1") == [1, 4]
    assert found(repository="acme/r") == []
    assert found(kinds={"heartbeat"}) == [0, 2, 4]
    assert found(kinds=["check"], repository="acme/r2", since=NOW + 4 * DAY) == [5]


def test_the_newest_are_read_without_the_rest(work: Repository, env: dict[str, str]) -> None:
    for number in range(5):
        opened(work.path, env, now=NOW + number * DAY).append(
            [record(number, time=NOW + number * DAY)]
        )
    oldest = work.git("rev-parse", "vsm-history:sealed/2026/11/22.jsonl")
    (work.path / ".git" / "objects" / oldest[:2] / oldest[2:]).unlink()
    newest = opened(work.path, env).newest()
    assert [next(newest).document["number"] for _ in range(4)] == [4, 3, 2, 1]
    with pytest.raises(HistoryError, match=f"object {oldest} is missing"):
        next(newest)


def test_two_days_later_a_day_is_sealed_in_a_commit_of_its_own(
    work: Repository, env: dict[str, str]
) -> None:
    first = [record(number) for number in range(3)]
    opened(work.path, env).append(first)
    opened(work.path, env, now=NOW + DAY).append([record(3, time=NOW + DAY)])
    assert not [name for name in files(work) if name.startswith("sealed/")]
    opened(work.path, env, now=NOW + 2 * DAY).append([record(4, time=NOW + 2 * DAY)])
    assert work.git("log", "--format=%s", "-2", "vsm-history").splitlines()[1] == (
        "Seal 2026-11-22: 3 records"
    )
    changed = work.git("diff-tree", "-r", "--name-status", "vsm-history~2", "vsm-history~1")
    assert [line.split("\t")[0] for line in changed.splitlines()] == ["D", "D", "D", "A"]
    sealed = work.git("show", "vsm-history:sealed/2026/11/22.jsonl") + "\n"
    lines = b"".join(found.content + b"\n" for found in sorted(first, key=lambda x: x.id))
    assert sealed.encode() == lines


def test_sealing_is_the_same_whoever_does_it(
    tmp_path: Path, work: Repository, env: dict[str, str]
) -> None:
    opened(work.path, env).append([record(number) for number in range(5)])
    other = tmp_path / "other"
    work.git("clone", "--quiet", "--bare", str(work.path), str(other))
    heads = {
        opened(place, env, now=NOW + 3 * DAY).append([record(9, time=NOW + 3 * DAY)]).head
        for place in (work.path, other)
    }
    assert len(heads) == 1


def test_a_late_record_lies_in_the_day_on_which_it_was_recorded(
    work: Repository, env: dict[str, str]
) -> None:
    late = record(1, time=NOW - 9 * DAY)
    opened(work.path, env).append([late])
    assert files(work)[1] == path_of(late, day=NOW.date())


def test_a_record_of_yesterday_lies_in_its_own_day(work: Repository, env: dict[str, str]) -> None:
    late = record(1, time=NOW - DAY)
    opened(work.path, env).append([late])
    assert files(work)[1] == path_of(late)


@pytest.mark.parametrize("time", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])
def test_times_at_the_ends_of_the_calendar_do_no_harm(
    work: Repository, env: dict[str, str], time: str
) -> None:
    odd = Record.of({**document(1), "time": time})
    opened(work.path, env).append([odd])
    opened(work.path, env, now=NOW + 3 * DAY).append([record(2, time=NOW + 3 * DAY)])
    ledger = opened(work.path, env)
    assert {found.document["number"] for found in ledger.newest()} == {1, 2}
    assert ledger.verify().faults == []


def test_days_are_those_of_utc_whatever_the_zone_of_now(
    work: Repository, env: dict[str, str]
) -> None:
    east = timezone(timedelta(hours=14))
    opened(work.path, env).append([record(1)])
    late = (NOW + DAY + timedelta(hours=13)).astimezone(east)
    assert late.date() == (NOW + 2 * DAY).date()
    opened(work.path, env, now=late).append([record(2, time=NOW + DAY)])
    assert not [name for name in files(work) if name.startswith("sealed/")]
    since = datetime(2026, 11, 23, 0, tzinfo=east)
    assert since == NOW
    found = opened(work.path, env).records(since=since)
    assert [one.document["number"] for one in found] == [1, 2]


def test_a_record_that_was_changed_after_it_was_named_is_refused(
    work: Repository, env: dict[str, str]
) -> None:
    mine = record(1)
    mine.document["verdict"] = "fail"
    with pytest.raises(HistoryError, match="changed after it was named"):
        opened(work.path, env).append([mine])


def test_a_clock_that_jumps_back_never_writes_into_a_sealed_day(
    work: Repository, env: dict[str, str]
) -> None:
    opened(work.path, env).append([record(1)])
    opened(work.path, env, now=NOW + 5 * DAY).append([record(2, time=NOW + 5 * DAY)])
    opened(work.path, env, now=NOW).append([record(3)])
    assert sorted(numbers(opened(work.path, env))) == [1, 2, 3]
    assert opened(work.path, env).verify().faults == []


def test_a_day_that_cannot_be_sealed_does_not_stop_an_append(
    work: Repository, env: dict[str, str]
) -> None:
    opened(work.path, env).append([record(1)])
    damaged = work.git("rev-parse", f"vsm-history:{path_of(record(1))}")
    (work.path / ".git" / "objects" / damaged[:2] / damaged[2:]).unlink()
    done = opened(work.path, env, now=NOW + 2 * DAY).append([record(2, time=NOW + 2 * DAY)])
    assert "2026-11-22 was not sealed" in done.detail
    assert path_of(record(2, time=NOW + 2 * DAY)) in files(work)


@pytest.mark.parametrize("content", ["garbage\n", "", "1" * 40 + "\n"])
def test_a_damaged_branch_is_never_taken_for_an_empty_one(
    work: Repository, env: dict[str, str], content: str
) -> None:
    opened(work.path, env).append([record(1)])
    (work.path / ".git" / "refs" / "heads" / "vsm-history").write_text(content, "utf-8")
    with pytest.raises(HistoryError, match="cannot be read"):
        opened(work.path, env).head()
    with pytest.raises(HistoryError, match="cannot be read"):
        opened(work.path, env).append([record(2)])


def test_another_branch_is_not_written_to(work: Repository, env: dict[str, str]) -> None:
    head = work.head
    with pytest.raises(HistoryError, match="no history branch"):
        opened(work.path, env, branch="main").append([record(1)])
    assert work.head == head


def test_a_later_format_is_named(work: Repository, env: dict[str, str]) -> None:
    work.git("checkout", "--quiet", "--orphan", "vsm-history")
    work.write("FORMAT", "vsm-gate/history/v2\n").commit()
    with pytest.raises(HistoryError, match="history/v2"):
        list(opened(work.path, env).newest())


@pytest.mark.parametrize("name", ["-x", "a..b", "a b", "", "a~1", "refs/heads/../../config"])
def test_impossible_names_of_branches_are_refused(
    work: Repository, env: dict[str, str], name: str
) -> None:
    with pytest.raises(UsageError, match="name of a branch"):
        opened(work.path, env, branch=name)


def test_outside_of_a_repository_it_says_so(tmp_path: Path, env: dict[str, str]) -> None:
    with pytest.raises(GitError, match="no git repository"):
        opened(tmp_path, {**env, "GIT_CEILING_DIRECTORIES": str(tmp_path.parent)})


def test_objects_that_cannot_be_written_are_an_error_of_the_history(
    work: Repository, env: dict[str, str]
) -> None:
    objects = work.path / ".git" / "objects"
    objects.rename(work.path / ".git" / "away")
    objects.write_text("no folder", "utf-8")
    with pytest.raises((HistoryError, GitError)):
        opened(work.path, env).append([record(1)])


@pytest.mark.parametrize("remote", [None, "anywhere"])
def test_a_temporary_folder_that_is_full_or_missing_is_an_error_of_the_history(
    work: Repository,
    env: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    remote: str | None,
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "missing"))
    with pytest.raises(HistoryError, match="No such file") as problem:
        opened(work.path, env, remote=remote).append([record(1)])
    assert "temporary folder" in (problem.value.hint or "")


def test_a_branch_that_moves_in_between_is_tried_again(
    work: Repository, env: dict[str, str]
) -> None:
    opened(work.path, env).append([record(0)])
    waits: list[float] = []
    ledger = opened(work.path, env, pauses=Pauses(waits.append, Random(1)))
    lock = work.path / ".git" / "refs" / "heads" / "vsm-history.lock"
    lock.touch()

    def free(_: float) -> None:
        waits.append(0)
        lock.unlink(missing_ok=True)

    ledger = opened(work.path, env, pauses=Pauses(free, Random(1)))
    done = ledger.append([record(1)])
    assert done.attempts == len(waits) + 1 == 2
    assert sorted(numbers(opened(work.path, env))) == [0, 1]


def test_a_branch_that_never_comes_free_is_an_error_with_a_way_out(
    work: Repository, env: dict[str, str]
) -> None:
    opened(work.path, env).append([record(0)])
    (work.path / ".git" / "refs" / "heads" / "vsm-history.lock").touch()
    with pytest.raises(HistoryError, match="times in a row") as problem:
        opened(work.path, env).append([record(1)])
    assert "history append" in (problem.value.hint or "")


def test_writers_at_once_lose_nothing(work: Repository, env: dict[str, str]) -> None:
    def write(number: int) -> None:
        opened(work.path, env, pauses=None).append([record(number)])

    threads = [threading.Thread(target=write, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(numbers(opened(work.path, env))) == list(range(12))
    assert opened(work.path, env).verify().faults == []


_KILLED = """
import sys
from datetime import datetime
import os, signal
from pathlib import Path
from vsm_gate.history import local, objects
from vsm_gate.history.ledger import Ledger
from vsm_gate.history.record import parse

step, repository, content, now = sys.argv[1:]
def killed(*_, **__): os.kill(os.getpid(), signal.SIGKILL)
owner, name = {"blob": (objects.Objects, "write_tree"), "tree": (objects.Objects, "commit"),
               "commit": (local.LocalPlace, "replace")}[step]
setattr(owner, name, killed)
now = datetime.fromisoformat(now)
ledger = Ledger.open(Path(repository), environment=dict(os.environ), now=now)
ledger.append([parse(content.encode())])
"""


@pytest.mark.parametrize("step", ["blob", "tree", "commit"])
def test_a_killed_run_leaves_nothing_and_can_be_repeated(
    work: Repository, env: dict[str, str], step: str
) -> None:
    opened(work.path, env).append([record(0)])
    later = NOW + 3 * DAY
    one = record(1, time=later)
    arguments = [step, str(work.path), one.content.decode(), later.isoformat()]
    done = subprocess.run(
        [sys.executable, "-c", _KILLED, *arguments],
        env={**env, "PYTHONPATH": os.pathsep.join(sys.path)},
        check=False,
        capture_output=True,
    )
    assert done.returncode == -9, done.stderr
    assert numbers(opened(work.path, env)) == [0]
    opened(work.path, env, now=later).append([one])
    assert numbers(opened(work.path, env)) == [0, 1]
    assert opened(work.path, env).verify().faults == []


def test_a_damaged_record_names_commit_and_path(work: Repository, env: dict[str, str]) -> None:
    done = opened(work.path, env).append([record(1)])
    broken = Record(record(2).id, {**document(2), "schema": "something else"})
    path = path_of(record(2))
    blob = work.git("hash-object", "-w", "--stdin", stdin=broken.content)
    index = {"GIT_INDEX_FILE": str(work.path / "other-index")}
    work.git("read-tree", done.head, env=index)
    work.git("update-index", "--add", "--cacheinfo", f"100644,{blob},{path}", env=index)
    tree = work.git("write-tree", env=index)
    commit = work.git("commit-tree", "-p", done.head, tree)
    work.git("update-ref", "refs/heads/vsm-history", commit)
    with pytest.raises(HistoryError, match=f"{path} at {commit}") as problem:
        list(opened(work.path, env).records())
    assert "verify" in (problem.value.hint or "")


def test_times_within_a_day_decide_the_order(work: Repository, env: dict[str, str]) -> None:
    moments: list[datetime] = [NOW + timedelta(minutes=number) for number in range(40)]
    Random(3).shuffle(moments)
    opened(work.path, env).append([record(moment.minute, time=moment) for moment in moments])
    assert numbers(opened(work.path, env)) == list(range(40))
    newest = opened(work.path, env).newest()
    assert [found.document["number"] for found in newest] == list(range(39, -1, -1))
