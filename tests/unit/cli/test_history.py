import csv
import io
import json
from pathlib import Path

import duckdb
import pytest
from tests.support import schemas
from tests.support.cli import run
from tests.support.ledgers import (
    DAY,
    NOW,
    checkout,
    document,
    opened,
    record,
    server,
)
from tests.support.repository import Repository

from vsm_gate.history.record import path_of

THEN = NOW.isoformat()


@pytest.fixture
def filled(work: Repository, env: dict[str, str]) -> Repository:
    for number in range(5):
        now = NOW + number * DAY
        verdict = "fail" if number == 2 else "pass"
        mine = record(number, time=now, verdict=verdict, team=f"t{number % 2}")
        opened(work.path, env, now=now).append([mine])
    return work


def bundle(folder: Path, name: str, number: int, **changes: object) -> str:
    found = record(number)
    carried = {"id": found.id, "document": found.document, **changes}
    content = {"schema": "vsm-gate/check/v1", "record": carried}
    (folder / name).write_text(json.dumps(content, indent=2), "utf-8")
    return name


def test_log_of_no_history_says_so(work: Repository, env: dict[str, str]) -> None:
    done = run("history", "log", folder=work.path, environment=env)
    assert (done.exit_code, done.stdout) == (0, "no records: there is no such history branch yet\n")
    done = run("history", "log", "--format", "json", folder=work.path, environment=env)
    assert done.json() == {"schema": "vsm-gate/history-log/v1", "head": None, "records": []}


def test_log_is_a_table_newest_first(filled: Repository, env: dict[str, str]) -> None:
    done = run("history", "log", folder=filled.path, environment=env)
    lines = done.stdout.splitlines()
    assert lines[0].split() == ["time", "kind", "repository", "team", "result", "about", "record"]
    assert [line.split()[0] for line in lines[1:]] == [
        f"2026-11-{day}T10:00:00Z" for day in (26, 25, 24, 23, 22)
    ]
    assert "fail 92.0" in lines[3]


def test_log_as_json_has_every_record_and_its_document(
    filled: Repository, env: dict[str, str]
) -> None:
    log = run("history", "log", "--format", "json", folder=filled.path, environment=env).json()
    assert log["head"] == filled.git("rev-parse", "vsm-history")
    assert [entry["document"]["number"] for entry in log["records"]] == [4, 3, 2, 1, 0]
    assert log["records"][2]["verdict"] == "fail"
    assert log["records"][2]["commit"] == f"{2:040x}"


@pytest.mark.parametrize(
    ("flags", "found"),
    [
        (["--verdict", "fail"], [2]),
        (["--team", "t1"], [3, 1]),
        (["--limit", "2"], [4, 3]),
        (["--since", "2026-11-24T00:00:00Z"], [4, 3, 2]),
        (["--until", "2026-11-24T00:00:00Z"], [1, 0]),
        (["--kind", "deployment"], []),
        (["--repository", "acme/shop", "--kind", "check", "--limit", "1"], [4]),
        (["--repository", "acme/other"], []),
        (["--commit", f"{3:040X}"], [3]),
    ],
)
def test_log_chooses(
    filled: Repository, env: dict[str, str], flags: list[str], found: list[int]
) -> None:
    done = run("history", "log", *flags, "--format", "json", folder=filled.path, environment=env)
    assert [entry["document"]["number"] for entry in done.json()["records"]] == found


def test_log_says_when_there_is_more(filled: Repository, env: dict[str, str]) -> None:
    done = run("history", "log", "--limit", "2", folder=filled.path, environment=env)
    assert "older ones" in done.stdout
    assert len(done.stdout.splitlines()) == 4


def test_hostile_words_cannot_drive_a_terminal(work: Repository, env: dict[str, str]) -> None:
    hostile = record(1, team="\x1b]0;owned\x07\u202e", repository="a\nb/\x1b[2J")
    opened(work.path, env).append([hostile])
    done = run("history", "log", folder=work.path, environment=env)
    assert not set(done.stdout) & set("\x1b\x07\u202e")
    assert len(done.stdout.splitlines()) == 2


def test_verify_of_a_whole_branch(filled: Repository, env: dict[str, str]) -> None:
    done = run("history", "verify", folder=filled.path, environment=env)
    assert done.exit_code == 0
    assert done.stdout.startswith("no fault: 5 records in 8 commits")


def test_verify_names_commit_and_path_and_exits_3(filled: Repository, env: dict[str, str]) -> None:
    filled.git("checkout", "--quiet", "vsm-history")
    name = path_of(record(4, time=NOW + 4 * DAY, team="t0"))
    commit = filled.write(name, "changed").commit("Change a record")
    done = run("history", "verify", folder=filled.path, environment=env)
    assert done.exit_code == 3
    assert f"{commit[:12]}  {name}\n    a record was changed" in done.stdout
    shown = run("history", "verify", "--format", "json", folder=filled.path, environment=env)
    assert shown.exit_code == 3
    assert shown.json()["ok"] is False
    assert {"commit": commit, "path": name, "fault": "a record was changed"} in (
        shown.json()["faults"]
    )


def test_verify_expects_a_commit(filled: Repository, env: dict[str, str]) -> None:
    head = filled.git("rev-parse", "vsm-history~2")
    good = run("history", "verify", "--expect", head, folder=filled.path, environment=env)
    assert good.exit_code == 0
    other = run("history", "verify", "--expect", "0" * 40, folder=filled.path, environment=env)
    assert other.exit_code == 3
    assert "which was expected" in other.stdout
    wrong = run("history", "verify", "--expect", "HEAD", folder=filled.path, environment=env)
    assert wrong.exit_code == 2


def test_verify_of_nothing_is_no_clean_bill(work: Repository, env: dict[str, str]) -> None:
    done = run("history", "verify", folder=work.path, environment=env)
    assert done.exit_code == 3
    assert "no such history branch" in done.stderr
    assert "--history-branch" in done.stderr


def test_export_as_json_lines(filled: Repository, env: dict[str, str]) -> None:
    done = run("history", "export", folder=filled.path, environment=env)
    entries = [json.loads(line) for line in done.stdout.splitlines()]
    assert [entry["document"]["number"] for entry in entries] == [0, 1, 2, 3, 4]
    assert entries[0]["id"] == record(0, team="t0").id


def test_export_as_csv_has_the_same_columns_for_all(work: Repository, env: dict[str, str]) -> None:
    mine = record(
        1,
        team='=cmd|" /C calc"!A0',
        measurements={
            "coverage.line": {"value": 81.25},
            "coverage.patch": {"missing": "no report"},
        },
    )
    opened(work.path, env).append([mine])
    run(
        "history",
        "export",
        "--format",
        "csv",
        "--out",
        "out.csv",
        folder=work.path,
        environment=env,
    )
    text = (work.path / "out.csv").read_bytes().decode("utf-8")
    (row,) = csv.DictReader(io.StringIO(text, newline=""))
    heads = text.splitlines()[0].split(",")
    assert len(heads) == len(set(heads))
    assert row["id"] == mine.id
    assert row["coverage.line"] == "81.25"
    assert row["coverage.patch"] == ""
    assert row["team"].startswith("'=")
    assert row["change.head"] == f"{1:040x}"


def test_export_as_parquet(filled: Repository, env: dict[str, str]) -> None:
    flags = ["--format", "parquet", "--out", "out.parquet", "--since", "2026-11-24T00:00:00Z"]
    done = run("history", "export", *flags, folder=filled.path, environment=env)
    assert done.exit_code == 0
    file = str(filled.path / "out.parquet")
    rows = duckdb.execute(
        "SELECT kind, team, document ->> '$.number' FROM read_parquet(?) ORDER BY time", [file]
    ).fetchall()
    assert rows == [("check", "t0", "2"), ("check", "t1", "3"), ("check", "t0", "4")]


def test_export_leaves_no_half_file(work: Repository, env: dict[str, str]) -> None:
    done = run("history", "export", "--format", "parquet", folder=work.path, environment=env)
    assert done.exit_code == 2
    for shape in ("csv", "jsonl", "parquet"):
        flags = ["--out", f"absent/out.{shape}", "--format", shape]
        done = run("history", "export", *flags, folder=work.path, environment=env)
        assert done.exit_code == 3
        assert f"absent/out.{shape}" in done.stderr
        assert "cannot be written" in done.stderr
    assert sorted(path.name for path in work.path.iterdir()) == [".git", "file"]


def test_append_replays_bundles_in_one_commit(work: Repository, env: dict[str, str]) -> None:
    names = [bundle(work.path, f"{number}.json", number) for number in range(3)]
    done = run("history", "append", *names, "--now", THEN, folder=work.path, environment=env)
    assert done.exit_code == 0
    assert done.stdout.count("recorded") == 3
    again = run(
        "history", "append", *names, "--now", THEN, "--format", "json",
        folder=work.path, environment=env,
    )  # fmt: skip
    assert again.json()["detail"] == "recorded before"
    assert again.json()["ids"] == [record(number).id for number in range(3)]
    assert filled_commits(work) == 1


def filled_commits(work: Repository) -> int:
    return int(work.git("rev-list", "--count", "vsm-history"))


def test_append_to_a_remote(work: Repository, tmp_path: Path, env: dict[str, str]) -> None:
    bare = server(tmp_path / "server")
    name = bundle(work.path, "b.json", 1)
    flags = ["--history-remote", str(bare.path), "--history-branch", "ledger/main"]
    done = run("history", "append", name, *flags, folder=work.path, environment=env)
    assert done.exit_code == 0
    assert "refs/heads/ledger/main" in bare.git("for-each-ref")
    assert run("history", "log", *flags, folder=work.path, environment=env).exit_code == 0


def test_a_bundle_that_was_changed_stops_all_of_them(work: Repository, env: dict[str, str]) -> None:
    good = bundle(work.path, "good.json", 1)
    bad = bundle(work.path, "bad.json", 2, document=document(3))
    (work.path / "none.json").write_text('{"record": null}', "utf-8")
    names = [good, bad, "none.json", "absent.json"]
    done = run("history", "append", *names, folder=work.path, environment=env)
    assert done.exit_code == 3
    for said in ("bad.json was changed", "none.json is no bundle", "absent.json cannot be read"):
        assert said in done.stderr
    assert run("history", "log", folder=work.path, environment=env).stdout.startswith("no records")


def test_a_history_that_cannot_be_read_is_exit_3_with_a_hint(
    work: Repository, env: dict[str, str]
) -> None:
    for command in (["log"], ["export"], ["verify"]):
        done = run(
            "history", *command, "--history-remote", "nowhere", folder=work.path, environment=env
        )
        assert done.exit_code == 3
        assert "cannot be read" in done.stderr
        assert "--history-remote" in done.stderr


@pytest.mark.parametrize("name", ["log", "verify", "export", "append"])
def test_help_has_examples_on_lines_of_their_own(
    work: Repository, env: dict[str, str], name: str
) -> None:
    done = run("history", name, "--help", folder=work.path, environment=env)
    assert f"\n    vsm-gate history {name}" in done.stdout
    assert "--history-branch" in done.stdout
    assert "--history-remote" in done.stdout


def test_the_configuration_says_where_the_history_is(
    work: Repository, env: dict[str, str], tmp_path: Path
) -> None:
    elsewhere = Repository(tmp_path / "elsewhere")
    place = f"{{branch: ledger, repository: {elsewhere.path}}}"
    work.write(".vsm-gate.yaml", f"schema: vsm-gate/config/v1\nhistory: {place}\n")
    bundle(work.path, "b.json", 1)
    (work.path / "below").mkdir()
    for arguments in (
        ("history", "append", "../b.json"),
        ("event", "approval", "--commit", "c" * 40, "--by", "ada"),
    ):
        done = run(*arguments, "--now", THEN, folder=work.path / "below", environment=env)
        assert done.exit_code == 0, done.stderr
    assert elsewhere.git("for-each-ref", "--format=%(refname)") == "refs/heads/ledger"
    done = run("history", "log", "--format", "json", folder=work.path, environment=env)
    assert len(done.json()["records"]) == 2
    report = ("report", "--format", "json", "--now", THEN)
    assert run(*report, folder=work.path, environment=env).stderr == ""
    own = ("--history-branch", "other", "--history-remote", str(work.path))
    done = run("history", "log", *own, "--format", "json", folder=work.path, environment=env)
    assert done.json()["records"] == []


def test_a_mistaken_configuration_is_no_usual_place(work: Repository, env: dict[str, str]) -> None:
    work.write(".vsm-gate.yaml", "schema: vsm-gate/config/v1\nhistory: {brnch: ledger}\n")
    done = run("history", "log", folder=work.path, environment=env)
    assert done.exit_code == 2
    assert "unknown key `brnch`" in done.stderr


def test_a_score_is_never_rounded_up(work: Repository, env: dict[str, str]) -> None:
    opened(work.path, env).append([record(1, score=99.96)])
    assert " 99.9 " in run("history", "log", folder=work.path, environment=env).stdout


def test_what_is_printed_as_json_is_as_published(
    filled: Repository, env: dict[str, str], tmp_path: Path
) -> None:
    name = bundle(filled.path, "one.json", 7)
    other = checkout(tmp_path / "other")
    broken = filled.git("commit-tree", "-p", "vsm-history", "-m", "x", "vsm-history^{tree}")

    def shown(schema: str, *arguments: str, folder: Path = filled.path, code: int = 0) -> None:
        done = run(*arguments, "--format", "json", folder=folder, environment=env)
        assert done.exit_code == code, done.stderr
        schemas.validate(f"{schema}-v1", done.json())

    shown("history-log", "history", "log")
    shown("history-log", "history", "log", folder=other.path)
    shown("history-verify", "history", "verify", "--replay")
    shown("appended", "history", "append", name, "--now", THEN)
    shown("appended", "history", "append", name, "--now", THEN)
    approval = ("event", "approval", "--commit", "a" * 40, "--by", "alex", "--at", THEN)
    shown("appended", *approval)
    shown("appended", *approval)
    shown("sync", "history", "sync", str(filled.path), folder=other.path)
    shown("sync", "history", "sync", str(filled.path), folder=other.path)
    filled.git("update-ref", "refs/heads/vsm-history", broken)
    shown("history-verify", "history", "verify", code=3)
