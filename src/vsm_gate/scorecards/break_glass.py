"""Break-glass: a label that lets a red change through, set by somebody who may. Pure.

The verdict stays what it is; only the conclusion gives way, to a warning that says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

from vsm_gate.errors import OK
from vsm_gate.model.change import Labels, LabelSet, Membership
from vsm_gate.model.results import Decision, Exemption, Reason, Verdict
from vsm_gate.scorecards.policy import BreakGlass

_BLOCKING = (Verdict.FAIL, Verdict.INCONCLUSIVE)


def asked(decision: Decision, rule: BreakGlass | None, labels: Labels) -> LabelSet | None:
    """The label that asks to let this change through; None where nobody asks or nothing blocks."""
    if rule is None or decision.conclusion not in _BLOCKING:
        return None
    wanted = rule.label.casefold()
    return next((each for each in labels.standing or () if each.name.casefold() == wanted), None)


def teams(rule: BreakGlass) -> tuple[str, ...]:
    """The teams among those who are allowed: `organisation/team`; all others are logins."""
    return tuple(name for each in rule.allowed if "/" in (name := _name(each)))


def apply(
    decision: Decision,
    rule: BreakGlass | None,
    labels: Labels,
    memberships: Mapping[str, Membership],
    today: date,
) -> Decision:
    """The decision with what break-glass makes of it.

    `memberships` says of each of `teams(rule)` whether the one who set the label is in it. Where
    the label stands and was set by nobody who may, or where that cannot be told, the change stays
    blocked, and a reason that asks for nothing says why.
    """
    if rule is None or decision.conclusion not in _BLOCKING:
        return decision
    if labels.standing is None:
        why = f"whether it is labelled `{rule.label}` cannot be told: {labels.missing}"
        return _unmoved(decision, why)
    label = asked(decision, rule, labels)
    if label is None:
        return decision
    refusal = _refusal(rule, label, memberships)
    if refusal:
        return _unmoved(decision, f"label `{label.name}` does not act: {refusal}")
    return _let_through(decision, rule, label, today)


def _refusal(rule: BreakGlass, label: LabelSet, memberships: Mapping[str, Membership]) -> str:
    """Why the label may not act; empty where it may."""
    if not label.by:
        return "the forge does not tell who set it"
    if _name(label.by) in {_name(each) for each in rule.allowed}:
        return ""
    told = {team: memberships.get(team, Membership()) for team in teams(rule)}
    if any(each.member for each in told.values()):
        return ""
    unknown = [f"{team}: {each.missing}" for team, each in told.items() if each.member is None]
    if unknown:
        return f"whether {label.by} may set it cannot be told ({'; '.join(unknown)})"
    return f"{label.by}, who set it, is none of {', '.join(rule.allowed)}"


def _let_through(decision: Decision, rule: BreakGlass, label: LabelSet, today: date) -> Decision:
    since = label.at.date() if label.at else today
    exemption = Exemption(
        label=label.name,
        by=label.by,
        at=label.at,
        reason=label.reason,
        review_by=since + timedelta(days=rule.review_days),
    )
    why = label.reason or "no reason was given; a line `Break-glass: …` of the description says one"
    text = (
        f"let through by break-glass, and not passed: {label.by} set `{label.name}` on {since} "
        f"({why}); to be reviewed by {exemption.review_by}"
    )
    lead = Reason(None, decision.verdict, Verdict.WARN, text)
    softened = (
        replace(each, acts_as=Verdict.WARN) if each.acts_as in _BLOCKING else each
        for each in decision.reasons
    )
    return replace(
        decision,
        conclusion=Verdict.WARN,
        exit_code=OK,
        reasons=(lead, *softened),
        break_glass=exemption,
    )


def _unmoved(decision: Decision, why: str) -> Decision:
    said = Reason(None, Verdict.PASS, Verdict.PASS, f"break-glass: {why}")
    return replace(decision, reasons=(*decision.reasons, said))


def _name(text: str) -> str:
    """A login or a team as it is compared: the forge knows no case, and people write an @."""
    return text.strip().removeprefix("@").casefold()
