"""Bazel's packages, as `bazel query //... --output=jsonproto > bazel-query.json` writes them.

The outputs `streamed_jsonproto` (`bazel-query.jsonl`), `xml` (`bazel-query.xml`) and `graph`
(`bazel-query.dot`) are read as well. A component is a package, which is
a folder with a build file; it depends on the packages of what its rules take in. Other repositories
than this one are left out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Final
from xml.parsers import expat

from vsm_gate.impact.discover.contract import Files, Found, Trouble
from vsm_gate.impact.discover.reading import beside, folder, string, strings, table

NAME: Final = "Bazel query"
FILES: Final = ("bazel-query.json", "bazel-query.jsonl", "bazel-query.xml", "bazel-query.dot")

_LABEL: Final = re.compile(r"(?:@@?)?//([^:@]*)(?::[^@]*)?")
_QUOTED: Final = re.compile(r'"([^"\n]*)"')

# A rule's label and the labels of what it takes in.
Edges = Iterable[tuple[str, Iterable[str]]]


def wants(path: str) -> bool:
    """Files of these names; there is no fixed one."""
    return path.rpartition("/")[2] in FILES


def find(files: Files) -> Iterator[Found | Trouble]:
    """The packages of every answer."""
    for path in sorted(files):
        readers = {"json": _json, "jsonl": _streamed, "xml": _xml, "dot": _graph}
        try:
            edges = list(readers[path.rpartition(".")[2]](files[path]))
        except (ValueError, RecursionError, expat.ExpatError) as problem:
            yield Trouble(path, f"it cannot be read: {str(problem)[:200] or 'too deep'}")
            continue
        if edges:
            yield from _packages(path, edges)
        else:
            yield Trouble(path, "it has no rules: it is not what `bazel query` writes")


def _packages(path: str, edges: Edges) -> Iterator[Found]:
    wanted: dict[str, dict[str, None]] = {}
    for label, inputs in edges:
        package = _package(label)
        if package is not None:
            others = (_package(other) for other in inputs)
            wanted.setdefault(package, {}).update(dict.fromkeys(o for o in others if o is not None))
    for package, others_ in wanted.items():
        depends_on = tuple(f"//{o}" for o in others_ if o in wanted and o != package)
        home = beside(folder(path), package or ".")
        yield Found(f"//{package}", path, home, depends_on=depends_on)


def _package(label: str) -> str | None:
    """The package of a label in this repository; None for those of others."""
    match = _LABEL.fullmatch(label)
    return match[1] if match and match[1] != "external" else None


def _json(text: str) -> Edges:
    targets = table(json.loads(text)).get("target")
    return _rules(targets if isinstance(targets, list) else [])


def _streamed(text: str) -> Edges:
    return _rules(json.loads(line) for line in text.splitlines() if line.strip())


def _rules(targets: Iterable[object]) -> Iterator[tuple[str, Iterable[str]]]:
    for target in targets:
        rule = table(table(target).get("rule"))
        name = string(rule.get("name"))
        if name:
            yield name, strings(rule.get("ruleInput"))


def _xml(text: str) -> Edges:
    found: list[tuple[str, list[str]]] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        if tag == "rule":
            found.append((attributes.get("name", ""), []))
        elif tag == "rule-input" and found:
            found[-1][1].append(attributes.get("name", ""))

    def refuse(*_: object) -> None:
        raise ValueError("it declares entities, which `bazel query` does not")

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.EntityDeclHandler = refuse
    parser.Parse(text.encode("utf-8", "replace"), True)
    return found


def _graph(text: str) -> Edges:
    """Nodes and arrows, one a line; a node may stand for several labels that are alike."""
    if "digraph" not in text[:1000]:
        raise ValueError("it is no digraph")
    for line in text.splitlines():
        ends = [quoted.split("\\n") for quoted in _QUOTED.findall(line)]
        for label in ends[0] if ends else ():
            yield label, ends[1] if len(ends) > 1 else ()
