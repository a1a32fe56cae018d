"""pnpm's `pnpm-lock.yaml`, read by its lines: the whole of it as YAML takes seconds."""

from __future__ import annotations

import re
from typing import Final

from vsm_gate.impact.packages.contract import Packages, collected, named

NAME: Final = "pnpm lock"

_PACKAGES: Final = re.compile(r"^packages:[^\n]*\n((?:(?:[ \t][^\n]*)?(?:\n|\Z))*)", re.MULTILINE)
# `/name/1.0.0_peer:`, `/name@1.0.0(peer):`, `name@1.0.0:`, with or without quotes.
_KEY: Final = re.compile(
    r"^  ['\"]?/?((?:@[^/@\s'\"]+/)?[^/@\s'\"(]+)[@/](\d[^_('\":/]*)[^\n]*:[ \t]*(?:\{[^\n]*)?$",
    re.MULTILINE,
)


def wants(path: str) -> bool:
    """The lock file."""
    return named(path, "pnpm-lock.yaml")


def read(text: str) -> Packages:
    """The packages from a registry."""
    if "lockfileVersion" not in text:
        raise ValueError("it names no lockfileVersion: it is not what pnpm writes")
    sections = [match[1] for match in _PACKAGES.finditer(text)]
    return collected(found for section in sections for found in _KEY.findall(section))
