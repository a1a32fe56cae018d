"""What every page that we write keeps to, seen in a browser."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

SCHEMES = pytest.mark.parametrize("scheme", ["light", "dark"])
WIDTHS = pytest.mark.parametrize("width", [390, 820, 1440])


def axe_finds_nothing(page: Page, file: Path, scheme: str) -> None:
    """No fault of accessibility is there that axe can find, in this colour scheme."""
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.goto(file.as_uri())

    found = Axe().run(page)

    assert found.violations_count == 0, found.generate_report()


def is_no_wider(page: Page, file: Path, width: int) -> None:
    """A window of so many pixels has no need to scroll sideways."""
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(file.as_uri())

    found = page.evaluate("document.documentElement.scrollWidth")

    assert found <= width, f"{file.name} is {found} pixels wide in a window of {width}"


def ask_for_nothing(page: Page, files: Iterable[Path]) -> None:
    """Each is one request, and breaks no policy of its own, which the console would tell."""
    addresses = [file.as_uri() for file in files]
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))

    for address in addresses:
        page.goto(address)

    assert asked == addresses, asked
    assert said == [], said
