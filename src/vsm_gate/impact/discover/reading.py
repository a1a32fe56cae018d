"""Reading what people and tools wrote: plain data, or a reason. Nothing in it is trusted."""

from __future__ import annotations

import json
import posixpath
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import yaml

from vsm_gate.globs import compile_glob
from vsm_gate.impact.discover.contract import Files, Trouble

Table = Mapping[str, Any]

_MOST_MERGED: Final = 100_000


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Plain data alone. Merged keys are counted: merges of merges grow without end."""

    merged = 0

    def flatten_mapping(self, node: yaml.MappingNode) -> None:
        """Put what is merged into a mapping. Raises `YAMLError` where it is too much."""
        before = len(node.value)
        super().flatten_mapping(node)
        self.merged += max(0, len(node.value) - before)
        if self.merged > _MOST_MERGED:
            raise yaml.YAMLError("it merges more keys than a person writes")


def load(path: str, text: str) -> Table | Trouble:
    """The one object of a JSON, YAML or TOML file, told apart by its suffix."""
    loaders = {".json": json.loads, ".toml": tomllib.loads}
    loader = loaders.get(posixpath.splitext(path)[1], _yaml)
    try:
        data = loader(text)
    except (ValueError, RecursionError, yaml.YAMLError) as problem:
        return Trouble(path, f"it cannot be read: {_first_line(problem)}")
    return data if isinstance(data, dict) else Trouble(path, "it does not hold an object")


def load_all(path: str, text: str) -> Iterator[Table | Trouble]:
    """The documents of a YAML file, as far as it can be read."""
    try:
        for data in yaml.load_all(text, Loader=_Loader):
            if isinstance(data, dict):
                yield data
    except (ValueError, RecursionError, yaml.YAMLError) as problem:
        yield Trouble(path, f"it cannot be read: {_first_line(problem)}")


def tables(files: Files) -> tuple[dict[str, Table], list[Trouble]]:
    """The object of each file, in the order of the paths, and what could not be read."""
    found: dict[str, Table] = {}
    troubles: list[Trouble] = []
    for path in sorted(files):
        data = load(path, files[path])
        if isinstance(data, Trouble):
            troubles.append(data)
        else:
            found[path] = data
    return found, troubles


def table(value: object) -> Table:
    """An object, or an empty one where there is something else."""
    return value if isinstance(value, dict) else {}


def strings(value: object) -> tuple[str, ...]:
    """The texts of a list; of anything else none."""
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list) else ()


def string(value: object) -> str | None:
    """A text that is not empty."""
    return value.strip() or None if isinstance(value, str) else None


def folder(path: str) -> str:
    """The folder of a file; the empty name is the root of the repository."""
    return posixpath.dirname(path)


def beside(base: str, relative: str) -> str | None:
    """The folder `relative` as seen from the folder `base`; None outside of the repository."""
    joined = posixpath.normpath(posixpath.join(base, relative.replace("\\", "/")))
    if joined in {"..", "/"} or joined.startswith(("../", "/")):
        return None
    return "" if joined == "." else joined


def members(root: str, patterns: Iterable[str], folders: Iterable[str]) -> list[str]:
    """The folders that a workspace's patterns choose, `!` taking out again, as seen from `root`."""
    chosen: list[re.Pattern[str]] = []
    refused: list[re.Pattern[str]] = []
    for pattern in patterns:
        target = refused if pattern.startswith("!") else chosen
        glob = beside(root, pattern.removeprefix("!").rstrip("/"))
        if glob:
            target.append(compile_glob(glob))
    return [
        name
        for name in folders
        if any(glob.fullmatch(name) for glob in chosen)
        and not any(glob.fullmatch(name) for glob in refused)
    ]


def _yaml(text: str) -> Any:
    return yaml.load(text, Loader=_Loader)  # noqa: S506 - it is a safe one


def _first_line(problem: BaseException) -> str:
    if isinstance(problem, RecursionError):
        return "it is nested too deeply"
    return (str(problem).splitlines() or [type(problem).__name__])[0][:200]
