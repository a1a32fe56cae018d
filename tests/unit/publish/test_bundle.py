"""A result read back from a file that anyone may have written."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.results import failing, objective, patch, result

from vsm_gate.change.since_base import TestsSinceBase
from vsm_gate.errors import InputError
from vsm_gate.model.change import Context
from vsm_gate.model.impact import Impact, Risk
from vsm_gate.model.results import Baseline, Reason, Status, Verdict
from vsm_gate.publish.bundle import read
from vsm_gate.publish.check_run import check_run
from vsm_gate.publish.comment import comment
from vsm_gate.publish.document import document
from vsm_gate.publish.plan import result_json
from vsm_gate.publish.result import CheckResult
from vsm_gate.publish.status import commit_status


def whole() -> CheckResult:
    """A result with something of everything that a surface shows."""
    found = result(
        [
            objective("tests-green", "tests.failed", Status.FAIL, key=True, remedy="Mend them."),
            objective("line", "coverage.line", Status.PASS, baseline=Fraction(80), level="gold"),
            objective("patch", "coverage.patch", Status.WARN, waiver="W-1"),
            objective("gone", "tests.flaky", Status.MISSING, value=None, missing="no report"),
        ],
        verdict=Verdict.FAIL,
        context=Context("acme/pay", event="pull_request", pull_request=7, run="5", job="gate"),
        tests=failing(4, message="expected 3\nbut got 4", file="tests/t.py"),
        since=TestsSinceBase("b" * 40, frozenset({1, 2}), frozenset({3}), frozenset({4})),
        patch=patch(2, 20),
        impact=Impact(3, ("api",), ("api", "web"), 1, ("@a",), {}, (), Risk(Fraction(70), "high")),
        baseline=Baseline({"coverage.line": Fraction(80)}, ("r1", "r2")),
        problems=("a.xml is absent",),
        notes=("a note",),
    )
    reason = Reason("tests-green", Verdict.FAIL, Verdict.FAIL, "4 tests fail")
    return replace(found, decision=replace(found.decision, reasons=(reason,)))


def test_surfaces_of_a_bundle_are_those_of_the_result() -> None:
    found = whole()
    back = read("bundle.json", result_json(found).encode())
    assert comment(back) == comment(found)
    assert commit_status(back) == commit_status(found)
    assert check_run(back) == check_run(found)


def broken(**changes: Any) -> bytes:
    return json.dumps({**document(whole()), **changes}).encode()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff",
        b"[]",
        b"{}",
        b"null",
        b"[" * 100_000,
        broken(schema="vsm-gate/check/v2"),
        broken(verdict="excellent"),
        broken(score=float("nan")),
        broken(evidence_rate=1e300),
        broken(tests={"failing_or_flaky": [], "left_out": 10**12}),
        broken(patch={**document(whole())["patch"], "missed": {"a": [[1, 10**12]]}}),
        broken(policy={"source": "x", "sha256": "x", "phase": "enforce"}),
        broken(change={**document(whole())["change"], "head": "main --upload-pack=x"}),
    ],
    ids=range(14),
)
def test_what_is_no_bundle_is_refused(content: bytes) -> None:
    with pytest.raises(InputError, match=r"bundle\.json is no bundle"):
        read("bundle.json", content)


def test_a_metric_that_is_not_known_is_refused() -> None:
    found = document(whole())
    found["objectives"]["line"]["metric"] = "nonsense"
    with pytest.raises(InputError, match="not known here"):
        read("bundle.json", json.dumps(found).encode())


def test_what_the_file_says_is_not_repeated_where_it_is_wrong() -> None:
    with pytest.raises(InputError) as refused:
        read("bundle.json", broken(verdict="::error::@everyone"))
    assert "everyone" not in refused.value.message


junk = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)


@settings(max_examples=150)
@given(data=st.data())
def test_a_part_that_is_anything_else_is_refused_or_shown(data: st.DataObject) -> None:
    found = document(whole())
    node: Any = found
    while True:
        key = data.draw(st.sampled_from(list(node if isinstance(node, dict) else range(len(node)))))
        if not (isinstance(node[key], dict | list) and node[key] and data.draw(st.booleans())):
            break
        node = node[key]
    node[key] = data.draw(junk)
    try:
        back = read("bundle.json", json.dumps(found).encode())
    except InputError:
        return
    assert comment(back) is None or check_run(back).batches
    assert commit_status(back).state
