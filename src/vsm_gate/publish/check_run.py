"""The check on the head commit: its conclusion, its page, remarks beside the code. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Final

from vsm_gate.model.results import Verdict
from vsm_gate.publish import links, naming, parts, view
from vsm_gate.publish.annotations import Annotation, remarks
from vsm_gate.publish.fit import block, fit, short
from vsm_gate.publish.result import CheckResult

# What the forge takes: annotations a request, bytes of a title and of a text, of a message.
BATCH: Final = 50
TITLE: Final = 255
TEXT: Final = 65_535
MESSAGE: Final = 16_384
# So many requests of annotations are made at most; the other annotations are counted in the text.
BATCHES: Final = 5
_PLACES: Final = 20
_FAILURES: Final = 20
_LEVELS: Final = {"error": "failure", "warning": "warning", "notice": "notice"}
CONCLUSIONS: Final = {
    Verdict.PASS: "success",
    Verdict.WARN: "neutral",
    Verdict.INCONCLUSIVE: "failure",
    Verdict.FAIL: "failure",
}


@dataclass(frozen=True, slots=True)
class CheckRun:
    """What is put on the commit `head`.

    `external_id` is this attempt's own. `batches` are the annotations, each batch for a request.
    """

    publisher: ClassVar[str] = "check-run"
    name: str
    head: str
    external_id: str
    details_url: str
    conclusion: str
    title: str
    summary: str
    text: str
    batches: tuple[tuple[dict[str, Any], ...], ...]


def check_run(result: CheckResult) -> CheckRun:
    """The check of a result, within every limit; what is left out is counted in its text."""
    placed = [each for each in remarks(result) if each.path and _is_text(each.path)]
    shown = [_annotation(each) for each in placed[: BATCH * BATCHES]]
    whole = "the summary of the run"
    summary = parts.together(
        parts.head(result),
        parts.steps(result, _PLACES),
        parts.impact(result),
        parts.stand(result),
        _left_out(len(placed) - len(shown)),
    )
    text = parts.together(
        parts.scorecard(result), parts.failures(result, _FAILURES), parts.details(result)
    )
    return CheckRun(
        name=naming.name(result),
        head=result.change.head,
        external_id=naming.attempt(result),
        details_url=links.run(result),
        conclusion=CONCLUSIONS[result.decision.conclusion],
        title=short(f"{view.headline(result)} · {view.figures(result)}", TITLE),
        summary=fit(summary, TEXT, whole),
        text=fit(text, TEXT, whole),
        batches=tuple(
            tuple(shown[start : start + BATCH]) for start in range(0, max(len(shown), 1), BATCH)
        ),
    )


def _left_out(count: int) -> str:
    return f"_{count:,} more remarks are not shown beside the code._" if count else ""


def _annotation(each: Annotation) -> dict[str, Any]:
    first = max(each.line or 1, 1)
    return {
        "path": each.path,
        "start_line": first,
        "end_line": max(each.end_line or first, first),
        "annotation_level": _LEVELS[each.level],
        "title": short(each.title, TITLE),
        "message": block(each.message, MESSAGE) or "(no message)",
    }


def _is_text(path: str) -> bool:
    """Whether the forge can be told of the path: a file's name may have bytes that are no text."""
    return path.isprintable()
