"""Real SSH keys, and files of allowed signers."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

NEEDS_SSH_KEYGEN = pytest.mark.skipif(
    shutil.which("ssh-keygen") is None, reason="ssh-keygen is not there: install openssh-client"
)


@dataclass(frozen=True)
class Key:
    """A key pair without a passphrase; `file` is the private half."""

    file: Path

    @property
    def public(self) -> str:
        """The type and the public key, as files of signers have them."""
        return " ".join(Path(f"{self.file}.pub").read_text("utf-8").split()[:2])


def make_key(file: Path) -> Key:
    """A new key."""
    file.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(
        ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", str(file)], check=True
    )
    return Key(file)


def allow(file: Path, *keys: Key, options: str = "") -> Path:
    """A file of allowed signers with these keys."""
    lines = [f"gate@acme.invalid {options} {key.public}\n" for key in keys]
    file.write_text("".join(lines), "utf-8")
    return file
