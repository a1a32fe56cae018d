"""What people see: the terminal, the summary, annotations; and that nothing breaks them."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from tests.support.results import DAY, failing, objective, patch, result

from vsm_gate.change.since_base import TestsSinceBase
from vsm_gate.model.change import FileChange
from vsm_gate.model.impact import Impact
from vsm_gate.model.results import Baseline, Phase, Reason, Receipt, Status, Verdict
from vsm_gate.publish import plan
from vsm_gate.publish.annotations import PER_LEVEL, remarks, workflow_commands
from vsm_gate.publish.apply import apply
from vsm_gate.publish.console import Style, console, receipts
from vsm_gate.publish.document import document
from vsm_gate.publish.result import RecordWritten
from vsm_gate.publish.summary import LIMIT, summary
from vsm_gate.publish.view import headline, steps

PLAIN = Style(colour=False, unicode=True)
TESTS = objective(
    "tests-green", "tests.failed", Status.FAIL, key=True, value=Fraction(2), remedy="Mend them."
)
PATCH = objective(
    "patch-coverage",
    "coverage.patch",
    Status.WARN,
    value=Fraction(200, 3),
    pass_criterion=">= 80%",
    warn_criterion=">= 60%",
)


def test_the_headline_says_whether_it_may_merge() -> None:
    assert headline(result()) == "may merge"
    softened = result(verdict=Verdict.FAIL, conclusion=Verdict.WARN)
    assert headline(softened).startswith("may merge, with remarks (the verdict is fail")
    assert headline(result(verdict=Verdict.INCONCLUSIVE)).startswith("blocked: too little evidence")


def test_a_good_change_is_short() -> None:
    shown = console(result([objective("green", "tests.failed", Status.PASS)]), PLAIN)
    assert "What to do" not in shown
    assert "PASS: may merge" in shown
    assert "score 99.9 of 100" in shown


def test_the_terminal_names_what_to_do_first_key_objectives_first() -> None:
    found = result(
        [PATCH, TESTS],
        verdict=Verdict.FAIL,
        tests=failing(2, file="tests/test_it.py"),
        patch=patch(1, 2),
    )
    shown = console(found, PLAIN)
    assert shown.index("1. tests-green") < shown.index("2. patch-coverage")
    assert "tests.test_it test_0 expected 3, got 4 tests/test_it.py:1" in shown
    assert "→ Mend them." in shown
    assert "src/file0.py: lines 1–2, 5–6" in shown
    assert "66.6 %" in shown


def test_what_lacks_the_same_evidence_is_one_thing_to_do() -> None:
    missing = {"missing": "no test report", "value": None, "score": None}
    objectives = [
        objective("green", "tests.failed", Status.MISSING, remedy="write one", **missing),
        objective("fast", "tests.duration", Status.MISSING, **missing),
        objective("patch", "coverage.patch", Status.MISSING, **{**missing, "missing": "no data"}),
    ]
    said = [(step.title, step.remedy) for step in steps(result(objectives), 5)]
    assert said == [
        ("no test report: green, fast cannot be told", "write one"),
        ("patch: Patch coverage cannot be told: no data", ""),
    ]


def test_what_is_left_out_is_counted() -> None:
    found = result([TESTS], tests=failing(8))
    assert steps(found, 5)[0].details[-1] == "… and 3 more"
    many = result([TESTS], tests=failing(1500))
    assert steps(many, 5)[0].details[-1] == "… and 1,495 more"


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"waiver": "W-7"}, "waived by W-7"),
        ({"phase": Phase.WARN, "enforce_from": DAY}, "phase warn until 2027-02-01"),
        ({"status": Status.NO_BASELINE}, "no baseline yet"),
        ({"status": Status.MISSING, "missing": "no report", "value": None}, "no report"),
        (
            {"baseline": Fraction(5), "pass_criterion": "<= baseline"},
            "baseline 5 of 3 records",
        ),
    ],
)
def test_every_state_of_an_objective_is_explained(changes: dict[str, object], says: str) -> None:
    given = {"status": Status.FAIL, **changes}
    one = objective("x", "tests.failed", given.pop("status"), **given)  # type: ignore[arg-type]
    found = result([one], baseline=Baseline(records=("a", "b", "c")))
    assert says in console(found, PLAIN)
    assert says.replace("-", "&#45;") in summary(found)


def test_a_terminal_without_unicode_gets_ascii() -> None:
    shown = console(result([TESTS, PATCH], verdict=Verdict.FAIL), Style(False, False))
    assert shown.isascii()


def test_colour_only_where_there_is_any() -> None:
    assert "\x1b[" not in console(result([TESTS]), PLAIN)
    assert "\x1b[" in console(result([TESTS]), Style(colour=True, unicode=True))


def test_impact_is_one_sentence() -> None:
    reached = Impact(8, ("api",), ("api", "shop", "web"), 1, ("@acme/pay",), {"migrations": ("a",)})
    shown = console(result(impact=reached), PLAIN)
    said = "touches api; 2 more depend on it (shop, web): 3 of 8 components reached, the most"
    assert f"{said} critical of tier 1; owned by @acme/pay" in " ".join(shown.split())
    assert "migrations (1)" in shown
    none = console(result(impact=Impact(8)), PLAIN)
    assert "no component of 8" in none


def test_receipts_say_where_the_result_went() -> None:
    shown = receipts(
        [Receipt("history", True, "there"), Receipt("json", False, "disk full")], PLAIN
    )
    assert shown == "\n✓ history: there\n✗ json: disk full\n"
    assert receipts([Receipt("status", False, "no", left_out=True)], PLAIN) == "\n– status: no\n"


def test_how_to_mend_a_failed_receipt_has_a_line_of_its_own() -> None:
    hint = "replay it with `vsm-gate history append /a/bundle.json`"
    shown = receipts([Receipt("history", False, "refused " * 100, hint=hint)], PLAIN)
    assert shown.splitlines()[-1] == f"  {hint}"


EXPECTED_TAGS = {
    *("br", "code", "details", "em", "h2", "h3", "li", "ol", "p", "pre", "strong", "summary"),
    *("table", "tbody", "td", "th", "thead", "tr", "ul"),
}
hostile = st.text(min_size=1, max_size=80) | st.sampled_from(
    ["::error::x", "</details><script>", "| a |\n| --- |", "```", "@everyone #1", "\u202e\x1b[2J"]
)


@settings(deadline=None, max_examples=60)
@given(name=hostile, message=hostile)
def test_no_test_name_or_message_injects_anything(name: str, message: str) -> None:
    name = name.replace("{", "(").replace("}", ")")
    found = result([TESTS], tests=failing(1, name=name, message=message, file=name))
    text = console(found, PLAIN)
    assert all(char == "\n" or char.isprintable() for char in text)
    html = MarkdownIt("gfm-like", {"html": True}).render(summary(found))
    assert set(re.findall(r"</?([a-z0-9]+)", html)) <= EXPECTED_TAGS
    assert html.count("<details>") == html.count("</details>") == 1 + ("\n" in message.strip())
    commands = workflow_commands(remarks(found))
    assert all(line.startswith(("::error ", "::warning ")) for line in commands.split("\n")[:-1])
    commands.encode("utf-8")


def test_annotations_are_sorted_limited_and_counted() -> None:
    found = result([TESTS, PATCH], tests=failing(300), patch=patch(10, 500))
    lines = workflow_commands(remarks(found)).splitlines()
    assert sum(line.startswith("::error ") for line in lines) == PER_LEVEL
    assert sum(line.startswith("::warning ") for line in lines) == PER_LEVEL
    left = 300 + 5000 + 2 - 2 * PER_LEVEL + 1
    assert f"{left} more remarks" in lines[-1]


def test_a_failed_recording_is_annotated() -> None:
    lost = Receipt("history", False, "no space", hint="replay it")
    [remark] = remarks(result(receipts=(lost, Receipt("json", False, "no space"))))
    assert (remark.level, remark.message) == ("warning", "no space\nreplay it")
    [remark] = remarks(result(receipts=(replace(lost, required=True),)))
    assert remark.level == "error"


def test_missing_evidence_is_annotated_as_strongly_as_it_acts() -> None:
    one = objective("green", "tests.failed", Status.MISSING, value=None, missing="no report")
    for acts_as, level in ((Verdict.INCONCLUSIVE, "error"), (Verdict.WARN, "warning")):
        found = result([one], verdict=Verdict.INCONCLUSIVE)
        why = Reason("green", Verdict.INCONCLUSIVE, acts_as, "green is missing")
        [remark] = remarks(replace(found, decision=replace(found.decision, reasons=(why,))))
        assert remark.level == level


def test_red_cases_of_the_base_are_no_errors_of_the_change() -> None:
    since = TestsSinceBase(
        "b" * 40,
        new_failures=frozenset({1}),
        known_failures=frozenset({2}),
        flaky_failures=frozenset({3}),
    )
    found = result(tests=failing(3), since=since)
    assert [remark.level for remark in remarks(found)] == ["error", "warning", "warning"]
    shown = document(found)["tests"]["failing_or_flaky"]
    assert [each["new"] for each in shown] == [True, False, False]


def test_a_path_of_elsewhere_is_the_longest_that_it_ends_with() -> None:
    files = (FileChange("a.py", "modified"), FileChange("src/a.py", "modified"))
    tests = failing(1, file="/elsewhere/src/a.py")
    found = result(tests=tests)
    found = replace(found, change=replace(found.change, files=files))
    assert remarks(found)[0].path == "src/a.py"


def test_outputs_name_only_what_is_there(tmp_path: Path) -> None:
    targets = plan.Targets(
        PLAIN, guard="g", outputs=tmp_path / "o", bundle=tmp_path / "b", keep_bundle=False
    )
    record = RecordWritten("f" * 64, {})
    kept = Receipt("bundle", True, "there")
    lost = Receipt("history", False, "refused")
    [step] = plan.last(result(record=record, receipts=(kept, lost)), targets)
    assert isinstance(step, plan.Write)
    assert "record-id<<g\n\ng\n" in step.text
    assert f"bundle<<g\n{tmp_path / 'b'}\ng\n" in step.text
    [step] = plan.last(result(record=record, receipts=(kept,)), targets)
    assert isinstance(step, plan.Write)
    assert "record-id<<g\n\ng\n" in step.text
    assert "bundle<<g\n\ng\n" in step.text
    done = result(record=record, receipts=(kept, replace(lost, ok=True)))
    [step] = plan.last(done, targets)
    assert isinstance(step, plan.Write)
    assert f"record-id<<g\n{'f' * 64}\ng\n" in step.text
    assert "bundle<<g\n\ng\n" in step.text


def test_annotations_stand_where_the_forge_shows_them() -> None:
    for file, path in (
        ("tests/a.py", "tests/a.py"),
        ("./tests/a.py", "tests/a.py"),
        ("/home/runner/work/pay/src/new.py", "src/new.py"),
        ("C:\\work\\src\\new.py", "src/new.py"),
        ("../../etc/passwd", None),
        ("/etc/passwd", None),
    ):
        [remark] = [r for r in remarks(result(tests=failing(1, file=file))) if r.level == "error"]
        assert remark.path == path, file


def test_a_summary_keeps_the_limit_and_says_that_it_was_cut() -> None:
    long = [objective(f"o{n}", "tests.failed", Status.FAIL, remedy="x" * 290) for n in range(3000)]
    shown = summary(result(long))
    assert len(shown.encode()) <= LIMIT + 1024
    assert "Cut here" in shown
    assert shown.count("<details>") == shown.count("</details>")


def test_outputs_cannot_be_forged(tmp_path: Path) -> None:
    targets = plan.Targets(PLAIN, guard="guard-1234", outputs=tmp_path / "out", annotations=True)
    [step] = plan.last(result(), targets)
    assert isinstance(step, plan.Write)
    assert step.append
    assert re.findall(r"^(\S+)<<guard-1234$", step.text, re.MULTILINE) == [
        "verdict",
        "conclusion",
        "score",
        "level",
        "record-id",
        "result",
        "bundle",
    ]


def test_a_file_is_replaced_whole_or_left_alone(tmp_path: Path) -> None:
    place = tmp_path / "result.json"
    place.write_text("old", "utf-8")
    emitted: list[str] = []
    done = apply([plan.Write("json", place, "new")], emitted.append, frozenset({"json"}))
    assert place.read_text("utf-8") == "new"
    assert done == [Receipt("json", True, f"{place} (3 bytes)", required=True)]
    assert list(tmp_path.iterdir()) == [place]
    blocked = plan.Write("json", place / "below", "x")
    [receipt] = apply([blocked], emitted.append, frozenset())
    assert not receipt.ok
    assert str(place) in receipt.detail
