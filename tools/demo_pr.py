"""Show what a pull request shows: the comment, the check and the summary, as pages and pictures.

`make demo-pr` writes them below build/demo-pr. The pages need no network; the pictures, light and
dark, need Chromium.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from dataclasses import replace
from datetime import UTC, date, datetime
from fractions import Fraction
from html import escape
from pathlib import Path
from typing import Any, Final

from markdown_it import MarkdownIt

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.support.results import failing, objective, result

from vsm_gate.change.patch import PatchCoverage
from vsm_gate.change.since_base import TestsSinceBase
from vsm_gate.model.change import Change, Context, FileChange
from vsm_gate.model.impact import (
    Budget,
    Component,
    Detail,
    Impact,
    Incident,
    Operations,
    Risk,
)
from vsm_gate.model.results import Baseline, Practice, Reason, Status, Verdict
from vsm_gate.model.tests import CaseDetail, Outcome, TestReport
from vsm_gate.publish.check_run import check_run
from vsm_gate.publish.comment import comment
from vsm_gate.publish.console import Style, console
from vsm_gate.publish.result import CheckResult
from vsm_gate.publish.status import commit_status
from vsm_gate.publish.summary import summary

_SINCE: Final = date(2026, 8, 3)
_BEGAN: Final = datetime(2026, 11, 20, 9, tzinfo=UTC)
_STYLE: Final = """
:root { color-scheme: light dark; --fg: light-dark(#1f2328, #e6edf3);
  --bg: light-dark(#fff, #0d1117); --soft: light-dark(#f6f8fa, #161b22);
  --line: light-dark(#d1d9e0, #3d444d); --link: light-dark(#0969da, #4493f8) }
body { color: var(--fg); background: var(--bg); max-width: 860px; margin: 1rem auto;
  padding: 0 1rem; font: 14px/1.5 -apple-system, "Segoe UI", "Noto Sans", Arial, sans-serif }
article { border: 1px solid var(--line); border-radius: 6px; padding: 0 1rem; margin-bottom: 1rem }
h2 { font-size: 1.5em; padding-bottom: .3em; border-bottom: 1px solid var(--line) }
h3 { font-size: 1.25em } a { color: var(--link); text-decoration: none }
code { background: var(--soft); padding: .2em .4em; border-radius: 6px; font-size: 85% }
pre { background: var(--soft); padding: 1rem; overflow: auto; border-radius: 6px }
pre code { padding: 0; background: none } table { border-collapse: collapse; display: block;
  overflow: auto } th, td { border: 1px solid var(--line); padding: 6px 13px }
.what { font-weight: 600 }
"""


def main() -> None:
    """Write the pages of every scene, and pictures of them where there is a Chromium."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("build/demo-pr"))
    out: Path = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    pages = [_written(out, name, scene) for name, scene in _scenes().items()]
    browser = shutil.which("chromium") or shutil.which("chromium-browser")
    if browser is None:
        print("no Chromium: pages only", file=sys.stderr)
        return
    _pictures(pages, browser)


def _scenes() -> dict[str, CheckResult]:
    """What can come of a proposal, from good to hostile."""
    return {"good": _good(), "broken": _broken(), "hostile": _hostile()}


def _placed(found: CheckResult) -> CheckResult:
    context = Context(
        "acme/payments",
        event="pull_request",
        branch="feature",
        pull_request=7,
        run="1234",
        job="gate",
        server_url="https://github.com",
    )
    return replace(found, context=context)


def _shop() -> dict[str, Any]:
    components = (
        Component("ledger", ("ledger/**",)),
        Component("payments", ("src/**",), tier=1, depends_on=("ledger",)),
        Component("checkout", ("checkout/**",), depends_on=("payments",)),
        Component("refunds", ("refunds/**",), depends_on=("payments",)),
        Component("web", ("web/**",), depends_on=("checkout", "search")),
        Component("back-office", ("office/**",), depends_on=("refunds",)),
        Component("search", ("search/**",)),
        Component("mail", ("mail/**",)),
    )
    risk = Risk(Fraction(88), "high", 214, ("412 lines in 9 files", "2 sensitive files"))
    impact = Impact(
        total=8,
        touched=("payments",),
        reached=("back-office", "checkout", "payments", "refunds", "web"),
        tier=1,
        owners=("@acme/payments",),
        sensitive={"migrations": ("db/7.sql",), "dependencies": ("web/package-lock.json",)},
        risk=risk,
        details=(
            Detail("migrations", "db/7.sql", "drops the column `refunds.note`", "breaking", 12),
            Detail(
                "dependencies",
                "web/package-lock.json",
                "`react` 17.0.2 → 18.2.0: a major version up",
                "warning",
            ),
            Detail("dependencies", "web/package-lock.json", "adds 1 package: `scheduler` 0.23.0"),
        ),
        operations=Operations(
            28,
            deployments=16,
            failed=2,
            incidents=(Incident("INC-17", _BEGAN, components=("checkout",)),),
            budgets=(Budget("availability", Fraction(25, 2), _BEGAN, ("checkout",)),),
        ),
    )
    values = {"coverage.line": Fraction(812, 10), "tests.duration": Fraction(190)}
    scores = tuple(map(Fraction, (84, 86, 85, 88, 91, 90, 93, 92, 95, 94)))
    peer = Practice("ledger", "coverage.patch", Fraction(91), 38, ">= 85%", "enforce", _SINCE)
    return {
        "components": components,
        "impact": impact,
        "baseline": Baseline(values=values, records=tuple("abcdefghij"), scores=scores),
        "practice": peer,
    }


def _good() -> CheckResult:
    objectives = [
        objective("tests-green", "tests.failed", Status.PASS, value=Fraction(0), key=True),
        objective(
            "coverage", "coverage.line", Status.PASS, value=Fraction(819, 10), level="silver"
        ),
        objective("suite-time", "tests.duration", Status.PASS, value=Fraction(200), level="gold"),
    ]
    found = result(objectives, **_shop())
    harmless = replace(found.impact, details=(), sensitive={})
    decision = replace(found.decision, score=Fraction(963, 10))
    return _placed(replace(found, impact=harmless, decision=decision))


def _broken() -> CheckResult:
    objectives = [
        objective(
            "tests-green",
            "tests.failed",
            Status.FAIL,
            key=True,
            value=Fraction(4),
            remedy="docs/failing-tests.md",
        ),
        objective(
            "patch-coverage",
            "coverage.patch",
            Status.WARN,
            value=Fraction(640, 9),
            pass_criterion=">= 80%",
            warn_criterion=">= 60%",
            remedy="Cover the lines below, or say why not.",
        ),
        objective(
            "coverage", "coverage.line", Status.PASS, value=Fraction(805, 10), level="silver"
        ),
        objective("suite-time", "tests.duration", Status.PASS, value=Fraction(180), level="gold"),
    ]
    files = ("src/payments/rounding.py", "src/payments/refunds.py", "tests/test_rounding.py")
    change = Change(
        base="b" * 40,
        head="3f9c2e71d0a8b64f5e13c7a9920d4be8816f07aa",
        tested="c" * 40,
        base_found="the merge base with `main`",
        files=tuple(FileChange(path, "modified", added=30) for path in files),
    )
    missed = {
        files[0]: (range(12, 16), range(31, 32)),
        files[1]: tuple(range(n, n + 2) for n in range(40, 120, 5)),
    }
    found = result(
        objectives,
        verdict=Verdict.FAIL,
        change=change,
        tests=_failures(),
        since=TestsSinceBase("b" * 40, frozenset({1, 2}), frozenset({3}), frozenset({4})),
        patch=PatchCoverage(covered=64, coverable=90, missed=missed),
        **_shop(),
    )
    reason = Reason("tests-green", Verdict.FAIL, Verdict.FAIL, "tests-green: 4 tests fail")
    judged = replace(found.decision, reasons=(reason,), score=Fraction(612, 10))
    return _placed(replace(found, decision=judged))


def _failures() -> TestReport:
    report = TestReport("junit")
    for number, (name, said) in enumerate(
        [
            ("test_half_even", "assert Decimal('2.5') == Decimal('2.4')"),
            ("test_refund_twice", "RefundError: already refunded"),
            ("test_old_currency", "KeyError: 'DEM'"),
            ("test_slow_bank", "TimeoutError: no answer in 5 s"),
        ],
        1,
    ):
        trace = f"{said}\n\n  File tests/test_rounding.py, line {12 * number}, in {name}\n    …"
        index = report.cases.add(number, Outcome.FAILED, 1000)
        detail = CaseDetail(index, number, Outcome.FAILED, name, classname="tests.test_rounding")
        place = {"file": "tests/test_rounding.py", "line": 12 * number}
        report.describe(replace(detail, message=said, text=trace, **place))  # type: ignore[arg-type]
    return report


def _hostile() -> CheckResult:
    name = "</details><script>alert(1)</script> @everyone #1 ![x](https://example.org/x.png) {}"
    message = "::error::x\n```\n</details>\n# Approved\n@everyone \u202e"
    objectives = [objective("tests-green", "tests.failed", Status.FAIL, key=True)]
    tests = failing(300, name=name, message=message, file="src/new.py")
    return _placed(result(objectives, verdict=Verdict.FAIL, tests=tests, **_shop()))


def _written(out: Path, name: str, scene: CheckResult) -> Path:
    """One page with all surfaces of a scene."""
    said, check, status = comment(scene), check_run(scene), commit_status(scene)
    texts = {
        "The comment": said.body if said else "",
        "The terminal": _fenced(console(scene, Style(colour=False, unicode=True))),
        f"The check “{check.name}”: {check.conclusion} · {check.title}": (
            f"{check.summary}\n\n{check.text}"
        ),
        f"The status: {status.state} · {status.description}": "",
        "The summary of the step": summary(scene),
    }
    render = MarkdownIt("gfm-like", {"html": True}).render
    body = "".join(
        f'<p class="what">{escape(title)}</p><article>{render(text)}</article>'
        for title, text in texts.items()
    )
    place = out / f"{name}.html"
    head = f'<!doctype html><meta charset="utf-8"><title>{name}</title><style>{_STYLE}</style>'
    place.write_text(head + body, "utf-8")
    return place


def _fenced(text: str) -> str:
    return f"~~~~~~~~text\n{text}\n~~~~~~~~"


def _pictures(pages: list[Path], browser: str) -> None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        for scheme in ("light", "dark"):
            tab = opened.new_page(color_scheme=scheme)
            for page in pages:
                tab.goto(page.resolve().as_uri())
                tab.screenshot(path=page.with_suffix(f".{scheme}.png"), full_page=True)
        opened.close()


if __name__ == "__main__":
    main()
