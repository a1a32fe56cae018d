"""Where a run stands, as the forge tells it."""

from __future__ import annotations

from pathlib import Path

import pytest

from vsm_gate.collect.forge import find_context
from vsm_gate.git import Git


@pytest.mark.parametrize(
    ("matrix", "job"),
    [
        ("", "gate"),
        ("null", "gate"),
        ("{}", "gate"),
        ('{"python": "3.12", "os": "linux"}', "gate, 3.12, linux"),
        ('{"python": 3.12, "with": {"tools": ["a"]}}', "gate, 3.12"),
        ("not JSON", "gate"),
        ("[1]", "gate"),
    ],
)
def test_jobs_of_a_matrix_are_told_apart(tmp_path: Path, matrix: str, job: str) -> None:
    environment = {"GITHUB_ACTIONS": "true", "GITHUB_JOB": "gate", "VSM_GATE_MATRIX": matrix}
    assert find_context(Git(tmp_path, environment), environment).job == job
