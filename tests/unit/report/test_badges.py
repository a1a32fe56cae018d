from __future__ import annotations

import json
from xml.etree import ElementTree as ET

import pytest

from vsm_gate.analytics.figures import Figure
from vsm_gate.report import badges


@pytest.mark.parametrize(
    ("value", "said", "colour"),
    [
        (100.0, "100.0", "1f7a6f"),
        (89.99, "89.9", "8f6400"),
        (0.0, "0.0", "a8322a"),
        (None, "no data", "5f6a68"),
    ],
)
def test_a_badge_says_the_score(value: float | None, said: str, colour: str) -> None:
    score = Figure("quality.score", value, None if value is not None else "nothing")

    drawn = ET.fromstring(badges.drawing(score))
    endpoint = json.loads(badges.endpoint(score))

    assert drawn.attrib["aria-label"] == f"gate score: {said}"
    assert endpoint == {
        "schemaVersion": 1,
        "label": "gate score",
        "message": said,
        "color": colour,
    }
