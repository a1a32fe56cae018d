"""Repositories to begin with: an empty one, a project's, and that of a server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.support.git_http import GitServer, serving
from tests.support.ledgers import server
from tests.support.project import Reported
from tests.support.repository import Repository


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """A repository without a commit."""
    return Repository(tmp_path / "checkout")


@pytest.fixture
def project(tmp_path: Path) -> Reported:
    """A project whose `main` is checked out."""
    return Reported(tmp_path / "project")


@pytest.fixture
def bare(tmp_path: Path) -> Repository:
    """The server's repository, empty."""
    return server(tmp_path / "srv" / "acme" / "shop.git")


@pytest.fixture
def http(bare: Repository, env: dict[str, str]) -> Iterator[GitServer]:
    """The server; its `url` is that of the repository."""
    with serving(bare.path.parents[1], env) as running:
        running.url += "/acme/shop.git"
        yield running
