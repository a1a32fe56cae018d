"""The parts of a result in Markdown, which the summary, the comment and the check share."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Final

from vsm_gate.impact.picture import mermaid
from vsm_gate.model.impact import Severity
from vsm_gate.model.tests import CaseDetail
from vsm_gate.publish import links, reaches, trend, view
from vsm_gate.publish.escape import code, fenced, markdown
from vsm_gate.publish.places import KNOWN, NEW, Group, Place, range_text, red_cases
from vsm_gate.publish.result import CheckResult

_ICONS: Final = {
    "pass": "✅",
    "warn": "⚠️",
    "fail": "❌",
    "inconclusive": "❓",
    "missing": "❓",
    "no_baseline": "🆕",
    "not_applicable": "➖",
    "excluded": "➖",
    "waived": "🎫",
}
_SEVERITIES: Final[dict[Severity, str]] = {"breaking": "❌", "warning": "⚠️", "info": "➖"}
_SENTENCE: Final = 300
_FINDINGS: Final = 10


def head(result: CheckResult) -> str:
    """May it merge, why not, and the figures."""
    icon = _ICONS[result.decision.conclusion.value]
    lines = [f"## {icon} {markdown(result.policy.team)}: {view.headline(result)}"]
    because = view.because(result)
    if because:
        lines.append(markdown(because, _SENTENCE))
    change = result.change
    lines.append(
        f"{markdown(view.figures(result))} · change `{change.head[:10]}` since `{change.base[:10]}`"
    )
    return "\n\n".join(lines)


def steps(result: CheckResult, limit: int) -> str:
    """What to do, each with at most `limit` of its places; empty where there is nothing."""
    planned = view.steps(result, limit)
    if not planned:
        return ""
    lines = ["### What to do"]
    for number, step in enumerate(planned, 1):
        remedy = f"<br>{_remedy(step.remedy, result)}" if step.remedy else ""
        lines.append(f"{number}. **{markdown(step.title, _SENTENCE)}**{remedy}")
        for group in step.groups:
            lines += _group(group, result)
    return "\n".join(lines)


def _group(group: Group, result: CheckResult) -> list[str]:
    indent = "   "
    lines = []
    if group.title:
        count = len(group.places) + group.more
        whose = ": not of this change" if group.title == KNOWN else ""
        lines.append(f"{indent}- _{group.title}_ ({count:,}){whose}")
        indent += "  "
    lines += [f"{indent}- {_place(place, result)}" for place in group.places]
    if group.more:
        lines.append(f"{indent}- … and {group.more:,} more")
    return lines


def _place(place: Place, result: CheckResult) -> str:
    """A place on one line, with links to its lines at the head of the change."""
    said = [code(text) for text in (place.title, place.said) if text]
    if not place.path:
        return " · ".join(said)
    known = any(file.path == place.path for file in result.change.files)
    if place.title:
        return " · ".join([*said, _where(place, result, linked=known)])
    ranges = [_range(place.path, part, result, linked=known) for part in place.ranges]
    more = f" and {place.more_ranges:,} more ranges" if place.more_ranges else ""
    return f"{code(place.path)}: {', '.join(ranges)}{more}" if ranges else code(place.path)


def _where(place: Place, result: CheckResult, *, linked: bool) -> str:
    """The file and the first line of a place."""
    part = place.ranges[0] if place.ranges else None
    text = code(f"{place.path}:{part.start}" if part else place.path)
    return _linked(text, links.blob(result, place.path, part) if linked else "")


def _range(path: str, part: range, result: CheckResult, *, linked: bool) -> str:
    return _linked(range_text(part), links.blob(result, path, part) if linked else "")


def _linked(text: str, address: str) -> str:
    return f"[{text}]({address})" if address else text


def _remedy(text: str, result: CheckResult) -> str:
    """What helps, as the policy says; the name of a page is a link to it."""
    return _linked(markdown(text, _SENTENCE), links.page(result, text))


def scorecard(result: CheckResult) -> str:
    """The objectives as a table; empty where there are none."""
    lines = ["| | Objective | Value | Criterion | |", "| --- | --- | ---: | --- | --- |"]
    for row in view.rows(result):
        cells = (
            f"{_ICONS[row.mark]} {row.mark.replace('_', ' ')}",
            f"{code(row.id)} {markdown(row.title)}",
            markdown(row.value).replace(" ", "&nbsp;"),
            code(row.criterion),
            markdown(row.note),
        )
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) if len(lines) > 2 else ""


def impact(result: CheckResult) -> str:
    """What the change reaches, its risk and its sensitive files; empty where nothing is known."""
    said = {
        "Reaches": reaches.impact_text(result),
        "Risk": view.risk_text(result),
        "Lately": "; ".join(reaches.lately(result.impact)),
        "Sensitive": reaches.sensitive_text(result),
    }
    texts = [f"**{name}**: {markdown(text, 400)}" for name, text in said.items() if text]
    return "\n\n".join([*texts, *_findings(result)])


def _findings(result: CheckResult) -> Iterator[str]:
    """What the sensitive files do, as a list."""
    shown, more = reaches.findings(result.impact, _FINDINGS)
    lines = []
    for each in shown:
        part = range(each.line, each.line + 1) if each.line else None
        where = _linked(code(reaches.place_of(each)), links.blob(result, each.path, part))
        lines.append(f"- {_SEVERITIES[each.severity]} {_worded(each.finding)} · {where}")
    if more:
        lines.append(f"- … and {more:,} more")
    if lines:
        yield "\n".join(lines)


def _worded(text: str) -> str:
    """Words in which what stands in backticks is code."""
    pieces = enumerate(text[:_SENTENCE].split("`"))
    return "".join(code(piece) if at % 2 else _blanks_kept(piece) for at, piece in pieces if piece)


def _blanks_kept(text: str) -> str:
    """Escaped, with the blanks at its ends."""
    before, after = (" " if end.isspace() else "" for end in (text[0], text[-1]))
    return f"{before}{markdown(text)}{after}" if text.strip() else " "


def graph(result: CheckResult) -> str:
    """The components that the change reaches, as a picture; empty where it is one or none."""
    if len(result.impact.reached) < 2 or not result.components:
        return ""
    chart = mermaid(result.components, result.impact)
    return f"```mermaid\n{chart}```\n\n<sub>An arrow points to what a component depends on.</sub>"


def stand(result: CheckResult) -> str:
    """Against the team's own baseline, what to improve first, what lacks for the next level."""
    found = trend.trends(result)
    lines = []
    if found:
        records = trend.records_text(result)
        lines += [f"| | now | {records} | |"]
        lines.append("| --- | ---: | ---: | --- |")
        for each in found:
            moved = {True: "better", False: "worse", None: "the same"}[each.better]
            cells = (each.title, each.now, each.then)
            lines.append(f"| {' | '.join(map(markdown, cells))} | {moved} |")
    said = {
        "Score": trend.score_text(result),
        "Most worth improving": trend.improvement_text(result),
        "A peer's practice": trend.practice_text(result),
        "Next level": trend.next_level(result),
    }
    for name, text in said.items():
        lines += ["", f"**{name}**: {markdown(text, _SENTENCE)}"] if text else []
    return "\n".join(["### Where you stand", "", *lines]) if lines else ""


def failures(result: CheckResult, limit: int) -> str:
    """What failed tests said beyond one line, folded; what is known from the base is left out."""
    cases = red_cases(result)
    told = [case for title in ("", NEW) for case in cases.get(title, ()) if "\n" in _said(case)]
    if not told:
        return ""
    lines = [f"<details><summary>What the failed tests said ({len(told):,})</summary>"]
    for case in islice(told, limit):
        lines += ["", code(case.title), "", fenced(_said(case), 2000)]
    if len(told) > limit:
        lines += ["", f"… and {len(told) - limit:,} more"]
    return "\n".join([*lines, "", "</details>"])


def _said(case: CaseDetail) -> str:
    """The message and the text of a case; the text often begins with the message."""
    message, text = case.message.strip(), case.text.strip()
    return text if text.startswith(message) else f"{message}\n\n{text}".strip()


def details(result: CheckResult) -> str:
    """Evidence and policy, folded."""
    lines = ["<details><summary>Evidence and policy</summary>", ""]
    for found in result.evidence:
        said = markdown(found.problem) if found.problem else f"{found.format}"
        lines.append(f"- {code(found.path)}: {said}, SHA-256 `{found.sha256[:16] or 'none'}`")
    lines += [f"- {markdown(problem, _SENTENCE)}" for problem in result.problems]
    notes = (*result.notes, *result.impact.notes)
    lines += [f"- {markdown(note, _SENTENCE)}" for note in notes]
    lines.append(f"- base: {markdown(result.change.base_found)}")
    lines.append(f"- policy: {code(result.policy.source)}, digest `{result.policy.sha256[:16]}`")
    if result.record:
        lines.append(f"- record: `{result.record.id[:16]}`")
    return "\n".join([*lines, "", "</details>"])


def together(*parts: str) -> str:
    """The parts that are not empty, as one text."""
    return "\n\n".join(part for part in parts if part) + "\n"
