"""`vsm-gate metrics`, as it is typed."""

from __future__ import annotations

from pathlib import Path

from tests.support.cli import run
from tests.support.schemas import validate

from vsm_gate.metrics.catalogue import CATALOGUE


def test_the_catalogue_as_json(tmp_path: Path) -> None:
    every = run("metrics", "--format", "json", folder=tmp_path, environment={}).json()
    validate("metrics-v1", every)
    assert [each["id"] for each in every["metrics"]] == list(CATALOGUE)

    one = run("metrics", "tests.failed", "--format", "json", folder=tmp_path, environment={}).json()
    validate("metrics-v1", one)
    assert [each["id"] for each in one["metrics"]] == ["tests.failed"]


def test_a_metric_that_does_not_exist(tmp_path: Path) -> None:
    for name, hint in [("tests.faild", "tests.failed"), ("x", "`vsm-gate metrics` lists them")]:
        done = run("metrics", name, folder=tmp_path, environment={})
        assert (done.exit_code, done.stdout) == (2, "")
        assert hint in done.stderr
