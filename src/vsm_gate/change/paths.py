"""What a path tells of a file by the conventions of languages and tools."""

from __future__ import annotations

import re
from typing import Final

_TEST_FOLDER: Final = re.compile(
    r"tests?|testing|__tests__|__mocks__|specs?|e2e|testdata|unittests?|androidtest"
    r"|integration-?tests?"
)
_TEST_FILE: Final = re.compile(
    r"""
      test_.*\.py | .*_tests?\.py | conftest\.py
    | .*_test\.(?:go|dart|exs?|c|cc|cpp|rb|rs)
    | .*[._-](?:tests?|spec|cy|e2e)\.[cm]?[jt]sx?
    | .*_spec\.rb
    | (?:Test.+|.+Tests?|.+IT|.+TestCase|.+Spec)\.(?:java|kts?|groovy|scala|cs|vb|php|swift)
    | .*\.feature | .*\.bats | .*\.t
    """,
    re.VERBOSE,
)
_VENDORED: Final = re.compile(r"vendor(?:s|ed)?|third[_-]?party|node_modules|bower_components")
_GENERATED: Final = re.compile(
    r"""
      .*_pb2(?:_grpc)?\.pyi? | .*\.pb(?:\.gw|\.validate)?\.(?:go|h|cc|swift)
    | .*_generated\..* | .*\.generated\..* | .*\.g\.(?:cs|dart) | .*\.designer\.(?:cs|vb)
    | .*[.-]min\.(?:js|css) | .*\.(?:js|css)\.map
    | package-lock\.json | npm-shrinkwrap\.json | yarn\.lock | pnpm-lock\.yaml | bun\.lockb?
    | (?:uv|poetry|pdm|pipfile|cargo|composer|gemfile|flake|podfile|mix|pubspec)\.lock
    | go\.(?:work\.)?sum | gradle\.lockfile | packages\.lock\.json | package\.resolved
    """,
    re.VERBOSE,
)

_DOCUMENTATION_FOLDER: Final = re.compile(r"docs?|documentation|manual|man")
_DOCUMENTATION_FILE: Final = re.compile(
    r"""
      .*\.(?:md|markdown|rst|adoc|asciidoc|rdoc|textile|org|tex|pdf|png|jpe?g|gif|svg|ico|webp)
    | (?:read-?me|change(?:s|-?log)|history|news|release(?:s|-?notes)|licen[cs]e|copying|authors
        |contributors|contributing|code[_-]of[_-]conduct|notice|security|maintainers|upgrading
        |credits|todo)(?:\.txt)?
    """,
    re.VERBOSE,
)


def is_test(path: str) -> bool:
    """Whether a file belongs to the tests, by the name of a folder above it or its own."""
    *folders, name = path.split("/")
    if any(_TEST_FOLDER.fullmatch(folder.lower()) for folder in folders):
        return True
    return _TEST_FILE.fullmatch(name) is not None


def is_vendored(path: str) -> bool:
    """Whether a file is somebody else's code, by the name of a folder above it."""
    return any(_VENDORED.fullmatch(folder.lower()) for folder in path.split("/")[:-1])


def is_generated(path: str) -> bool:
    """Whether a tool wrote the file, by its name: generated or minified code, lock files."""
    return _GENERATED.fullmatch(path.rpartition("/")[2].lower()) is not None


def is_documentation(path: str) -> bool:
    """Whether a file is for people to read, by the name of a folder above it or its own."""
    *folders, name = path.lower().split("/")
    if any(_DOCUMENTATION_FOLDER.fullmatch(folder) for folder in folders):
        return True
    return _DOCUMENTATION_FILE.fullmatch(name) is not None


def suffix(path: str) -> str:
    """The file name's suffix with its dot, in small letters; empty where there is none."""
    stem, dot, ending = path.rpartition("/")[2].rpartition(".")
    return f".{ending.lower()}" if dot and stem else ""
