"""What is worth saying about a result, in plain words, before any surface dresses it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from vsm_gate.metrics.catalogue import CATALOGUE
from vsm_gate.metrics.metric import show
from vsm_gate.model.results import ObjectiveResult, Phase, Status, Verdict
from vsm_gate.model.tests import CaseDetail, Outcome
from vsm_gate.publish.result import CheckResult

_HEADLINES: Final = {
    Verdict.PASS: "may merge",
    Verdict.WARN: "may merge, with remarks",
    Verdict.INCONCLUSIVE: "blocked: too little evidence to say",
    Verdict.FAIL: "blocked",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One objective as a line: `mark` is its status, or `waived`; texts are not yet escaped."""

    mark: str
    id: str
    title: str
    value: str
    criterion: str
    note: str


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do: why, how, and the places that it is about."""

    title: str
    remedy: str
    details: tuple[str, ...] = ()


def headline(result: CheckResult) -> str:
    """May it merge? And where phases or waivers soften the verdict, that they do."""
    decision = result.decision
    said = _HEADLINES[decision.conclusion]
    if decision.verdict is not decision.conclusion:
        said += f" (the verdict is {decision.verdict.value}; it is not enforced here)"
    return said


def value_of(metric: str, value: Fraction | None) -> str:
    """A value in its metric's unit."""
    return "" if value is None else show(value, CATALOGUE[metric].unit)


def rows(result: CheckResult) -> Iterator[Row]:
    """The objectives in the order of the scorecard."""
    for found in result.decision.objectives:
        mark = "waived" if found.waiver and found.status is not Status.PASS else found.status.value
        yield Row(
            mark=mark,
            id=found.id,
            title=CATALOGUE[found.metric].title,
            value=value_of(found.metric, found.value) or "—",
            criterion=_criterion(found),
            note="; ".join(_notes(found, result)),
        )


def _criterion(found: ObjectiveResult) -> str:
    return found.pass_criterion + (
        f" (warn {found.warn_criterion})" if found.warn_criterion else ""
    )


def _notes(found: ObjectiveResult, result: CheckResult) -> Iterator[str]:
    if found.waiver:
        yield f"waived by {found.waiver}"
    if found.baseline is not None:
        count = len(result.baseline.records)
        yield (
            f"baseline {value_of(found.metric, found.baseline)} "
            f"of {count} record{'' if count == 1 else 's'}"
        )
    if found.status in {Status.MISSING, Status.NOT_APPLICABLE, Status.EXCLUDED}:
        yield found.missing or found.explanation
    if found.status is Status.NO_BASELINE:
        yield "no baseline yet: the first record of the default branch makes one"
    if found.key and found.status is Status.FAIL:
        yield "key objective"
    if found.phase is not Phase.ENFORCE and found.status in {Status.FAIL, Status.MISSING}:
        since = f" until {found.enforce_from.isoformat()}" if found.enforce_from else ""
        yield f"phase {found.phase.value}{since}"


def steps(result: CheckResult, details: int) -> list[Step]:
    """What to do, the most pressing first; at most `details` places for each."""
    order = [Status.FAIL, Status.MISSING, Status.WARN]
    open_ones = [
        found
        for found in result.decision.objectives
        if found.status in order and found.phase is not Phase.OBSERVE
    ]
    open_ones.sort(key=lambda found: (not found.key, order.index(found.status)))
    done: set[str] = set()
    planned: list[Step] = []
    for found in open_ones:
        places = () if found.metric in done else _places(found.metric, result, details)
        done.add(found.metric)
        planned.append(Step(_why(found), found.remedy or "", places))
    if any(found.status is Status.NO_BASELINE for found in result.decision.objectives):
        planned.append(
            Step(
                "some objectives compare with a baseline, and there is none yet",
                "Run the gate on the default branch: its records become the baseline.",
            )
        )
    return planned


def _why(found: ObjectiveResult) -> str:
    title = CATALOGUE[found.metric].title
    if found.status is Status.MISSING:
        return f"{found.id}: {title} cannot be told: {found.missing}"
    value = value_of(found.metric, found.value)
    return f"{found.id}: {title}: {value}, asked for is {found.pass_criterion}"


def _places(metric: str, result: CheckResult, limit: int) -> tuple[str, ...]:
    if metric in {"tests.failed", "tests.pass_rate", "tests.new_failures"} and result.tests:
        red = [case_line(detail, _since(detail, result)) for detail in _new_first(result)]
        return _first(red, limit, result.tests.counts().red - len(red))
    if metric == "tests.flaky" and result.tests:
        flaky = [each for each in result.tests.details if each.outcome is Outcome.FLAKY]
        return _first([case_line(detail) for detail in flaky], limit)
    if metric.startswith("coverage.patch") and result.patch:
        missed = [f"{path}: {ranges_text(ranges)}" for path, ranges in result.patch.missed.items()]
        return _first(missed, limit)
    if metric == "coverage.unmapped":
        return _first(result.unmapped, limit)
    return ()


def _first(items: Sequence[str], limit: int, beyond: int = 0) -> tuple[str, ...]:
    """The first `limit`, and a line that counts what was left out."""
    left = len(items) - limit if len(items) > limit else 0
    more = left + beyond
    return (*items[:limit], *([f"… and {more:,} more"] if more > 0 else []))


def _new_first(result: CheckResult) -> list[CaseDetail]:
    """Red cases: those that are of this change before those that failed at the base already."""
    red = list(result.tests.red_details()) if result.tests else []
    return sorted(red, key=lambda detail: bool(_since(detail, result)))


def _since(detail: CaseDetail, result: CheckResult) -> str:
    """What the base says of a red case; empty where it is new, or nothing is known."""
    since = result.since
    if since is not None and detail.identity in since.known_failures:
        return "[failed at the base already]"
    if since is not None and detail.identity in since.flaky_failures:
        return "[known to be flaky]"
    return ""


def case_line(detail: CaseDetail, since: str = "") -> str:
    """A case, its first line of message, where it stands, and what the base says of it."""
    where = f"{detail.file}:{detail.line}" if detail.file and detail.line else detail.file
    said = (detail.message or detail.text or detail.type).strip().partition("\n")[0]
    return "  ".join(part for part in (detail.title, said, where, since) if part)


def ranges_text(ranges: Sequence[range], limit: int = 12) -> str:
    """Line ranges as a person writes them: `12–15, 31`."""
    parts = [
        str(part.start) if len(part) == 1 else f"{part.start}–{part.stop - 1}"
        for part in ranges[:limit]
    ]
    if len(ranges) > limit:
        parts.append(f"and {len(ranges) - limit} more ranges")
    return f"line{'s' if len(ranges) > 1 or len(ranges[0]) > 1 else ''} " + ", ".join(parts)


def impact_text(result: CheckResult) -> str:
    """What the change reaches, in one sentence; empty where no components are known."""
    impact = result.impact
    if not impact.total:
        return ""
    if not impact.touched:
        return f"no component of {impact.total}"
    text = f"touches {names(impact.touched)}"
    others = len(impact.reached) - len(impact.touched)
    if others:
        text += f", which {others} more depend{'s' if others == 1 else ''} on"
    text += f": {len(impact.reached)} of {impact.total} components"
    if impact.tier is not None:
        text += f", tier {impact.tier}"
    if impact.owners:
        text += f"; owners {names(impact.owners)}"
    return text


def risk_text(result: CheckResult) -> str:
    """How the change ranks among earlier ones, and why; empty where there is no rank."""
    risk = result.impact.risk
    if risk is None or risk.percentile is None:
        return ""
    text = f"{risk.level}: percentile {int(risk.percentile)} of {risk.compared} earlier changes"
    return f"{text} ({'; '.join(risk.drivers)})" if risk.drivers else text


def names(items: Sequence[str], limit: int = 5) -> str:
    """The first few, and how many more."""
    shown = ", ".join(items[:limit])
    return shown + (f" and {len(items) - limit} more" if len(items) > limit else "")


def sensitive_text(result: CheckResult) -> str:
    """The classes of sensitive files that the change touches, with how many; empty for none."""
    classes = result.impact.sensitive
    return ", ".join(f"{name} ({len(paths)})" for name, paths in classes.items())
