"""What the readers of XML other than JUnit tell of a red case, and that nothing breaks them."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.reading import counted, read_tests

from vsm_gate.model.evidence import Unreadable
from vsm_gate.model.tests import MAX_DETAILS, CaseDetail, Outcome, TestReport
from vsm_gate.readers import registry

DATA = Path(__file__).parents[3] / "data"
FORMATS = """boost-test check cppunit ctest failsafe-summary fpcunit gtester junit nunit2 nunit3
qtest robot sonar-executions testng trx unittest++ xunitnet"""
FILES = [
    path
    for name in FORMATS.split()
    for path in sorted((DATA / name / "accept").iterdir())
    if path.suffix != ".json"
]


def details(name: str) -> list[CaseDetail]:
    path = DATA / name
    with path.open("rb") as stream:
        found = registry.read(path.name, stream)
    assert isinstance(found, TestReport)
    return found.details


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        ("boost-test/accept/log.xml", ("", "fails", "b.cpp", 7, "", "check 1 == 2 failed", "")),
        ("check/accept/log.xml", ("Core", "adds[1]", "b.c", 3, "", "1 != 2", "")),
        ("cppunit/accept/outputter.xml", ("Basket", "adds", "b.cpp", 5, "Assertion", "no ä", "")),
        ("fpcunit/accept/results.xml", ("", "Fails", "", None, "EAssertionFailedError", "no", "")),
        ("gtester/accept/report.xml", ("", "/basket/fails", "", None, "", "no", "")),
        ("nunit2/accept/console-2.6.xml", ("", "Shop.Basket.Fails", "", None, "", "no", "at")),
        (
            "nunit3/accept/console-3.xml",
            ("", "Shop.Basket.Fails", "", None, "", "Expected: 1", "at Shop"),
        ),
        ("qtest/accept/report.xml", ("", "adds(two)", "tst.cpp", 12, "", "no", "")),
        (
            "robot/accept/robot-7.3.2.xml",
            ("", "Fails", "/project/suites/basket.robot", 8, "", "no such item", "no such item"),
        ),
        (
            "testng/accept/testng-7.xml",
            (
                "shop.BasketTest",
                "prices(2)",
                "",
                None,
                "java.lang.AssertionError",
                "java.lang.AssertionError: 2",
                "java.lang.AssertionError: 2\n  at shop",
            ),
        ),
        ("trx/accept/vstest.trx", ("Shop.Basket", "Fails", "", None, "", "no", "at Shop")),
        ("unittest++/accept/report.xml", ("Basket", "Fails", "", None, "", "b.cpp(3) : no", "")),
        (
            "xunitnet/accept/v3.xml",
            (
                "Shop.Basket",
                "Shop.Basket.Fails",
                "",
                None,
                "Xunit.Sdk.EqualException",
                "Expected",
                "at Basket",
            ),
        ),
    ],
)
def test_a_failed_case_tells_what_happened(file: str, expected: tuple[object, ...]) -> None:
    found = next(
        detail
        for detail in details(file)
        if detail.outcome is Outcome.FAILED and detail.message != ""
    )
    told = (found.classname, found.name, found.file, found.line, found.type)
    assert (*told, found.message, found.text) == expected


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("boost-test/accept/log.xml", "(the suite basket failed outside of its cases)"),
        ("failsafe-summary/accept/timeout.xml", "(the integration tests timed out)"),
        ("nunit3/accept/console-3.xml", "(the suite Shop.Till failed in its TearDown)"),
        ("robot/accept/suite-fails-alone.xml", "(the suite Basket failed, and none of its tests)"),
        (
            "testng/accept/testng-7.xml",
            "(the configuration method shop.BasketTest.open failed)",
        ),
        ("trx/accept/vstest.trx", "(the test run failed)"),
        ("xunitnet/accept/v3.xml", "(Shop of the assembly shop.dll)"),
    ],
)
def test_red_that_belongs_to_no_case_says_so(file: str, name: str) -> None:
    assert name in {detail.name for detail in details(file) if detail.outcome is Outcome.ERRORED}


@given(st.data())
def test_a_damaged_report_is_answered(data: st.DataObject) -> None:
    raw = bytearray(data.draw(st.sampled_from(FILES)).read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(raw)))
        length = data.draw(st.integers(0, 40))
        filler = data.draw(st.binary(max_size=4) | st.sampled_from([b"<", b">", b'"', b"&", b"</"]))
        raw[place : place + length] = filler
    found = registry.read("damaged.xml", BytesIO(bytes(raw)))
    if isinstance(found, TestReport):
        counts = found.counts()
        assert len(found.details) == min(counts.red + counts.flaky, MAX_DETAILS)
    else:
        assert isinstance(found, Unreadable)


def test_a_title_without_a_suite_is_passed_over() -> None:
    text = b'<testsuites xmlns="http://check.sourceforge.net/ns"><title>t</title></testsuites>'
    found = registry.read("check.xml", BytesIO(text))
    assert isinstance(found, TestReport)
    assert found.counts().total == 0


@pytest.mark.parametrize(
    ("children", "outcome"),
    [
        ("", "passed"),
        ("<skipped/>", "skipped"),
        ('<skipped/><failure message="no"/>', "failed"),
        ("<error>no</error><failure/>", "errored"),
        ("<properties/>", "passed"),
    ],
)
def test_an_execution_is_what_the_worst_of_its_children_says(children: str, outcome: str) -> None:
    case = f'<testCase name="a" duration="1.5">{children}</testCase>'
    text = f'<testExecutions version="1"><file path="src/a.ts">{case}</file></testExecutions>'
    report = read_tests(text, "sonar-executions")
    assert counted(report) == {outcome: 1}
    assert report.cases.micros_of(0) == 1500


def test_executions_of_equal_names_are_told_apart_by_their_file() -> None:
    case = '<testCase name="a" duration="1"/>'
    files = "".join(f'<file path="{path}">{case}</file>' for path in ("x/a.ts", "y/a.ts"))
    text = f'<testExecutions version="1">{files}</testExecutions>'
    assert len(set(read_tests(text, "sonar-executions").cases.identities)) == 2


def test_aunit_tells_a_failed_test_by_its_failure_alone() -> None:
    failed = "<FailureType>Assertion</FailureType><Message>no coins</Message>"
    raised = (
        "<FailureType>Error</FailureType><Exception><Traceback>till.adb:7</Traceback></Exception>"
    )
    tests = "".join(f"<Test><Name>Till : Add</Name>{said}</Test>" for said in (failed, raised))
    passed = "<SuccessfulTests><Test><Name>Till : Open</Name></Test></SuccessfulTests>"
    totals = "<Statistics><FailuresTotal>2</FailuresTotal></Statistics>"
    text = f"<TestRun>{totals}{passed}<FailedTests>{tests}</FailedTests></TestRun>"
    report = read_tests(text, "cppunit")
    assert counted(report) == {"passed": 1, "failed": 1, "errored": 1}
    assert [(detail.message, detail.text) for detail in report.details] == [
        ("no coins", ""),
        ("", "till.adb:7"),
    ]


def test_a_boost_case_that_runs_a_suite_of_its_own() -> None:
    failed = '<TestCase name="inner"><Error file="till.cpp" line="7">no coins</Error></TestCase>'
    passed = '<TestCase name="inner"><TestingTime>5</TestingTime></TestCase>'
    outer = f'<TestCase name="outer"><TestSuite name="own">{failed}{passed}</TestSuite></TestCase>'
    report = read_tests(f'<TestLog><TestSuite name="s">{outer}</TestSuite></TestLog>', "boost-test")
    assert counted(report) == {"passed": 2, "failed": 1}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("xunitnet", "<assemblies><assembly><collection>{}</collection></assembly></assemblies>"),
        ("nunit3", '<test-run><test-suite type="Assembly">{}</test-suite></test-run>'),
    ],
)
def test_rows_whose_names_were_cut_to_the_same_are_no_retries(name: str, text: str) -> None:
    tag = "test" if name == "xunitnet" else "test-case"
    results = ("Fail", "Pass") if name == "xunitnet" else ("Failed", "Passed")
    rows = "".join(f'<{tag} name="a(b: ···)" result="{result}"/>' for result in results)
    assert counted(read_tests(text.format(rows), name)) == {"failed": 1, "passed": 1}


def test_an_assembly_of_nunit_may_stand_alone() -> None:
    cases = '<test-case name="a" result="Passed"/><test-case name="b" result="Failed"/>'
    text = f'<test-suite type="Assembly" testcasecount="2" result="Failed">{cases}</test-suite>'
    assert counted(read_tests(text, "nunit3")) == {"passed": 1, "failed": 1}


def test_an_xunit_assembly_without_tests_is_one() -> None:
    text = '<assembly name="till.dll" run-date="2026-01-02" total="0" passed="0" failed="0"/>'
    assert counted(read_tests(text, "xunitnet")) == {}


def test_the_log_of_another_tool_is_none_of_boost() -> None:
    text = "<TestLog><TestLogItem><TypeDescription>Error</TypeDescription></TestLogItem></TestLog>"
    found = registry.read("log.xml", BytesIO(text.encode()))
    assert isinstance(found, Unreadable)
    assert found.unknown
