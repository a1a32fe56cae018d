"""What a JUnit case says of itself: its results as they stream by, bounded, and their meaning."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from xml.etree.ElementTree import Element, SubElement
from xml.parsers import expat

from vsm_gate.model.tests import MAX_TEXT, Outcome
from vsm_gate.readers.cases import MAX_NAME, cut

MAX_RESULTS: Final = 16  # of one case

_SAID: Final = {"type": MAX_NAME, "message": MAX_TEXT}


class Results:
    """Builds the results of one case after the other as small elements.

    Text is taken only inside a result, and only as much of it as is kept.
    """

    __slots__ = ("_case", "_parser", "_pieces", "_room", "_text_of", "open")

    def __init__(self, parser: expat.XMLParserType) -> None:
        self._parser = parser
        self._case: Element | None = None
        self.open: Element | None = None  # the result that is open
        self._text_of: Element | None = None
        self._pieces: list[str] = []
        self._room = 0

    def begin(self, tag: str, attributes: Mapping[str, str]) -> None:
        """A result opens."""
        if self._case is None:
            self._case = Element("testcase")
        if len(self._case) < MAX_RESULTS:
            said = {key: attributes.get(key, "")[:limit] for key, limit in _SAID.items()}
            self.open = SubElement(self._case, tag, said)
            self._take_text(self.open)

    def begin_inside(self, tag: str, depth: int) -> None:
        """An element opens inside the open result. Surefire writes the text of an attempt so."""
        self._end_text()
        if tag == "stackTrace" and depth == 1 and self.open is not None:
            self._take_text(SubElement(self.open, tag))

    def end_inside(self, depth: int) -> None:
        """An element closes: the open result itself at depth 0, one inside it otherwise."""
        self._end_text()
        if not depth:
            self.open = None

    def _take_text(self, element: Element) -> None:
        self._text_of, self._room = element, MAX_TEXT
        self._parser.CharacterDataHandler = self._add_text

    def _add_text(self, data: str) -> None:
        if self._room > 0:
            self._pieces.append(data[: self._room])
            self._room -= len(data)

    def _end_text(self) -> None:
        if self._text_of is not None:
            self._text_of.text = "".join(self._pieces)
            self._text_of = None
            self._pieces.clear()
            self._parser.CharacterDataHandler = None

    def clear(self) -> None:
        """The case ends."""
        self._case = None

    def interpret(self, outcome: Outcome) -> tuple[str, str, str]:
        """Type, message and text of what made the outcome, as `junitparser` has them."""
        if self._case is None:
            return "", "", ""
        from junitparser import Error, Failure
        from junitparser.xunit2 import FlakyError, FlakyFailure, RerunError, RerunFailure, TestCase

        case: Any = TestCase.fromelem(self._case)  # type: ignore[no-untyped-call]
        entries = list(case)

        def of(*kinds: type) -> list[Any]:
            return [entry for entry in entries if isinstance(entry, kinds)]

        if outcome is Outcome.ERRORED:
            results = of(Error) or of(RerunError)
        elif outcome is Outcome.FAILED:
            results = of(Failure) or of(RerunFailure)
        else:
            results = of(FlakyError, FlakyFailure)
        texts = [_text(result) for result in results]
        return (
            next((result.type for result in results if result.type), ""),
            next((result.message for result in results if result.message), ""),
            cut("\n\n".join(text for text in texts if text)),
        )


def _text(result: Any) -> str:
    text = (result.text or "").strip()
    return text or (getattr(result, "stack_trace", None) or "").strip()
