"""How impact is shown."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction
from html import unescape
from typing import Any

from tests.support.results import result

from vsm_gate.model.change import Context, FileChange
from vsm_gate.model.impact import Budget, Detail, Impact, Incident, Operations, Risk
from vsm_gate.publish import document
from vsm_gate.publish.annotations import fingerprint, placed
from vsm_gate.publish.bundle import read
from vsm_gate.publish.comment import comment
from vsm_gate.publish.console import Style, console
from vsm_gate.publish.reaches import impact_text, lately
from vsm_gate.publish.result import CheckResult
from vsm_gate.publish.summary import summary

RISK = Risk(Fraction(197, 2), "high", 300, ("1,240 lines changed: more than in 98 %",))
SHOWN = "high: percentile 98 of 300 earlier changes (1,240 lines changed: more than in 98 %)"


def test_the_rank_says_why() -> None:
    shown_ = shown(Impact(total=0, risk=RISK, notes=("`x` is strange",)))
    text = console(shown_, Style(colour=False, unicode=True))
    assert f"risk      {SHOWN}" in text
    assert "note      `x` is strange" in text
    assert "**Risk**: high" in summary(shown_)


def test_without_a_rank_nothing_is_said() -> None:
    unranked = shown(Impact(total=0, risk=Risk(missing="cannot rank")))
    assert "risk " not in console(unranked, Style(colour=False, unicode=True))
    assert document.impact(unranked.impact)["risk"] == {"missing": "cannot rank"}


def test_the_rank_as_data() -> None:
    assert document.impact(Impact(total=0, risk=RISK))["risk"] == {
        "percentile": 98.5,
        "level": "high",
        "compared": 300,
        "drivers": ["1,240 lines changed: more than in 98 %"],
        "model": "",
    }
    assert document.impact(Impact(total=0))["risk"] is None


MOMENT = datetime(2026, 11, 20, tzinfo=UTC)
PLAIN = Style(colour=False, unicode=True)
FINDINGS = (
    Detail("migrations", "db/7.sql", "drops the column `a.b`: now", "breaking", 3),
    Detail("dependencies", "p.lock", "`x` 1.0 → 2.0: a major version up", "warning"),
    Detail("dependencies", "q.lock", "`x` 1.0 → 2.0: a major version up", "warning"),
)


def shown(impact: Impact, **changes: Any) -> CheckResult:
    return replace(result(), impact=impact, **changes)


def test_what_is_reached_in_a_sentence() -> None:
    def said(touched: str, reached: str, **more: Any) -> str:
        names = tuple(touched.split()), tuple(reached.split())
        return impact_text(shown(Impact(9, *names, **more)))

    assert said("", "") == "no component of 9"
    assert said("a", "a") == "touches a: 1 of 9 components reached"
    assert said("a", "a b") == "touches a; 1 more depends on it (b): 2 of 9 components reached"
    assert said("a b", "a b c d", tier=2, owners=("@x",)) == (
        "touches a, b; 2 more depend on them (c, d): 4 of 9 components reached, "
        "the most critical of tier 2; owned by @x"
    )
    assert impact_text(shown(Impact(0))) == ""


def test_what_sensitive_files_do_is_shown_once_and_in_its_place() -> None:
    impact = Impact(0, sensitive={"migrations": ("db/7.sql",)}, details=FINDINGS)
    text = console(shown(impact), PLAIN)
    assert "✗ drops the column `a.b`: now  db/7.sql:3" in text
    assert text.count("a major version up") == 1
    assert "XX drops the column" in console(shown(impact), Style(colour=False, unicode=False))
    page = unescape(summary(shown(impact)))
    assert "- ❌ drops the column `a.b`: now · `db/7.sql:3`" in page
    assert "- ⚠️ `x` 1.0 → 2.0: a major version up · `p.lock`" in page


def test_names_in_findings_stay_names() -> None:
    hostile = Detail("migrations", "x`](http://y)", "drops `<b>` and `@all` <i>@all", "breaking")
    page = summary(shown(Impact(0, details=(hostile,))))
    assert "drops `<b>` and" in page
    assert "<i>" not in page
    assert "](http" not in page.replace("``x`](http", "")


def test_many_findings_are_counted() -> None:
    many = tuple(Detail("migrations", "m.sql", f"drops {n}", "breaking") for n in range(300))
    found = document.impact(Impact(0, details=many))
    assert (len(found["details"]), found["details_left_out"]) == (200, 100)
    assert "and 295 more things" in console(shown(Impact(0, details=many)), PLAIN)
    assert "- … and 290 more" in summary(shown(Impact(0, details=many)))


def test_how_the_components_fared() -> None:
    lived = Operations(
        28,
        16,
        2,
        (Incident("B", MOMENT, components=("a", "b")), Incident("A", MOMENT, MOMENT)),
        (Budget("up", Fraction(-7, 2), MOMENT, ("a",)), Budget("fast", Fraction(99), MOMENT)),
    )
    assert list(lately(Impact(0, operations=lived))) == [
        "2 of 16 deployments of what is touched failed in 28 days",
        "incident B is open since 2026-11-20 (a, b)",
        "1 incident in 28 days, the last A",
        "error budget of up (a): overdrawn by 3.5 %",
    ]
    assert "lately    incident B is open" in console(shown(Impact(0, operations=lived)), PLAIN)
    assert "**Lately**: 2 of 16" in summary(shown(Impact(0, operations=lived)))
    assert list(lately(Impact(0, operations=Operations(28)))) == []


def test_a_pass_that_breaks_something_is_told_in_full() -> None:
    context = Context("acme/pay", pull_request=7)
    for details, told in ((FINDINGS, True), (FINDINGS[1:], False)):
        said = comment(shown(Impact(0, details=details), context=context))
        assert said is not None
        assert ("### " in said.body or "<details>" in said.body) is told


def test_the_result_can_be_read_back() -> None:
    budget = Budget("up", Fraction(50), MOMENT, ("a",))
    lived = Operations(28, 16, 2, (Incident("B", MOMENT, None, "high", ("a",)),), (budget,))
    impact = Impact(2, ("a",), ("a", "b"), details=FINDINGS, operations=lived)
    text = json.dumps(document.document(shown(impact)))
    assert read("bundle.json", text.encode()).impact == impact


def test_what_breaks_is_said_beside_its_line() -> None:
    gone = Detail("interfaces", "gone.proto", "removes the message `M`", "breaking")
    files = (FileChange("p.lock", "modified"), FileChange("gone.proto", "deleted"))
    change = replace(result().change, files=files)
    found = placed(shown(Impact(0, details=(*FINDINGS[:2], gone)), change=change))
    assert [(each.level, each.path, each.line, each.message) for each in found] == [
        ("warning", "db/7.sql", 3, "drops the column `a.b`: now"),
        ("notice", "p.lock", None, "`x` 1.0 → 2.0: a major version up"),
    ]
    assert len({fingerprint(each) for each in found}) == 2
