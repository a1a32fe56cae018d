"""SSH signatures of the history's commits: with which key to sign, and whose are accepted.

A signature says which key wrote a commit; the records in it may have waited in the inbox, where
whoever may push to the repository can leave some.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from vsm_gate.errors import HistoryError
from vsm_gate.git import Git
from vsm_gate.history.environment import Settings, with_settings
from vsm_gate.history.verification import Fault

_PROGRAM: Final = "gpg.ssh.program"
_FORMAT: Final = "%H%x09%G?%x09%GF"
_HINT: Final = "install OpenSSH's client, which has it"
# What git says of a signature that is not good.
_WORDS: Final = {
    "N": "it is not signed",
    "B": "its signature is not of what it says",
    "U": "the key that signed it is not among the allowed signers: {key}",
    "X": "its signature has expired: {key}",
    "Y": "the key that signed it has expired: {key}",
    "R": "the key that signed it was revoked: {key}",
}


def signing(repository: Git, key: str | None) -> Settings:
    """Settings by which git signs: with this key file, or where it is None with git's own key.

    Raises `HistoryError` where there is no SSH key to sign with.
    """
    program = _configured(repository, _PROGRAM) or "ssh-keygen"
    _require(program, repository)
    if key is None:
        form, own = (_configured(repository, x) for x in ("gpg.format", "user.signingKey"))
        if form != "ssh" or not own:
            raise HistoryError(
                "the history is to be signed, and git has no SSH key to sign with",
                hint="git config gpg.format ssh; git config user.signingKey FILE; "
                "or name the key in the configuration: `history: {sign: FILE}`",
            )
        return (("gpg.format", "ssh"), ("user.signingKey", own), (_PROGRAM, program))
    place = repository.folder / key
    if not place.is_file():
        raise HistoryError(f"the history is to be signed with {key}, and there is no such file")
    return (("gpg.format", "ssh"), ("user.signingKey", str(place)), (_PROGRAM, program))


def signature_faults(
    git: Git, heads: Sequence[str], allowed: Path, since: str | None
) -> Iterator[Fault]:
    """Commits up to the heads, from `since` on, that no allowed signer signed.

    `allowed` is a file as ssh-keygen has it (ALLOWED SIGNERS). Raises `HistoryError` where
    signatures cannot be checked at all: that is no verdict on the branch.
    """
    _require(_configured(git, _PROGRAM) or "ssh-keygen", git)
    if not allowed.is_file():
        raise HistoryError(f"there is no file {allowed} of allowed signers")
    settings = (
        ("gpg.ssh.allowedSignersFile", str(allowed.resolve())),
        ("log.showSignature", "false"),
    )
    asking = Git(git.folder, with_settings(git.environment, settings))
    older = () if since is None else ("--not", f"{since}^@")
    rest = b""
    for chunk in asking.stream("log", f"--format={_FORMAT}", *heads, *older, "--"):
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines:
            commit, answer, key = line.decode("utf-8", "replace").split("\t")
            what = _fault(answer, key)
            if what is not None:
                yield Fault(commit, None, what)


def _fault(answer: str, key: str) -> str | None:
    if answer == "G":
        return None if key.startswith("SHA256:") else "it is signed, and not with an SSH key"
    return _WORDS.get(answer, "its signature cannot be checked").format(key=key or "unknown")


def _configured(git: Git, name: str) -> str:
    return git.text("config", "--get", name, check=False)


def _require(program: str, git: Git) -> None:
    if shutil.which(program, path=git.environment.get("PATH")) is None:
        raise HistoryError(f"{program}, which signs and checks, is not installed", hint=_HINT)
