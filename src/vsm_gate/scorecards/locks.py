"""What an extending scorecard may not loosen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Final

from vsm_gate.errors import Mistake
from vsm_gate.metrics.metric import show
from vsm_gate.model.results import Phase
from vsm_gate.scorecards.criteria import difference
from vsm_gate.scorecards.facts import SIZES, sizes
from vsm_gate.scorecards.policy import LEVELS, Objective, Origin, Policy, Waiver

_PHASES: Final = (Phase.OBSERVE, Phase.WARN, Phase.ENFORCE)
_ON_MISSING: Final = ("exclude", "warn", "inconclusive", "fail")

# Key, and what was done to it.
Loosening = tuple[str, str]


def loosened(parent: Policy, child: Policy) -> Iterator[Mistake]:
    """Everything that is locked in `parent` and that `child`, which extends it, loosens."""
    after = {objective.id: objective for objective in child.objectives}
    for before in parent.objectives:
        if not before.locked:
            continue
        lock = before.origins["locked"]
        if before.id in child.disabled:
            text = f"{before.id} is locked at {lock} and cannot be disabled"
            yield _mistake(child.disabled[before.id], text)
        elif before.id in after:
            now = after[before.id]
            for key, what in _objective(before, now):
                origin = now.origins.get(key) or child.origins.get(key) or now.source
                rule = before.origins.get(key) or parent.origins.get(key) or before.source
                text = f"{before.id} is locked at {lock}, and this loosens it: {what} ({rule})"
                yield _mistake(origin, text)
    yield from _waived(parent, child)
    yield from _sections(parent, child)


def _waived(parent: Policy, child: Policy) -> Iterator[Mistake]:
    """Waivers of what is locked, and not waivable, that were added below the lock; where no waiver
    may be added at all, that is said of them already.
    """
    if "waivers" in parent.locked:
        return
    locks = {
        each.id: each.origins["locked"]
        for each in parent.objectives
        if each.locked and not each.waivable
    }
    for waiver in _added(parent, child):
        if waiver.objective in locks:
            text = (
                f"waiver `{waiver.id}`: {waiver.objective} is locked at {locks[waiver.objective]} "
                "and not waivable: it can be waived there, or made `waivable: true`"
            )
            yield _mistake(waiver.source, text)


def _added(parent: Policy, child: Policy) -> Iterator[Waiver]:
    return (waiver for waiver in child.waivers if waiver not in parent.waivers)


def _mistake(origin: Origin, text: str) -> Mistake:
    hint = "a scorecard may tighten what it extends; what is locked it must not loosen"
    return Mistake(origin.file, origin.line, origin.column, text, hint)


def _objective(before: Objective, now: Objective) -> Iterator[Loosening]:
    """In what an objective asks less than before."""
    if now.metric != before.metric:
        yield "metric", f"`metric` was `{before.metric}`"
        return
    yield from _criteria(before, now)
    yield from _share(before, now)
    yield from _force(before, now)
    if not now.locked:
        yield "locked", "it must stay locked"
    if now.waivable and not before.waivable:
        yield "waivable", "it could not be waived"


def _criteria(before: Objective, now: Objective) -> Iterator[Loosening]:
    """Decided by what they accept, at any baseline, and not by how they are written.

    Without a `warn` of its own it tolerates no more than it asks.
    """
    pairs = [("pass", before.passes, now.passes)]
    if now.warns:
        pairs.append(("warn", before.warns or before.passes, now.warns))
    for key, old, new in pairs:
        found = difference(new, old, now.unit)
        if found is not None:
            at = ""
            if found.baseline is not None:
                at = f" at a baseline of {show(found.baseline, now.unit)}"
            more = show(found.value, now.unit)
            yield key, f"`{new.text}` accepts {more}{at}, and `{old.text}` did not"


def _share(before: Objective, now: Objective) -> Iterator[Loosening]:
    """How much it counts, and for what."""
    if now.weight < before.weight:
        yield "weight", f"`weight` was {show(before.weight, 'score')}"
    if _rank(now.level) > _rank(before.level):
        yield "level", f"`level` was {before.level}"
    if (now.min_sample or 0) > (before.min_sample or 0):
        yield "min_sample", f"`min_sample` was {before.min_sample or 'not set'}"
    if not _covers(now.applies_when, before.applies_when):
        yield "applies_when", "it applied to more"


def _force(before: Objective, now: Objective) -> Iterator[Loosening]:
    """How strongly it acts, and from when on."""
    if before.key and not now.key:
        yield "key", "it was `key: true`"
    if _ON_MISSING.index(now.on_missing) < _ON_MISSING.index(before.on_missing):
        yield "on_missing", f"`on_missing` was {before.on_missing}"
    if _PHASES.index(now.phase) < _PHASES.index(before.phase):
        yield "phase", f"`phase` was {before.phase}"
    later = (now.enforce_from or date.min) > (before.enforce_from or date.min)
    if before.phase is Phase.ENFORCE and later:
        yield "enforce_from", f"`enforce_from` was {before.enforce_from or 'not set'}"


def _rank(level: str | None) -> int:
    """A bronze objective is asked for at every level, one without a level at none."""
    return LEVELS.index(level) if level is not None else len(LEVELS)


def _covers(now: Mapping[str, tuple[str, ...]], before: Mapping[str, tuple[str, ...]]) -> bool:
    """Whether conditions hold wherever others did."""
    return all(fact in before and _wider(fact, before[fact], words) for fact, words in now.items())


def _wider(fact: str, before: Sequence[str], now: Sequence[str]) -> bool:
    """Whether a condition holds wherever it held before; globs are compared by their text."""
    if fact in SIZES:
        old, new = sizes(before), sizes(now)
        return not old or (new.start <= old.start and old.stop <= new.stop)
    if fact == "paths":
        (asked, refused), (now_asked, now_refused) = (_globs(words) for words in (before, now))
        return now_refused <= refused and (not now_asked or (bool(asked) and asked <= now_asked))
    return set(before) <= set(now)


def _globs(words: Sequence[str]) -> tuple[set[str], set[str]]:
    """Globs that ask for files, none standing for all files, and those that take some out."""
    refused = {word for word in words if word.startswith("!")}
    return set(words) - refused, refused


def _sections(parent: Policy, child: Policy) -> Iterator[Mistake]:
    """The settings of the scorecard as a whole."""
    days = parent.origins.get("max_waiver_days")
    if days is not None and child.max_waiver_days > parent.max_waiver_days:
        text = f"waivers may last {parent.max_waiver_days} days at most ({days})"
        yield _mistake(child.origins["max_waiver_days"], text)
    for section, lock in _locked_sections(parent):
        for origin, what in _SECTIONS[section](parent, child):
            yield _mistake(origin, f"`{section}` is locked at {lock}: {what}")


def _locked_sections(parent: Policy) -> Iterator[tuple[str, Origin]]:
    """Sections that are locked, and the baseline where a locked objective compares with it."""
    for section in parent.locked:
        yield section, parent.origins[f"locked.{section}"]
    if "baseline" not in parent.locked:
        relative = (each for each in parent.objectives if each.locked and each.needs_baseline)
        for objective in relative:
            yield "baseline", objective.origins["locked"]
            return


def _score(parent: Policy, child: Policy) -> Iterator[tuple[Origin, str]]:
    pairs = (
        ("pass", parent.score.passes, child.score.passes),
        ("warn", parent.score.warns, child.score.warns),
        ("min_evidence", parent.score.min_evidence, child.score.min_evidence),
    )
    for key, old, new in pairs:
        if new < old:
            yield child.origins[f"score.{key}"], f"`{key}` was {show(old, 'score')}"


def _baseline(parent: Policy, child: Policy) -> Iterator[tuple[Origin, str]]:
    for key in ("window", "aggregate", "pinned"):
        old, new = getattr(parent.baseline, key), getattr(child.baseline, key)
        if new != old:
            yield child.origins[f"baseline.{key}"], f"`{key}` was {old}"


def _phase(parent: Policy, child: Policy) -> Iterator[tuple[Origin, str]]:
    if _PHASES.index(child.phase) < _PHASES.index(parent.phase):
        yield child.origins["phase"], f"it was {parent.phase}"


def _waivers(parent: Policy, child: Policy) -> Iterator[tuple[Origin, str]]:
    for waiver in _added(parent, child):
        yield waiver.source, f"waiver `{waiver.id}` cannot be added here"


def _break_glass(parent: Policy, child: Policy) -> Iterator[tuple[Origin, str]]:
    if child.break_glass != parent.break_glass:
        yield child.origins["break_glass"], "it cannot be changed"


def _curves(parent: Policy, child: Policy) -> Iterator[tuple[Origin, str]]:
    if child.curves != parent.curves:
        yield child.origins["curves"], "they cannot be changed"


_SECTIONS: Final = {
    "score": _score,
    "baseline": _baseline,
    "phase": _phase,
    "waivers": _waivers,
    "break_glass": _break_glass,
    "curves": _curves,
}
