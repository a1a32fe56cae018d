"""What a path tells of a file."""

from __future__ import annotations

import pytest

from vsm_gate.change.paths import is_documentation, is_generated, is_test, is_vendored, suffix


@pytest.mark.parametrize(
    "path",
    [
        "tests/helpers.py",
        "src/Test/Helper.php",
        "pkg/test_a.py",
        "pkg/a_test.py",
        "pkg/conftest.py",
        "pkg/server_test.go",
        "web/__tests__/app.js",
        "web/app.test.tsx",
        "web/app.spec.mjs",
        "web/app.cy.ts",
        "src/main/ShopTest.java",
        "src/ShopTests.cs",
        "src/ShopIT.kt",
        "spec/models/shop_spec.rb",
        "crate/src/lib_test.rs",
        "it/shop.feature",
        "module/src/androidTest/java/A.kt",
    ],
)
def test_tests_are_known(path: str) -> None:
    assert is_test(path)


@pytest.mark.parametrize(
    "path",
    [
        "src/contest.py",
        "src/latest.py",
        "src/attest/a.py",
        "testament.py",
        "src/testing.py",
        "src/Testament/a.py",
        "src/specification.js",
        "src/Unit.java",
        "src/EXIT.java.md",
        "test",
        "",
    ],
)
def test_other_files_are_not_tests(path: str) -> None:
    assert not is_test(path)


@pytest.mark.parametrize(
    "path",
    [
        "api/shop_pb2.py",
        "api/shop_pb2_grpc.pyi",
        "api/shop.pb.go",
        "web/app.min.js",
        "web/app.js.map",
        "package-lock.json",
        "deep/yarn.lock",
        "Cargo.lock",
        "go.sum",
        "src/Form.Designer.cs",
        "lib/model.g.dart",
        "src/zz_generated.deepcopy.go",
    ],
)
def test_generated_files_are_known(path: str) -> None:
    assert is_generated(path)


@pytest.mark.parametrize("path", ["src/pb2.py", "src/min.js", "src/lock.py", "generated/a.py"])
def test_other_files_are_not_generated(path: str) -> None:
    assert not is_generated(path)


def test_vendored_files_are_known_by_a_folder_above_them() -> None:
    known = ["vendor/a.go", "web/node_modules/x/i.js", "third_party/b.c", "src/Third-Party/b.c"]
    assert all(map(is_vendored, known))
    assert not any(map(is_vendored, ["vendor", "src/vendor.py", "vendoring/a.py", "a/vendor"]))


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("a.PY", ".py"),
        ("a/b.tar.gz", ".gz"),
        ("a.d/b", ""),
        (".gitignore", ""),
        ("a.", "."),
        ("", ""),
    ],
)
def test_the_suffix(path: str, expected: str) -> None:
    assert suffix(path) == expected


@pytest.mark.parametrize(
    "path",
    [
        "README.md",
        "docs/conf.py",
        "src/doc/a.png",
        "CHANGELOG",
        "CHANGES.txt",
        "a/LICENSE",
        "x.rst",
    ],
)
def test_documentation(path: str) -> None:
    assert is_documentation(path)


@pytest.mark.parametrize(
    "path",
    ["src/docs.py", "requirements.txt", "CMakeLists.txt", "changes.py", "history/a.go", "Makefile"],
)
def test_what_is_no_documentation(path: str) -> None:
    assert not is_documentation(path)
