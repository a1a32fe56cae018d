from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser
from importlib.resources import files

import pytest
from tests.support.pictures import SINCE, UNTIL, at, warehouse_of
from tests.support.records import Document, check, event, objective, rate

from vsm_gate.analytics.picture import draw
from vsm_gate.metrics.catalogue import CATALOGUE
from vsm_gate.report import components, pages
from vsm_gate.report.pages.context import SCRIPTS

HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(2)>'


def site(*documents: Document) -> dict[str, str]:
    warehouse = warehouse_of(documents)
    picture = draw(warehouse, since=SINCE, until=UNTIL, now=UNTIL)
    planned = pages.plan(picture, warehouse)
    return {
        name: found if isinstance(found, str) else "".join(found) for name, found in planned.items()
    }


class Reading(HTMLParser):
    """Tags, attributes and links of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        self.ids += [value for name, value in attrs if name == "id" and value]
        self.links += [value for name, value in attrs if name == "href" and value]


FULL = (
    check(
        "2026-10-05T10:00:00Z",
        measurements={"coverage.patch": rate(13, 16)},
        objectives={"patch": objective("warn", 70)},
    ),
    check("2026-10-12T10:00:00Z", team="Web Shop", repository="acme/web", verdict="fail", score=30),
    event(
        "deployment",
        "2026-10-06T10:00:00Z",
        components=["checkout"],
        event={"id": "d", "status": "success"},
    ),
)


def test_the_site_has_a_page_a_team_and_its_data_beside_it() -> None:
    assert set(site(*FULL)) >= {
        "index.html",
        "glossary.html",
        "report.json",
        "figures.csv",
        "weeks.csv",
        "compare.html",
        "compare.csv",
        "waste.html",
        "waste.csv",
        "stream.html",
        "stream.csv",
        "work.csv",
        "components.html",
        "components.csv",
        "changes.html",
        "governance.html",
        "governance.csv",
        "capture.csv",
        "separation.csv",
        "teams/payments.html",
        "teams/payments.records.csv",
        "teams/payments.weeks.csv",
    }


def test_the_value_stream_says_what_the_work_was() -> None:
    def merged(number: int, *labels: str) -> Document:
        told = {
            "pull_request": number, "opened": "2026-10-05T10:00:00Z", "labels": list(labels),
            "merged": "2026-10-05T12:00:00Z", "approvals": [],
        }  # fmt: skip
        return check(f"2026-10-05T12:0{number}:00Z", forge=told)

    made = site(merged(1, "feature"), merged(2, "bug"), merged(3, "bug"), merged(4))

    rows = made["work.csv"].splitlines()
    period = "2026-10-01T00:00:00Z,2026-11-01T00:00:00Z"
    assert {f"payments,{period},feature,1", f"payments,{period},defect,2"} <= set(rows)
    assert f"payments,{period},unknown,1" in rows
    (section,) = re.findall(
        r'<section aria-labelledby="work">.*?</section>', made["stream.html"], re.DOTALL
    )
    assert "33.3 %" in section.replace("\N{NO-BREAK SPACE}", " ")
    assert "All teams" in section
    assert "Labels of pull requests do" in site(*FULL)["stream.html"]


def test_every_link_leads_somewhere_inside_the_site() -> None:
    made = site(*FULL)
    read = {name: Reading(text) for name, text in made.items() if name.endswith(".html")}

    for name, page in read.items():
        folder = name.rpartition("/")[0]
        for link in page.links:
            target, _, fragment = link.partition("#")
            path = f"{folder}/{target}" if folder and target else target or name
            path = re.sub(r"[^/]+/\.\./", "", path)
            assert path in made, (name, link)
            assert not fragment or fragment in read[path].ids, (name, link)


def test_ids_are_unique() -> None:
    for name, text in site(*FULL).items():
        if name.endswith(".html"):
            found = Reading(text).ids
            assert len(found) == len(set(found)), name


def test_a_page_needs_nothing_from_outside_and_runs_one_script_of_ours() -> None:
    folder = files("vsm_gate.report") / "templates"
    ours = "".join((folder / f"{name}.js").read_text("utf-8") for name in SCRIPTS)
    for name, text in site(*FULL).items():
        if name.endswith(".html"):
            page = Reading(text)
            assert re.findall(r"<script>(.*?)</script>", text, re.DOTALL) == [ours]
            assert not {"iframe", "object", "embed", "link", "base"} & set(page.tags)
            assert not [key for key, _ in page.attributes if key.startswith("on") or key == "src"]
            assert not [key for key, _ in page.attributes if key == "style"]
            assert "default-src 'none'" in text
            assert not re.search(r"https?://(?!www\.w3\.org/)", text.partition("<main")[0])


@pytest.mark.parametrize("field", ["team", "repository", "peer_group", "methodology", "verdict"])
def test_a_hostile_name_is_text(field: str) -> None:
    made = site({**check("2026-10-05T10:00:00Z"), field: HOSTILE})

    for name, text in made.items():
        assert re.fullmatch(r"[\w./-]+", name)
        if name.endswith(".html"):
            assert "<script>alert" not in text
            assert "<img" not in text


@pytest.mark.parametrize("key", ["tested", "branch", "pull_request"])
def test_a_hostile_change_is_text(key: str) -> None:
    (page,) = (
        text
        for name, text in site(check("2026-10-05T10:00:00Z", change={key: HOSTILE})).items()
        if name == "teams/payments.html"
    )

    assert "<script>alert" not in page
    assert "<img" not in page


def test_hostile_objectives_metrics_and_components_are_text() -> None:
    made = site(
        check(
            "2026-10-05T10:00:00Z",
            score=10,
            objectives={HOSTILE: objective("fail", 0, metric=HOSTILE)},
            measurements={HOSTILE: {"value": 1}, "coverage.branch": {"missing": HOSTILE}},
        ),
        event(
            "deployment",
            "2026-10-06T10:00:00Z",
            components=[HOSTILE],
            event={"id": HOSTILE, "status": "success"},
        ),
    )

    for name in ("index.html", "teams/payments.html"):
        assert "<script>alert" not in made[name]
        assert "<img" not in made[name]
        assert "&lt;script&gt;" in made[name]


@pytest.mark.parametrize("kind", ["style", "script"])
def test_the_policy_names_the_style_and_the_script_that_stand_there(kind: str) -> None:
    page = site()["index.html"]

    content = re.search(rf"<{kind}>(.*?)</{kind}>", page, re.DOTALL)
    assert content is not None
    digest = base64.b64encode(hashlib.sha256(content[1].encode()).digest()).decode()
    assert f"{kind}-src 'sha256-{digest}'" in page.replace("&#39;", "'")


def test_a_component_and_a_change_have_a_page_that_others_lead_to() -> None:
    made = site(*FULL)
    (component,) = (name for name in made if name.startswith("components/"))
    changes = [name for name in made if name.startswith("changes/")]

    assert f'href="{component}"' in made["components.html"]
    assert f'href="../{component}"' in made["teams/payments.html"]
    assert len(changes) == 2
    for change in changes:
        assert f'href="{change}"' in made["changes.html"]


def test_the_page_of_a_change_says_what_it_lost_and_why_it_is_there() -> None:
    made = site(
        check(
            "2026-10-05T10:00:00Z",
            score=80,
            blocked=True,
            verdict="fail",
            measurements={"coverage.patch": rate(13, 16), "tests.failed": {"missing": "no report"}},
            objectives={
                "patch": objective("fail", 60, weight=1, **{"pass": ">= 80%"}),
                "green": objective("pass", 100, weight=1, metric="tests.failed"),
            },
        )
    )
    (page,) = (text for name, text in made.items() if name.startswith("changes/"))

    assert "It was blocked." in page
    assert re.search(r">20\.0<", page)
    assert "&gt;= 80%" in page
    assert "81.2" in page
    assert "no data: no report" in page
    assert ">blocked<" in made["changes.html"]


def test_a_site_of_many_components_keeps_to_a_bounded_number_of_pages() -> None:
    many = [
        event(
            "deployment",
            "2026-10-06T10:00:00Z",
            components=[f"part-{number:03d}" for number in range(components.MOST + 20)],
            event={"id": "d", "status": "success"},
        )
    ]

    made = site(check("2026-10-05T10:00:00Z"), *many)

    assert len([name for name in made if name.startswith("components/")]) == components.MOST
    assert f"part-{components.MOST + 19:03d}" in made["components.html"]


def test_every_period_is_there_and_now_is_shown() -> None:
    page = site(*FULL)["index.html"]

    shown = re.findall(r'data-period="(\w+)"( hidden)?', page)
    assert {name for name, _ in shown} == {"now", "before", "whole"}
    assert {name for name, hidden in shown if not hidden} == {"now"}


def test_pages_without_a_record_have_no_number_that_nobody_measured() -> None:
    made = site()

    for name in ("compare", "waste", "stream", "components", "changes", "governance"):
        main = made[f"{name}.html"].partition("<main")[2].partition("</main>")[0]
        assert re.search("no data|No |not known", main), name
        assert "100.0" not in main, name


@pytest.mark.parametrize("name", ["index.html", "teams/payments.html"])
def test_a_page_names_its_parts(name: str) -> None:
    page = site(*FULL)[name]

    for part in ("Quality", "Throughput", "Stability", "Flow", "What changed", "What to do next"):
        assert re.search(rf"<h2[^>]*>(<a[^>]*>)?{part}<", page), part


def test_no_data_is_said_and_never_shown_as_a_number() -> None:
    page = site()["index.html"]

    main = page.partition("<main")[2].partition("</main>")[0]
    assert "No records yet" in main
    assert "no data" in main
    assert not re.search(r">\s*0(\.0)?( %)?\s*<", main)
    assert "100" not in main


def test_a_silent_quarter_is_named() -> None:
    warehouse = warehouse_of([check("2026-01-05T10:00:00Z")])
    picture = draw(warehouse, since=None, until=UNTIL, now=UNTIL)

    page = pages.plan(picture, warehouse)["index.html"]

    assert "No change was judged in the last 13 weeks" in page
    assert "5 Jan 2026" in page


def test_the_records_behind_the_figures_are_there() -> None:
    made = site(*FULL)
    commit = FULL[0]["change"]["tested"]

    page = made["teams/payments.html"]
    assert commit[:10] in page
    assert "5 Oct 2026, 10:00" in page
    assert commit in made["teams/payments.records.csv"]
    assert 'href="#records"' in page


def test_the_deployments_behind_the_figures_are_there() -> None:
    page = site(*FULL)["teams/payments.html"]

    assert 'href="#deployments"' in page
    section = page.partition('id="deployments"')[2]
    assert "6 Oct 2026, 10:00" in section
    assert ">good<" in section


def test_the_glossary_has_every_formula() -> None:
    page = site()["glossary.html"]

    for metric in CATALOGUE.values():
        assert f'id="{metric.id}"' in page


def test_charts_carry_no_name_and_follow_the_theme() -> None:
    page = site(*FULL)["index.html"]

    drawings = re.findall(r"<svg.*?</svg>", page, re.DOTALL)
    assert len(drawings) >= 2
    assert "var(--accent)" in page
    assert not any("payments" in drawing for drawing in drawings)


def test_a_period_before_all_records_is_a_site_without_data() -> None:
    warehouse = warehouse_of(FULL)
    picture = draw(warehouse, since=None, until=at("2026-01-01"), now=at("2026-01-01"))

    made = pages.plan(picture, warehouse)

    assert "no data" in str(made["index.html"])
    assert "teams/payments.html" in made


def test_a_pull_request_that_was_blocked_twice_is_listed_once() -> None:
    proposed = {"pull_request": 7, "event": "pull_request", "default_branch": False}
    times = [f"2026-10-05T{hour}:00:00Z" for hour in (10, 11)]
    made = site(*(check(time, blocked=True, change=proposed) for time in times))
    listed = made["changes.html"].partition("<tbody>")[2].partition("</tbody>")[0]

    assert listed.count("#7") == 1
    assert "11:00" in listed
