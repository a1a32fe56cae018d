"""Gradle builds: the projects that the settings include, and their dependencies on one another.

A build script is a program; what is read of it are the two ways in which projects are named,
`project(":a:b")` and `projects.a.b`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from vsm_gate.impact.discover.contract import Files, Found, Trouble
from vsm_gate.impact.discover.reading import beside, folder

NAME: Final = "Gradle build"

_COMMENT: Final = re.compile(r"//[^\n]*|/\*.*?(?:\*/|\Z)", re.DOTALL)
_INCLUDE: Final = re.compile(r"\binclude\s*+\(?+((?:\s*+['\"][^'\"\n]++['\"]\s*+,?+)++)")
_QUOTED: Final = re.compile(r"['\"]([^'\"\n]+)['\"]")
_MOVED: Final = re.compile(
    r"project\(\s*['\"]:?([^'\"]+)['\"]\s*\)\.projectDir\s*=\s*"
    r"(?:new\s+File|file)\(\s*(?:(?:settingsDir|rootDir)\s*,\s*)?['\"]([^'\"]+)['\"]"
)
_PROJECT: Final = re.compile(r"\bproject\(\s*(?:path\s*[:=]\s*)?['\"]:?([^'\"]+)['\"]")
_ACCESSOR: Final = re.compile(r"\bprojects\.([A-Za-z0-9_.]+)")


def wants(path: str) -> bool:
    """Settings and build scripts, in Groovy or Kotlin."""
    name = path.rpartition("/")[2].removesuffix(".kts")
    return name in {"settings.gradle", "build.gradle"}


def find(files: Files) -> Iterator[Found | Trouble]:
    """The projects of every settings script."""
    texts = {path: _COMMENT.sub("", text) for path, text in sorted(files.items())}
    for path, text in texts.items():
        if path.rpartition("/")[2].startswith("settings.gradle"):
            yield from _build(path, text, texts)


def _build(settings: str, text: str, texts: dict[str, str]) -> Iterator[Found]:
    root = folder(settings)
    moved = dict(_MOVED.findall(text))
    homes: dict[str, str] = {}
    for included in _INCLUDE.findall(text):
        for name in _QUOTED.findall(included):
            key = name.removeprefix(":")
            home = beside(root, moved.get(key, key.replace(":", "/")))
            if home is not None:
                homes[key] = home
    accessors = {_accessor(key): key for key in homes}
    for key, home in homes.items():
        scripts = [f"{home}/build.gradle", f"{home}/build.gradle.kts"]
        script = next((path for path in scripts if path in texts), None)
        wanted = _wanted(texts[script], accessors) if script else []
        depends_on = tuple(dict.fromkeys(name for name in wanted if name in homes and name != key))
        yield Found(key, script or settings, home, depends_on=depends_on)


def _wanted(text: str, accessors: dict[str, str]) -> list[str]:
    by_accessor = [_longest(found, accessors) for found in _ACCESSOR.findall(text)]
    return [*_PROJECT.findall(text), *filter(None, by_accessor)]


def _longest(found: str, accessors: dict[str, str]) -> str | None:
    """The project of an accessor, behind which other properties may follow."""
    parts = found.split(".")
    known = (".".join(parts[:end]) for end in range(len(parts), 0, -1))
    return next((accessors[name] for name in known if name in accessors), None)


def _accessor(key: str) -> str:
    """`a-b:c_d` as Gradle's generated accessor: `aB.cD`."""
    parts = key.split(":")
    return ".".join(re.sub(r"[-_](\w)", lambda sign: sign[1].upper(), part) for part in parts)
