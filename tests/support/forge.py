"""A forge on the disk: a bare repository, a developer's clone, and what a checkout leaves."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from tests.support.repository import Repository

NAME: Final = "acme/payments"
NUMBER: Final = 7


class Forge:
    """`acme/payments`, with a developer's clone of it.

    `url` is what a checkout has as `origin`; it may be that of a server in front of the files.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        # the runner takes a repository's name from what follows the forge's name
        self.bare = Repository(folder / "github.com" / f"{NAME}.git", create=False)
        self.bare.path.mkdir(parents=True)
        self.bare.git("init", "--quiet", "--bare", "--initial-branch=main")
        self.url = self.bare.path.as_uri()
        self.developer = Repository(folder / "developer")
        self.developer.git("remote", "add", "origin", self.url)

    def push(self, *refs: str) -> None:
        """Push refs of the developer's clone."""
        self.developer.git("push", "--quiet", "--force", "origin", *refs)

    def pull_request(self, branch: str, *, fork: bool = False) -> dict[str, Any]:
        """Propose a branch to main: its refs on the forge, and the event."""
        head, base = self.developer.head, self.developer.git("rev-parse", "main")
        self.developer.git("checkout", "--quiet", "--detach", "main")
        merge = self.developer.merge(head)
        self.push(f"{merge}:refs/pull/{NUMBER}/merge", f"{head}:refs/pull/{NUMBER}/head")
        source = "stranger/payments" if fork else NAME
        return {
            "action": "opened",
            "number": NUMBER,
            "repository": _repository(),
            "pull_request": {
                "number": NUMBER,
                "title": branch,
                "head": {
                    "ref": branch,
                    "sha": head,
                    "repo": {"full_name": source, "fork": fork},
                },
                "base": {"ref": "main", "sha": base, "repo": {"full_name": NAME}},
            },
        }

    def pushed(self, before: str) -> dict[str, Any]:
        """Push main, which was at `before`: the event."""
        self.push("main")
        after = self.developer.head
        ref = "refs/heads/main"
        return {"ref": ref, "before": before, "after": after, "repository": _repository()}

    def merge_group(self, before: str) -> dict[str, Any]:
        """Queue what is checked out for main, which is at `before`: the event."""
        head = self.developer.head
        ref = f"refs/heads/gh-readonly-queue/main/pr-{NUMBER}-{before}"
        self.push(f"{head}:{ref}")
        group = {"head_sha": head, "head_ref": ref, "base_sha": before, "base_ref": "main"}
        return {"action": "checks_requested", "merge_group": group, "repository": _repository()}

    def checkout(self, commit: str, name: str = "checkout", *, depth: int = 1) -> Path:
        """What actions/checkout leaves: one commit, detached; `depth` 0 for the whole history."""
        place = Repository(self._folder / name)
        place.git("remote", "add", "origin", self.url)
        cut = (f"--depth={depth}",) if depth else ()
        branches = () if depth else ("+refs/heads/*:refs/remotes/origin/*",)
        what = (f"+{commit}:refs/remotes/origin/checked-out", *branches)
        place.git("fetch", "--quiet", "--no-tags", *cut, "origin", *what)
        place.git("checkout", "--quiet", "--detach", "refs/remotes/origin/checked-out")
        return place.path

    def records(self, branch: str = "vsm-history") -> list[dict[str, Any]]:
        """The records on the forge's history branch, policies aside; none where it has no such
        branch.
        """
        if not self.bare.git("for-each-ref", f"refs/heads/{branch}"):
            return []
        names = self.bare.git("ls-tree", "-r", "--name-only", "-z", branch).split("\0")
        files = [name for name in names if name.startswith("records/")]
        found = (json.loads(self.bare.git("cat-file", "blob", f"{branch}:{n}")) for n in files)
        return [record for record in found if record["kind"] != "policy"]

    def refuse(self) -> None:
        """From now on nobody may record anything."""
        self.bare.hook("update", 'case "$1" in refs/heads/vsm-*|refs/vsm-gate/*) exit 1 ;; esac')


def _repository() -> dict[str, Any]:
    return {
        "full_name": NAME,
        "name": "payments",
        "default_branch": "main",
        "owner": {"login": "acme"},
    }
