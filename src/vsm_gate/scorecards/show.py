"""The policy in force, as a scorecard that says of every value where it was written."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, Final

from vsm_gate.scorecards.policy import Origin, Policy, document

DEFAULT: Final = "default"
_UNTOLD: Final = frozenset({"schema", "stages", "locked"})
_COLUMN: Final = 44
_PLAIN: Final = re.compile(r"[A-Za-z][A-Za-z0-9_./ -]*(?<! )")
_SPECIAL: Final = frozenset({"true", "false", "yes", "no", "on", "off", "null", "y", "n"})


def text(policy: Policy) -> Iterator[str]:
    """Lines of YAML that can be read back; behind each value stands its file and line."""
    where = origins(policy)
    yield from _lines(document(policy), (), where, 0)
    for name, origin in policy.disabled.items():
        yield f"# the inherited objective {json.dumps(name)} is disabled at {origin}"


def origins(policy: Policy) -> dict[str, str]:
    """`file:line` of every value that somebody wrote, by its path (`objectives.ID.pass`)."""
    found: dict[str, Origin] = dict(policy.origins)
    for objective in policy.objectives:
        found[f"objectives.{objective.id}"] = objective.source
        for key, origin in objective.origins.items():
            found[f"objectives.{objective.id}.{key}"] = origin
        if "phase" in policy.origins:
            found.setdefault(f"objectives.{objective.id}.phase", policy.origins["phase"])
    for index, waiver in enumerate(policy.waivers):
        found[f"waivers.{index}"] = waiver.source
    for campaign in policy.campaigns:
        found[f"campaigns.{campaign.id}"] = campaign.source
    return {path: str(origin) for path, origin in found.items()}


def _lines(
    data: dict[str, Any], path: tuple[str, ...], where: dict[str, str], depth: int
) -> Iterator[str]:
    for key, value in data.items():
        steps = (*path, key)
        origin = where.get(".".join(steps), "")
        if isinstance(value, dict) and not _is_value(steps):
            yield _commented(f"{'  ' * depth}{_word(key)}:", origin)
            yield from _lines(value, steps, where, depth + 1)
        elif key == "waivers":
            yield "waivers:"
            for index, waiver in enumerate(value):
                yield _commented(f"  - {_flow(waiver)}", where[f"waivers.{index}"])
        else:
            written = f"{'  ' * depth}{_word(key)}: {_flow(value)}"
            yield _commented(written, origin or ("" if key in _UNTOLD else DEFAULT))


def _is_value(path: tuple[str, ...]) -> bool:
    """Mappings that one setting wrote as a whole."""
    if path[0] == "campaigns":
        return len(path) == 2
    return path[0] in {"stages", "break_glass", "curves"} or path[-1] == "applies_when"


def _commented(written: str, origin: str) -> str:
    return f"{written:<{_COLUMN}}  # {origin}" if origin else written


def _flow(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_word(key)}: {_flow(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_flow, value)) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int) else _word(value)


def _word(text: str) -> str:
    """A text that YAML reads back as itself: quoted unless it is a plain word."""
    if _PLAIN.fullmatch(text) and text.lower() not in _SPECIAL:
        return text
    return "".join(map(_printable, json.dumps(text, ensure_ascii=False)))


def _printable(char: str) -> str:
    return char if char.isprintable() else f"\\U{ord(char):08x}"
