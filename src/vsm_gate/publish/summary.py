"""The step summary: Markdown for the page of a run."""

from __future__ import annotations

from typing import Final

from vsm_gate.metrics.metric import show
from vsm_gate.publish import view
from vsm_gate.publish.escape import code, cut_bytes, markdown
from vsm_gate.publish.result import CheckResult

# What the forge takes for one step is 1 MiB; a little is kept for the sentence about the cut.
LIMIT: Final = 1024 * 1024 - 1024
_DETAILS: Final = 50
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


def summary(result: CheckResult) -> str:
    """Verdict, what to do, the objectives, what is reached, the evidence."""
    parts = [_head(result), _steps(result), _objectives(result), _impact(result), _details(result)]
    text = "\n\n".join(part for part in parts if part) + "\n"
    if len(text.encode()) <= LIMIT:
        return text
    kept = cut_bytes(text, LIMIT).rpartition("\n")[0]
    closing = "\n\n</details>" if kept.count("<details>") > kept.count("</details>") else ""
    return f"{kept}{closing}\n\n_Cut here: the whole is in the result file of this run._\n"


def _head(result: CheckResult) -> str:
    decision = result.decision
    icon = _ICONS[decision.conclusion.value]
    figures = [f"evidence {show(decision.evidence_rate, '%')}"]
    if decision.score is not None:
        figures.insert(0, f"score **{show(decision.score, 'percentile')}** of 100")
    if decision.level:
        figures.append(f"level {decision.level}")
    team = markdown(result.policy.team)
    return (
        f"## {icon} {team}: {view.headline(result)}\n\n"
        f"{' · '.join(figures)} · change `{result.change.head[:10]}` "
        f"since `{result.change.base[:10]}`"
    )


def _steps(result: CheckResult) -> str:
    planned = view.steps(result, _DETAILS)
    if not planned:
        return ""
    lines = ["### What to do"]
    for number, step in enumerate(planned, 1):
        remedy = f"<br>{markdown(step.remedy, 300)}" if step.remedy else ""
        lines.append(f"{number}. **{markdown(step.title, 300)}**{remedy}")
        lines += [f"   - {code(detail)}" for detail in step.details]
    return "\n".join(lines)


def _objectives(result: CheckResult) -> str:
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


def _impact(result: CheckResult) -> str:
    text = view.impact_text(result)
    sensitive = view.sensitive_text(result)
    lines = [f"**Reaches**: {markdown(text, 400)}"] if text else []
    risk = view.risk_text(result)
    if risk:
        lines.append(f"**Risk**: {markdown(risk, 400)}")
    if sensitive:
        lines.append(f"**Sensitive**: {markdown(sensitive)}")
    return "\n\n".join(lines)


def _details(result: CheckResult) -> str:
    lines = ["<details><summary>Evidence and policy</summary>", ""]
    for found in result.evidence:
        said = markdown(found.problem) if found.problem else f"{found.format}"
        lines.append(f"- {code(found.path)}: {said}, SHA-256 `{found.sha256[:16] or 'none'}`")
    lines += [f"- {markdown(problem, 300)}" for problem in result.problems]
    lines += [f"- {markdown(note, 300)}" for note in (*result.notes, *result.impact.notes)]
    lines.append(f"- base: {markdown(result.change.base_found)}")
    lines.append(f"- policy: {code(result.policy.source)}, digest `{result.policy.sha256[:16]}`")
    if result.record:
        lines.append(f"- record: `{result.record.id[:16]}`")
    return "\n".join([*lines, "", "</details>"])
