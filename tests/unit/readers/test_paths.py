"""From report paths to repository paths: what is certain is found, what is doubtful refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.covered import file, report, states

from vsm_gate.readers.paths import Mapped, locate, map_paths
from vsm_gate.readers.tracked import TrackedFiles

CI = "/home/runner/work/shop/shop"


def mapped(
    paths: Sequence[str],
    tracked: Sequence[str],
    *,
    roots: Sequence[str] = (),
    folder: str = "",
    go: Mapping[str, str] | None = None,
) -> Mapped:
    made = report(*(file(path, "c") for path in paths), roots=tuple(roots))
    return map_paths(made, TrackedFiles(tracked, go), folder=folder)


def found(paths: Sequence[str], tracked: Sequence[str], **others: object) -> dict[str, str]:
    return locate(paths, TrackedFiles(tracked), **others).found  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("path", "tracked"),
    [
        ("src/a.py", "src/a.py"),
        ("./src//x/../a.py", "src/a.py"),
        (f"{CI}/src/a.py", "src/a.py"),
        ("/app/src/a.py", "src/a.py"),
        ("C:\\build\\agent\\src\\a.cs", "src/a.cs"),
        ("C:/build/src/a.cs", "src/a.cs"),
        ("src\\a.cs", "src/a.cs"),
        ("\\\\server\\share\\src\\a.cs", "src/a.cs"),
        ("/_/src/a.cs", "src/a.cs"),
        ("d:\\Build\\SRC\\App.cs", "src/app.cs"),
        ("webpack:///./src/a.ts", "src/a.ts"),
        ("webpack://shop/./src/a.vue?vue&type=script", "src/a.vue"),
        ("file:///home/x/src/a.ts", "src/a.ts"),
        ("file:///C:/x/src/a.ts", "src/a.ts"),
        ("../src/a.c", "src/a.c"),
        ("org/example/Till.java", "src/main/java/org/example/Till.java"),
        ("example.org/shop/till/till.go", "till/till.go"),
        (".tox/py311/lib/python3.11/site-packages/shop/till.py", "src/shop/till.py"),
        ("setup.py", "setup.py"),
        (f"{CI}/six.py", "six.py"),
    ],
)
def test_a_path_of_one_file_finds_it(path: str, tracked: str) -> None:
    result = mapped([path], [tracked, "README.md", "docs/conf.py"])
    assert list(result.report.files) == [tracked]
    assert (result.unmapped, result.ambiguous, result.hint) == ((), (), None)


@pytest.mark.parametrize(
    ("root", "path"),
    [
        (f"{CI}/src", "shop/till.py"),
        ("src", "shop/till.py"),
        (".", "src/shop/till.py"),
        ("D:\\agent\\src\\", "shop\\till.py"),
        (f"{CI}/src/", f"{CI}/src/shop/till.py"),
        ("/somewhere/else", "src/shop/till.py"),
    ],
)
def test_a_source_root_leads_to_the_file(root: str, path: str) -> None:
    result = mapped([path], ["src/shop/till.py", "tests/shop/till.py"], roots=[root])
    assert list(result.report.files) == ["src/shop/till.py"]


def test_what_most_paths_agree_on_wins_over_a_longer_match() -> None:
    tracked = ["shop/till.py", "till.py", "shelf.py", "shop/__init__.py"]
    assert found([f"{CI}/till.py", f"{CI}/shelf.py"], tracked) == {
        f"{CI}/till.py": "till.py",
        f"{CI}/shelf.py": "shelf.py",
    }


def test_another_packages_setup_is_not_ours() -> None:
    paths = [
        f"{CI}/src/a.py",
        f"{CI}/src/b.py",
        f"{CI}/setup.py",
        "/usr/lib/python3/other/setup.py",
    ]
    result = mapped(paths, ["src/a.py", "src/b.py", "setup.py"])
    assert sorted(result.report.files) == ["setup.py", "src/a.py", "src/b.py"]
    assert result.unmapped == ("/usr/lib/python3/other/setup.py",)


@pytest.mark.parametrize(
    "path",
    [
        "node_modules/left/src/index.js",
        "/x/node_modules/src/index.js",
        "/usr/lib/index.js",
        "index.jsx",
    ],
)
def test_what_only_looks_alike_is_refused(path: str) -> None:
    result = mapped([path, "README.md"], ["src/index.js", "README.md"])
    assert result.unmapped == (path,)


def test_a_common_end_needs_a_second_path_to_bear_it_out() -> None:
    tracked = ["src/shop/till.py", "src/shop/shelf.py", "README.md"]
    alone = mapped(["/app/shop/till.py", "README.md"], tracked)
    assert alone.unmapped == ("/app/shop/till.py",)
    together = found(["/app/shop/till.py", "/app/shop/shelf.py"], tracked)
    assert sorted(together.values()) == ["src/shop/shelf.py", "src/shop/till.py"]


def test_several_candidates_are_refused_counted_and_named() -> None:
    tracked = ["a/src/main/java/x/Till.java", "b/src/main/java/x/Till.java"]
    result = mapped(["x/Till.java"], tracked)
    assert result.ambiguous == ("x/Till.java",)
    assert result.report.files == {}
    assert result.hint is not None
    assert "`a/src/main/java/x/Till.java` or `b/src/main/java/x/Till.java`" in result.hint


def test_the_reports_folder_breaks_the_tie() -> None:
    tracked = ["a/src/main/java/x/Till.java", "b/src/main/java/x/Till.java"]
    result = mapped(["x/Till.java"], tracked, folder="b/target/site/jacoco")
    assert list(result.report.files) == ["b/src/main/java/x/Till.java"]


def test_relative_paths_are_of_the_reports_folder_or_one_above() -> None:
    tracked = ["src/index.ts", "packages/web/src/index.ts"]
    assert found(["src/index.ts"], tracked, folder="packages/web/coverage") == {
        "src/index.ts": "packages/web/src/index.ts"
    }
    assert found(["src/index.ts"], tracked, folder="coverage") == {"src/index.ts": "src/index.ts"}
    assert found(["../src/index.ts"], tracked, folder="packages/web/build") == {
        "../src/index.ts": "packages/web/src/index.ts"
    }


def test_the_rest_of_the_report_shows_the_way() -> None:
    tracked = ["a/java/x/Till.java", "b/java/x/Till.java", "b/java/x/Shelf.java"]
    assert found(["x/Till.java", "x/Shelf.java"], tracked)["x/Till.java"] == "b/java/x/Till.java"
    both = [*tracked, "a/java/x/Basket.java"]
    assert "x/Till.java" not in found(["x/Till.java", "x/Shelf.java", "x/Basket.java"], both)


def test_one_file_in_two_source_roots_is_ambiguous() -> None:
    roots = [f"{CI}/src/main", f"{CI}/src/test"]
    result = mapped(["Till.java"], ["src/main/Till.java", "src/test/Till.java"], roots=roots)
    assert result.ambiguous == ("Till.java",)


def test_a_go_module_lies_where_its_file_lies() -> None:
    tracked = ["till/till.go", "tools/till/till.go"]
    modules = {"example.org/shop": "", "example.org/shop/tools": "tools"}
    result = mapped(
        ["example.org/shop/till/till.go", "example.org/shop/tools/till/till.go"],
        tracked,
        go=modules,
    )
    assert sorted(result.report.files) == tracked


def test_two_paths_of_one_file_are_merged() -> None:
    made = report(file("src/a.py", "cm"), file(f"{CI}/src/a.py", "mc"))
    result = map_paths(made, TrackedFiles(["src/a.py"]))
    assert states(result.report.files["src/a.py"]) == "cc"
    assert states(made.files["src/a.py"]) == "cm"


def test_paths_that_differ_by_case_alone_are_never_confused() -> None:
    assert found(["src/A.py"], ["src/a.py", "src/A.py"]) == {"src/A.py": "src/A.py"}
    assert found(["SRC/A.py"], ["src/a.py", "src/A.py"]) == {}


@pytest.mark.parametrize(
    ("path", "hint"),
    [
        ("/opt/lib/python3/site-packages/other/x.py", "belongs to an installed package"),
        ("build/generated/Stub.java", "no tracked file is called `Stub.java`"),
        ("/elsewhere/till.py", "the nearest is `src/till.py`"),
    ],
)
def test_a_miss_comes_with_the_likely_fix(path: str, hint: str) -> None:
    result = mapped([path, "README.md"], ["src/till.py", "README.md"])
    assert result.unmapped == (path,)
    assert result.hint is not None
    assert hint in result.hint


PARTS = st.sampled_from(
    ["a", "b", "src", "x.py", "y.py", "..", ".", "", "C:", "node_modules", "é", "\ud800"]
)
PATHS = st.lists(PARTS, max_size=6).map("/".join) | st.text(max_size=12)


@given(
    st.lists(PATHS, max_size=6),
    st.sets(PATHS.filter(bool), max_size=6),
    PATHS,
    st.lists(PATHS, max_size=2),
)
def test_nothing_is_mapped_outside_the_tracked_files_and_nothing_is_lost(
    paths: list[str], tracked: set[str], folder: str, roots: list[str]
) -> None:
    result = mapped(paths, sorted(tracked), roots=roots, folder=folder)
    assert set(result.report.files) <= tracked
    located = locate(
        dict.fromkeys(paths), TrackedFiles(sorted(tracked)), roots=roots, folder=folder
    )
    assert sorted([*located.found, *located.ambiguous, *located.nowhere]) == sorted(set(paths))


@given(
    st.sets(st.lists(st.sampled_from("abcde"), min_size=1, max_size=4).map("/".join), min_size=1)
)
def test_a_whole_checkout_is_found_below_any_prefix(tracked: set[str]) -> None:
    paths = {f"{CI}/{path}": path for path in sorted(tracked)}
    assert locate(paths, TrackedFiles(sorted(tracked))).found == paths


def test_thousands_of_files_with_one_name_are_no_trouble() -> None:
    tracked = [f"packages/p{n}/index.ts" for n in range(3000)]
    result = mapped([f"p{n}/index.ts" for n in range(3000)], tracked)
    assert sorted(result.report.files) == sorted(tracked)
