"""Templates of pages: autoescaped, in one frame, with one style."""

from __future__ import annotations

import base64
import hashlib
from importlib.resources import files

import jinja2
from markupsafe import Markup


def environment(
    package: str, *, style: str = "", script: str = "", **shared: object
) -> jinja2.Environment:
    """The templates of a package and the frame; `shared` is known in all of them.

    `style` is what its pages have beside the style of all. The page's Content-Security-Policy lets
    that style and the `script` act, and nothing else.
    """
    made = jinja2.Environment(
        loader=jinja2.ChoiceLoader(
            [jinja2.PackageLoader(package), jinja2.PackageLoader("vsm_gate.web")]
        ),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    style = (files("vsm_gate.web") / "style.css").read_text("utf-8") + style
    made.globals.update(
        shared,
        style=Markup(style),  # noqa: S704 (our own file)
        style_digest=_digest(style),
        script=Markup(script),  # noqa: S704 (our own file)
        script_digest=_digest(script),
    )
    return made


def _digest(text: str) -> str:
    """The digest of a style or a script, as a Content-Security-Policy names it."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
