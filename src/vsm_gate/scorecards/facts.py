"""What is known about a change beside its measurements: conditions and scopes speak of it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final

from vsm_gate.globs import compile_glob

# What `applies_when` may speak of, and what the pipeline says about it.
CONDITIONS: Final = {
    "risk": "`low`, `medium` or `high`: the change's rank among the repository's own",
    "tier": "the most critical tier that the change reaches",
    "component": "the components that the change touches",
    "owner": "the owner groups that the change crosses",
    "sensitive": "the classes of sensitive files that it changes (`migrations`, …)",
    "branch": "the branch that the change is for",
    "event": "what started the run: `pull_request`, `push`, `merge_group`",
    "paths": "globs: a changed file matches one of them and none that begins with `!`",
    "lines": "how many lines are added and deleted, as in `>= 400`",
    "files": "how many files are changed, as in `> 20`",
}
SIZES: Final = ("lines", "files")
COMPARISON: Final = re.compile(r"(>=|>|<=|<) *([0-9]{1,9})")
_ENDLESS: Final = 10**18


def known(facts: Mapping[str, object], name: str) -> frozenset[str] | None:
    """The words of one fact; None where nothing is known of it, which is not the same as none."""
    value = facts.get(name)
    if value is None:
        return None
    if isinstance(value, Iterable) and not isinstance(value, str | bytes):
        return frozenset(str(each) for each in value)
    return frozenset({str(value)})


def holds(facts: Mapping[str, object], name: str, words: Sequence[str]) -> bool | None:
    """Whether a condition holds; None where what it speaks of is not known.

    A size has to be within all that is said of it, anything else has to be one of the words.
    """
    found = known(facts, name)
    if found is None:
        return None
    if name == "paths":
        return _any_matches(found, words)
    if name in SIZES:
        return all(int(size) in sizes(words) for size in found)
    return not found.isdisjoint(words)


def sizes(words: Iterable[str]) -> range:
    """The sizes that all of these comparisons accept."""
    low, high = 0, _ENDLESS
    for sign, number in (match.groups() for match in map(COMPARISON.fullmatch, words) if match):
        bound = int(number)
        if sign.startswith(">"):
            low = max(low, bound + (sign == ">"))
        else:
            high = min(high, bound + (sign == "<="))
    return range(low, high)


def _any_matches(paths: Collection[str], patterns: Sequence[str]) -> bool:
    """Whether a path is asked for; where only exceptions are given, all others are."""
    refused = [compile_glob(each[1:]) for each in patterns if each.startswith("!")]
    asked = [compile_glob(each) for each in patterns if not each.startswith("!")]
    return any(
        (not asked or any(glob.fullmatch(path) for glob in asked))
        and not any(glob.fullmatch(path) for glob in refused)
        for path in paths
    )
