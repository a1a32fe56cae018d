"""Sentences with code in them."""

from __future__ import annotations

from markupsafe import Markup, escape


def coded(sentence: str) -> Markup:
    """A sentence with what stands between backquotes set as code, and all of it escaped."""
    pieces = (
        Markup("<code>{}</code>").format(piece) if place % 2 else escape(piece)
        for place, piece in enumerate(sentence.split("`"))
    )
    return Markup("").join(pieces)
