"""Appending to a remote over real HTTP: contention, faults, credentials, bytes moved."""

import os
import subprocess
import sys
import threading
from pathlib import Path
from random import Random

import pytest
from tests.support.git_http import GitServer
from tests.support.ledgers import (
    DAY,
    NOW,
    inbox,
    numbers,
    opened,
    record,
)
from tests.support.repository import Repository
from werkzeug.wrappers import Request, Response

from vsm_gate.errors import HistoryError
from vsm_gate.history.layout import INBOX
from vsm_gate.history.record import digest
from vsm_gate.history.store import Pauses


class Rival:
    """A pause in which somebody else appends directly: the branch moves between our rounds."""

    def __init__(self, bare: Repository, env: dict[str, str], times: int) -> None:
        self.bare, self.env, self.times, self.count = bare, env, times, 0

    def moves(self) -> None:
        if self.count < self.times:
            self.count += 1
            rival = record(1000 + self.count)
            opened(self.bare.path, self.env).append([rival])

    def __call__(self, request: Request, real: object) -> Response | None:
        """Move the branch just before a push to it is received."""
        if request.path.endswith("git-receive-pack") and b"refs/heads/" in request.get_data():
            self.moves()
        return None


def test_no_branch_an_append_and_what_is_read_back(
    work: Repository, bare: Repository, http: GitServer, env: dict[str, str]
) -> None:
    ledger = opened(work.path, env, remote=http.url)
    assert ledger.head() is None
    done = ledger.append([record(1), record(2)])
    assert (done.how, done.attempts) == ("direct", 1)
    assert bare.git("rev-parse", "vsm-history") == done.head == ledger.head()
    again = opened(work.path, env, remote=http.url)
    assert sorted(numbers(again)) == [1, 2]
    assert {found.document["number"] for found in again.newest()} == {1, 2}
    assert again.verify().faults == []
    bare.git("fsck", "--strict", "--no-dangling")


def test_the_users_repository_is_not_touched(
    work: Repository, bare: Repository, http: GitServer, env: dict[str, str]
) -> None:
    def everything() -> list[tuple[str, bytes]]:
        paths = sorted(path for path in work.path.rglob("*") if path.is_file())
        return [(str(path), path.read_bytes()) for path in paths]

    before = everything()
    opened(work.path, env, remote=http.url).append([record(1)])
    assert everything() == before


def test_a_remote_is_known_by_name_url_or_path(
    work: Repository, bare: Repository, http: GitServer, env: dict[str, str]
) -> None:
    work.git("remote", "add", "upstream", http.url)
    beside = "../srv/acme/shop.git"
    for number, remote in enumerate(("upstream", http.url, str(bare.path), beside)):
        opened(work.path, env, remote=remote).append([record(number)])
    assert sorted(numbers(opened(bare.path, env))) == [0, 1, 2, 3]


def test_a_rejected_push_goes_to_the_inbox_and_is_folded(
    work: Repository, bare: Repository, http: GitServer, env: dict[str, str]
) -> None:
    opened(work.path, env, remote=http.url).append([record(0)])
    http.fault = Rival(bare, env, times=1)
    done = opened(work.path, env, remote=http.url).append([record(1)])
    assert (done.how, done.attempts) == ("folded", 3)
    assert inbox(bare) == []
    assert sorted(numbers(opened(bare.path, env))) == [0, 1, 1001]


def test_whoever_wins_folds_everybody(
    work: Repository, bare: Repository, http: GitServer, env: dict[str, str]
) -> None:
    opened(work.path, env, remote=http.url).append([record(0)])
    waiting = [record(number) for number in (7, 8, 9)]
    leave(bare, waiting[0].content + b"\n")
    leave(bare, waiting[1].content + b"\n" + waiting[2].content + b"\n")
    http.fault = Rival(bare, env, times=1)
    before = int(bare.git("rev-list", "--count", "vsm-history"))
    done = opened(work.path, env, remote=http.url).append([record(1)])
    assert done.detail == "3 inbox refs in one commit"
    assert int(bare.git("rev-list", "--count", "vsm-history")) == before + 2
    assert inbox(bare) == []
    assert sorted(numbers(opened(bare.path, env))) == [0, 1, 7, 8, 9, 1001]


def leave(bare: Repository, content: bytes) -> str:
    ref = f"{INBOX}/{digest(content)[:12]}"
    bare.git("update-ref", ref, bare.git("hash-object", "-w", "--stdin", stdin=content))
    return ref


def test_a_writer_that_was_folded_by_another_is_done(
    work: Repository, bare: Repository, http: GitServer, env: dict[str, str]
) -> None:
    opened(work.path, env, remote=http.url).append([record(0)])

    def other_folds(_: float) -> None:
        http.fault = None
        opened(work.path, env, remote=http.url).append([record(2)])

    http.fault = Rival(bare, env, times=1)
    ledger = opened(work.path, env, remote=http.url, pauses=Pauses(other_folds, Random(1)))
    done = ledger.append([record(1)])
    assert (done.how, done.detail, done.attempts) == ("folded", "by another run", 2)
    assert inbox(bare) == []


def test_a_ref_that_vanished_without_its_record_is_left_again(
    work: Repository, bare: Repository, http: GitServer, env: dict[str, str]
) -> None:
    opened(work.path, env, remote=http.url).append([record(0)])
    removed: list[str] = []

    def remove(_: float) -> None:
        if not removed:
            removed.extend(inbox(bare))
            bare.git("update-ref", "-d", removed[0])

    http.fault = Rival(bare, env, times=1)
    ledger = opened(work.path, env, remote=http.url, pauses=Pauses(remove, Random(1)))
    assert ledger.append([record(1)]).how == "folded"
    assert removed
    assert 1 in numbers(opened(bare.path, env))


def test_what_nobody_could_fold_stays_safe_and_is_said(
    work: Repository, bare: Repository, http: GitServer, env: dict[str, str]
) -> None:
    opened(work.path, env, remote=http.url).append([record(0)])
    http.fault = Rival(bare, env, times=1000)
    done = opened(work.path, env, remote=http.url).append([record(1)])
    assert done.how == "inbox"
    assert inbox(bare)[0] in done.detail
    http.fault = None
    done = opened(work.path, env, remote=http.url).append([record(2)])
    assert (done.how, done.detail) == ("direct", "1 inbox refs in one commit")
    assert {1, 2} <= set(numbers(opened(bare.path, env)))
    assert inbox(bare) == []


def test_rubbish_in_the_inbox_stops_nobody(
    work: Repository, bare: Repository, http: GitServer, env: dict[str, str]
) -> None:
    opened(work.path, env, remote=http.url).append([record(0)])
    ref = leave(bare, b"no record\n")
    http.fault = Rival(bare, env, times=1)
    done = opened(work.path, env, remote=http.url).append([record(1)])
    assert "1 inbox refs hold no valid record" in done.detail
    assert inbox(bare) == [ref]
    assert opened(bare.path, env).verify().faults == []


def test_many_writers_at_once_lose_nothing(
    work: Repository, bare: Repository, http: GitServer, env: dict[str, str]
) -> None:
    done = {}

    def write(number: int) -> None:
        ledger = opened(work.path, env, remote=http.url, pauses=None)
        done[number] = ledger.append([record(number)])

    threads = [threading.Thread(target=write, args=(number,)) for number in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(done) == 10
    assert sorted(numbers(opened(bare.path, env))) == list(range(10))
    assert inbox(bare) == []
    assert opened(bare.path, env).verify().faults == []


def test_an_append_moves_the_same_bytes_however_long_the_history_is(
    work: Repository, bare: Repository, http: GitServer, env: dict[str, str]
) -> None:
    def moved(day: int) -> int:
        now = NOW + day * DAY
        for past in (now - DAY, now):
            mine = [record(number, time=past) for number in range(20)]
            opened(bare.path, env, now=past).append(mine)
        before = http.sent + http.received
        opened(work.path, env, remote=http.url, now=now).append([record(99, time=now)])
        return http.sent + http.received - before

    early = moved(2)
    for day in range(4, 24):
        now = NOW + day * DAY
        opened(bare.path, env, now=now).append([record(number, time=now) for number in range(30)])
    late = moved(26)
    assert late < early * 1.2


def test_a_closed_day_is_sealed_over_the_wire(
    work: Repository, bare: Repository, http: GitServer, env: dict[str, str]
) -> None:
    opened(work.path, env, remote=http.url).append([record(number) for number in range(5)])
    later = NOW + 2 * DAY
    opened(work.path, env, remote=http.url, now=later).append([record(5, time=later)])
    names = bare.git("ls-tree", "-r", "--name-only", "vsm-history").splitlines()
    assert "sealed/2026/11/22.jsonl" in names
    assert len(names) == 3
    assert numbers(opened(bare.path, env))[-1] == 5
    assert opened(bare.path, env).verify().faults == []


@pytest.mark.parametrize("missing", ["allowFilter", "atomic", "deletes"])
def test_a_server_that_lacks_something_is_used_all_the_same(
    work: Repository, bare: Repository, http: GitServer, env: dict[str, str], missing: str
) -> None:
    if missing == "allowFilter":
        bare.git("config", "uploadpack.allowFilter", "false")
    elif missing == "atomic":
        bare.git("config", "receive.advertiseAtomic", "false")
    else:
        bare.hook("update", 'case "$1$3" in refs/vsm*00000000) exit 1;; esac')
    opened(work.path, env, remote=http.url).append([record(0)])
    http.fault = Rival(bare, env, times=1)
    done = opened(work.path, env, remote=http.url).append([record(1)])
    assert done.how == "folded"
    said = {"allowFilter": "no partial clones", "atomic": "no atomic pushes", "deletes": ""}
    assert said[missing] in done.detail
    assert ("the server makes" in done.detail) is bool(said[missing])
    assert sorted(numbers(opened(bare.path, env))) == [0, 1, 1001]
    assert bool(inbox(bare)) is (missing == "deletes")


def test_a_server_that_takes_no_inbox_refs_gets_direct_pushes(
    work: Repository, bare: Repository, http: GitServer, env: dict[str, str]
) -> None:
    bare.git("config", "receive.hideRefs", "refs/vsm-gate")
    opened(work.path, env, remote=http.url).append([record(0)])
    http.fault = Rival(bare, env, times=3)
    done = opened(work.path, env, remote=http.url).append([record(1)])
    assert (done.how, done.detail) == ("direct", "the server takes no inbox refs")
    assert 1 in numbers(opened(bare.path, env))


@pytest.mark.parametrize("name", ["pre-receive", "update"])
def test_a_protected_branch_is_a_plain_no(
    work: Repository, bare: Repository, http: GitServer, env: dict[str, str], name: str
) -> None:
    bare.hook(name, "echo 'protected branch' >&2; exit 1")
    with pytest.raises(HistoryError, match=r"cannot be pushed.*protected") as problem:
        opened(work.path, env, remote=http.url).append([record(1)])
    assert "history append" in (problem.value.hint or "")
    pushes = [line for line in http.log if line.startswith("POST") and "receive" in line]
    assert len(pushes) == 1


@pytest.mark.parametrize("status", [403, 404, 500, 503])
def test_a_server_that_does_not_answer_is_never_an_empty_history(
    work: Repository, http: GitServer, env: dict[str, str], status: int
) -> None:
    http.fault = lambda _request, _real: Response("no", status=status)
    with pytest.raises(HistoryError, match="cannot be read"):
        opened(work.path, env, remote=http.url).head()
    with pytest.raises(HistoryError, match="cannot be read"):
        opened(work.path, env, remote=http.url).append([record(1)])


def test_a_missing_repository_is_an_error(
    work: Repository, tmp_path: Path, env: dict[str, str]
) -> None:
    with pytest.raises(HistoryError, match="cannot be read"):
        opened(work.path, env, remote=str(tmp_path / "nowhere")).head()


def test_a_line_that_breaks_once_is_tried_again(
    work: Repository, bare: Repository, http: GitServer, env: dict[str, str]
) -> None:
    broken: list[str] = []

    def fault(request: Request, _real: object) -> Response | None:
        if request.path in broken:
            return None
        broken.append(request.path)
        return Response("busy", status=503)

    http.fault = fault
    done = opened(work.path, env, remote=http.url).append([record(1)])
    assert done.ids == (record(1).id,)
    assert numbers(opened(bare.path, env)) == [1]


def test_a_push_that_was_taken_and_whose_answer_was_lost_is_recorded_once(
    work: Repository, bare: Repository, http: GitServer, env: dict[str, str]
) -> None:
    opened(work.path, env, remote=http.url).append([record(0)])
    lost: list[str] = []

    def fault(request: Request, real: object) -> Response | None:
        if request.method == "POST" and request.path.endswith("receive-pack") and not lost:
            lost.append(request.path)
            real()  # type: ignore[operator]
            return Response("", status=502)
        return None

    http.fault = fault
    done = opened(work.path, env, remote=http.url).append([record(1)])
    assert done.ids == (record(1).id,)
    assert sorted(numbers(opened(bare.path, env))) == [0, 1]
    assert int(bare.git("rev-list", "--count", "vsm-history")) == 2
    assert inbox(bare) == []


_KILLED = """
import os, signal, sys
from datetime import datetime
from pathlib import Path
from random import Random
from vsm_gate.history import transport
from vsm_gate.history.ledger import Ledger, Options
from vsm_gate.history.record import parse
from vsm_gate.history.store import Pauses

pushes, when, remote, repository, content, now = sys.argv[1:]
push, count = transport.Transport.push, []
def killing(self, *refspecs, **options):
    count.append(1)
    if when == "before" and len(count) == int(pushes): os.kill(os.getpid(), signal.SIGKILL)
    answer = push(self, *refspecs, **options)
    if when == "after" and len(count) == int(pushes): os.kill(os.getpid(), signal.SIGKILL)
    return answer
transport.Transport.push = killing
ledger = Ledger.open(
    Path(repository), remote=remote, environment=dict(os.environ),
    now=datetime.fromisoformat(now), options=Options(pauses=Pauses(lambda _: None, Random(1))),
)
ledger.append([parse(content.encode())])
"""


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("pushes", [1, 2, 3], ids=["direct", "inbox", "fold"])
def test_a_run_that_is_killed_leaves_a_whole_record_or_none(
    work: Repository,
    bare: Repository,
    http: GitServer,
    env: dict[str, str],
    pushes: int,
    when: str,
) -> None:
    opened(work.path, env, remote=http.url).append([record(0)])
    http.fault = Rival(bare, env, times=1 if pushes > 1 else 0)
    later = NOW + 2 * DAY
    one = record(1, time=later)
    arguments = [str(pushes), when, http.url, str(work.path), one.content.decode()]
    done = subprocess.run(
        [sys.executable, "-c", _KILLED, *arguments, later.isoformat()],
        env={**env, "PYTHONPATH": os.pathsep.join(sys.path), "TMPDIR": env["HOME"]},
        check=False,
        capture_output=True,
    )
    assert done.returncode == -9, done.stderr
    safe = 1 in numbers(opened(bare.path, env)) or bool(inbox(bare))
    assert safe is ((pushes, when) not in {(1, "before"), (2, "before")})
    http.fault = None
    opened(work.path, env, remote=http.url, now=later).append([one])
    assert numbers(opened(bare.path, env)).count(1) == 1
    assert inbox(bare) == []
    assert opened(bare.path, env).verify().faults == []


def test_credentials_of_a_checkout_action_are_handed_on_and_never_in_arguments(
    work: Repository, bare: Repository, http: GitServer, env: dict[str, str], tmp_path: Path
) -> None:
    base = http.url.removesuffix("acme/shop.git")
    secret = "AUTHORIZATION: basic dG9rZW46c2VjcmV0"
    credentials = tmp_path / "credentials.config"
    work.git("config", "--file", str(credentials), f"http.{base}.extraheader", secret)
    work.git("config", f"includeIf.gitdir:{work.path / '.git'}.path", str(credentials))
    wrapper = tmp_path / "bin"
    wrapper.mkdir()
    log = tmp_path / "arguments"
    real = subprocess.run(
        ["which", "git"], capture_output=True, text=True, check=True
    ).stdout.strip()
    script = f'#!/bin/sh\nprintf "%s\\n" "$*" >> "{log}"\nexec "{real}" "$@"\n'
    (wrapper / "git").write_text(script, "utf-8")
    (wrapper / "git").chmod(0o755)
    watched = {**env, "PATH": f"{wrapper}:{env['PATH']}"}
    opened(work.path, watched, remote=http.url).append([record(1)])
    sent = [found.get("Authorization") for found in http.headers]
    assert set(sent) == {secret.partition(": ")[2]}
    assert "dG9rZW46c2VjcmV0" not in log.read_text("utf-8")


def test_a_password_in_a_url_is_in_no_argument_and_no_message(
    work: Repository, http: GitServer, env: dict[str, str]
) -> None:
    http.fault = lambda _request, _real: Response("no", status=403)
    url = http.url.replace("http://", "http://robot:hunter2@")
    with pytest.raises(HistoryError) as problem:
        opened(work.path, env, remote=url).head()
    assert "hunter2" not in problem.value.message


def test_settings_of_the_user_neither_sign_nor_run_hooks(
    work: Repository, bare: Repository, http: GitServer, env: dict[str, str], tmp_path: Path
) -> None:
    hooks = tmp_path / "hooks"
    hooks.mkdir()
    (hooks / "pre-push").write_text("#!/bin/sh\nexit 1\n", "utf-8")
    (hooks / "pre-push").chmod(0o755)
    settings = tmp_path / "gitconfig"
    for name, value in (("core.hooksPath", str(hooks)), ("push.gpgSign", "true")):
        work.git("config", "--file", str(settings), name, value)
    own = {**env, "GIT_CONFIG_GLOBAL": str(settings)}
    assert opened(work.path, own, remote=http.url).append([record(1)]).how == "direct"


def test_nothing_temporary_is_left(
    work: Repository,
    http: GitServer,
    bare: Repository,
    env: dict[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    place = tmp_path / "temporary"
    place.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(place))
    ledger = opened(work.path, env, remote=http.url)
    ledger.append([record(1)])
    del ledger
    assert list(place.iterdir()) == []
