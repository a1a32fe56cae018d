"""What a change reaches, does to sensitive files and meets in production, in plain words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from vsm_gate.metrics.metric import show
from vsm_gate.model.impact import Budget, Detail, Impact, Incident
from vsm_gate.publish.result import CheckResult
from vsm_gate.publish.view import names


def impact_text(result: CheckResult) -> str:
    """What the change reaches, in one sentence; empty where no components are known."""
    impact = result.impact
    if not impact.total:
        return ""
    if not impact.touched:
        return f"no component of {impact.total}"
    text = f"touches {names(impact.touched)}"
    others = [name for name in impact.reached if name not in set(impact.touched)]
    if others:
        it = "it" if len(impact.touched) == 1 else "them"
        depend = "depends" if len(others) == 1 else "depend"
        text += f"; {len(others)} more {depend} on {it} ({names(others)})"
    text += f": {len(impact.reached)} of {impact.total} components reached"
    if impact.tier is not None:
        text += f", the most critical of tier {impact.tier}"
    if impact.owners:
        text += f"; owned by {names(impact.owners)}"
    return text


def sensitive_text(result: CheckResult) -> str:
    """The classes of sensitive files that the change touches, with how many; empty for none."""
    classes = result.impact.sensitive
    return ", ".join(f"{name} ({len(paths)})" for name, paths in classes.items())


def findings(impact: Impact, limit: int) -> tuple[Sequence[Detail], int]:
    """The worst of what sensitive files do, each thing once, and how many more there are."""
    told: dict[tuple[str, str], Detail] = {}
    for detail in impact.details:
        told.setdefault((detail.severity, detail.finding), detail)
    found = list(told.values())
    return found[:limit], len(found[limit:])


def place_of(detail: Detail) -> str:
    """The file of a finding, with its line where that is known."""
    return detail.path if detail.line is None else f"{detail.path}:{detail.line}"


def lately(impact: Impact) -> Iterator[str]:
    """How the components fared in production: failures, incidents, the least error budget."""
    found = impact.operations
    if found is None:
        return
    if found.deployments:
        yield (
            f"{found.failed} of {found.deployments} deployments of what is touched failed in "
            f"{found.days} days"
        )
    lasting = [each for each in found.incidents if each.resolved is None]
    for each in lasting[:3]:
        yield f"incident {each.id} is open since {each.started:%Y-%m-%d}{_of(each)}"
    rest = [each for each in found.incidents if each not in lasting[:3]]
    if rest:
        what = "incident" if len(rest) == 1 else "incidents"
        yield f"{len(rest)} {what} in {found.days} days, the last {rest[0].id}{_of(rest[0])}"
    if found.budgets:
        yield _left(found.budgets[0])


def _left(budget: Budget) -> str:
    if budget.remaining < 0:
        amount = f"overdrawn by {show(-budget.remaining, '%')}"
    else:
        amount = f"{show(budget.remaining, '%')} left"
    return f"error budget of {budget.name}{_of(budget)}: {amount}"


def _of(event: Incident | Budget) -> str:
    return f" ({names(event.components)})" if event.components else ""
