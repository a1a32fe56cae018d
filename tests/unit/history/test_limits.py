"""Warnings before a branch comes to what forges bear, in receipts and when it is verified."""

from datetime import date
from pathlib import Path

import pytest
from tests.support.cli import run
from tests.support.ledgers import DAY, NOW, opened, record, server
from tests.support.repository import Repository

from vsm_gate.history import limits
from vsm_gate.history.layout import INBOX
from vsm_gate.history.record import digest


def test_each_limit_is_told_of_before_it_is_reached() -> None:
    assert list(limits.of_day(date(2026, 11, 20), 50 * limits.MIB - 1)) == []
    assert "come to 50 MiB" in next(limits.of_day(date(2026, 11, 20), 50 * limits.MIB))
    assert list(limits.of_folders(["a"] * 2_399 + ["b"] * 2_399)) == []
    crowded = list(limits.of_folders(["b"] * 2_400 + ["a"] * 2_500))
    assert [text.split(" in ")[0] for text in crowded] == [
        "2,500 records of a",
        "2,400 records of b",
    ]
    assert list(limits.of_refs(3_999, "refs")) == []
    assert "4,000 refs" in next(limits.of_refs(4_000, "refs"))
    assert list(limits.of_branch(limits.GIB - 1)) == []
    assert "takes 1.5 GiB" in next(limits.of_branch(limits.GIB * 3 // 2))


def test_a_crowded_day_is_told_in_the_receipt_and_when_verified(
    work: Repository, env: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    opened(work.path, env).append([record(number) for number in range(5)])
    monkeypatch.setattr(limits, "_WIDE_FOLDER", 5)
    done = opened(work.path, env).append([record(5)])
    assert done.detail.startswith("5 records of acme~shop in one day")
    assert [text[:45] for text in opened(work.path, env).verify().warnings] == [
        "2026-11-22: 6 records of acme~shop in one day"
    ]


def test_a_large_day_is_told_when_it_is_sealed_and_when_verified(
    work: Repository, env: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    opened(work.path, env).append([record(number) for number in range(5)])
    monkeypatch.setattr(limits, "_LARGE_FILE", 1_000)
    done = opened(work.path, env, now=NOW + 3 * DAY).append([record(9, time=NOW + 3 * DAY)])
    assert done.detail.startswith("the records of 2026-11-22 come to")
    found = opened(work.path, env).verify()
    assert found.faults == []
    assert [text[:30] for text in found.warnings] == ["the records of 2026-11-22 come"]


def test_a_day_that_no_forge_would_take_is_not_sealed_and_said(
    work: Repository, env: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    opened(work.path, env).append([record(number) for number in range(5)])
    monkeypatch.setattr(limits, "LARGEST_FILE", 1_000)
    done = opened(work.path, env, now=NOW + 3 * DAY).append([record(9, time=NOW + 3 * DAY)])
    assert done.detail.startswith("2026-11-22 was not sealed: its 5 records come to")
    found = opened(work.path, env).verify()
    assert (found.faults, found.sealed) == ([], set())


def test_a_full_inbox_is_told_in_the_receipt(
    work: Repository, env: dict[str, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    bare = server(tmp_path / "srv.git")
    for number in range(3):
        content = record(number).content + b"\n"
        blob = bare.git("hash-object", "-w", "--stdin", stdin=content)
        bare.git("update-ref", f"{INBOX}/{digest(content)[:12]}", blob)
    monkeypatch.setattr(limits, "_MANY_REFS", 3)
    done = opened(work.path, env, remote=str(bare.path)).append([record(9)])
    assert "3 records wait in the inbox, and forges advise" in done.detail


def test_the_command_shows_warnings_that_are_no_faults(
    work: Repository, env: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    opened(work.path, env).append([record(1)])
    monkeypatch.setattr(limits, "_LARGE_BRANCH", 100)
    monkeypatch.setattr(limits, "_MANY_REFS", 2)
    done = run("history", "verify", folder=work.path, environment=env)
    assert done.exit_code == 0
    assert "warning: the branch takes" in done.stdout
    assert "warning: 2 refs" in done.stdout
    shown = run("history", "verify", "--format", "json", folder=work.path, environment=env).json()
    assert len(shown["warnings"]) == 2
