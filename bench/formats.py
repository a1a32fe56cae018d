"""Each major format against the least that its syntax costs, and 500 files at once."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from bench.data import junit
from bench.measure import PYTHON, Row, measure

CASES: Final = 100_000
FILES: Final = 1_000
LINES: Final = 200

_FLOORS: Final = {
    "expat": """
import sys
from xml.parsers import expat
parser = expat.ParserCreate()
parser.StartElementHandler = lambda name, attributes: None
with open(sys.argv[1], "rb") as stream:
    parser.ParseFile(stream)
""",
    "json.loads of each line": """
import json, sys
with open(sys.argv[1], "rb") as stream:
    for line in stream:
        json.loads(line)
""",
    "json.load": """
import json, sys
with open(sys.argv[1], "rb") as stream:
    json.load(stream)
""",
    "splitting lines": """
import sys
with open(sys.argv[1], encoding="utf-8") as stream:
    for line in stream:
        line.split()
""",
}


def _nunit() -> Iterator[str]:
    yield '<test-run id="2"><test-suite type="TestFixture" name="F" fullname="N.F">'
    for n in range(CASES):
        yield (
            f'<test-case id="{n}" name="Test{n}" fullname="N.F.Test{n}" classname="N.F" '
            f'result="Passed" duration="0.00{n % 10}"/>\n'
        )
    yield "</test-suite></test-run>"


def _trx() -> Iterator[str]:
    yield '<TestRun xmlns="http://microsoft.com/schemas/VisualStudio/TeamTest/2010"><Results>'
    for n in range(CASES):
        yield (
            f'<UnitTestResult testId="{n}" testName="N.F.Test{n}" outcome="Passed" '
            f'duration="00:00:00.00{n % 10}0000"/>\n'
        )
    yield '</Results><ResultSummary outcome="Completed"/></TestRun>'


def _go_test() -> Iterator[str]:
    for n in range(CASES):
        for action, rest in (("run", ""), ("pass", ',"Elapsed":0.01')):
            yield f'{{"Action":"{action}","Package":"example.com/p","Test":"Test{n}"{rest}}}\n'
    yield '{"Action":"pass","Package":"example.com/p","Elapsed":1}\n'


def _tap() -> Iterator[str]:
    yield f"TAP version 14\n1..{CASES}\n"
    for n in range(1, CASES + 1):
        yield f"ok {n} - behaves as case {n} does\n"


def _jest() -> Iterator[str]:
    yield f'{{"numTotalTests":{CASES},"numFailedTests":0,"success":true,"testResults":['
    for first in range(0, CASES, LINES):
        comma = "," if first else ""
        yield f'{comma}{{"name":"/a/b{first}.test.js","status":"passed","message":"",'
        cases = (
            f'{{"ancestorTitles":["suite"],"fullName":"suite case {n}","status":"passed",'
            f'"title":"case {n}","duration":{n % 9},"failureMessages":[]}}'
            for n in range(first, first + LINES)
        )
        yield f'"assertionResults":[{",".join(cases)}]}}\n'
    yield "]}"


def _jacoco() -> Iterator[str]:
    yield '<report name="r"><package name="a/b">'
    for f in range(FILES):
        yield f'<sourcefile name="F{f}.java">'
        for n in range(1, LINES + 1):
            yield f'<line nr="{n}" mi="0" ci="{(n + f) % 5}" mb="0" cb="0"/>'
        yield "</sourcefile>\n"
    yield "</package></report>"


def _clover() -> Iterator[str]:
    yield '<coverage generated="1" clover="3"><project timestamp="1">'
    for f in range(FILES):
        yield f'<file name="F{f}.php" path="/w/src/F{f}.php">'
        for n in range(1, LINES + 1):
            yield f'<line num="{n}" type="stmt" count="{(n + f) % 5}"/>'
        yield "</file>\n"
    yield "</project></coverage>"


def _go_cover() -> Iterator[str]:
    yield "mode: set\n"
    for f in range(FILES):
        for n in range(1, LINES + 1, 2):
            yield f"example.com/p/f{f}.go:{n}.2,{n + 1}.10 2 {(n + f) % 5 and 1}\n"


def _istanbul() -> Iterator[str]:
    place = {"start": {"line": 0, "column": 0}, "end": {"line": 0, "column": 9}}
    yield "{"
    for f in range(FILES):
        statements = {
            str(n): {**place, "start": {"line": n + 1, "column": 0}} for n in range(LINES)
        }
        entry = {
            "path": f"/w/src/f{f}.js",
            "statementMap": statements,
            "fnMap": {},
            "branchMap": {},
            "s": {str(n): (n + f) % 5 for n in range(LINES)},
            "f": {},
            "b": {},
        }
        yield f'{"," if f else ""}"/w/src/f{f}.js":{json.dumps(entry)}\n'
    yield "}"


_FORMATS: Final[tuple[tuple[str, str, Callable[[], Iterator[str]]], ...]] = (
    ("NUnit 3", "expat", _nunit),
    ("TRX", "expat", _trx),
    ("go test -json", "json.loads of each line", _go_test),
    ("TAP", "splitting lines", _tap),
    ("Jest JSON", "json.load", _jest),
    ("JaCoCo", "expat", _jacoco),
    ("Clover", "expat", _clover),
    ("Go cover profile", "splitting lines", _go_cover),
    ("Istanbul JSON", "json.load", _istanbul),
)


def rows(folder: Path) -> Iterator[Row]:
    """No bar is set for these: the ratio to the floor shows what reading costs."""
    inspect = [PYTHON, "-m", "vsm_gate", "inspect", "--format", "json"]
    for title, floor, make in _FORMATS:
        place = folder / "report"
        place.write_text("".join(make()), encoding="utf-8")
        ours = measure([*inspect, str(place)])
        least = measure([PYTHON, "-c", _FLOORS[floor], str(place)])
        size = place.stat().st_size / 1e6
        yield Row(f"{title}, {size:.0f} MB", ours, floor, least, "", met=True)
    many = [str(junit(folder / f"TEST-{n}.xml", cases=200)) for n in range(500)]
    ours = measure([*inspect, *many])
    one = measure([*inspect, str(junit(folder / "one.xml", cases=500 * 200))])
    yield Row("JUnit XML, 500 files of 200 cases", ours, "one file of all", one, "", met=True)
