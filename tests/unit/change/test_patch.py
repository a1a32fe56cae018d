"""Patch coverage, against lines counted one by one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vsm_gate.change.patch import PatchCoverage, patch_coverage
from vsm_gate.model.change import Change, FileChange
from vsm_gate.model.coverage import COVERED, MISSED, CoverageReport


def change(*files: FileChange) -> Change:
    return Change("base", "head", "head", "test", files)


def touched(path: str, *lines: range, **more: object) -> FileChange:
    added = sum(map(len, lines))
    return FileChange(path, "modified", added=added, added_lines=lines, **more)  # type: ignore[arg-type]


def report(*, branches: bool = False, **states: str) -> CoverageReport:
    """Files by name (`__` for a slash), their lines as `+` covered, `-` missed, `.` neither."""
    made = CoverageReport("test", has_branches=branches)
    for name, lines in states.items():
        file = made.file(f"{name.replace('__', '/')}.py")
        for number, state in enumerate(lines, 1):
            if state != ".":
                file.mark(number, state == "+")
    return made


def test_only_changed_coverable_lines_count() -> None:
    found = patch_coverage(
        change(touched("a.py", range(2, 5), range(6, 7)), touched("b.py", range(1, 3))),
        report(a="-+-.--", b="+-", c="--"),
    )
    assert found == PatchCoverage(
        covered=2,
        coverable=5,
        missed={"a.py": (range(3, 4), range(6, 7)), "b.py": (range(2, 3),)},
    )


def test_missed_lines_in_a_row_are_one_range() -> None:
    found = patch_coverage(change(touched("a.py", range(1, 9))), report(a="--.-+--+"))
    assert found.missed == {"a.py": (range(1, 3), range(4, 5), range(6, 8))}


def test_a_deleted_file_and_lines_past_the_end_of_the_report_count_nothing() -> None:
    deleted = FileChange("a.py", "deleted", deleted=4)
    found = patch_coverage(change(deleted, touched("b.py", range(2, 99))), report(a="--", b="+-"))
    assert (found.covered, found.coverable) == (0, 1)


def test_branches_of_changed_lines_count() -> None:
    coverage = report(branches=True, a="+++")
    coverage.file("a.py").branches.update({1: (0b1, 2), 2: (0b111, 4), 3: (0b0, 2)})
    found = patch_coverage(change(touched("a.py", range(2, 4))), coverage)
    assert (found.branches_taken, found.branches_total) == (3, 6)


def test_no_branch_on_changed_lines_differs_from_no_branches_at_all() -> None:
    asked = change(touched("a.py", range(1, 2)))
    with_branches = patch_coverage(asked, report(branches=True, a="+"))
    without = patch_coverage(asked, report(a="+"))
    assert (with_branches.branches_taken, with_branches.branches_total) == (0, 0)
    assert (without.branches_taken, without.branches_total) == (None, None)


class TestWithoutData:
    def test_a_source_file_that_the_report_should_know_is_named(self) -> None:
        files = (touched("src/a.py", range(1, 2)), touched("src/new.py", range(1, 2)))
        found = patch_coverage(change(*files), report(src__a="+"))
        assert found.files_without_data == ("src/new.py",)
        assert (found.coverable, found.reason) == (1, "")

    @pytest.mark.parametrize(
        ("new", "known"),
        [("src/deep/new.py", "src__a"), ("src/new.py", "src__far__a"), ("b.py", "a")],
    )
    def test_alike_is_the_top_folder(self, new: str, known: str) -> None:
        reports = report(branches=False, **{known: "+"})
        found = patch_coverage(change(touched(new, range(1, 2))), reports)
        assert found.files_without_data == (new,)

    def test_of_nothing_else_it_is_the_reason(self) -> None:
        found = patch_coverage(change(touched("src/new.py", range(1, 2))), report(src__a="+"))
        assert found.files_without_data == ("src/new.py",)
        assert found.reason == "the coverage reports do not know src/new.py"

    @pytest.mark.parametrize(
        "file",
        [
            touched("README.md", range(1, 2)),
            touched("src/style.css", range(1, 2)),
            touched("setup.py", range(1, 2)),
            touched("docs/conf.py", range(1, 2)),
            touched("src/tests/test_a.py", range(1, 2)),
            touched("src/api_pb2.py", range(1, 2), generated=True),
            touched("src/lib.py", range(1, 2), vendored=True),
            touched("src/a.py", range(1, 2)),
            FileChange("src/gone.py", "deleted", deleted=3),
            FileChange("src/b.py", "modified", binary=True),
        ],
    )
    def test_others_are_not(self, file: FileChange) -> None:
        assert patch_coverage(change(file), report(src__a="+")).files_without_data == ()

    def test_tests_are_where_the_report_measures_tests(self) -> None:
        found = patch_coverage(
            change(touched("tests/test_b.py", range(1, 2))), report(tests__test_a="+")
        )
        assert found.files_without_data == ("tests/test_b.py",)


@pytest.mark.parametrize(
    ("files", "coverage", "reason"),
    [
        ((), report(a="+"), "the change touches no file"),
        (
            (FileChange("a.py", "deleted", deleted=1),),
            report(a="+"),
            "the change adds or modifies no line of text",
        ),
        (
            (touched("a.py", range(1, 2)),),
            report(),
            "the coverage reports name no file of the repository",
        ),
        (
            (touched("a.txt", range(1, 2)),),
            report(a="+"),
            "the coverage reports measure no changed file (a.txt)",
        ),
        (
            (touched("a.py", range(1, 2)),),
            report(a=""),
            "the coverage reports give no lines of a.py",
        ),
        (
            (touched("a.py", range(1, 2)),),
            report(a=".+"),
            "the one changed line is not coverable",
        ),
        (
            (touched("a.py", range(1, 3)),),
            report(a="..+"),
            "none of the 2 changed lines is coverable",
        ),
        *(
            (
                tuple(touched(f"{name}.md", range(1, 2)) for name in names),
                report(a="+"),
                f"the coverage reports measure no changed file (a.md, b.md, c.md{more})",
            )
            for names, more in (("abc", ""), ("abcd", " and 1 more"), ("abcde", " and 2 more"))
        ),
    ],
)
def test_the_reason_says_why_nothing_is_coverable(
    files: tuple[FileChange, ...], coverage: CoverageReport, reason: str
) -> None:
    found = patch_coverage(change(*files), coverage)
    assert (found.covered, found.coverable, found.missed) == (0, 0, {})
    assert found.reason == reason


@given(
    st.dictionaries(st.sampled_from("abc"), st.text("+-.", max_size=30)),
    st.dictionaries(st.sampled_from("abcd"), st.sets(st.integers(1, 40), min_size=1)),
)
def test_it_equals_a_count_line_by_line(states: dict[str, str], lines: dict[str, set[int]]) -> None:
    coverage = report(branches=False, **states)
    files = [
        touched(f"{name}.py", *(range(line, line + 1) for line in sorted(numbers)))
        for name, numbers in lines.items()
    ]
    found = patch_coverage(change(*files), coverage)
    seen = [
        (name, line, states[name][line - 1])
        for name, numbers in lines.items()
        for line in numbers
        if name in states and line <= len(states[name])
    ]
    assert found.covered == sum(state == "+" for _, _, state in seen)
    assert found.coverable == sum(state != "." for _, _, state in seen)
    missed = {
        (path[0], line) for path, gaps in found.missed.items() for gap in gaps for line in gap
    }
    assert missed == {(name, line) for name, line, state in seen if state == "-"}
    assert bool(found.reason) == (found.coverable == 0)


def test_the_states_are_those_of_the_model() -> None:
    assert list(report(a="-+").file("a.py").lines) == [0, MISSED, COVERED]
