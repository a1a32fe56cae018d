"""What is worth saying about a result, in plain words, before any surface dresses it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from vsm_gate.metrics.catalogue import CATALOGUE
from vsm_gate.metrics.metric import show
from vsm_gate.model.results import ObjectiveResult, Phase, Status, Verdict
from vsm_gate.publish.places import FLAKY, KNOWN, Group, Subject, groups, subject_of
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
    groups: tuple[Group, ...] = ()

    @property
    def details(self) -> tuple[str, ...]:
        """The places, a line each, and lines that count what was left out."""
        lines: list[str] = []
        for group in self.groups:
            known = f"  [{group.title}]" if group.title in {KNOWN, FLAKY} else ""
            lines += [f"{place.text}{known}" for place in group.places]
            lines += [f"… and {group.more:,} more{known}"] if group.more else []
        return tuple(lines)


def headline(result: CheckResult) -> str:
    """May it merge? And where phases or waivers soften the verdict, that they do."""
    decision = result.decision
    if decision.break_glass is not None:
        return f"let through by break-glass (the verdict is {decision.verdict.value})"
    said = _HEADLINES[decision.conclusion]
    if decision.verdict is not decision.conclusion:
        said += f" (the verdict is {decision.verdict.value}; it is not enforced here)"
    return said


def because(result: CheckResult) -> str:
    """The first reason for a conclusion that is not a pass, and how many more there are."""
    conclusion = result.decision.conclusion
    acting = [each.text for each in result.decision.reasons if each.acts_as is conclusion]
    if conclusion is Verdict.PASS or not acting:
        return ""
    more = len(acting) - 1
    return acting[0] + (f"; and {more:,} more reason{'' if more == 1 else 's'}" if more else "")


def figures(result: CheckResult) -> str:
    """Score, level and evidence in one line."""
    decision = result.decision
    score = decision.score
    parts = ["no score" if score is None else f"score {show(score, 'score')} of 100"]
    parts += [f"level {decision.level}"] if decision.level else []
    return " · ".join([*parts, f"evidence {show(decision.evidence_rate, '%')}"])


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


def _is_relative(found: ObjectiveResult) -> bool:
    return any("baseline" in each for each in (found.pass_criterion, found.warn_criterion or ""))


def _notes(found: ObjectiveResult, result: CheckResult) -> Iterator[str]:
    if found.applies:
        yield f"applies: {found.applies}"
    if found.waiver:
        yield f"waived by {found.waiver}"
    if found.baseline is not None and _is_relative(found):
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
    """What to do, the most pressing first; at most `details` places for each.

    What lacks the same evidence is one thing to do.
    """
    order = [Status.FAIL, Status.MISSING, Status.WARN]
    open_ones = [
        found
        for found in result.decision.objectives
        if found.status in order and found.phase is not Phase.OBSERVE
    ]
    open_ones.sort(key=lambda found: (not found.key, order.index(found.status)))
    done: set[Subject | None] = set()
    lacking = _lacking(open_ones)
    planned: list[Step] = []
    for found in open_ones:
        together = lacking.get(found.missing or "", [found])
        if together[0] is not found:
            continue
        subject = subject_of(found.metric)
        about = () if subject in done else groups(subject, result, details)
        done.add(subject)
        planned.append(Step(_why(together), found.remedy or "", about))
    waiting = [each.id for each in result.decision.objectives if each.status is Status.NO_BASELINE]
    if waiting:
        title = f"no baseline to compare with: {names(waiting)}"
        planned.append(Step(title, _on_baseline(result)))
    return planned


def _on_baseline(result: CheckResult) -> str:
    if result.context.default_branch:
        return "The first record of this branch that passes or warns begins it."
    return "Run the gate on the default branch, whose records make one."


def _lacking(open_ones: Iterable[ObjectiveResult]) -> dict[str, list[ObjectiveResult]]:
    """The objectives that cannot be told, by what they lack."""
    found: dict[str, list[ObjectiveResult]] = {}
    for each in open_ones:
        if each.status is Status.MISSING and each.missing:
            found.setdefault(each.missing, []).append(each)
    return found


def _why(together: Sequence[ObjectiveResult]) -> str:
    found = together[0]
    title = CATALOGUE[found.metric].title
    if len(together) > 1:
        return f"{found.missing}: {names([each.id for each in together])} cannot be told"
    if found.status is Status.MISSING:
        return f"{found.id}: {title} cannot be told: {found.missing}"
    value = value_of(found.metric, found.value)
    return f"{found.id}: {title}: {value}, asked for is {found.pass_criterion}"


def risk_text(result: CheckResult) -> str:
    """How the change ranks among earlier ones, and why; empty where there is no rank."""
    risk = result.impact.risk
    if risk is None or risk.percentile is None:
        return ""
    text = f"{risk.level}: percentile {int(risk.percentile)} of {risk.compared} earlier changes"
    by = f" by {risk.model}" if risk.model.startswith("logistic/") else ""
    return f"{text}{by} ({'; '.join(risk.drivers)})" if risk.drivers else f"{text}{by}"


def names(items: Sequence[str], limit: int = 5) -> str:
    """The first few, and how many more."""
    shown = ", ".join(items[:limit])
    return shown + (f" and {len(items) - limit} more" if len(items) > limit else "")
