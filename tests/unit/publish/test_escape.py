"""Nothing that comes from outside gets a meaning where it goes."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vsm_gate.publish import escape

NASTY = [
    "::error::x",
    "@everyone",
    "#12 and acme/pay#3",
    "<img src=x onerror=alert(1)>",
    "[a](javascript:alert(1))",
    "![a](http://example.com/x.png)",
    "`code` ``` fence",
    "| a | b |",
    "\u202egnp.exe",
    "\x1b[31mred\x1b[0m\x1b]0;title\x07",
    "a\r\n::set-output name=x::y",
    "https://example.com www.example.com",
    "\ud800 lone",
    "&lt;b&gt;",
]


@pytest.mark.parametrize("text", NASTY)
def test_a_line_holds_no_control_character(text: str) -> None:
    shown = escape.line(text)
    assert "\n" not in shown
    assert shown.isprintable()
    shown.encode("utf-8")


@pytest.mark.parametrize("text", NASTY)
def test_markdown_keeps_no_character_that_begins_markup(text: str) -> None:
    shown = re.sub(r"&#\d+;", "", escape.markdown(text))
    assert not set(shown) & set("`*_[]()<>@#&!|~\\$:/")


@given(st.text())
def test_text_in_code_cannot_leave_it(text: str) -> None:
    shown = escape.code(text)
    fence = re.match("`+", shown)
    assert fence is not None
    inside = shown[len(fence.group()) : -len(fence.group())]
    assert shown.endswith(fence.group())
    assert fence.group() not in re.findall("`+", inside)
    assert "|" not in shown
    assert "\n" not in shown


@given(st.text(alphabet=st.sampled_from("`~a\n "), max_size=60))
def test_a_fence_is_longer_than_any_inside(text: str) -> None:
    shown = escape.fenced(text)
    opening = shown.partition("text\n")[0]
    assert opening not in text
    assert shown.endswith(f"\n{opening}")


@given(st.text())
def test_a_workflow_command_stays_one_line(text: str) -> None:
    for shown in (escape.command_value(text), escape.command_property(text)):
        assert "\n" not in shown
        assert "\r" not in shown
    assert ":" not in escape.command_property(text)
    assert "," not in escape.command_property(text)


@given(st.text(), st.integers(min_value=0, max_value=50))
def test_cutting_keeps_whole_characters_within_the_limit(text: str, limit: int) -> None:
    cut = escape.cut_bytes(text, limit)
    assert len(cut.encode()) <= limit
    assert text.startswith(cut)


def test_a_long_line_shows_that_it_was_cut() -> None:
    assert escape.line("a" * 300, 10) == "aaaaaaaaa…"
    assert escape.fenced("a" * 10, 4) == "```text\naaaa\n… (6 more characters)\n```"
