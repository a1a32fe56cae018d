"""Places of this machine for what runs as somebody else."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_USUAL = ("/tmp", "/var/tmp")


@contextmanager
def public_folder(prefix: str) -> Iterator[Path]:
    """A new folder that any user of the machine can reach; it is gone afterwards.

    The place for temporary files may be its owner's alone, and then one of the usual is taken.
    """
    above = next(folder for folder in (tempfile.gettempdir(), *_USUAL) if _is_open(Path(folder)))
    made = Path(tempfile.mkdtemp(prefix=prefix, dir=above))
    made.chmod(0o755)
    try:
        yield made
    finally:
        shutil.rmtree(made)


def _is_open(folder: Path) -> bool:
    ways = (folder.resolve(), *folder.resolve().parents)
    return os.access(folder, os.W_OK) and all(each.stat().st_mode & 0o001 for each in ways)
