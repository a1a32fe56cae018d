"""The report in a real browser: three widths, light and dark, keyboard, screen reader, print."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright
from tests.support.pictures import at, warehouse_of
from tests.support.records import Document

from vsm_gate.analytics.picture import draw
from vsm_gate.demo.organisation import simulate
from vsm_gate.report import pages, site

CHROMIUM = shutil.which("chromium")
pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="there is no Chromium: install Debian's package `chromium`"
)

END = at("2026-11-22T12:00")
PAGES = ("index.html", "teams/ledger.html", "glossary.html")
WIDTHS = (390, 820, 1440)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = simulate(3, END, weeks=3)
    documents: list[Document] = [
        document for document in made.documents if document["time"] > "2026-11-08"
    ]
    warehouse = warehouse_of(documents)
    warehouse.set_deployed(made.deployed)
    picture = draw(warehouse, since=None, until=END, now=END)
    target = tmp_path_factory.mktemp("report") / "site"
    site.write(pages.plan(picture, warehouse), target)
    return target


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as player:
        options = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        chromium = player.chromium.launch(executable_path=CHROMIUM, args=options)
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(offline=True)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_no_fault_that_axe_finds(
    folder: Path, page: Page, name: str, scheme: str
) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.goto((folder / name).as_uri())

    found = Axe().run(page)

    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", PAGES)
def test_no_page_is_wider_than_the_window(folder: Path, page: Page, name: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto((folder / name).as_uri())

    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_page_asks_the_network_for_nothing_and_breaks_no_policy(folder: Path, page: Page) -> None:
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))

    for name in PAGES:
        page.goto((folder / name).as_uri())

    assert asked == [(folder / name).as_uri() for name in PAGES]
    assert said == []


def test_it_reads_the_same_without_javascript(folder: Path, browser: Browser) -> None:
    texts = []
    for javascript in (True, False):
        context = browser.new_context(java_script_enabled=javascript)
        page = context.new_page()
        page.goto((folder / "index.html").as_uri())
        texts.append(page.inner_text("main"))
        context.close()

    assert texts[0] == texts[1]
    assert "The picture now" in texts[0]


def test_the_keyboard_goes_from_the_organisation_down_to_the_records(
    folder: Path, page: Page
) -> None:
    page.goto((folder / "index.html").as_uri())
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"

    page.focus("text=ledger >> nth=0")
    page.keyboard.press("Enter")
    page.wait_for_url("**/teams/ledger.html")
    page.focus("a[href='#records'] >> nth=0")
    page.keyboard.press("Enter")

    assert page.url.endswith("#records")
    assert page.locator("#records").is_visible()
    assert page.locator("section[aria-labelledby=records] tbody tr").count() > 5


def test_the_drawing_fits_its_width(folder: Path, page: Page) -> None:
    for width, shown, hidden in ((390, ".narrow", ".wide"), (1440, ".wide", ".narrow")):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto((folder / "index.html").as_uri())
        assert page.locator(f".chart {shown}").is_visible()
        assert not page.locator(f".chart {hidden}").is_visible()


def test_it_prints_to_paper(folder: Path, page: Page) -> None:
    page.goto((folder / "index.html").as_uri())
    page.emulate_media(media="print")

    assert not page.locator("nav").is_visible()
    assert page.pdf(format="A4").startswith(b"%PDF")
