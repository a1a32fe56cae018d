"""The pages of a report in Chromium: how large the largest is, and when it answers."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from playwright.sync_api import sync_playwright

from bench.measure import RUNS, Row, Sample

_MB: Final = 1_000_000
_OPTIONS: Final = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


def rows(site: Path) -> Iterator[Row]:
    """The largest page of a site; its memory is its size. Nothing where there is no Chromium."""
    chromium = shutil.which("chromium")
    if chromium is None:
        return
    largest = max(site.rglob("*.html"), key=lambda page: page.stat().st_size)
    opened = Sample(min(_opened(largest, chromium)), largest.stat().st_size / _MB)
    met = opened.seconds <= 1 and opened.megabytes <= 1.5
    yield Row("largest page opened in Chromium", opened, "", None, "≤ 1 s, ≤ 1.5 MB", met)


def _opened(page: Path, chromium: str) -> Iterator[float]:
    """Seconds from the navigation on until the page's script has done all and answers."""
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=chromium, args=_OPTIONS)
        for _ in range(RUNS):
            tab = browser.new_page()
            tab.goto(page.as_uri())
            tab.wait_for_selector("html[data-ready]", state="attached")
            yield float(tab.evaluate("performance.now()")) / 1000
            tab.close()
        browser.close()
