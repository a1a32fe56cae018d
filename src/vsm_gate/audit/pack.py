"""The evidence pack: every file of it planned, and a manifest of their digests as the last."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from typing import Final

from vsm_gate.audit import document, page, tables
from vsm_gate.audit.audit import Audit
from vsm_gate.web.folder import Page, marker, marker_name

WHAT: Final = "audit"
MANIFEST: Final = "SHA256SUMS"
# More records than this come as one file: so many files are of no use to anybody.
FILES: Final = 2_000
LINES: Final = "evidence.jsonl"

# The contents of records by their ids, in no set order.
Contents = Callable[[frozenset[str]], Iterator[tuple[str, bytes]]]


def plan(found: Audit, contents: Contents, version: str) -> dict[str, Page]:
    """Path → content of every file. They are to be written in this order: the manifest tells the
    digests of what was written before it.
    """
    wanted = frozenset(found.evidence)
    few = len(wanted) <= FILES
    files: dict[str, Page] = {
        "index.html": page.render(found, few=few, version=version),
        "audit.json": document.pieces(found),
        "population.csv": tables.population(found),
        "deliveries.csv": tables.deliveries(found),
    }
    if few:
        files |= {f"evidence/{name}.json": text for name, text in _texts(contents(wanted))}
    else:
        files[LINES] = (f"{text}\n" for _, text in _texts(contents(wanted)))
    digests: dict[str, str] = {}
    listed = {name: _digested(name, content, digests) for name, content in files.items()}
    names = [*files, MANIFEST]
    _sum(marker_name(WHAT), marker(names, WHAT), digests)
    return {**listed, MANIFEST: _manifest(digests)}


def _texts(records: Iterator[tuple[str, bytes]]) -> Iterator[tuple[str, str]]:
    seen: set[str] = set()
    for name, content in records:
        if name not in seen:
            seen.add(name)
            yield name, content.decode("ascii")


def _digested(name: str, content: Page, digests: dict[str, str]) -> Iterator[str]:
    """The pieces of a file; once they are written its digest is known."""
    sums = hashlib.sha256()
    for piece in [content] if isinstance(content, str) else content:
        sums.update(piece.encode("utf-8", "replace"))
        yield piece
    digests[name] = sums.hexdigest()


def _sum(name: str, text: str, digests: dict[str, str]) -> None:
    digests[name] = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def _manifest(digests: dict[str, str]) -> Iterator[str]:
    """As `sha256sum` writes it and `sha256sum -c` reads it."""
    for name in sorted(digests):
        yield f"{digests[name]}  {name}\n"
