"""The page, the tables, the JSON and the manifest of an audit."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.support.auditing import (
    HOUR,
    MAIN,
    MERGED,
    Document,
    audited,
    check,
    contents,
    deployment,
    forge,
    landed,
)
from tests.support.schemas import validate

from vsm_gate.audit import document, pack, page, summary, tables
from vsm_gate.audit.audit import Audit, Verified
from vsm_gate.audit.columns import CHANGES
from vsm_gate.audit.findings import KINDS
from vsm_gate.audit.questions import QUESTIONS
from vsm_gate.web import folder

HOSTILE = '=HYPERLINK("x")<script>alert(1)</script>\u202e ::error::x \x1b[31m'
RECORDS: tuple[Document, ...] = (
    check(forge=forge(("bo", HOUR, True))),
    check(head=MAIN, at=MERGED + HOUR, on_main=True, forge=forge(("bo", HOUR, True))),
    deployment(began=MERGED + 3 * HOUR),
)


def hostile() -> Audit:
    records = (
        check(team=HOSTILE, forge=forge((HOSTILE, HOUR, True)), problem=HOSTILE),
        deployment(name=HOSTILE, environment="production", status=HOSTILE),
    )
    return audited(*records, commits=(landed(subject=HOSTILE, author=HOSTILE),))


def text_of(made: Audit) -> str:
    return page.render(made, few=True, version="1.0.0")


def read_from(*records: Document) -> pack.Contents:
    def read(wanted: frozenset[str]) -> Iterator[tuple[str, bytes]]:
        return (each for each in contents(records) if each[0] in wanted)

    return read


@pytest.mark.parametrize(
    "asked", [{}, {"sample": 1, "seed": "x"}, {"commit": MAIN}, {"deployment": "deploy-1"}]
)
def test_the_json_is_what_its_schema_says(asked: dict[str, Any]) -> None:
    made = audited(*RECORDS, **asked)
    shown = json.loads("".join(document.pieces(made)))

    validate("audit-v1", shown)
    assert shown["clean"] is True
    assert [each["commit"] for each in shown["changes"]] == [MAIN]
    assert shown["changes"][0]["tested_before_deployment"] is True
    assert [each["id"] for each in shown["deliveries"]] == ["deploy-1"]


def test_the_json_of_a_hostile_history_is_still_what_its_schema_says() -> None:
    shown = json.loads("".join(document.pieces(hostile())))

    validate("audit-v1", shown)
    assert shown["changes"][0]["subject"] == HOSTILE


def test_every_column_is_in_the_json_the_csv_and_the_documentation() -> None:
    made = audited(*RECORDS)
    header = next(csv.reader(io.StringIO("".join(tables.population(made)))))
    guide = (Path(__file__).parents[3] / "docs" / "audit.md").read_text("utf-8")

    assert header == [*(column.name for column in CHANGES), "selected"]
    for column in CHANGES:
        assert f"| `{column.name}` | {column.meaning} |" in guide
    for kind in KINDS.values():
        assert f"| `{kind.id}` |" in guide


def test_the_questions_name_columns_that_there_are() -> None:
    names = {column.name for column in CHANGES}

    assert {name for each in QUESTIONS for name in each.columns} <= names
    asked = set().union(*(each.columns for each in QUESTIONS))
    assert names - asked <= {"merged", "waivers"}


def test_the_csv_has_the_whole_population_and_says_what_was_selected() -> None:
    commits = tuple(landed(f"{n:040x}", time=MERGED + n * HOUR) for n in range(40))
    made = audited(commits=commits, sample=5, seed="x")
    rows = list(csv.DictReader(io.StringIO("".join(tables.population(made)))))

    assert len(rows) == 40
    chosen = {row["commit"] for row in rows if row["selected"] == "true"}
    assert chosen == {each.change.commit.sha for each in made.chosen}
    assert len(chosen) == 5


def test_a_spreadsheet_takes_no_cell_for_a_formula() -> None:
    for text in (tables.population(hostile()), tables.deliveries(hostile())):
        for row in csv.reader(io.StringIO("".join(text))):
            assert not [cell for cell in row if cell.startswith(("=", "+", "-", "@"))]


def test_nothing_from_outside_becomes_markup() -> None:
    shown = text_of(hostile())

    assert "<script>" not in shown
    assert "&lt;script&gt;alert(1)" in shown


def test_the_page_names_what_was_asked_for() -> None:
    sampled = text_of(audited(*RECORDS, sample=1, seed="the seed"))
    assert "1 change sampled out of 1" in sampled
    assert "Drawn with the seed <code>the seed</code>" in sampled

    whole = text_of(audited())
    assert "Changes with exceptions" in whole
    assert "No record" in whole


def test_a_ledger_that_was_not_verified_or_has_faults_is_said_to_be_so() -> None:
    unverified = audited(*RECORDS, verified=Verified("c" * 40, done=False, why="no time"))
    assert "not verified" in text_of(unverified)
    assert "no time" in "\n".join(summary.lines(unverified))

    faulty = audited(*RECORDS, verified=Verified("c" * 40, done=True, faults=("abc: changed",)))
    assert "abc: changed" in text_of(faulty)
    assert not faulty.clean


def test_the_folder_is_what_its_manifest_says(tmp_path: Path) -> None:
    made = audited(*RECORDS)
    folder.write(pack.plan(made, read_from(*RECORDS), "1.0.0"), tmp_path / "out", what="audit")

    out = tmp_path / "out"
    lines = (out / "SHA256SUMS").read_text("ascii").splitlines()
    listed = {name: digest for digest, name in (line.split("  ") for line in lines)}
    present = {p.relative_to(out).as_posix() for p in out.rglob("*") if p.is_file()}
    assert listed.keys() == present - {"SHA256SUMS"}
    for name, digest in listed.items():
        assert hashlib.sha256((out / name).read_bytes()).hexdigest() == digest
        if name.startswith("evidence/"):
            assert name == f"evidence/{digest}.json"
    assert sum(name.startswith("evidence/") for name in listed) == 3


def test_many_records_come_as_one_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pack, "FILES", 2)
    made = audited(*RECORDS)
    folder.write(pack.plan(made, read_from(*RECORDS), "1.0.0"), tmp_path / "out", what="audit")

    lines = (tmp_path / "out" / pack.LINES).read_bytes().splitlines()
    assert tuple(sorted(hashlib.sha256(line).hexdigest() for line in lines)) == made.evidence
    shown = (tmp_path / "out" / "index.html").read_text("utf-8")
    assert "evidence/" not in shown.replace("<code>evidence/</code>", "")


def test_half_a_surrogate_pair_does_not_spoil_the_manifest(tmp_path: Path) -> None:
    made = audited(*RECORDS, commits=(landed(subject="a\ud800b (#7)"),))
    folder.write(pack.plan(made, read_from(*RECORDS), "1.0.0"), tmp_path / "out", what="audit")

    lines = (tmp_path / "out" / "SHA256SUMS").read_text("ascii").splitlines()
    listed = {name: digest for digest, name in (line.split("  ") for line in lines)}
    shown = (tmp_path / "out" / "index.html").read_bytes()
    assert hashlib.sha256(shown).hexdigest() == listed["index.html"]


def test_the_summary_names_the_first_exceptions_and_counts_the_rest() -> None:
    commits = tuple(landed(f"{n:040x}", time=MERGED + n * HOUR) for n in range(40))
    lines = list(summary.lines(audited(commits=commits)))

    assert any("40 changes" in line for line in lines)
    assert lines[-1] == "… and 10 more with exceptions; --out DIR writes them all"
