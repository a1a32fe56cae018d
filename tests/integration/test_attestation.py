"""`vsm-gate check --attest`, from a real repository, verified by the reference library."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519
from securesystemslib.dsse import Envelope
from securesystemslib.signer import SSlibKey
from tests.support.cli import Done, run
from tests.support.reports import junit
from tests.support.repository import Repository

SCORECARD = """\
schema: vsm-gate/scorecard/v1
objectives:
  tests-green: {metric: tests.failed, pass: "== 0", key: true}
"""


@pytest.fixture
def work(tmp_path: Path) -> Repository:
    made = Repository(tmp_path / "work")
    made.write(".gitignore", "build/\n").write("scorecard.yaml", SCORECARD)
    made.commit("Begin", ignored=False)
    made.write("build/junit.xml", junit(["test_a"]))
    return made


def check(work: Repository, *arguments: str) -> Done:
    given = ("--scorecard", "scorecard.yaml", "--tests", "build/junit.xml", *arguments)
    return run("check", *given, folder=work.path, environment=work.environment)


def test_what_is_signed_is_the_commit_the_policy_and_the_record(
    work: Repository, tmp_path: Path
) -> None:
    key = ed25519.Ed25519PrivateKey.generate()
    (tmp_path / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    file = tmp_path / "gate.intoto.jsonl"
    arguments = ("--attest", str(file), "--attest-key", str(tmp_path / "key.pem"))
    done = check(work, *arguments, "--json", str(tmp_path / "result.json"))
    result = json.loads((tmp_path / "result.json").read_text("utf-8"))

    assert done.exit_code == 0
    assert f"attestation: {file}" in done.stdout
    envelopes = [json.loads(line) for line in file.read_text("ascii").splitlines()]
    public = SSlibKey.from_crypto(key.public_key(), keyid=envelopes[0]["signatures"][0]["keyid"])
    statements = []
    for each in envelopes:
        envelope = Envelope.from_dict(each)
        envelope.verify([public], 1)
        statements.append(json.loads(envelope.payload))
    tests, gate, summary = statements
    for statement in statements:
        assert statement["subject"][0]["digest"] == {"gitCommit": work.head}
    assert tests["predicate"]["result"] == "PASSED"
    assert gate["predicate"]["record"] == result["record"]["id"]
    assert gate["predicate"]["evidence"][0]["digest"]["sha256"] == result["evidence"][0]["sha256"]
    assert summary["predicate"]["policy"]["digest"]["sha256"] == result["policy"]["sha256"]
    assert summary["predicate"]["verificationResult"] == "PASSED"


def test_without_a_key_the_statements_are_plain(work: Repository, tmp_path: Path) -> None:
    assert check(work, "--attest", str(tmp_path / "file")).exit_code == 0

    kinds = [json.loads(line)["_type"] for line in (tmp_path / "file").read_text().splitlines()]
    assert kinds == ["https://in-toto.io/Statement/v1"] * 3


@pytest.mark.parametrize("content", [None, "no key"])
def test_a_bad_key_stops_the_run_before_anything_is_judged(
    work: Repository, tmp_path: Path, content: str | None
) -> None:
    key = tmp_path / "key.pem"
    if content is not None:
        key.write_text(content)
    done = check(work, "--attest", str(tmp_path / "file"), "--attest-key", str(key))

    assert done.exit_code == 2
    assert str(key) in done.stderr
    assert not (tmp_path / "file").exists()
    assert work.git("for-each-ref", "refs/heads/vsm-history") == ""


def test_a_key_without_a_file_is_a_mistake(work: Repository, tmp_path: Path) -> None:
    assert check(work, "--attest-key", str(tmp_path / "key.pem")).exit_code == 2


def test_a_place_that_cannot_be_written_changes_no_verdict(
    work: Repository, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    done = check(work, "--attest", str(tmp_path / "file" / "below"))

    assert done.exit_code == 0
    assert "attestation" in done.stdout
