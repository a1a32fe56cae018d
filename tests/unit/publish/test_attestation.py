"""Attestations, read and verified again by the reference libraries."""

from __future__ import annotations

import base64
import copy
import hashlib
import json
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from google.protobuf import json_format
from hypothesis import given, settings
from hypothesis import strategies as st
from in_toto_attestation.predicates.test_result.v0 import test_result_pb2
from in_toto_attestation.predicates.vsa.v1 import vsa_pb2
from in_toto_attestation.v1 import statement_pb2
from in_toto_attestation.v1.statement import Statement
from securesystemslib.dsse import Envelope
from securesystemslib.exceptions import VerificationError
from securesystemslib.signer import SSlibKey
from tests.support.results import failing, objective, result
from tests.support.schemas import validate

from vsm_gate.errors import UsageError
from vsm_gate.model.change import Context
from vsm_gate.model.results import Status, Verdict
from vsm_gate.model.tests import CaseDetail, Outcome, TestReport
from vsm_gate.publish.attestation import (
    GATE_RESULT,
    SUMMARY,
    TEST_RESULT,
    attestations,
    statements,
)
from vsm_gate.publish.dsse import Signer
from vsm_gate.publish.result import CheckResult, PolicyUsed, RecordWritten

KEYS: dict[str, Callable[[], Any]] = {
    "ed25519": ed25519.Ed25519PrivateKey.generate,
    "p256": lambda: ec.generate_private_key(ec.SECP256R1()),
    "p384": lambda: ec.generate_private_key(ec.SECP384R1()),
}
COVERED = objective("patch-coverage", "coverage.patch", Status.WARN)


def pem(key: Any, password: bytes | None = None) -> bytes:
    encryption = (
        serialization.BestAvailableEncryption(password)
        if password
        else serialization.NoEncryption()
    )
    content: bytes = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, encryption
    )
    return content


def passing(*, flaky: bool = False) -> TestReport:
    report = TestReport("junit")
    report.cases.add(1, Outcome.PASSED, 1000)
    if flaky:
        index = report.cases.add(2, Outcome.FLAKY, 1000)
        report.describe(CaseDetail(index, 2, Outcome.FLAKY, "test_clock"))
    return report


def parsed(found: CheckResult) -> dict[str, Any]:
    """Each statement as the reference library takes it, by the kind of its predicate."""
    made = {}
    for text in attestations(found, None).splitlines():
        proto = json_format.Parse(text, statement_pb2.Statement())
        Statement.copy_from_pb(proto).validate()
        made[proto.predicate_type] = json.loads(text)
    return made


def summary_of(predicate: dict[str, Any]) -> Any:
    """As the reference library takes it, whose message lags behind the specification: in that
    the verifier has versions, and there are several levels.
    """
    known = {key: value for key, value in predicate.items() if key != "verifiedLevels"}
    known["verifier"] = {"id": known["verifier"]["id"]}
    return json_format.ParseDict(known, vsa_pb2.VerificationSummary())


def test_the_statements_are_about_the_commit_that_was_tested() -> None:
    change = replace(result().change, tested="c" * 40)
    made = parsed(result([COVERED], tests=passing(), change=change))

    assert list(made) == [TEST_RESULT, GATE_RESULT, SUMMARY]
    for statement in made.values():
        assert statement["subject"] == [{"name": "acme/pay", "digest": {"gitCommit": "c" * 40}}]


@pytest.mark.parametrize(
    ("report", "expected", "failed", "warned"),
    [
        (passing(), "PASSED", None, None),
        (passing(flaky=True), "WARNED", [], ["test_clock"]),
        (failing(2), "FAILED", ["tests.test_it test_0", "tests.test_it test_1"], []),
    ],
)
def test_the_result_of_the_tests(
    report: TestReport, expected: str, failed: list[str] | None, warned: list[str] | None
) -> None:
    predicate = parsed(result(tests=report))[TEST_RESULT]["predicate"]

    json_format.ParseDict(predicate, test_result_pb2.TestResult())
    assert predicate["result"] == expected
    assert predicate.get("failedTests") == failed
    assert predicate.get("warnedTests") == warned


@pytest.mark.parametrize("report", [None, TestReport("junit")])
def test_without_tests_nothing_is_stated_of_them(report: TestReport | None) -> None:
    assert TEST_RESULT not in parsed(result(tests=report))


@pytest.mark.parametrize(
    ("verdict", "conclusion", "expected", "levels"),
    [
        (Verdict.PASS, Verdict.PASS, "PASSED", ["VSM_GATE_SILVER"]),
        (Verdict.WARN, Verdict.WARN, "PASSED", ["VSM_GATE_SILVER"]),
        (Verdict.FAIL, Verdict.FAIL, "FAILED", ["FAILED"]),
        (Verdict.FAIL, Verdict.PASS, "FAILED", ["FAILED"]),
        (Verdict.INCONCLUSIVE, Verdict.WARN, "FAILED", ["FAILED"]),
    ],
)
def test_the_summary_passes_only_where_the_evidence_did(
    verdict: Verdict, conclusion: Verdict, expected: str, levels: list[str]
) -> None:
    found = result(verdict=verdict, conclusion=conclusion, record=RecordWritten("d" * 64, {}))
    predicate = parsed(found)[SUMMARY]["predicate"]

    assert summary_of(predicate).verification_result == expected
    assert predicate["verifiedLevels"] == levels
    assert predicate["inputAttestations"] == [{"digest": {"sha256": "d" * 64}}]
    assert predicate["timeVerified"] == "2026-11-22T10:00:00Z"


def test_the_result_of_the_gate_is_what_its_schema_says() -> None:
    found = result([COVERED], tests=passing(), record=RecordWritten("d" * 64, {}))
    predicate = parsed(found)[GATE_RESULT]["predicate"]

    validate("gate-result-v0.1", predicate)
    assert predicate["verdict"] == "pass"
    assert predicate["objectives"]["patch-coverage"]["status"] == "warn"
    assert predicate["evidence"] == [{"name": "build/junit.xml", "digest": {"sha256": "e" * 64}}]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("s/a b.yaml at 0123456789", "git+https://forge.example/acme/pay@0123456789#s/a%20b.yaml"),
        ("s.yaml", f"git+https://forge.example/acme/pay@{'a' * 40}#s.yaml"),
        ("vsm-gate:baseline", "vsm-gate:baseline"),
    ],
)
def test_the_policy_is_named_by_where_it_was_read(source: str, expected: str) -> None:
    context = Context("acme/pay", server_url="https://forge.example")
    policy = PolicyUsed("payments", source, "f" * 64, result().policy.phase)
    predicate = parsed(result(context=context, policy=policy))[SUMMARY]["predicate"]

    assert predicate["policy"] == {"uri": expected, "digest": {"sha256": "f" * 64}}
    assert predicate["resourceUri"] == f"git+https://forge.example/acme/pay@{'a' * 40}"


@pytest.mark.parametrize("kind", KEYS)
def test_the_reference_library_verifies_what_was_signed(kind: str) -> None:
    key = KEYS[kind]()
    signer = Signer.load("key.pem", pem(key))
    public = SSlibKey.from_crypto(key.public_key(), keyid=signer.keyid)
    other = SSlibKey.from_crypto(KEYS[kind]().public_key(), keyid=signer.keyid)

    for text in attestations(result(tests=passing()), signer).splitlines():
        envelope = Envelope.from_dict(json.loads(text))
        assert envelope.payload_type == "application/vnd.in-toto+json"
        assert list(envelope.verify([public], 1)) == [signer.keyid]
        Statement.copy_from_pb(
            json_format.Parse(envelope.payload, statement_pb2.Statement())
        ).validate()
        with pytest.raises(VerificationError):
            envelope.verify([other], 1)
        for changed in ({"payload": envelope.payload + b" "}, {"payload_type": "text/plain"}):
            spoilt = copy.copy(envelope)
            vars(spoilt).update(changed)
            with pytest.raises(VerificationError):
                spoilt.verify([public], 1)


def test_signed_and_unsigned_say_the_same() -> None:
    found = result([COVERED], tests=failing(2))
    signer = Signer.load("key.pem", pem(KEYS["ed25519"]()))
    signed = [json.loads(text) for text in attestations(found, signer).splitlines()]

    opened = [base64.b64decode(each["payload"]).decode() for each in signed]
    assert opened == attestations(found, None).splitlines()
    assert opened == [json.dumps(each, sort_keys=True) for each in statements(found)]


def test_the_key_is_named_as_openssl_would_name_it(tmp_path: Path) -> None:
    key = KEYS["ed25519"]()
    (tmp_path / "key.pem").write_bytes(pem(key))
    command = ["openssl", "pkey", "-in", "key.pem", "-pubout", "-outform", "DER"]
    try:
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=True)
    except FileNotFoundError:
        pytest.skip("there is no openssl: install Debian's package `openssl`")

    assert Signer.load("k", pem(key)).keyid == hashlib.sha256(done.stdout).hexdigest()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "no private key"),
        (b"-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n", "no private key"),
        (pem(KEYS["ed25519"](), b"secret"), "encrypted"),
        (pem(rsa.generate_private_key(65537, 2048)), "neither an Ed25519"),
        (pem(ec.generate_private_key(ec.SECP521R1())), "neither an Ed25519"),
    ],
)
def test_what_is_no_key_is_refused_and_never_shown(content: bytes, said: str) -> None:
    with pytest.raises(UsageError) as raised:
        Signer.load("key.pem", content)

    assert raised.value.message.startswith("key.pem is ")
    assert said in raised.value.message
    assert "c2VjcmV0" not in raised.value.message


names = st.text(min_size=1, max_size=40) | st.sampled_from(
    ['"},"x":{"', "\ud800", "\u202e", "\0", "\n{}\n", "a" * 5000, "https://x/#@?"]
)


@given(names, names, names)
@settings(max_examples=60)
def test_names_from_outside_are_nothing_but_text(test: str, repository: str, source: str) -> None:
    found = result(
        [objective(test, source, Status.FAIL, waiver=repository)],
        tests=failing(1, name=test.replace("{", "").replace("}", "")),
        context=Context(repository, branch=source),
        policy=PolicyUsed("payments", source, "f" * 64, result().policy.phase),
    )
    made = parsed(found)

    assert list(made) == [TEST_RESULT, GATE_RESULT, SUMMARY]
    validate("gate-result-v0.1", made[GATE_RESULT]["predicate"])
    summary_of(made[SUMMARY]["predicate"])
    text = attestations(found, None)
    assert text.isascii()
    assert len(text.splitlines()) == 3
    assert len(text) < 20_000
