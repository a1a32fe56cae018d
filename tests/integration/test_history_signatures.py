"""Signatures: an append signs where that is configured, and verify tells whose signature it is."""

import json
import re
from pathlib import Path

import pytest
from tests.support.cli import run
from tests.support.git_http import GitServer
from tests.support.ledgers import DAY, NOW, opened, record
from tests.support.repository import Repository
from tests.support.ssh import NEEDS_SSH_KEYGEN, Key, allow, make_key

from vsm_gate.errors import HistoryError
from vsm_gate.history.ledger import Ledger
from vsm_gate.history.verification import Fault

pytestmark = NEEDS_SSH_KEYGEN


@pytest.fixture
def key(tmp_path: Path) -> Key:
    return make_key(tmp_path / "keys" / "gate")


@pytest.fixture
def signers(tmp_path: Path, key: Key) -> Path:
    return allow(tmp_path / "allowed_signers", key)


def commits(work: Repository) -> list[str]:
    return work.git("rev-list", "--reverse", "vsm-history").splitlines()


def named(faults: list[Fault]) -> list[tuple[str, str]]:
    return sorted((fault.commit, re.sub(r"SHA256:.*", "KEY", fault.what)) for fault in faults)


def test_every_commit_is_signed_also_one_that_seals(
    work: Repository, env: dict[str, str], key: Key, signers: Path
) -> None:
    for day in (0, 1, 4):
        ledger = opened(work.path, env, now=NOW + day * DAY, sign=str(key.file))
        ledger.append([record(day, time=NOW + day * DAY)])
    found = opened(work.path, env).verify(signers=signers)
    assert found.faults == []
    assert len(found.sealed) == 2
    assert len(commits(work)) == 5
    assert work.git("cat-file", "commit", "vsm-history").count("BEGIN SSH SIGNATURE") == 1


def test_a_remote_is_signed_with_the_key_that_git_has_and_nothing_of_the_user_changes(
    work: Repository,
    bare: Repository,
    http: GitServer,
    env: dict[str, str],
    key: Key,
    signers: Path,
) -> None:
    work.git("config", "gpg.format", "ssh")
    work.git("config", "user.signingKey", str(key.file))
    before = (work.path / ".git" / "config").read_bytes()
    opened(work.path, env, remote=http.url, sign=True).append([record(1)])
    assert opened(work.path, env, remote=http.url).verify(signers=signers).faults == []
    assert opened(bare.path, env).verify(signers=signers).faults == []
    assert (work.path / ".git" / "config").read_bytes() == before


def test_nothing_is_signed_where_nobody_asks(work: Repository, env: dict[str, str]) -> None:
    work.git("config", "gpg.format", "ssh")
    work.git("config", "user.signingKey", "/nowhere")
    work.git("config", "commit.gpgSign", "true")
    opened(work.path, env).append([record(1)])
    assert "SIGNATURE" not in work.git("cat-file", "commit", "vsm-history")


def test_unsigned_and_wrongly_signed_commits_are_named(
    tmp_path: Path, work: Repository, env: dict[str, str], key: Key, signers: Path
) -> None:
    other = make_key(tmp_path / "keys" / "other")
    for number, sign in enumerate((str(key.file), False, str(other.file), str(key.file))):
        opened(work.path, env, sign=sign).append([record(number)])
    ids = commits(work)
    faults = opened(work.path, env).verify(signers=signers).faults
    assert named(faults) == sorted(
        [
            (ids[1], "it is not signed"),
            (ids[2], "the key that signed it is not among the allowed signers: KEY"),
        ]
    )


def test_a_signature_of_something_else_is_named(
    work: Repository, env: dict[str, str], key: Key, signers: Path
) -> None:
    opened(work.path, env, sign=str(key.file)).append([record(1)])
    opened(work.path, env, sign=str(key.file)).append([record(2)])
    content = work.git("cat-file", "commit", "vsm-history")
    forged = content.replace("Record 2026", "Recorded 2026")
    oid = work.git("hash-object", "-t", "commit", "-w", "--stdin", stdin=f"{forged}\n".encode())
    work.git("update-ref", "refs/heads/vsm-history", oid)
    faults = opened(work.path, env).verify(signers=signers).faults
    assert named(faults) == [(oid, "its signature is not of what it says")]


def test_signing_may_begin_later(
    work: Repository, env: dict[str, str], key: Key, signers: Path
) -> None:
    opened(work.path, env).append([record(1)])
    opened(work.path, env, sign=str(key.file)).append([record(2)])
    opened(work.path, env, sign=str(key.file)).append([record(3)])
    first, second, _ = commits(work)
    ledger = opened(work.path, env)
    assert named(ledger.verify(signers=signers).faults) == [(first, "it is not signed")]
    assert ledger.verify(signers=signers, signed_from=second[:12]).faults == []
    assert named(ledger.verify(signers=signers, signed_from=first).faults) == [
        (first, "it is not signed")
    ]
    gone = ledger.verify(signers=signers, signed_from="1" * 40).faults
    assert [fault.what for fault in gone] == [
        f"the branch does not contain {'1' * 40}, from which it signs",
        "it is not signed",
    ]


def test_a_key_that_had_expired_when_it_signed_is_named(
    tmp_path: Path, work: Repository, env: dict[str, str], key: Key
) -> None:
    opened(work.path, env, sign=str(key.file)).append([record(1)])
    until = 'valid-before="20261101"'
    expired = allow(tmp_path / "expired", key, options=until)
    assert len(opened(work.path, env).verify(signers=expired).faults) == 1
    later = allow(tmp_path / "later", key, options=until.replace("1101", "1201"))
    assert opened(work.path, env).verify(signers=later).faults == []


@pytest.mark.parametrize(
    ("sign", "what"), [(True, "no SSH key to sign with"), ("absent", "no such file")]
)
def test_without_the_key_nothing_is_recorded_unsigned(
    work: Repository, env: dict[str, str], sign: bool | str, what: str
) -> None:
    with pytest.raises(HistoryError, match=what):
        opened(work.path, env, sign=sign).append([record(1)])
    assert work.git("for-each-ref", "refs/heads/vsm-history") == ""


def test_what_is_no_key_cannot_sign(work: Repository, env: dict[str, str], tmp_path: Path) -> None:
    rubbish = tmp_path / "rubbish"
    rubbish.write_text("no key\n", "utf-8")
    with pytest.raises(HistoryError, match="commit-tree failed"):
        opened(work.path, env, sign=str(rubbish)).append([record(1)])
    assert work.git("for-each-ref", "refs/heads/vsm-history") == ""


def test_signatures_that_cannot_be_checked_are_no_verdict(
    work: Repository, env: dict[str, str], key: Key, signers: Path, tmp_path: Path
) -> None:
    opened(work.path, env, sign=str(key.file)).append([record(1)])
    with pytest.raises(HistoryError, match=r"no file .* of allowed signers"):
        opened(work.path, env).verify(signers=tmp_path / "absent")
    work.git("config", "gpg.ssh.program", "no-such-keygen")
    with pytest.raises(HistoryError, match="not installed"):
        opened(work.path, env).verify(signers=signers)
    with pytest.raises(HistoryError, match="not installed"):
        opened(work.path, env, sign=str(key.file)).append([record(2)])


def test_the_configuration_says_with_which_key_and_whose_are_accepted(
    work: Repository, env: dict[str, str], key: Key, signers: Path
) -> None:
    work.write("signers", signers.read_text("utf-8"))
    settings = {"sign": str(key.file), "allowed_signers": "signers"}
    configuration = {"schema": "vsm-gate/config/v1", "history": settings}
    work.write(".vsm-gate.yaml", json.dumps(configuration)).commit("Sign the history")
    below = work.path / "below"
    below.mkdir()
    approve = ("event", "approval", "--commit", "a" * 40, "--by", "alex", "--at")
    signed = run(*approve, "2026-11-22T09:00:00Z", folder=below, environment=env)
    assert signed.exit_code == 0, signed.stderr
    good = run("history", "verify", folder=below, environment=env)
    assert (good.exit_code, good.stdout.count("no fault")) == (0, 1)
    Ledger.open(work.path, environment=env, now=NOW).append([record(1)])
    bad = run("history", "verify", folder=below, environment=env)
    assert bad.exit_code == 3
    assert "it is not signed" in bad.stdout
    last = commits(work)[-1]
    nobody = run("history", "verify", "--signed-from", last, "--allowed-signers", str(signers),
                 folder=below, environment=env)  # fmt: skip
    assert nobody.exit_code == 3
    wrong = run("history", "verify", "--signed-from", "HEAD", folder=below, environment=env)
    assert wrong.exit_code == 2
