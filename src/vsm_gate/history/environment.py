"""The environment that git runs in: the user's access to remotes, and nothing else of theirs.

A temporary store lies outside the user's repository, so what the repository's own configuration
says about access (`http.<url>.extraheader` of a checkout action, credential helpers, rewritten
URLs) has to be handed on. It goes through environment variables: an argument list can be read by
every user of the machine.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import Final

from vsm_gate.errors import HistoryError
from vsm_gate.git import Git

# Variables that would point git to another repository than the one we name.
_POINTERS: Final = frozenset(
    {
        "GIT_ALTERNATE_OBJECT_DIRECTORIES",
        "GIT_COMMON_DIR",
        "GIT_CONFIG",
        "GIT_DIR",
        "GIT_GRAFT_FILE",
        "GIT_INDEX_FILE",
        "GIT_NAMESPACE",
        "GIT_OBJECT_DIRECTORY",
        "GIT_PREFIX",
        "GIT_QUARANTINE_PATH",
        "GIT_SHALLOW_FILE",
        "GIT_WORK_TREE",
    }
)

_ALWAYS: Final = {
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}

# Nothing of the user's configuration may run a hook, sign, tidy up or wait for ever.
_SETTINGS: Final = (
    ("core.hooksPath", "/dev/null"),
    ("gc.auto", "0"),
    ("maintenance.auto", "false"),
    ("push.gpgSign", "false"),
    ("push.followTags", "false"),
    ("push.recurseSubmodules", "no"),
    ("fetch.recurseSubmodules", "false"),
    ("fetch.writeCommitGraph", "false"),
    ("http.lowSpeedLimit", "100"),
    ("http.lowSpeedTime", "60"),
)

_ACCESS: Final = r"^(http|credential|url|ssh|protocol|safe)\.|^core\.(sshcommand|askpass|gitproxy)$"

Settings = tuple[tuple[str, str], ...]


def plain(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment without variables that name a repository, and with our settings."""
    kept = {name: value for name, value in environment.items() if name not in _POINTERS}
    return with_settings({**kept, **_ALWAYS}, _SETTINGS)


def with_settings(environment: Mapping[str, str], settings: Settings) -> dict[str, str]:
    """The environment with further git settings, behind those that it already has."""
    result = dict(environment)
    given = result.get("GIT_CONFIG_COUNT", "")
    first = int(given) if given.isdecimal() else 0
    for number, (key, value) in enumerate(settings, first):
        result[f"GIT_CONFIG_KEY_{number}"] = key
        result[f"GIT_CONFIG_VALUE_{number}"] = value
    result["GIT_CONFIG_COUNT"] = str(first + len(settings))
    return result


def access(repository: Git, store: Git) -> Settings:
    """Settings about access that hold in the repository and not in the store.

    git itself is asked in both places, so that includes (`includeIf.gitdir` too) are followed and
    what both see anyway is not said twice: two `Authorization` headers are refused by a server.
    """
    there = _settings(repository)
    here = Counter(_settings(store))
    missing = []
    for setting in there:
        if here[setting]:
            here[setting] -= 1
        else:
            missing.append(setting)
    return tuple(missing)


def _settings(git: Git) -> list[tuple[str, str]]:
    done = git.call(["config", "--includes", "-z", "--get-regexp", _ACCESS])
    if done.returncode not in {0, 1}:
        raise HistoryError(f"git's configuration cannot be read: {said(done.stderr)}")
    items = done.stdout.decode("utf-8", "surrogateescape").split("\0")[:-1]
    pairs = (item.partition("\n") for item in items)
    return [(key, value if separator else "true") for key, separator, value in pairs]


def said(stderr: bytes) -> str:
    """What git said, in one line, without passwords in URLs."""
    lines = [line.strip() for line in stderr.decode("utf-8", "replace").splitlines()]
    telling = [line for line in lines if line.startswith(("fatal:", "error:", "remote:", "!"))]
    text = "; ".join(line for line in (telling or lines)[:4] if line)
    return re.sub(r"(://)[^/@\s]+@", r"\1***@", text) or "git gave no reason"
