"""What is said of a file that no format knows."""

from __future__ import annotations

from io import BytesIO

import pytest

from vsm_gate.model.evidence import Unreadable
from vsm_gate.readers import registry


@pytest.mark.parametrize(
    ("text", "reason", "line"),
    [
        ('\n<?xml version="1.0"?><testsuites/>', "not well-formed XML: XML or text declaration", 2),
        ("<", "not well-formed XML", 1),
        ("<!-- cut", "not well-formed XML", 1),
        ("<items/>", "no known report format: it looks like XML with the root <items>", None),
        ("<items><item>", "no known report format: it looks like XML with the root <items>", None),
    ],
)
def test_xml_that_is_broken_before_its_root_is_no_unknown_format(
    text: str, reason: str, line: int | None
) -> None:
    found = registry.read("report.xml", BytesIO(text.encode()))
    assert isinstance(found, Unreadable)
    assert reason in found.reason
    assert found.line == line
    assert found.unknown is (line is None)
