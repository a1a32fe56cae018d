"""Go modules of one repository: `go.work`, or several `go.mod` that replace one another."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from vsm_gate.impact.discover.contract import Files, Found, Trouble
from vsm_gate.impact.discover.reading import beside, folder

NAME: Final = "Go workspace"

_COMMENT: Final = re.compile(r"//[^\n]*")
_MODULE: Final = re.compile(r'^[ \t]*+module[ \t]++"?([^\s"()]+)', re.MULTILINE)
_BLOCK: Final = re.compile(r"^[ \t]*+(use|require)[ \t]*+\(([^()]*+)\)", re.MULTILINE)
_SINGLE: Final = re.compile(r"^[ \t]*+(use|require)[ \t]++([^\s(][^\n]*)", re.MULTILINE)


def wants(path: str) -> bool:
    """Modules and workspaces that are not vendored."""
    *above, name = path.split("/")
    return name in {"go.mod", "go.work"} and "vendor" not in above


def find(files: Files) -> Iterator[Found | Trouble]:
    """The modules that a workspace uses; without a workspace all modules, if there are several."""
    texts = {path: _COMMENT.sub("", text) for path, text in sorted(files.items())}
    names: dict[str, str] = {}
    for path, text in texts.items():
        module = _MODULE.search(text)
        if path.endswith("go.mod") and module:
            names[folder(path)] = module[1]
        elif path.endswith("go.mod"):
            yield Trouble(path, "it names no module")
    spaces = [path for path in texts if path.endswith("go.work")]
    used = {beside(folder(path), there) for path in spaces for there in _said(texts[path], "use")}
    chosen = [home for home in names if home in used or not spaces]
    known = {names[home] for home in chosen}
    for home in chosen if len(chosen) > 1 else ():
        source = f"{home}/go.mod".removeprefix("/")
        wanted = dict.fromkeys(_said(texts[source], "require"))
        depends_on = tuple(name for name in wanted if name in known and name != names[home])
        yield Found(names[home], source, home, depends_on=depends_on)


def _said(text: str, directive: str) -> Iterator[str]:
    """The first word of every line that a directive has, alone or in brackets."""
    for word, lines in (*_BLOCK.findall(text), *_SINGLE.findall(text)):
        if word == directive:
            for line in lines.splitlines():
                words = line.split()
                if words:
                    yield words[0].strip('"')
