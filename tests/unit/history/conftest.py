"""Where the ref of a repository is kept, which is not the branch of records."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.support.ledgers import Place, server
from tests.support.repository import Repository


@pytest.fixture(params=["own", "remote"])
def place(request: pytest.FixtureRequest, work: Repository, tmp_path: Path) -> Place:
    return work, None if request.param == "own" else str(server(tmp_path / "server").path)
