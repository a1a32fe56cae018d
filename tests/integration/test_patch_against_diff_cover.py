"""Patch coverage of generated histories, held against what `diff-cover` says of the same diff.

The two differ in one case, which has a test of its own: where the last line of a file had no line
end and was changed, `diff-cover` takes git's remark on that for a line, and is one line off in the
rest of the hunk.
"""

from __future__ import annotations

import io
import json
import random
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

import pytest
from diff_cover.diff_cover_tool import main as diff_cover
from tests.support.repository import Repository

from vsm_gate.change.patch import PatchCoverage, patch_coverage
from vsm_gate.collect.change import find_change
from vsm_gate.model.change import Context
from vsm_gate.model.coverage import CoverageReport
from vsm_gate.readers import registry

HISTORIES = 50


class Workshop:
    """A repository whose files are edited at random, always the same for one seed."""

    def __init__(self, repository: Repository, seed: int) -> None:
        self.repository = repository
        self.random = random.Random(seed)
        self.files: dict[str, list[str]] = {}
        self.named = 0
        self.is_base = True

    def add(self) -> None:
        self.named += 1
        folder = self.random.choice(["src/", "src/shop/", "lib with space/", "", "src/ünï/"])
        path = f"{folder}module_{self.named}.py"
        self.files[path] = [self.line() for _ in range(self.random.randint(1, 40))]

    def line(self) -> str:
        return self.random.choice(["", "    ", "}", f"x = {self.random.randint(0, 30)}", "\tpass"])

    def edit(self) -> None:
        lines = self.files[self.any()]
        for _ in range(self.random.randint(1, 5)):
            at = self.random.randint(0, len(lines))
            lines[at : at + self.random.randint(0, 3)] = [
                self.line() for _ in range(self.random.randint(0, 4))
            ]

    def white_space(self) -> None:
        path = self.any()
        self.files[path] = [
            f"  {line} " if self.random.random() < 0.3 else line for line in self.files[path]
        ]

    def move_block(self) -> None:
        source, target = self.files[self.any()], self.files[self.any()]
        at = self.random.randint(0, len(source))
        block = source[at : at + 8]
        del source[at : at + 8]
        where = self.random.randint(0, len(target))
        target[where:where] = block

    def rename(self) -> None:
        lines = self.files.pop(self.any())
        self.named += 1
        self.files[f"moved/module_{self.named}.py"] = lines

    def rename_and_edit(self) -> None:
        self.rename()
        lines = self.files[next(reversed(self.files))]
        lines.insert(self.random.randint(0, len(lines)), "edited = True")

    def delete(self) -> None:
        if len(self.files) > 1:
            del self.files[self.any()]

    def any(self) -> str:
        return self.random.choice(sorted(self.files))

    def work(self, steps: int) -> None:
        """Some steps, each committed."""
        kinds = (
            self.add,
            self.edit,
            self.edit,
            self.white_space,
            self.move_block,
            self.rename,
            self.rename_and_edit,
            self.delete,
        )
        self.is_base = False
        for _ in range(steps):
            self.random.choice(kinds)()
            self.save()

    def save(self) -> None:
        for path in self.repository.git("ls-files", "-z").split("\0")[:-1]:
            self.repository.remove(path)
        for path, lines in self.files.items():
            ends = "\r\n" if self.named % 5 == 0 else "\n"
            last = ends if self.is_base or self.random.random() < 0.8 else ""
            self.repository.write(path, ends.join(lines) + last)
        self.repository.commit()

    def cobertura(self) -> str:
        """A report of the work tree: some files unknown to it, some lines not coverable."""
        classes = []
        for path, lines in self.files.items():
            if self.random.random() < 0.15:
                continue
            marks = "".join(
                f'<line number="{number}" hits="{self.random.randint(0, 1)}"/>'
                for number in range(1, len(lines) + 1)
                if self.random.random() < 0.8
            )
            classes.append(f"<class filename={quoteattr(path)}><lines>{marks}</lines></class>")
        return (
            '<?xml version="1.0"?><coverage version="7.0"><packages><package><classes>'
            f"{''.join(classes)}</classes></package></packages></coverage>"
        )


@pytest.fixture
def as_on_a_bare_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """A repository, in which this process stands with the environment that its git has."""
    repository = Repository(tmp_path / "checkout")
    for name, value in repository.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(repository.path)
    return repository


@pytest.mark.parametrize("seed", range(HISTORIES))
def test_it_is_what_diff_cover_says(as_on_a_bare_machine: Repository, seed: int) -> None:
    repository = as_on_a_bare_machine
    workshop = Workshop(repository, seed)
    for _ in range(4):
        workshop.add()
    workshop.save()
    repository.branch("feature")
    workshop.work(steps=workshop.random.randint(1, 6))
    repository.checkout("main").write("elsewhere.py", "x = 1\n").commit()
    repository.checkout("feature")
    report = workshop.cobertura()

    found = ask_us(repository, report)
    theirs = ask_diff_cover(repository.path.parent, report)

    assert (found.coverable, found.coverable - found.covered) == (
        theirs["total_num_lines"],
        theirs["total_num_violations"],
    )
    assert missed(found) == {
        path: stats["violation_lines"]
        for path, stats in theirs["src_stats"].items()
        if stats["violation_lines"]
    }


def test_a_last_line_without_its_end_is_counted_where_it_stands(
    as_on_a_bare_machine: Repository,
) -> None:
    repository = as_on_a_bare_machine
    repository.write("a.py", "one\ntwo").commit()
    repository.branch("feature").write("a.py", "one\nTWO\nthree\n").commit()
    report = (
        '<?xml version="1.0"?><coverage version="7.0"><packages><package><classes>'
        '<class filename="a.py"><lines><line number="1" hits="1"/><line number="2" hits="0"/>'
        '<line number="3" hits="1"/></lines></class></classes></package></packages></coverage>'
    )
    found = ask_us(repository, report)
    theirs = ask_diff_cover(repository.path.parent, report)
    assert (found.covered, missed(found)) == (1, {"a.py": [2]})
    assert (theirs["total_num_lines"], theirs["total_num_violations"]) == (1, 0)


def ask_us(repository: Repository, report: str) -> PatchCoverage:
    change = find_change(repository.client, Context(repository="acme/shop", base_ref="main"))
    return patch_coverage(change, read(report))


def read(report: str) -> CoverageReport:
    found = registry.read("coverage.xml", io.BytesIO(report.encode()))
    assert isinstance(found, CoverageReport)
    return found


def ask_diff_cover(folder: Path, report: str) -> dict[str, Any]:
    (folder / "coverage.xml").write_text(report, encoding="utf-8")
    command = ["diff-cover", str(folder / "coverage.xml"), "--compare-branch=main", "--quiet"]
    assert diff_cover([*command, f"--format=json:{folder / 'found.json'}"]) == 0
    found: dict[str, Any] = json.loads((folder / "found.json").read_text(encoding="utf-8"))
    return found


def missed(found: PatchCoverage) -> dict[str, list[int]]:
    return {path: [line for gap in gaps for line in gap] for path, gaps in found.missed.items()}
