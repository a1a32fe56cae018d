"""What goes wrong with a real git server, and that nothing acknowledged is lost or there twice."""

import os
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.support.git_http import GitServer
from tests.support.ledgers import DAY, NOW, inbox, numbers, opened, record
from tests.support.repository import Repository
from werkzeug.wrappers import Request, Response

from vsm_gate.errors import HistoryError
from vsm_gate.history.layout import INBOX
from vsm_gate.history.record import Record, digest


def leave(bare: Repository, *records: Record) -> None:
    """Let records wait in the inbox, as a run that was killed left them."""
    content = b"".join(each.content + b"\n" for each in records)
    blob = bare.git("hash-object", "-w", "--stdin", stdin=content)
    bare.git("update-ref", f"{INBOX}/{digest(content)[:12]}", blob)


def is_push(request: Request) -> bool:
    return request.method == "POST" and request.path.endswith("receive-pack")


_RUN = """
import os, sys
from datetime import datetime
from pathlib import Path
from random import Random
from vsm_gate.history.ledger import Ledger, Options
from vsm_gate.history.record import parse
from vsm_gate.history.store import Pauses

remote, repository, content, now = sys.argv[1:]
ledger = Ledger.open(
    Path(repository), remote=remote, environment=dict(os.environ),
    now=datetime.fromisoformat(now), options=Options(pauses=Pauses(lambda _: None, Random(1))),
)
ledger.append([parse(content.encode())])
"""
# A git that kills whoever called it, before it does anything itself, at the call of a number.
_DEADLY = """#!/bin/sh
count=$(($(cat "$CALLS") + 1))
echo $count > "$CALLS"
if [ $count = "$DEADLY" ]; then kill -9 $PPID; exit 1; fi
exec "{git}" "$@"
"""


def test_a_run_killed_before_any_of_its_git_commands_loses_nothing(
    work: Repository, bare: Repository, http: GitServer, env: dict[str, str], tmp_path: Path
) -> None:
    """Two closed days to seal and two records in the inbox: all that an append does."""
    for day in (0, 1):
        now = NOW + day * DAY
        opened(bare.path, env, now=now).append([record(10 * day + n, time=now) for n in range(3)])
    leave(bare, record(100, time=NOW + 4 * DAY))
    leave(bare, record(101, time=NOW + 4 * DAY), record(102, time=NOW + 4 * DAY))
    before = {0, 1, 2, 10, 11, 12, 100, 101, 102}
    pristine = tmp_path / "pristine.git"
    shutil.copytree(bare.path, pristine)
    deadly = tmp_path / "bin" / "git"
    deadly.parent.mkdir()
    deadly.write_text(_DEADLY.format(git=shutil.which("git")), "utf-8")
    deadly.chmod(0o755)
    calls, later = tmp_path / "calls", NOW + 4 * DAY
    mine = record(1000, time=later)
    arguments = [http.url, str(work.path), mine.content.decode(), later.isoformat()]
    settings = {
        **env, "PATH": f"{deadly.parent}:{env['PATH']}", "CALLS": str(calls),
        "PYTHONPATH": os.pathsep.join(sys.path), "TMPDIR": str(tmp_path),
    }  # fmt: skip
    outcomes = []
    for number in range(1, 60):
        shutil.rmtree(bare.path)
        shutil.copytree(pristine, bare.path)
        calls.write_text("0", "utf-8")
        done = subprocess.run(
            [sys.executable, "-c", _RUN, *arguments],
            env={**settings, "DEADLY": str(number)},
            capture_output=True,
            check=False,
        )
        assert done.returncode in {0, -9}, done.stderr
        there = set(numbers(opened(bare.path, env)))
        assert there in ({0, 1, 2, 10, 11, 12}, {*before, 1000})
        outcomes.append((done.returncode, 1000 in there))
        opened(work.path, env, remote=http.url, now=later).append([mine])
        assert sorted(numbers(opened(bare.path, env))) == sorted({*before, 1000})
        assert inbox(bare) == []
        found = opened(bare.path, env).verify()
        assert (found.faults, len(found.sealed)) == ([], 2)
        if done.returncode == 0:
            break
    assert outcomes[-1] == (0, True)
    assert outcomes.count((-9, False)) > 10


# Where the server's own process is killed, in the order in which it comes to these.
_MOMENTS = {
    "before it took anything": ("pre-receive", ""),
    "over one ref": ("update", ""),
    "with the refs locked": ("reference-transaction", '[ "$1" = prepared ] || exit 0; '),
    "once the refs moved": ("reference-transaction", '[ "$1" = committed ] || exit 0; '),
    "before it said so": ("post-receive", ""),
}


@pytest.mark.parametrize("moment", _MOMENTS)
@pytest.mark.parametrize("waiting", [False, True], ids=["push", "fold"])
def test_a_server_that_dies_in_the_middle_of_a_push(
    work: Repository,
    bare: Repository,
    http: GitServer,
    env: dict[str, str],
    moment: str,
    waiting: bool,
) -> None:
    opened(bare.path, env).append([record(0)])
    if waiting:
        leave(bare, record(7))
    name, condition = _MOMENTS[moment]
    died = bare.path / "died"
    bare.hook(name, f'{condition}[ -e "{died}" ] && exit 0; touch "{died}"; kill -9 $PPID')
    done = opened(work.path, env, remote=http.url).append([record(1)])
    assert died.exists()
    assert done.ids == (record(1).id,)
    waits = [bare.git("cat-file", "blob", ref) for ref in inbox(bare)]
    safe = {*numbers(opened(bare.path, env)), *(n for n in (1, 7) if any(
        record(n).id == digest(line.encode()) for text in waits for line in text.splitlines()
    ))}  # fmt: skip
    assert safe >= ({0, 1, 7} if waiting else {0, 1})
    for lock in bare.path.rglob("*.lock"):
        lock.unlink()  # as whoever looks after the server does
    opened(work.path, env, remote=http.url).append([record(2)])
    expected = [0, 1, 2, 7] if waiting else [0, 1, 2]
    assert sorted(numbers(opened(bare.path, env))) == expected
    assert inbox(bare) == []
    assert opened(bare.path, env).verify().faults == []


def _closed(request: Request) -> Response:
    """Close the connection in place of an answer."""
    request.environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
    return Response("")


def _accepts_and_closes(request: Request, real: Callable[[], Response]) -> Response:
    real()
    return _closed(request)


def _closes(request: Request, _real: Callable[[], Response]) -> Response:
    return _closed(request)


def _accepts_and_fails(_request: Request, real: Callable[[], Response]) -> Response:
    real()
    return Response("oops", status=500)


@pytest.mark.parametrize("breaks", [_accepts_and_closes, _closes, _accepts_and_fails])
@pytest.mark.parametrize("times", [1, 2, 3])
def test_an_answer_that_never_came(
    work: Repository,
    bare: Repository,
    http: GitServer,
    env: dict[str, str],
    breaks: Callable[[Request, Callable[[], Response]], Response],
    times: int,
) -> None:
    opened(bare.path, env).append([record(0)])
    broken: list[str] = []

    def fault(request: Request, real: Callable[[], Response]) -> Response | None:
        if not is_push(request) or len(broken) == times:
            return None
        broken.append(request.path)
        return breaks(request, real)

    http.fault = fault
    done = opened(work.path, env, remote=http.url).append([record(1)])
    assert done.ids == (record(1).id,)
    assert len(broken) == times
    assert sorted(numbers(opened(bare.path, env))) == [0, 1]
    assert inbox(bare) == []
    assert opened(bare.path, env).verify().faults == []


def test_a_server_that_answers_500_to_every_push_acknowledges_nothing(
    work: Repository, bare: Repository, http: GitServer, env: dict[str, str]
) -> None:
    http.fault = lambda request, _: Response("no", status=500) if is_push(request) else None
    with pytest.raises(HistoryError, match="500") as problem:
        opened(work.path, env, remote=http.url).append([record(1)])
    assert "history append" in (problem.value.hint or "")
    http.fault = None
    opened(work.path, env, remote=http.url).append([record(1)])
    assert numbers(opened(bare.path, env)) == [1]


def test_half_of_a_push_is_nothing(
    work: Repository, bare: Repository, http: GitServer, env: dict[str, str]
) -> None:
    """What of a push arrived before the line broke goes to the real server, and no more."""
    halves: list[int] = []

    def fault(request: Request, _real: object) -> Response | None:
        if not is_push(request) or halves:
            return None
        body = request.get_data()
        halves.append(len(body) // 2)
        variables = {
            **env, "GIT_PROJECT_ROOT": str(bare.path.parent), "GIT_HTTP_EXPORT_ALL": "1",
            "REMOTE_USER": "tester", "REQUEST_METHOD": "POST", "PATH_INFO": request.path,
            "CONTENT_TYPE": request.content_type or "", "CONTENT_LENGTH": str(halves[0]),
        }  # fmt: skip
        subprocess.run(
            ["git", "http-backend"], input=body[: halves[0]], env=variables,
            capture_output=True, check=False,
        )  # fmt: skip
        return _closed(request)

    http.fault = fault
    done = opened(work.path, env, remote=http.url).append([record(1)])
    assert halves
    assert done.ids == (record(1).id,)
    assert numbers(opened(bare.path, env)) == [1]
    bare.git("fsck", "--strict", "--no-dangling")


_REFUSALS = {
    "hidden": (("receive.hideRefs", "refs/heads"), "hidden ref"),
    "too large": (("receive.maxInputSize", "10"), "exceeds"),
    "no pushes": (("http.receivepack", "false"), "403"),
}


@pytest.mark.parametrize("name", _REFUSALS)
def test_what_a_server_refuses_is_said_at_once(
    work: Repository, bare: Repository, http: GitServer, env: dict[str, str], name: str
) -> None:
    (key, value), text = _REFUSALS[name]
    bare.git("config", key, value)
    with pytest.raises(HistoryError, match=rf"cannot be pushed.*{text}"):
        opened(work.path, env, remote=http.url).append([record(1)])
    assert sum(line.startswith("POST") and "receive-pack" in line for line in http.log) <= 1


@pytest.mark.parametrize(
    "text",
    [
        "GH006: Protected branch update failed for refs/heads/vsm-history.",
        "GH013: Repository rule violations found for refs/heads/vsm-history.",
        "You are not allowed to push code to protected branches on this project.",
        "ERROR: This repository was archived so it is read-only.",
        "Your push would exceed your quota.",
        "Permission to acme/shop.git denied to github-actions[bot].",
        "fatal: unable to write loose object file: No space left on device",
    ],
)
def test_the_words_of_a_server_that_refuses_are_shown(
    work: Repository, bare: Repository, http: GitServer, env: dict[str, str], text: str
) -> None:
    bare.hook("pre-receive", f'echo "{text}" >&2; exit 1')
    with pytest.raises(HistoryError, match="cannot be pushed") as problem:
        opened(work.path, env, remote=http.url).append([record(1)])
    assert text in problem.value.message
    assert sum(is_push_line(line) for line in http.log) == 1


def is_push_line(line: str) -> bool:
    return line.startswith("POST") and "receive-pack" in line


def test_a_branch_that_stays_locked_leaves_the_record_in_the_inbox(
    work: Repository, bare: Repository, http: GitServer, env: dict[str, str]
) -> None:
    opened(bare.path, env).append([record(0)])
    lock = bare.path / "refs" / "heads" / "vsm-history.lock"
    lock.touch()
    done = opened(work.path, env, remote=http.url).append([record(1)])
    assert done.how == "inbox"
    assert len(inbox(bare)) == 1
    lock.unlink()
    opened(work.path, env, remote=http.url).append([record(2)])
    assert sorted(numbers(opened(bare.path, env))) == [0, 1, 2]
    assert inbox(bare) == []


def test_a_server_that_goes_away_after_the_inbox_took_the_record_acknowledged_it(
    work: Repository, bare: Repository, http: GitServer, env: dict[str, str]
) -> None:
    opened(bare.path, env).append([record(0)])
    lock = bare.path / "refs" / "heads" / "vsm-history.lock"
    lock.touch()
    http.fault = lambda *_: Response("gone", status=503) if inbox(bare) else None
    done = opened(work.path, env, remote=http.url).append([record(1)])
    assert (done.how, done.ids) == ("inbox", (record(1).id,))
    assert inbox(bare)[0] in done.detail
    assert "503" in done.detail
    lock.unlink()
    http.fault = None
    opened(work.path, env, remote=http.url).append([record(2)])
    assert sorted(numbers(opened(bare.path, env))) == [0, 1, 2]


@pytest.mark.parametrize("refuses", ["hidden", "hook"])
def test_a_server_that_refuses_our_namespace_gets_direct_pushes_until_one_wins(
    work: Repository, bare: Repository, http: GitServer, env: dict[str, str], refuses: str
) -> None:
    opened(bare.path, env).append([record(0)])
    if refuses == "hidden":
        bare.git("config", "receive.hideRefs", "refs/vsm-gate")
    else:
        bare.hook("update", 'case "$1" in refs/vsm*) echo "no such refs here" >&2; exit 1;; esac')
    rivals = iter(range(100, 104))

    def fault(request: Request, _real: object) -> None:
        if is_push(request) and b"refs/heads/" in request.get_data():
            number = next(rivals, None)
            if number is not None:
                opened(bare.path, env).append([record(number)])

    http.fault = fault
    done = opened(work.path, env, remote=http.url).append([record(1)])
    assert (done.how, done.detail) == ("direct", "the server takes no inbox refs")
    assert done.attempts == 6
    assert sorted(numbers(opened(bare.path, env))) == [0, 1, *range(100, 104)]
    assert opened(bare.path, env).verify().faults == []


def test_a_clock_that_jumps_back_writes_into_no_sealed_day_of_a_remote(
    work: Repository, bare: Repository, http: GitServer, env: dict[str, str]
) -> None:
    for number, day in enumerate((0, 4, 8, -3, 1, 8)):
        now = NOW + day * DAY
        mine = record(number, time=now)
        opened(work.path, env, remote=http.url, now=now).append([mine])
    assert sorted(numbers(opened(bare.path, env))) == [*range(6)]
    assert opened(bare.path, env).verify().faults == []


def test_two_runs_that_are_the_same_are_one_record(
    work: Repository, bare: Repository, http: GitServer, env: dict[str, str]
) -> None:
    opened(bare.path, env).append([record(0)])
    start, done = threading.Barrier(4), []

    def write() -> None:
        ledger = opened(work.path, env, remote=http.url)
        start.wait()
        done.append(ledger.append([record(1)]))

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [each.ids for each in done] == [(record(1).id,)] * 4
    opened(work.path, env, remote=http.url).append([record(1)])
    assert numbers(opened(bare.path, env)).count(1) == 1
    found = opened(bare.path, env).verify()
    assert (found.faults, found.records) == ([], 2)
    assert inbox(bare) == []
