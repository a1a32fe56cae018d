"""The terminal's text: made for a person, coloured where there is colour."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import zip_longest
from textwrap import wrap
from typing import Final

import click

from vsm_gate.model.impact import Severity
from vsm_gate.model.results import Receipt, Verdict
from vsm_gate.publish import reaches, view
from vsm_gate.publish.escape import line
from vsm_gate.publish.result import CheckResult

_DETAILS: Final = 5
_WIDTH: Final = 90


@dataclass(frozen=True, slots=True)
class Style:
    """What the terminal can show: colour, and signs beyond ASCII."""

    colour: bool
    unicode: bool

    def paint(self, text: str, colour: str | None, *, bold: bool = False) -> str:
        """The text in a colour, where there is any."""
        return click.style(text, fg=colour, bold=bold) if self.colour else text

    def mark(self, status: str) -> str:
        """The sign of a status, in its colour."""
        unicode, ascii_, colour = _MARKS[status]
        return self.paint(unicode if self.unicode else ascii_, colour, bold=True)


_MARKS: Final = {
    "pass": ("✓", "ok", "green"),
    "warn": ("!", "!!", "yellow"),
    "fail": ("✗", "XX", "red"),
    "inconclusive": ("?", "??", "magenta"),
    "missing": ("?", "??", "magenta"),
    "no_baseline": ("·", "--", "cyan"),
    "not_applicable": ("–", "--", None),
    "excluded": ("–", "--", None),
    "waived": ("~", "~~", "yellow"),
}
_SEVERITIES: Final[dict[Severity, str]] = {
    "breaking": "fail",
    "warning": "warn",
    "info": "not_applicable",
}
_COLOURS: Final = {
    Verdict.PASS: "green",
    Verdict.WARN: "yellow",
    Verdict.INCONCLUSIVE: "magenta",
    Verdict.FAIL: "red",
}


def console(result: CheckResult, style: Style) -> str:
    """The whole text of a run."""
    parts = [
        _head(result, style),
        _table(result, style),
        _steps(result, style),
        _facts(result, style),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _head(result: CheckResult, style: Style) -> str:
    change, decision = result.change, result.decision
    size = (
        f"{len(change.files)} file{'' if len(change.files) == 1 else 's'}, "
        f"+{sum(f.added for f in change.files)} -{sum(f.deleted for f in change.files)}"
    )
    where = f"{line(result.context.branch, 60) or 'detached'} {change.head[:10]}"
    title = f"{line(result.policy.team, 60)} · {where} · {size} since {change.base[:10]}"
    title = title if style.unicode else title.replace("·", "-")
    verdict = style.paint(
        decision.conclusion.value.upper(), _COLOURS[decision.conclusion], bold=True
    )
    mark = style.mark(decision.conclusion.value)
    figures = view.figures(result)
    figures = figures if style.unicode else figures.replace("·", "-")
    exempt = f"\n  {line(view.because(result), 300)}" if decision.break_glass else ""
    return f"{title}\n\n{mark} {verdict}: {view.headline(result)}{exempt}\n  {figures}"


def _table(result: CheckResult, style: Style) -> str:
    found = list(view.rows(result))
    if not found:
        return ""
    ids = max(len(row.id) for row in found)
    values = max(len(row.value) for row in found)
    lines = []
    for row in found:
        asked = line(row.criterion)
        lines.append(f"  {style.mark(row.mark)} {row.id:<{ids}}  {row.value:>{values}}  {asked}")
        if row.note:
            lines.append(style.paint(f"{'':{ids + 6}}{line(row.note, 300)}", "bright_black"))
    return "\n".join(lines)


def _steps(result: CheckResult, style: Style) -> str:
    planned = view.steps(result, _DETAILS)
    if not planned:
        return ""
    lines = [style.paint("What to do", None, bold=True)]
    for number, step in enumerate(planned, 1):
        lines.append(f"  {number}. {line(step.title, 300)}")
        lines += [f"       {line(detail, 160)}" for detail in step.details]
        if step.remedy:
            lines.append(
                f"     → {line(step.remedy, 300)}"
                if style.unicode
                else f"     -> {line(step.remedy, 300)}"
            )
    return "\n".join(lines)


def _facts(result: CheckResult, style: Style) -> str:
    lines = list(_fact_lines(result, style))
    return "\n".join(f"{style.paint(f'{name:<9}', 'bright_black')} {text}" for name, text in lines)


def _fact_lines(result: CheckResult, style: Style) -> Iterator[tuple[str, str]]:
    impact = reaches.impact_text(result)
    if impact:
        yield from zip_longest(["reaches"], wrap(line(impact, 400), _WIDTH), fillvalue="")
    risk = view.risk_text(result)
    if risk:
        yield "risk", line(risk, 300)
    sensitive = reaches.sensitive_text(result)
    if sensitive:
        yield "sensitive", line(sensitive)
    shown, more = reaches.findings(result.impact, _DETAILS)
    for each in shown:
        mark = style.mark(_SEVERITIES[each.severity])
        yield "", f"{mark} {line(each.finding, 200)}  {line(reaches.place_of(each), 120)}"
    if more:
        yield "", f"and {more:,} more" + (" things" if more > 1 else "")
    for text in reaches.lately(result.impact):
        yield "lately", line(text, 300)
    read = [found for found in result.evidence if found.problem is None]
    if read:
        yield "read", line(view.names([found.path for found in read]))
    for problem in result.problems:
        yield "problem", line(problem, 300)
    for note in (*result.notes, *result.impact.notes):
        yield "note", line(note, 300)
    yield "base", line(result.change.base_found)
    yield "policy", f"{line(result.policy.source)} ({result.policy.sha256[:12]})"


def receipts(found: Iterable[Receipt], style: Style) -> str:
    """Where the result went, a line each."""
    lines = []
    for receipt in found:
        status = "pass" if receipt.ok else "not_applicable" if receipt.left_out else "fail"
        mark = style.mark(status)
        lines.append(f"{mark} {receipt.publisher}: {line(receipt.detail, 300)}")
        lines += [f"  {line(receipt.hint, 1000)}"] if receipt.hint else []
    return "\n" + "\n".join(lines) + "\n" if lines else ""
