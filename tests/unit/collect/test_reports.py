"""Which files are evidence, and what is made of those that are not."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest
from tests.support.reports import cobertura, junit

from vsm_gate.collect.reports import Pattern, collect, read_file, usual_patterns
from vsm_gate.model.evidence import Unreadable
from vsm_gate.model.tests import TestReport


def put(root: Path, path: str, text: str) -> None:
    place = root / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text, "utf-8")


def paths(root: Path, *patterns: Pattern, tracked: tuple[str, ...] = ()) -> list[str]:
    return [evidence.path for evidence, _ in collect(root, patterns, tracked).readings]


def test_reports_are_found_where_tools_put_them(tmp_path: Path) -> None:
    put(tmp_path, "build/test-results/test/TEST-a.xml", junit(["a"]))
    put(tmp_path, "out/coverage.xml", cobertura({"a.py": {1: 1}}))
    put(tmp_path, "node_modules/x/junit.xml", junit(["b"]))
    usual = (*usual_patterns("tests"), *usual_patterns("coverage"))
    assert paths(tmp_path, *usual) == ["build/test-results/test/TEST-a.xml", "out/coverage.xml"]


def test_a_tracked_file_is_a_fixture_unless_it_is_named(tmp_path: Path) -> None:
    put(tmp_path, "tests/data/junit.xml", junit(["a"]))
    tracked = ("tests/data/junit.xml",)
    assert paths(tmp_path, *usual_patterns("tests"), tracked=tracked) == []
    assert paths(tmp_path, Pattern("tests", "**/junit.xml"), tracked=tracked) == []
    named = Pattern("tests", "tests/data/junit.xml")
    assert paths(tmp_path, named, tracked=tracked) == ["tests/data/junit.xml"]


def test_a_file_that_merely_has_a_usual_name_is_nobodys_evidence(tmp_path: Path) -> None:
    put(tmp_path, "junit.xml", "<project/>")
    assert paths(tmp_path, *usual_patterns("tests")) == []
    declared = collect(tmp_path, [Pattern("tests", "junit.xml")], ())
    assert "no known report format" in declared.problems("tests")[0]


def test_a_usual_file_that_is_cut_off_is_evidence_that_cannot_be_believed(tmp_path: Path) -> None:
    put(tmp_path, "junit.xml", "<testsuites><testsuite>")
    found = collect(tmp_path, usual_patterns("tests"), ())
    assert "not well-formed" in found.problems("tests")[0]


def test_a_file_is_read_once_and_keeps_its_digest_and_stage(tmp_path: Path) -> None:
    text = junit(["a"])
    put(tmp_path, "uat/a.xml", text)
    patterns = [Pattern("tests", "uat/*.xml", stage="acceptance"), Pattern("tests", "**/*.xml")]
    [(evidence, reading)] = collect(tmp_path, patterns, ()).readings
    assert isinstance(reading, TestReport)
    assert evidence.sha256 == hashlib.sha256(text.encode()).hexdigest()
    assert (evidence.size, evidence.stage, evidence.format) == (len(text), "acceptance", "junit")


def test_coverage_where_tests_were_declared_is_a_problem(tmp_path: Path) -> None:
    put(tmp_path, "a.xml", cobertura({"a.py": {1: 1}}))
    found = collect(tmp_path, [Pattern("tests", "a.xml")], ())
    assert found.problems("tests") == ["a.xml: it is not a tests report but cobertura"]


def test_nothing_outside_the_workspace_is_read(tmp_path: Path) -> None:
    root = tmp_path / "work"
    root.mkdir()
    put(tmp_path, "secret.xml", junit(["a"]))
    (root / "link.xml").symlink_to(tmp_path / "secret.xml")
    for glob in ("../secret.xml", "link.xml", "*.xml"):
        found = collect(root, [Pattern("tests", glob)], ())
        assert found.problems("tests"), glob
        assert not any(isinstance(reading, TestReport) for _, reading in found.readings)


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir])
def test_what_is_no_regular_file_is_refused(tmp_path: Path, make: object) -> None:
    place = tmp_path / "junit.xml"
    assert callable(make)
    make(place)
    reading, digest, size = read_file(tmp_path, "junit.xml")
    assert isinstance(reading, Unreadable)
    assert (digest, size) == ("", 0)


def test_a_file_that_is_gone_is_unreadable(tmp_path: Path) -> None:
    reading, _, _ = read_file(tmp_path, "none.xml")
    assert isinstance(reading, Unreadable)
    assert "No such file" in reading.reason
