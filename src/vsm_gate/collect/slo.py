"""Readings of service level objectives, from the files and addresses that are configured."""

from __future__ import annotations

import re
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.client import HTTPException
from io import BufferedIOBase
from pathlib import Path
from typing import Any, Final

from vsm_gate.impact.slo import ReadingError, Source, from_exposition, from_json, from_query

TIMEOUT: Final = 10.0  # seconds, for one answer as a whole
MAX_SIZE: Final = 4 << 20
MAX_SOURCES: Final = 50

_CREDENTIALS: Final = re.compile(r"https?://[^/?#]*@", re.IGNORECASE)
_AT_ONCE: Final = 8
_CHUNK: Final = 1 << 16


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading as texts, named like the fields of an SLO event; `components` beside them."""

    source: Source
    values: dict[str, str]
    components: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Readings:
    """What was read, and what could not be."""

    found: tuple[Reading, ...] = ()
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SloReader:
    """Reads sources. `token` goes to https addresses alone, as a bearer token; `edited` are files
    that the change under judgement edits: they are not believed.
    """

    root: Path
    token: str = field(default="", repr=False)
    edited: Collection[str] = ()

    def read(self, sources: Sequence[Source]) -> Readings:
        """All of them, several at once. One that fails does not hide the others."""
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            results = list(pool.map(self._one, sources[:MAX_SOURCES]))
        found = [each for result in results if not isinstance(result, str) for each in result]
        problems = [result for result in results if isinstance(result, str)]
        if len(sources) > MAX_SOURCES:
            problems.append(f"only the first {MAX_SOURCES} SLO sources are read")
        return Readings(tuple(found), tuple(problems))

    def _one(self, source: Source) -> list[Reading] | str:
        """The readings of a source, or why there are none."""
        try:
            return list(self._readings(source))
        except ReadingError as problem:
            return f"SLO: {source.shown} {problem}"

    def _readings(self, source: Source) -> Iterator[Reading]:
        if not source.good:
            text = self._fetch(source.place) if source.remote else self._file(source.place)
            for values in from_json(text):
                names = f"{values.pop('component', '')} {values.pop('components', '')}".split()
                yield Reading(source, values, tuple(names) or source.components)
            return
        good, total = self._counts(source)
        values = {"name": source.name, "target": source.target, "window": source.window}
        values |= {"good": str(good), "total": str(total)}
        yield Reading(
            source, {key: text for key, text in values.items() if text}, source.components
        )

    def _counts(self, source: Source) -> tuple[int, int]:
        """Good events and all; where queries round apart, no more are good than there are."""
        if source.remote:
            good, total = (
                from_query(self._fetch(_asking(source.place, query)), query)
                for query in (source.good, source.total)
            )
            return min(good, total), total
        text = self._file(source.place)
        return from_exposition(text, source.good), from_exposition(text, source.total)

    def _file(self, path: str) -> str:
        if path in self.edited:
            raise ReadingError("is edited by this change, and not believed")
        place = self.root / path
        try:
            if not place.resolve().is_relative_to(self.root.resolve()):
                raise ReadingError("lies outside the repository")
            with place.open("rb") as stream:
                return _text(stream, time.monotonic() + TIMEOUT)
        except OSError as problem:
            raise ReadingError(f"cannot be read: {problem.strerror or problem}") from None

    def _fetch(self, address: str) -> str:
        """What an address answers. Raises `ReadingError`."""
        if _CREDENTIALS.match(address):
            raise ReadingError("holds credentials: put a token into the environment instead")
        try:
            return self._answer(address)
        except ReadingError:
            raise
        except (OSError, ValueError, HTTPException) as problem:
            reason = getattr(problem, "reason", None) or str(problem) or type(problem).__name__
            raise ReadingError(f"cannot be reached: {str(reason)[:200]}") from None

    def _answer(self, address: str) -> str:
        request = urllib.request.Request(address, headers={"Accept": "application/json"})  # noqa: S310
        if self.token and address.lower().startswith("https://"):
            request.add_unredirected_header("Authorization", f"Bearer {self.token}")
        opener = urllib.request.build_opener(_NoRedirect)
        deadline = time.monotonic() + TIMEOUT
        try:
            with opener.open(request, timeout=TIMEOUT) as answer:
                return _text(answer, deadline)
        except urllib.error.HTTPError as problem:
            with problem:
                said = problem.read(200).decode("utf-8", "replace").strip()
            raise ReadingError(f"answers {problem.code} {problem.reason}: {said}") from None


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Only the address that is configured is asked."""

    def redirect_request(self, *_: Any) -> None:
        """Follow nothing: the redirection is the answer, and an error."""


def _asking(place: str, query: str) -> str:
    """The address of an instant query at a Prometheus."""
    api = "/api/v1/query"
    base = place.rstrip("/")
    whole = base if base.endswith(api) else f"{base}{api}"
    return f"{whole}?{urllib.parse.urlencode({'query': query})}"


def _text(stream: BufferedIOBase, deadline: float) -> str:
    """What a stream holds, within bounds of size and time."""
    parts: list[bytes] = []
    size = 0
    while part := stream.read1(_CHUNK):
        parts.append(part)
        size += len(part)
        if size > MAX_SIZE:
            raise ReadingError(f"is larger than {MAX_SIZE >> 20} MB")
        if time.monotonic() > deadline:
            raise ReadingError(f"takes more than {TIMEOUT:.0f} seconds")
    return b"".join(parts).decode("utf-8", "replace")
