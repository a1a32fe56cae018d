"""Badges: a figure for a README, as a drawing, and as an endpoint that badge services read."""

from __future__ import annotations

import json
from typing import Final

from vsm_gate.analytics.figures import Figure
from vsm_gate.report import text

_LABEL: Final = "gate score"
_LEFT: Final = 78
_RIGHT: Final = 62
# From this score on, this colour; both are dark enough for white letters.
_COLOURS: Final = ((90.0, "#1f7a6f"), (75.0, "#8f6400"), (0.0, "#a8322a"))
_NO_COLOUR: Final = "#5f6a68"


def drawing(score: Figure) -> str:
    """The badge as SVG. Nothing in it comes from a record but a number."""
    said = text.value(score)
    width = _LEFT + _RIGHT
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="20" role="img"'
        f' aria-label="{_LABEL}: {said}"><title>{_LABEL}: {said}</title>'
        f'<rect width="{width}" height="20" rx="3" fill="#333c3a"/>'
        f'<path d="M{_LEFT} 0h{_RIGHT - 3}a3 3 0 0 1 3 3v14a3 3 0 0 1-3 3h-{_RIGHT - 3}z"'
        f' fill="{_colour(score)}"/>'
        '<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11"'
        ' text-anchor="middle">'
        f'<text x="{_LEFT / 2}" y="14">{_LABEL}</text>'
        f'<text x="{_LEFT + _RIGHT / 2}" y="14">{said}</text></g></svg>\n'
    )


def endpoint(score: Figure) -> str:
    """The badge as the JSON that shields.io's endpoint badge reads."""
    document = {
        "schemaVersion": 1,
        "label": _LABEL,
        "message": text.value(score),
        "color": _colour(score).removeprefix("#"),
    }
    return json.dumps(document) + "\n"


def _colour(score: Figure) -> str:
    if score.value is None:
        return _NO_COLOUR
    return next(colour for least, colour in _COLOURS if score.value >= least)
