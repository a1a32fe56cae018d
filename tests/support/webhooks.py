"""What GitHub tells of its events: the examples of the npm package `@octokit/webhooks-examples`."""

from __future__ import annotations

from functools import cache
from typing import Any, Final

import pytest
from tests.support import npm

VERSION: Final = "7.6.1"
USED: Final = (
    "deployment_status",
    "issues",
    "merge_group",
    "pull_request",
    "pull_request_review",
    "push",
    "release",
    "workflow_run",
)


def payloads(event: str) -> list[dict[str, Any]]:
    """The examples of an event. Skips the test where they cannot be had."""
    return list(_examples()[event])


@cache
def _examples() -> dict[str, list[dict[str, Any]]]:
    package = f"@octokit/webhooks-examples@{VERSION}"
    kept_as = f"webhooks-{VERSION}-{len(USED)}"
    found, why = npm.data(package, "api.github.com/index.json", _used, kept_as=kept_as)
    if found is None:
        pytest.skip(f"the examples of GitHub's events cannot be had: {why}")
    return dict(found)


def _used(index: list[dict[str, Any]]) -> dict[str, Any]:
    return {each["name"]: each["examples"] for each in index if each["name"] in USED}
