"""What the forge is given in Markdown: every limit is kept, nothing is injected, cuts are named."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from html.parser import HTMLParser
from unicodedata import category

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from tests.support.results import failing, objective, patch, result

from vsm_gate.change.patch import PatchCoverage
from vsm_gate.change.since_base import TestsSinceBase
from vsm_gate.model.change import Context, FileChange
from vsm_gate.model.impact import Component, Impact
from vsm_gate.model.results import Baseline, Reason, Status, Verdict
from vsm_gate.publish import check_run as checks
from vsm_gate.publish import comment as comments
from vsm_gate.publish import status as statuses
from vsm_gate.publish.check_run import check_run
from vsm_gate.publish.comment import Marker, comment
from vsm_gate.publish.fit import fit
from vsm_gate.publish.result import CheckResult
from vsm_gate.publish.status import commit_status
from vsm_gate.publish.summary import LIMIT, summary

TESTS = objective("tests-green", "tests.failed", Status.FAIL, key=True, remedy="Mend them.")
PATCH = objective("patch-coverage", "coverage.patch", Status.WARN, value=Fraction(60))
TAGS = {
    *("a", "br", "code", "details", "em", "h2", "h3", "li", "ol", "p", "pre", "strong", "sub"),
    *("summary", "table", "tbody", "td", "th", "thead", "tr", "ul"),
}
UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
# What a report, a branch or a title may say, and what must not come of it.
TRICKS = [
    "</details><script>alert(1)</script>",
    "<!-- vsm-gate 0000000000000000 head=" + "a" * 40 + " run=1/1 -->",
    "![x](https://example.org/x.png) [y](javascript:alert(1)) https://example.org www.example.org",
    "@everyone @acme/payments #1 GH-12 acme/payments#3 someone@example.org",
    "| a | b |\n| --- | --- |\n```\n~~~\n# Approved\n> quoted\n- [x] done",
    "::error::x\r\n::set-output name=verdict::pass\n%0A::add-mask::x",
    "\u202eevil\u2066 \u200b\x1b[2J\x00\ud800 \u2028",
    "`" * 300,
    "&lt;b&gt; &#64;everyone \\@everyone \\<b>",
    "EOF\nverdict<<EOF\npass",
]
hostile = st.sampled_from(TRICKS) | st.text(min_size=1, max_size=120)


def proposed(found: CheckResult) -> CheckResult:
    """The result of a pull request's job on a forge that is known."""
    context = Context(
        "acme/payments",
        event="pull_request",
        pull_request=7,
        run="5",
        job="gate",
        server_url="https://github.com",
    )
    return replace(found, context=context)


def texts(found: CheckResult) -> dict[str, tuple[str, int]]:
    """Every text in Markdown, and the bytes that it may have."""
    said, check = comment(found), check_run(found)
    assert said is not None
    return {
        "comment": (said.body, comments.LIMIT),
        "check": (check.summary, checks.TEXT),
        "details of the check": (check.text, checks.TEXT),
        "summary": (summary(found), LIMIT),
    }


class Page(HTMLParser):
    """What a reader gets: tags, addresses, and the text in which the forge looks for mentions."""

    def __init__(self, markdown: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.addresses: list[str] = []
        self.text = ""
        self._quiet = 0
        self.feed(MarkdownIt("gfm-like", {"html": True}).render(markdown))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.addresses += [str(value) for name, value in attrs if name in {"href", "src"}]
        self._quiet += tag in {"code", "pre", "a"}

    def handle_endtag(self, tag: str) -> None:
        self.tags.append(tag)
        self._quiet -= tag in {"code", "pre", "a"}

    def handle_data(self, data: str) -> None:
        self.text += "" if self._quiet else data


def check_page(name: str, markdown: str, limit: int) -> None:
    """The text is within its limit, and of nobody's making but ours."""
    assert len(markdown.encode()) <= limit, name
    page = Page(markdown)
    assert set(page.tags) <= TAGS, (name, set(page.tags) - TAGS)
    assert page.tags.count("details") % 2 == 0, name
    assert all(each.startswith("https://github.com/acme/") for each in page.addresses), name
    assert not re.search(r"@\w|#\d|\bgh-\d", page.text, re.IGNORECASE), name
    plain = markdown.replace("\u200b", "")
    assert all(char in "\n\t" or category(char) not in UNSEEN for char in plain), name


def check_all(found: CheckResult) -> None:
    """Hold every surface of the forge against its limits."""
    for name, (markdown, limit) in texts(found).items():
        check_page(name, markdown, limit)
    check, status = check_run(found), commit_status(found)
    assert len(check.title.encode()) <= checks.TITLE
    assert len(status.description.encode()) <= statuses.DESCRIPTION
    assert all("\n" not in each for each in (check.name, check.title, status.description))
    for batch in check.batches:
        assert len(batch) <= checks.BATCH
        for each in batch:
            assert len(each["title"].encode()) <= checks.TITLE
            assert 0 < len(each["message"].encode()) <= checks.MESSAGE
            assert not each["path"].startswith("/")
            assert 1 <= each["start_line"] <= each["end_line"]
    json.dumps([check.name, check.batches], ensure_ascii=False).encode()


def tricked(trick: str) -> CheckResult:
    """A result in which everything that others may write is this."""
    named = trick.replace("{", "{{").replace("}", "}}")
    found = result(
        [TESTS, replace(PATCH, remedy=trick, missing=trick)],
        verdict=Verdict.FAIL,
        tests=failing(2, name=named, message=f"{trick}\n{trick}", file=trick),
        patch=PatchCoverage(covered=1, coverable=4, missed={trick: (range(1, 4),)}),
        impact=Impact(3, (trick,), (trick, "web"), 1, (trick,), {"migrations": (trick,)}, (trick,)),
        components=(Component(trick, ("**",)), Component("web", ("**",), depends_on=(trick,))),
        problems=(trick,),
        notes=(trick,),
        unmapped=(trick,),
    )
    reason = Reason("tests-green", Verdict.FAIL, Verdict.FAIL, trick)
    return replace(
        proposed(found),
        policy=replace(found.policy, team=trick, source=trick),
        decision=replace(found.decision, reasons=(reason,)),
        change=replace(found.change, base_found=trick, files=(FileChange(trick, "added"),)),
    )


@pytest.mark.parametrize("trick", TRICKS, ids=range(len(TRICKS)))
def test_no_trick_injects_anything(trick: str) -> None:
    check_all(tricked(trick))


@settings(max_examples=40)
@example(trick="/")
@given(trick=hostile)
def test_nothing_that_others_write_injects_anything(trick: str) -> None:
    check_all(tricked(trick))


@pytest.mark.parametrize("sign", ["x", "ß", "漢", "🎫", "`", "\n", "\x00"])
def test_ten_megabytes_of_a_message_keep_every_limit(sign: str) -> None:
    message = sign * (10_000_000 // len(sign.encode()))
    check_all(proposed(result([TESTS], tests=failing(3, message=message, file="a.py"))))


@settings(max_examples=20)
@given(
    tests=st.integers(0, 400),
    files=st.integers(0, 60),
    ranges=st.integers(1, 100),
    words=st.text("ab 漢🎫`<|\n", max_size=3000),
)
def test_much_of_everything_keeps_every_limit(
    tests: int, files: int, ranges: int, words: str
) -> None:
    report = failing(tests, message=f"{words}\n{words}", file="a.py")
    check_all(proposed(result([TESTS, PATCH], tests=report, patch=patch(files, ranges))))


def test_three_hundred_failures_and_five_thousand_ranges_are_all_accounted_for() -> None:
    found = proposed(result([TESTS, PATCH], tests=failing(300, file="a.py"), patch=patch(50, 100)))
    check_all(found)
    for name, (markdown, _) in texts(found).items():
        for limit, group in _shown(name):
            assert (f"… and {group - limit:,} more" in markdown) is (limit > 0), name
    check = check_run(found)
    placed = sum(map(len, check.batches))
    assert placed == checks.BATCH * checks.BATCHES
    assert f"{5300 - placed:,} more remarks are not shown beside the code" in check.summary
    assert "and 88 more ranges" in texts(found)["comment"][0]


def _shown(name: str) -> Iterator[tuple[int, int]]:
    places = {"comment": 10, "check": 20, "summary": 50}.get(name, 0)
    yield from [(places, 300)] if places else []


def test_objectives_beyond_the_limit_are_cut_between_lines_and_counted() -> None:
    many = [objective(f"o{n}", "tests.failed", Status.FAIL, remedy="x" * 290) for n in range(900)]
    found = proposed(result(many))
    check_all(found)
    said, _ = texts(found)["comment"]
    assert re.search(
        r"_Cut here: [\d,]+ more lines\. The whole is in \[the summary of the run\]", said
    )


@settings(max_examples=200)
@given(
    lines=st.lists(
        st.sampled_from(["", "text", "漢" * 9, "```text", "`````", "<details>x", "</details>"])
    ),
    limit=st.integers(300, 900),
)
def test_a_cut_keeps_the_limit_and_closes_what_is_open(lines: list[str], limit: int) -> None:
    text = "\n".join(["<details><summary>x</summary>", "", "````text", *lines, "````"] * 3)
    shown = fit(text, limit, "the report")
    assert len(shown.encode()) <= limit
    if shown != text:
        assert shown.endswith("The whole is in the report._\n")


def test_a_fence_that_is_cut_is_closed_so_that_nothing_after_it_is_code() -> None:
    text = "<details><summary>x</summary>\n\n````text\n" + "</details>\n```\n" * 90 + "````\n"
    page = Page(fit(text, 700, "the report"))
    assert page.tags.count("details") == 2
    assert "Cut here" in page.text


def test_a_good_change_gets_three_lines() -> None:
    green = objective("green", "tests.failed", Status.PASS, value=Fraction(0))
    shop = Impact(8, ("api",), ("api", "shop"), 1)
    baseline = Baseline({"tests.failed": Fraction(1)}, ("r",))
    said = comment(proposed(result([green], impact=shop, baseline=baseline)))
    assert said is not None
    marker, *lines = [line for line in said.body.splitlines() if line]
    assert Marker.of(marker) == said.marker
    assert len(lines) == 3
    assert lines[0] == "## ✅ payments: may merge"
    assert "1 better, against the baseline of 1 record" in lines[2]


def test_failures_of_the_change_stand_apart_from_those_of_others() -> None:
    tests = failing(4, message="{}")
    since = TestsSinceBase("b" * 40, frozenset({1, 2}), frozenset({3}), frozenset({4}))
    said = comment(proposed(result([TESTS], tests=tests, since=since)))
    assert said is not None
    order = ["new in this change_ (2)", "test_0", "test_1", "failed at the base already_ (1)"]
    order += ["test_2", "known to be flaky_ (1)", "test_3"]
    places = [said.body.index(text) for text in order]
    assert places == sorted(places)
    assert "(1): not of this change" in said.body


def test_lines_are_linked_to_the_head() -> None:
    found = proposed(result([PATCH], patch=PatchCoverage(1, 5, {"src/new.py": (range(3, 7),)})))
    said = comment(found)
    assert said is not None
    address = f"https://github.com/acme/payments/blob/{'a' * 40}/src/new.py#L3-L6"
    assert f"[3–6]({address})" in said.body


@pytest.mark.parametrize(
    ("remedy", "address"),
    [
        ("docs/how to.md", None),
        ("docs/patch.md", f"https://github.com/acme/payments/blob/{'a' * 40}/docs/patch.md"),
        ("https://example.org/a?b=1#c", "https://example.org/a?b=1#c"),
        ("https://example.org/a)[x](y", None),
        ("../secret.md", None),
        ("javascript:alert(1)", None),
    ],
)
def test_a_remedy_that_is_a_page_is_a_link(remedy: str, address: str | None) -> None:
    said = comment(proposed(result([replace(TESTS, remedy=remedy)])))
    assert said is not None
    body, _, _ = said.body.partition("<sub>")
    assert Page(body).addresses == ([address] if address else [])


@pytest.mark.parametrize("body", ["", "hello", "x<!-- vsm-gate", "<!-- vsm-gate 12 -->"])
def test_other_comments_have_no_marker(body: str) -> None:
    assert Marker.of(body) is None


def test_messages_that_are_cut_say_so() -> None:
    found = proposed(result([TESTS], tests=failing(1, message="ß" * 16_000, file="a.py")))
    [each] = [a for batch in check_run(found).batches for a in batch]
    assert "… (16,000 characters in all" in each["message"]


def test_the_improvement_most_worth_making_is_named_with_its_gain() -> None:
    poor = [
        replace(TESTS, score=Fraction(50)),
        replace(PATCH, score=Fraction(80), weight=Fraction(4)),
    ]
    said = comment(proposed(result(poor)))
    assert said is not None
    assert "**Most worth improving**: Patch coverage, worth 16 of 100 points" in said.body
    even = comment(proposed(result([replace(TESTS, score=Fraction(100))])))
    assert even is not None
    assert "Most worth" not in even.body


def test_what_lacks_for_the_next_level_is_named() -> None:
    said = comment(proposed(result([replace(TESTS, level="bronze")])))
    assert said is not None
    assert "**Next level**: bronze lacks tests&#45;green" in said.body
