"""Readings of service level objectives, from what monitoring systems say. Pure.

Three forms: a small JSON of our own, a text in the OpenMetrics (or Prometheus) exposition format,
and the answer of a Prometheus query.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

_SECRET: Final = re.compile(r"(?<=://)[^/?#]*@|[?#].*", re.DOTALL)
_SELECTOR: Final = re.compile(r"\s*([A-Za-z_:][\w:]*)\s*(?:\{(.*)\})?\s*", re.DOTALL)
_MATCHER: Final = re.compile(r"\s*([A-Za-z_]\w*)\s*(!?=)\s*\"((?:[^\"\\]|\\.)*+)\"\s*(?:,|$)")
_SAMPLE: Final = re.compile(r"^([A-Za-z_:][\w:]*+)(?:\{(.*?)\})?[ \t]++(\S++)", re.MULTILINE)
_LABEL: Final = re.compile(r"([A-Za-z_]\w*)=\"((?:[^\"\\]|\\.)*+)\"")
_FIELDS: Final = ("name", "target", "good", "total", "window", "at", "component", "components")


@dataclass(frozen=True, slots=True)
class Source:
    """Where a reading comes from: a file below the root, or an address.

    With `good` and `total` the place is asked for two counts: a Prometheus by these queries, a
    file in the OpenMetrics format by these selectors. Without them it holds readings as JSON.
    """

    place: str
    name: str = ""
    target: str = ""
    window: str = ""
    good: str = ""
    total: str = ""
    components: tuple[str, ...] = ()

    @property
    def remote(self) -> bool:
        """Whether it is an address."""
        return self.place.lower().startswith(("http://", "https://"))

    @property
    def shown(self) -> str:
        """The place, without the credentials and the query that an address may carry."""
        return _SECRET.sub("", self.place) if self.remote else self.place


class ReadingError(ValueError):
    """Why nothing could be read: words that follow the name of the source."""


@dataclass(frozen=True, slots=True)
class Selector:
    """Which samples of an exposition are added up: a name, and labels that must (not) be so."""

    name: str
    matchers: tuple[tuple[str, bool, str], ...]

    @classmethod
    def of(cls, text: str) -> Selector:
        """Parse `name{label="value",other!="value"}`. Raises `ReadingError`."""
        match = _SELECTOR.fullmatch(text)
        inside = (match[2] or "") if match else ""
        matchers = tuple(
            (label, sign == "=", _plain(value)) for label, sign, value in _MATCHER.findall(inside)
        )
        if match is None or _MATCHER.sub("", inside).strip():
            raise ReadingError(f'{text[:80]!r} is no selector such as requests_total{{code="200"}}')
        return cls(match[1], matchers)

    def takes(self, labels: Mapping[str, str]) -> bool:
        """Whether a sample with these labels is one of them."""
        return all((labels.get(label, "") == value) is same for label, same, value in self.matchers)


def from_json(text: str) -> list[dict[str, str]]:
    """Readings of a JSON object, or of a list of them, as texts. Raises `ReadingError`."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as problem:
        raise ReadingError(f"is not valid JSON: {problem}") from None
    entries = data if isinstance(data, list) else [data]
    readings = []
    for number, entry in enumerate(entries, 1):
        if not isinstance(entry, dict):
            raise ReadingError(f"entry {number} is no object")
        unknown = sorted(set(entry) - set(_FIELDS))
        if unknown:
            raise ReadingError(f"entry {number}: {unknown[0][:80]!r} is no field of a reading")
        readings.append({key: _cell(value) for key, value in entry.items() if value is not None})
    return readings


def from_exposition(text: str, selector: str) -> int:
    """The sum of the samples that a selector takes. Raises `ReadingError` where there is none."""
    wanted = Selector.of(selector)
    values = [
        _count(value, selector)
        for name, labels, value in _samples(text)
        if name == wanted.name and wanted.takes(labels)
    ]
    if not values:
        raise ReadingError(f"has no sample of {selector[:80]!r}")
    return sum(values)


def from_query(content: str, query: str) -> int:
    """The one value that Prometheus answers to an instant query. Raises `ReadingError`."""
    try:
        answer = json.loads(content)
        data = answer["data"]
        kind, result = data["resultType"], data["result"]
        series = [{"value": result}] if kind == "scalar" else list(result)
        values = [str(each["value"][1]) for each in series]
    except (ValueError, RecursionError, TypeError, LookupError):
        raise ReadingError(f"does not answer as Prometheus does: {content[:80]!r}") from None
    if len(values) != 1:
        found = f"{len(values):,} series" if values else "nothing"
        raise ReadingError(f"answers {found} to {query[:80]!r}, and one value is asked for")
    return _count(values[0], query)


def _samples(text: str) -> Iterator[tuple[str, dict[str, str], str]]:
    for name, labels, value in _SAMPLE.findall(text):
        yield name, {key: _plain(said) for key, said in _LABEL.findall(labels)}, value


def _count(text: str, what: str) -> int:
    """A number of events; Prometheus extrapolates to parts of one."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 <= value < 1e15:
        raise ReadingError(f"says {text[:40]!r} for {what[:80]!r}, which is no number of events")
    return round(value)


def _plain(text: str) -> str:
    """A label's value without what escapes in it."""
    return re.sub(r"\\(.)", lambda sign: "\n" if sign[1] == "n" else sign[1], text)


def _cell(value: Any) -> str:
    return " ".join(map(str, value)) if isinstance(value, list) else str(value)
