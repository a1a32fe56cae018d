"""Settings of all tests, and what many of them begin with."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from tests.support.ledgers import bare_machine, checkout
from tests.support.repository import Repository

# Tests never depend on how fast the machine is. `fast` is what `make gate` runs, which people wait
# for; `long` is for a search that may take the night.
settings.register_profile("thorough", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("fast", settings.get_profile("thorough"), max_examples=20)
settings.register_profile("long", settings.get_profile("thorough"), max_examples=20_000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "thorough"))


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    """The environment of a machine whose git knows nobody."""
    return bare_machine(tmp_path)


@pytest.fixture
def work(tmp_path: Path) -> Repository:
    """The repository that one works in, with one commit."""
    return checkout(tmp_path / "work")
