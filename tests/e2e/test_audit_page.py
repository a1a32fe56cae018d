"""The page of an audit in a real browser: light and dark, three widths, keyboard, print."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page
from tests.support import browsing
from tests.support.auditing import HOUR, MAIN, MERGED, audited, check, contents, deployment, forge

from vsm_gate.audit import pack
from vsm_gate.audit.audit import Verified
from vsm_gate.model.population import PolicyFacts, WaiverTerms
from vsm_gate.web import folder as folders

WAIVED = {"tests-green": {"status": "fail", "phase": "enforce", "waiver": "W-1"}}
DAYS = (date(2026, 7, 1), date(2026, 12, 31))
TERMS = WaiverTerms("tests-green", "alex", "dana", "a known fault", *DAYS)
FACTS = PolicyFacts(waivers={("7" * 64, "W-1"): TERMS})
RECORDS = (
    check(forge=forge(("alex", HOUR, True)), objectives=WAIVED),
    check(head=MAIN, at=MERGED + HOUR, on_main=True, forge=forge(("alex", HOUR, True))),
    deployment(began=MERGED + 3 * HOUR),
)
PAGES = ("sample/index.html", "whole/index.html")


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("audits")
    faulty = Verified("c" * 40, done=True, commits=9, records=3, faults=("abc path: changed",))
    for name, made in (
        ("sample", audited(*RECORDS, policy=FACTS, sample=1, seed="x")),
        ("whole", audited(*RECORDS, verified=faulty)),
    ):
        plan = pack.plan(made, lambda _: contents(RECORDS), "1.0.0")
        folders.write(plan, target / name, what=pack.WHAT)
    return target


@browsing.SCHEMES
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(written: Path, page: Page, name: str, scheme: str) -> None:
    browsing.axe_finds_nothing(page, written / name, scheme)


@browsing.WIDTHS
@pytest.mark.parametrize("name", PAGES)
def test_it_is_no_wider_than_the_window(written: Path, page: Page, name: str, width: int) -> None:
    browsing.is_no_wider(page, written / name, width)


def test_it_asks_the_network_for_nothing_and_breaks_no_policy(written: Path, page: Page) -> None:
    browsing.ask_for_nothing(page, [written / name for name in PAGES])


def test_a_record_is_one_step_from_what_it_shows(written: Path, page: Page) -> None:
    page.goto((written / "sample/index.html").as_uri())
    link = page.locator("section[aria-labelledby=changes] tbody a").first
    target = written / "sample" / str(link.get_attribute("href"))

    assert '"conclusion":"pass"' in target.read_text("ascii")


def test_it_prints_to_paper_with_its_marks(written: Path, page: Page) -> None:
    page.goto((written / "sample/index.html").as_uri())
    page.emulate_media(media="print")

    assert not page.locator("nav").is_visible()
    mark = "getComputedStyle(document.querySelector('.verdict'), '::before').printColorAdjust"
    assert page.evaluate(mark) == "exact"
    assert page.pdf(format="A4").startswith(b"%PDF")
