"""The report in a real browser: three widths, light and dark, keyboard, screen reader, print."""

from __future__ import annotations

import json
import re
from fractions import Fraction
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from tests.support import browsing
from tests.support.pictures import at, warehouse_of
from tests.support.records import Document, check

from vsm_gate.analytics.picture import draw
from vsm_gate.demo.organisation import simulate
from vsm_gate.report import pages, site

END = at("2026-11-22T12:00")
PAGES = (
    "index.html", "teams/ledger.html", "compare.html", "waste.html", "stream.html",
    "components.html", "changes.html", "governance.html", "glossary.html", "component", "change",
)  # fmt: skip
LARGEST = 1_500_000


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


def place(folder: Path, name: str) -> Path:
    """A page of the site; for `component` and `change` the first of that kind."""
    if name.endswith(".html"):
        return folder / name
    return min((folder / f"{name}s").glob("*.html"))


@browsing.SCHEMES
@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_no_fault_that_axe_finds(
    folder: Path, page: Page, name: str, scheme: str
) -> None:
    browsing.axe_finds_nothing(page, place(folder, name), scheme)


@browsing.SCHEMES
@pytest.mark.parametrize("choice", ["group=Frontends", "team=ledger&period=whole"])
def test_chosen_teams_have_no_fault_that_axe_finds(
    folder: Path, page: Page, choice: str, scheme: str
) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.goto(f"{(folder / 'index.html').as_uri()}#{choice}")

    assert page.locator("#chosen .tile").count() == 4
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


@browsing.WIDTHS
@pytest.mark.parametrize("name", PAGES)
def test_no_page_is_wider_than_the_window(folder: Path, page: Page, name: str, width: int) -> None:
    browsing.is_no_wider(page, place(folder, name), width)


def test_a_page_asks_the_network_for_nothing_and_breaks_no_policy(folder: Path, page: Page) -> None:
    browsing.ask_for_nothing(page, [place(folder, name) for name in PAGES])


@pytest.mark.parametrize("name", PAGES)
def test_it_reads_without_javascript(folder: Path, browser: Browser, name: str) -> None:
    texts = []
    for javascript in (True, False):
        context = browser.new_context(java_script_enabled=javascript)
        page = context.new_page()
        page.goto(place(folder, name).as_uri())
        texts.append(page.inner_text("main"))
        controls = page.locator("main form, main button").evaluate_all(
            "found => found.filter(each => each.checkVisibility()).length"
        )
        assert javascript or controls == 0, "a control that does nothing is shown"
        context.close()

    lacking = set(texts[1].split()) - set(texts[0].split())
    assert not lacking, "a word that only those without JavaScript see"
    assert len(texts[1].split()) > 20


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
    page.focus("a[href='#records']:visible >> nth=0")
    page.keyboard.press("Enter")

    page.wait_for_url(lambda address: address.endswith("#records"))
    assert page.locator("#records").is_visible()
    assert page.locator("section[aria-labelledby=records] tbody tr").count() > 5


def test_the_drawing_fits_its_width(folder: Path, page: Page) -> None:
    for width, shown, hidden in ((390, ".narrow", ".wide"), (1440, ".wide", ".narrow")):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto((folder / "index.html").as_uri())
        assert page.locator(f".chart[data-table] {shown}").is_visible()
        assert not page.locator(f".chart[data-table] {hidden}").is_visible()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_small_enough(folder: Path, name: str) -> None:
    assert place(folder, name).stat().st_size <= LARGEST


def test_every_link_leads_to_a_place_that_is_there(folder: Path, page: Page) -> None:
    for name in PAGES:
        page.goto(place(folder, name).as_uri())
        for link in page.locator("a[href]").evaluate_all("all => all.map(each => each.href)"):
            address, _, fragment = link.partition("#")
            target = Path(unquote(urlsplit(address).path))
            assert target.is_file(), (name, link)
            if fragment and "=" not in fragment and target == place(folder, name):
                assert page.evaluate("id => !!document.getElementById(id)", unquote(fragment)), link


def test_the_filters_work_by_keyboard_and_stay_in_the_address(folder: Path, page: Page) -> None:
    page.goto((folder / "index.html").as_uri())
    page.focus("select[name=group]")
    page.keyboard.type("Front")

    teams = page.locator(".teams tbody tr:visible th")
    assert teams.all_inner_texts() == ["ios-app\nrelease-train", "web-shop\ncontinuous"]
    assert page.locator("#shown").inner_text().startswith("2 of 8 teams shown")
    page.wait_for_url(lambda address: address.endswith("#group=Frontends"))

    page.click("nav >> text=Waste")
    page.wait_for_url(lambda address: address.endswith("waste.html#group=Frontends"))
    assert page.locator("tbody tr[data-team]:visible").count() == 2


def weeks(page: Page, table: str) -> dict[str, list[int]]:
    """Of each week of a table the changes, and how many pass, warn, are inconclusive and fail."""
    found = {}
    for row in page.locator(f"#{table} tbody tr").all():
        cells = row.locator("td").all_text_contents()[-5:]
        numbers = [cell.replace("\N{NARROW NO-BREAK SPACE}", "") for cell in cells]
        told = all(number.isdigit() for number in numbers)
        found[row.locator("th").text_content() or ""] = [*map(int, numbers)] if told else [0] * 5
    return found


def tiles(page: Page, place: str) -> list[tuple[str, str, list[str]]]:
    return [
        (
            tile.locator("h2").inner_text(),
            tile.locator(".big").inner_text(),
            tile.locator(".made > div").all_inner_texts(),
        )
        for tile in page.locator(f"{place} .tile:visible").all()
    ]


def test_the_counts_of_chosen_teams_add_up_to_what_is_drawn_of_all(
    folder: Path, page: Page
) -> None:
    address = (folder / "index.html").as_uri()
    page.goto(address)
    drawn = weeks(page, "weekly")
    whole = json.loads((folder / "report.json").read_text("utf-8"))["organisation"]

    parts = []
    for method in ("continuous", "release-train", "staged"):
        page.goto(f"{address}#method={method}")
        page.reload()
        parts.append((page.locator("#chosen .lead").inner_text(), weeks(page, "chosen-weekly")))

    leads = [re.sub(r"\s", "", lead.partition(" change")[0]) for lead, _ in parts]
    assert sum(map(int, leads)) == whole["now"]["verdicts"]["changes"]
    assert sum(numbers[0] for numbers in drawn.values()) > 100
    for week, numbers in drawn.items():
        each = [found[week] for _, found in parts]
        assert [sum(column) for column in zip(*each, strict=True)] == numbers


@pytest.mark.parametrize("period", ["now", "before", "whole"])
def test_one_chosen_team_has_the_figures_of_its_own_page(
    folder: Path, page: Page, period: str
) -> None:
    page.goto(f"{(folder / 'teams' / 'ledger.html').as_uri()}#period={period}")
    own, drawn = tiles(page, "main"), weeks(page, "weekly")
    medians = page.locator("#weekly td:nth-child(2)").all_text_contents()
    page.goto(f"{(folder / 'index.html').as_uri()}#team=ledger&period={period}")

    assert len(own) == 4
    assert tiles(page, "#chosen") == own
    assert weeks(page, "chosen-weekly") == drawn
    assert page.locator("#chosen-weekly td:nth-child(2)").all_text_contents() == medians


def test_shares_of_chosen_teams_are_pooled_and_medians_are_a_range(
    folder: Path, page: Page
) -> None:
    teams = json.loads((folder / "report.json").read_text("utf-8"))["teams"]
    chosen = [
        team["now"]["metrics"] for team in teams.values() if team["peer_group"] == "Frontends"
    ]
    right = [each["quality.first_pass"] for each in chosen]
    share = Fraction(sum(x["numerator"] for x in right), sum(x["denominator"] for x in right))
    scores = sorted(int(each["quality.score"]["value"] * 10) / 10 for each in chosen)

    page.goto(f"{(folder / 'index.html').as_uri()}#group=Frontends")
    found = {name: (big, "\n".join(made)) for name, big, made in tiles(page, "#chosen")}

    assert len(chosen) == 2
    assert f"{int(share * 1000) / 10:.1f}\N{NO-BREAK SPACE}%" in found["Flow"][1]
    assert found["Quality"][0] == f"{scores[0]:.1f} to {scores[1]:.1f}"


# What a block that is about all teams is marked with: at its heading, else above it.
MARKS = """all => all.map(block => {
  const heading = block.querySelector(":scope > h2");
  return getComputedStyle(heading ?? block, heading ? "::after" : "::before").content;
})"""


def test_what_does_not_follow_a_choice_of_teams_says_so(folder: Path, page: Page) -> None:
    for name in ("index.html", "waste.html", "stream.html", "governance.html"):
        page.goto((folder / name).as_uri())
        blocks = page.locator("[data-covers]")
        assert page.locator(".uncovered").count() == 0
        page.goto(f"{(folder / name).as_uri()}#group=Frontends")
        page.reload()
        assert page.locator(".uncovered:visible").count() == blocks.count() > 0
        assert "all teams" in page.locator("#shown").inner_text()
        assert set(blocks.evaluate_all(MARKS)) == {'"all teams"'}


def test_a_choice_of_no_team_says_so_and_leaves_the_page(folder: Path, page: Page) -> None:
    page.goto(f"{(folder / 'index.html').as_uri()}#team=nobody-is-called-so")

    assert "0 of 8 teams shown" in page.inner_text("form")
    assert page.locator("[data-whole] .lead, .lead[data-whole]").first.is_visible()


def test_a_team_without_peers_is_compared_with_nobody_and_nothing_breaks(
    tmp_path: Path, page: Page
) -> None:
    lone = [check(f"2026-10-0{day}T10:00:00Z", peer_group="lone") for day in (5, 6)]
    warehouse = warehouse_of([*lone, check("2026-10-07T10:00:00Z", team="other", repository="a/b")])
    picture = draw(warehouse, since=at("2026-10-01"), until=at("2026-11-01"), now=at("2026-11-01"))
    site.write(pages.plan(picture, warehouse), tmp_path / "site")
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))

    page.goto(f"{(tmp_path / 'site' / 'compare.html').as_uri()}#a=g:lone&b=t:payments")

    assert page.locator("html[data-ready]").count() == 1
    assert faults == []


def test_a_link_brings_the_choice_back(folder: Path, page: Page) -> None:
    address = (folder / "index.html").as_uri()
    page.goto(f"{address}#period=before&method=staged&team=core")

    assert page.locator("select[name=period]").input_value() == "before"
    assert page.locator(".teams tbody tr:visible").count() == 1
    assert page.locator("[data-period=now]:visible").count() == 0
    assert page.locator("[data-period=before]:visible").count() > 0

    page.click("text=Clear")
    page.wait_for_url(lambda address: "#" not in address)
    assert page.locator("[data-period=before]:visible").count() == 0


def test_an_anchor_does_not_undo_the_choice(folder: Path, page: Page) -> None:
    page.goto(f"{(folder / 'index.html').as_uri()}#group=Frontends")
    page.click("a[href='#teams']:visible >> nth=0")

    page.wait_for_url(lambda address: address.endswith("#teams"))
    assert page.locator(".teams tbody tr:visible").count() == 2


def test_a_fragment_that_nobody_wrote_does_no_harm(folder: Path, page: Page) -> None:
    said: list[str] = []
    page.on("pageerror", lambda error: said.append(str(error)))
    hostile = "period=%22%3E%3Cimg%20src=x%3E&group=nobody&a=t:nobody&bp=never&team=%5B%5E"
    for name in PAGES:
        page.goto(f"{place(folder, name).as_uri()}#{hostile}")

    assert said == []


def test_a_table_is_sorted_by_its_head_and_says_so(folder: Path, page: Page) -> None:
    page.goto((folder / "components.html").as_uri())
    head = page.locator("table:visible th", has_text="Deployments").last
    head.locator("button").press("Enter")

    def column() -> list[int]:
        cells = page.locator("table:visible tbody tr td:nth-child(4)").all_inner_texts()
        return [int(cell.replace("\N{NARROW NO-BREAK SPACE}", "")) for cell in cells if cell != "–"]

    assert head.get_attribute("aria-sort") == "descending"
    assert column() == sorted(column(), reverse=True)
    head.locator("button").press("Enter")
    assert head.get_attribute("aria-sort") == "ascending"
    assert column() == sorted(column())


def test_the_chart_tells_a_week_to_the_pointer_and_to_the_keyboard(
    folder: Path, page: Page
) -> None:
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto((folder / "index.html").as_uri())
    plot = page.locator(".chart .wide").first
    plot.hover()
    assert "Median" in page.locator(".tip").inner_text()

    plot.focus()
    page.keyboard.press("Home")
    first = page.locator("#weekly tbody tr").last.locator("th").text_content()
    assert page.locator(".tip p").inner_text() == f"Week of {first}"
    page.keyboard.press("Escape")
    assert page.locator(".tip").count() == 0


def test_any_two_sides_are_compared_and_the_parts_add_up(folder: Path, page: Page) -> None:
    page.goto((folder / "compare.html").as_uri())
    page.select_option("select[name=a]", "t:core-banking")
    page.select_option("select[name=b]", "t:payments")

    def tenths(selector: str) -> list[int]:
        cells = page.locator(selector).all_inner_texts()
        return [round(10 * float(cell.replace("\N{MINUS SIGN}", "-"))) for cell in cells]

    (whole,) = tenths("#gap-table tfoot td:last-child")
    assert whole != 0
    assert sum(tenths("#gap-table tbody td:last-child")) == whole
    address = page.url
    lead = page.locator("#compared-lead").inner_text()
    assert "core-banking, now" in lead
    assert "payments, now" in lead

    page.goto((folder / "index.html").as_uri())
    page.goto(address)
    assert page.locator("#compared-lead").inner_text() == lead


def test_the_script_splits_a_gap_as_the_page_of_the_team_does(folder: Path, page: Page) -> None:
    def rows(table: str) -> dict[str, str]:
        return {
            row.locator("th").inner_text(): row.locator("td.strong").inner_text()
            for row in page.locator(f"{table} tbody tr, {table} tfoot tr").all()
        }

    page.goto((folder / "teams" / "ledger.html").as_uri())
    drawn = rows("section[aria-labelledby=peers] table")
    choice = "a=g:Backend+services&b=t:ledger"
    page.goto(f"{(folder / 'compare.html').as_uri()}#{choice}")
    page.locator("#gap-table tfoot td:last-child").evaluate("cell => cell.classList.add('strong')")

    assert len(drawn) > 3
    assert rows("#gap-table") == drawn


def test_who_reads_in_the_dark_prints_on_white(folder: Path, page: Page) -> None:
    page.emulate_media(color_scheme="dark")
    page.goto((folder / "index.html").as_uri())
    ink = "getComputedStyle(document.body).color"
    dark = page.evaluate(ink)
    page.emulate_media(color_scheme="dark", media="print")

    assert page.evaluate(ink) != dark
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


def test_it_prints_to_a_few_pages_of_paper(folder: Path, page: Page) -> None:
    for name, most in (("index.html", 10), ("stream.html", 3), ("governance.html", 6)):
        page.goto((folder / name).as_uri())
        page.emulate_media(media="print")

        assert not page.locator("nav").is_visible()
        assert not page.locator("#filters").is_visible()
        paper = page.pdf(format="A4")
        assert paper.startswith(b"%PDF")
        assert 1 <= paper.count(b"/Type /Page\n") <= most, name
