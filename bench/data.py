"""Input for the benchmarks: generated, always the same."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Final

FILES: Final = 5_000
LINES: Final = 120
CHANGED: Final = 200
CASES: Final = 1_000_000

_IDENTITY: Final = {
    **{f"GIT_{who}_NAME": "bench" for who in ("AUTHOR", "COMMITTER")},
    **{f"GIT_{who}_EMAIL": "bench@example.com" for who in ("AUTHOR", "COMMITTER")},
    **{f"GIT_{who}_DATE": "1700000000 +0000" for who in ("AUTHOR", "COMMITTER")},
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
}


def junit(place: Path, cases: int = CASES) -> Path:
    """JUnit XML as pytest writes it: 1 % failed, 1 % skipped, 2 % with captured output."""
    with place.open("w", encoding="utf-8") as stream:
        stream.write('<?xml version="1.0" encoding="utf-8"?><testsuites><testsuite name="pytest">')
        for number in range(cases):
            stream.write(
                f'<testcase classname="tests.unit.test_module_{number // 200}.TestThing" '
                f'name="test_behaviour[{number % 200}-some-parameter]" time="0.{number % 997:03d}"'
            )
            stream.write(_rest(number % 100, number))
        stream.write("</testsuite></testsuites>")
    return place


def _rest(kind: int, number: int) -> str:
    if kind == 7:
        message = f"assert {number} == {number + 1}"
        return f'><failure message="{message}">E   {message}\n</failure></testcase>\n'
    if kind == 13:
        return '><skipped type="pytest.skip" message="not here">a.py:1</skipped></testcase>\n'
    if kind in {21, 22}:
        return f"><system-out>captured output of case {number}\n</system-out></testcase>\n"
    return " />\n"


def source(number: int) -> str:
    """The path of a source file."""
    return f"src/package_{number // 100:02d}/module_{number:04d}.py"


def repository(folder: Path) -> Path:
    """5,000 files of 120 lines on `main`, and a branch `change` that edits ten lines of 200."""
    folder.mkdir()
    git(folder, "init", "--quiet", "--initial-branch=main")
    for number in range(FILES):
        place = folder / source(number)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text("".join(f"value_{line} = {line}\n" for line in range(1, LINES + 1)))
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "-m", "base")
    git(folder, "checkout", "--quiet", "-b", "change")
    for number in range(0, FILES, FILES // CHANGED):
        place = folder / source(number)
        lines = place.read_text().splitlines(keepends=True)
        for at in range(20, 120, 10):
            lines[at] = f"value_{at} = -{at}\n"
        place.write_text("".join(lines))
    git(folder, "commit", "--quiet", "--all", "-m", "change")
    return folder


def hits(number: int) -> Iterator[tuple[int, int]]:
    """The coverable lines of a file and how often each was run: four of five are covered."""
    return ((line, int((line + number) % 5 > 0)) for line in range(1, LINES + 1))


def cobertura(place: Path) -> Path:
    """Coverage of the repository as coverage.py writes it."""
    with place.open("w", encoding="utf-8") as stream:
        stream.write('<?xml version="1.0" ?>\n<coverage version="7" line-rate="0.8">\n')
        stream.write("<sources><source></source></sources><packages>")
        stream.write('<package name="src" line-rate="0.8"><classes>\n')
        for number in range(FILES):
            stream.write(f'<class name="m{number}" filename="{source(number)}" line-rate="0.8">')
            stream.write("<methods/><lines>\n")
            for line, count in hits(number):
                stream.write(f'\t\t\t\t\t\t<line number="{line}" hits="{count}"/>\n')
            stream.write("</lines></class>\n")
        stream.write("</classes></package></packages></coverage>\n")
    return place


def lcov(place: Path) -> Path:
    """The same as LCOV."""
    with place.open("w", encoding="utf-8") as stream:
        for number in range(FILES):
            stream.write(f"TN:\nSF:{source(number)}\n")
            stream.writelines(f"DA:{line},{count}\n" for line, count in hits(number))
            stream.write(f"LF:{LINES}\nLH:{LINES * 4 // 5}\nend_of_record\n")
    return place


def git(folder: Path, *arguments: str) -> None:
    """Run git with a fixed identity and none of this machine's configuration."""
    environment = {**os.environ, **_IDENTITY}
    subprocess.run(["git", *arguments], cwd=folder, env=environment, check=True)
