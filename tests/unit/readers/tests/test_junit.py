from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from io import BytesIO
from typing import Any
from xml.etree import ElementTree as ET
from xml.sax.saxutils import quoteattr

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vsm_gate.model.evidence import Unreadable
from vsm_gate.model.tests import (
    MAX_DETAILS,
    MAX_TEXT,
    CaseDetail,
    Outcome,
    TestReport,
    identity,
)
from vsm_gate.readers import registry
from vsm_gate.readers.cases import MAX_NAME
from vsm_gate.readers.contract import ReadError
from vsm_gate.readers.tests import junit


def read(text: str | bytes) -> TestReport:
    return junit.read(BytesIO(text.encode() if isinstance(text, str) else text))


def suite(cases: str, attributes: str = 'name="s"') -> TestReport:
    return read(f"<testsuites><testsuite {attributes}>{cases}</testsuite></testsuites>")


def outcomes(report: TestReport) -> list[Outcome]:
    return [Outcome(value) for value in report.cases.outcomes]


def only(report: TestReport) -> CaseDetail:
    (detail,) = report.details
    return detail


def test_identity_is_that_of_the_model() -> None:
    report = read(
        '<testsuites name="a name of the run"><testsuite name="outer" file="of/suite.py">'
        '<testsuite name="inner-20260102030405">'
        '<testcase classname="c" name="usual" time="1"/>'
        '<testcase classname="c" name="own file" file="of/case.py" time="1"/>'
        '<testcase name="no class"/><testcase class="k" name="class"/>'
        '<testcase classname="" name="empty class" time="1"/>'
        '<testcase classname="c" time="1" name=""/><testcase classname="c"/>'
        "</testsuite></testsuite></testsuites>"
    )
    path = "outer/inner"
    assert list(report.cases.identities) == [
        identity(path, "of/suite.py", "c", "usual"),
        identity(path, "of/case.py", "c", "own file"),
        identity(path, "of/suite.py", "", "no class"),
        identity(path, "of/suite.py", "k", "class"),
        identity(path, "of/suite.py", "", "empty class"),
        0,
        0,
    ]


def test_a_bare_suite_is_a_suite() -> None:
    report = read('<testsuite name="s"><testcase classname="c" name="n" time="1"/></testsuite>')
    assert list(report.cases.identities) == [identity("s", "", "c", "n")]


def test_a_failure_tells_what_happened() -> None:
    report = suite(
        '<testcase classname="c" name="n" file="f.py" line="12" time="0.5">'
        '<system-out>noise</system-out><failure message="m" type="T"> text\n<b>bold</b>more'
        "</failure>"
        '<failure message="second">two</failure></testcase>'
    )
    assert only(report) == CaseDetail(
        index=0,
        identity=identity("s", "f.py", "c", "n"),
        outcome=Outcome.FAILED,
        name="n",
        classname="c",
        suite="s",
        file="f.py",
        line=12,
        type="T",
        message="m",
        text="text\n\ntwo",
    )


def test_the_error_is_told_and_not_the_failure_beside_it() -> None:
    report = suite(
        '<testcase name="n"><failure message="f">a</failure><error message="e">b</error></testcase>'
    )
    assert (only(report).outcome, only(report).message, only(report).text) == (
        Outcome.ERRORED,
        "e",
        "b",
    )


@pytest.mark.parametrize(
    ("children", "outcome", "text"),
    [
        ("<flakyError><stackTrace>at a</stackTrace></flakyError>", Outcome.FLAKY, "at a"),
        ("<rerunFailure>x<stackTrace>at a</stackTrace></rerunFailure>", Outcome.FAILED, "x"),
        ("<rerunError><stackTrace>at a</stackTrace></rerunError>", Outcome.ERRORED, "at a"),
        ("<failure>a</failure><rerunError>b</rerunError>", Outcome.FAILED, "a"),
        ("<flakyFailure>a</flakyFailure><skipped/>", Outcome.FLAKY, "a"),
        (
            "<flakyFailure><system-out>o</system-out><stackTrace>s</stackTrace></flakyFailure>",
            Outcome.FLAKY,
            "s",
        ),
    ],
)
def test_surefire_attempts(children: str, outcome: Outcome, text: str) -> None:
    detail = only(suite(f'<testcase name="n">{children}</testcase>'))
    assert (detail.outcome, detail.text) == (outcome, text)


def test_a_retry_keeps_what_the_last_failure_said_and_the_time_of_the_pass() -> None:
    report = suite(
        '<testcase name="before" classname="c" time="1"/>'
        '<testcase name="n" classname="c" time="2"><failure message="first"/></testcase>'
        '<testcase name="n" classname="c" time="3"><failure message="second"/></testcase>'
        '<testcase name="n" classname="c" time="4"/>'
        '<testcase name="after" classname="c" time="5"><failure/></testcase>'
    )
    assert outcomes(report) == [Outcome.PASSED, Outcome.FLAKY, Outcome.FAILED]
    assert [report.cases.micros_of(index) for index in range(3)] == [10**6, 4 * 10**6, 5 * 10**6]
    assert [(detail.index, detail.message) for detail in report.details] == [(1, "second"), (2, "")]
    assert report.notes == ["2 repeated cases were attempts of others"]


def test_a_long_time_survives_a_retry_before_it() -> None:
    report = suite(
        '<testcase name="n" classname="c" time="2"><failure/></testcase>'
        '<testcase name="n" classname="c" time="4"/>'
        '<testcase name="long" classname="c" time="90000.5"/>'
    )
    assert report.counts().duration_s == Fraction(180009, 2)


@pytest.mark.parametrize("name", ["jest tests", "Mocha Tests", "AllTests", "rspec"])
def test_producers_that_repeat_titles_and_never_retry(name: str) -> None:
    cases = '<testcase name="n"><failure/></testcase><testcase name="n"/>'
    report = read(f'<testsuites name="{name}"><testsuite>{cases}</testsuite></testsuites>')
    assert outcomes(report) == [Outcome.FAILED, Outcome.PASSED]


def test_rows_of_net_assemblies_whose_names_were_cut_are_no_retries() -> None:
    case = '<testcase classname="Till" name="Adds(coins: ···)" time="1">{}</testcase>'
    report = suite(case.format("<failure/>") + case.format(""), 'name="Till.Tests.dll"')
    assert (report.counts().failed, report.counts().flaky) == (1, 0)


@pytest.mark.parametrize("net_first", [True, False])
def test_a_net_assembly_leaves_the_retries_of_other_suites_alone(net_first: bool) -> None:
    cases = '<testcase name="n"><failure/></testcase><testcase name="n"/>'
    inner = f'<testsuite name="inner">{cases}</testsuite>'
    net = f'<testsuite name="a.dll">{cases}{inner}{cases}</testsuite>'
    other = f'<testsuite name="a">{cases}</testsuite>'
    merged = net + other if net_first else other + net
    report = read(f"<testsuites>{merged}</testsuites>")
    separate, retried = [Outcome.FAILED, Outcome.PASSED] * 3, [Outcome.FLAKY]
    assert outcomes(report) == (separate + retried if net_first else retried + separate)


def test_the_same_case_in_another_suite_element_is_no_retry() -> None:
    failing = '<testsuite name="a"><testcase name="n"><failure/></testcase></testsuite>'
    report = read(
        f'<r><testsuite name="a"><testcase name="n"/></testsuite>{failing}</r>'.replace(
            "<r>", "<testsuites>"
        ).replace("</r>", "</testsuites>")
    )
    assert outcomes(report) == [Outcome.PASSED, Outcome.FAILED]


def test_an_outer_suite_remembers_its_attempts_across_an_inner_one() -> None:
    report = suite(
        '<testcase name="n"><failure/></testcase><testsuite name="inner">'
        '<testcase name="n"/></testsuite><testcase name="n"/>'
    )
    assert outcomes(report) == [Outcome.PASSED, Outcome.FLAKY]


def test_flaky_elements_explain_declared_failures() -> None:
    case = '<testcase name="n"><flakyFailure/><flakyFailure/></testcase>'
    assert suite(case, 'failures="2"').counts().red == 0
    assert suite(case, 'failures="3"').counts().errored == 1


def test_declared_failures_add_nothing_to_a_failing_element() -> None:
    report = suite('<testcase name="n"><failure/></testcase>', 'failures="7" errors="1"')
    assert (report.counts().total, report.counts().red) == (1, 1)


def test_red_of_a_suite_says_so() -> None:
    report = suite('<error message="m" type="T">text<x>inner</x></error><testcase name="n"/>')
    detail = only(report)
    assert detail.name == "(the suite s reports: error outside of its cases)"
    assert (detail.message, detail.type, detail.text) == ("m", "T", "text")
    assert outcomes(report) == [Outcome.ERRORED, Outcome.PASSED]


def test_details_are_bounded_and_counts_are_not() -> None:
    count = MAX_DETAILS + 5
    report = suite(
        "".join(f'<testcase name="{n}"><failure>t</failure></testcase>' for n in range(count))
    )
    assert report.counts().failed == count
    assert len(report.details) == MAX_DETAILS
    assert report.details_left_out == 5


def test_strings_are_cut() -> None:
    long = "☃" * (MAX_TEXT + 10)
    report = suite(
        f'<testcase name="{long}" classname="{long}" file="{long}">'
        f'<failure message="{long}" type="{long}">{long}<!-- -->{long}</failure></testcase>'
    )
    detail = only(report)
    assert len(detail.message) == len(detail.text) == MAX_TEXT
    assert {len(part) for part in (detail.name, detail.classname, detail.file, detail.type)} == {
        MAX_NAME
    }


def test_many_results_of_one_case_are_one_case() -> None:
    report = suite('<testcase name="n">' + "<failure>text</failure>" * 5000 + "</testcase>")
    assert report.counts().failed == report.counts().total == 1


class Filled:
    """A prefix and then the same bytes again and again, never in memory as a whole."""

    def __init__(self, prefix: bytes, filler: bytes, size: int) -> None:
        self.content = (prefix, filler, size)
        self.seek(0)

    @staticmethod
    def parts(prefix: bytes, filler: bytes, size: int) -> Iterator[bytes]:
        yield prefix
        for _ in range(size // len(filler)):
            yield filler

    def read(self, _size: int) -> bytes:
        return next(self.left, b"")

    def tell(self) -> int:
        return 0

    def seek(self, _offset: int) -> None:
        self.left = self.parts(*self.content)


@pytest.mark.parametrize(
    ("prefix", "filler"),
    [
        (b'<testsuite><testcase name="', b"a" * (1 << 20)),
        (b"<testsuite><!--", b"a" * (1 << 20)),
        (b"<testsuite><testcase ", b"a" * (1 << 20)),
        (b"<testsuite>", b"<testsuite>" * 1000),
        (b"<testsuite><testcase>", b"<x>" * 1000),
    ],
)
def test_what_never_ends_is_refused(prefix: bytes, filler: bytes) -> None:
    stream: Any = Filled(prefix, filler, 1 << 26)
    with pytest.raises(ReadError, match=r"longer than 16 MB|deeper than 256"):
        junit.read(stream)


NAMES = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=5)
KINDS = ["", "", "", "<skipped/>", "<failure/>", "<error>x</error>", "<system-out>y</system-out>"]


@st.composite
def cases(draw: st.DrawFn) -> str:
    attributes = {"name": draw(st.integers(0, 9**9)), "classname": draw(NAMES)}
    if draw(st.booleans()):
        attributes["time"] = draw(st.decimals(0, 10**6, places=6))
    shuffled = draw(st.permutations(list(attributes.items())))
    text = " ".join(f"{key}={quoteattr(str(value))}" for key, value in shuffled)
    return f"<testcase {text}>{draw(st.sampled_from(KINDS))}</testcase>"


SUITES = st.recursive(
    st.lists(cases(), max_size=5).map("".join),
    lambda inner: st.lists(inner, max_size=3).map(
        lambda parts: f"<testsuite name='s'>{'<properties/>'.join(parts)}</testsuite>"
    ),
    max_leaves=6,
)


@given(SUITES)
def test_counts_agree_with_a_tree_in_memory(body: str) -> None:
    text = f"<testsuites>{body}</testsuites>"
    tree = list(ET.fromstring(text).iter("testcase"))
    if len({case.get("name") for case in tree}) < len(tree):
        return
    counts = read(text).counts()
    assert counts.total == len(tree)
    for tag, count in (
        ("failure", counts.failed),
        ("error", counts.errored),
        ("skipped", counts.skipped),
    ):
        assert count == sum(case.find(tag) is not None for case in tree)
    times = [Fraction(case.get("time", "")) for case in tree if case.get("time")]
    assert counts.duration_s == (sum(times) if times else None)


@given(st.lists(st.sampled_from(["pass", "fail", "error"]), max_size=12))
def test_attempts_are_folded_into_the_pass_that_follows(history: list[str]) -> None:
    children = {"pass": "", "fail": "<failure/>", "error": "<error/>"}
    report = suite("".join(f'<testcase name="n">{children[step]}</testcase>' for step in history))
    expected: list[Outcome] = []
    waiting: list[Outcome] = []
    for step in history:
        if step == "pass":
            expected.append(Outcome.FLAKY if waiting else Outcome.PASSED)
            waiting = []
        else:
            waiting.append(Outcome.FAILED if step == "fail" else Outcome.ERRORED)
    assert sorted(outcomes(report)) == sorted(expected + waiting)


PIECES = b"""<testsuites> </testsuites> <testsuite> </testsuite> <testsuite/> <testcase> </testcase>
<testcase <testcase/> name="a" classname="b" time="1" > /> <failure> </failure> <error/> <skipped/>
<![CDATA[ ]]> <!-- --> &amp; &#0; &#xD800; \xff\xfe \x00 <?xml version='1.0' encoding='gbk'?>
<!DOCTYPE <rerunFailure> </rerunFailure> <stackTrace> </stackTrace>""".split(b" ")


@given(st.lists(st.sampled_from(PIECES) | st.binary(max_size=8), max_size=30).map(b"".join))
def test_arbitrary_bytes_give_a_report_or_a_reason(raw: bytes) -> None:
    for text in (raw, b"<testsuites>" + raw, b"<testsuite><testcase name='a'>" + raw):
        found = registry.read("fuzz.xml", BytesIO(text))
        assert isinstance(found, Unreadable) or found.format


@pytest.mark.parametrize(
    ("inside", "red"),
    [
        ("<testcase><testsuite><testcase/></testsuite></testcase>", None),
        ("<testcase><failure><testcase/></failure></testcase>", None),
        ("<testcase><testcase><failure/></testcase><failure/></testcase>", 2),
        ("<error><testcase><failure/></testcase></error>", None),
        ("<error><testcase/></error>", None),
    ],
)
def test_a_case_in_a_case_is_refused_or_counted(inside: str, red: int | None) -> None:
    if red is None:
        with pytest.raises(ReadError, match="a <testcase> inside"):
            read(f"<testsuite>{inside}</testsuite>")
    else:
        assert read(f"<testsuite>{inside}</testsuite>").counts().red == red


@pytest.mark.parametrize("micros", [2**32 - 3, 2**32 - 2, 2**32 - 1, 2**32])
def test_no_time_is_taken_for_a_mark_of_the_column(micros: int) -> None:
    time = f"{micros // 10**6}.{micros % 10**6:06}"
    for more in ("", ' file="a.py"'):
        report = read(
            f'<testsuite><testcase name="a" classname="b" time="{time}"{more}/></testsuite>'
        )
        assert report.cases.micros_of(0) == micros


@pytest.mark.parametrize(
    ("attributes", "outcome"),
    [
        ("", Outcome.PASSED),
        ('ignored="false"', Outcome.PASSED),
        ('ignored="true"', Outcome.SKIPPED),
        ('incomplete="true"', Outcome.ERRORED),
    ],
)
def test_what_eclipse_exports(attributes: str, outcome: Outcome) -> None:
    case = f'<testcase name="a" classname="b" time="1" {attributes}/>'
    inner = f'<testsuite name="s" time="1"><testsuite name="t">{case}</testsuite></testsuite>'
    assert outcomes(read(f'<testrun name="r" tests="1" started="1">{inner}</testrun>')) == [outcome]


def test_red_that_eclipse_declares_is_red_where_none_is_shown() -> None:
    report = read('<testrun name="r" failures="2"><testsuite name="s"/></testrun>')
    assert outcomes(report) == [Outcome.ERRORED]
