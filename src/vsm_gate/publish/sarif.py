"""SARIF 2.1.0: the remarks beside the code as a file, for code scanning and for editors. Pure."""

from __future__ import annotations

import json
from typing import Any, Final
from urllib.parse import quote

from vsm_gate.publish import naming
from vsm_gate.publish.annotations import Annotation, fingerprint, placed
from vsm_gate.publish.fit import block, short
from vsm_gate.publish.result import CheckResult

# Code scanning shows so many results of a run; the severest come first.
LIMIT: Final = 5_000
_MESSAGE: Final = 4_000
_LEVELS: Final = {"error": "error", "warning": "warning", "notice": "note"}
# Of each rule what it finds, and what helps; code scanning wants both.
_RULES: Final = {
    "failing-test": (
        "A test failed",
        "Mend the code, or the test where the code is right. What failed at the base is not yours.",
    ),
    "flaky-test": (
        "A test failed, then passed on the same code",
        "Find what the test depends on beside the code: time, order, network, shared state.",
    ),
    "sensitive-file": (
        "A sensitive file does something that breaks or locks",
        "Do it in steps: add the new, move to it, and take the old away when nobody uses it.",
    ),
    "uncovered-lines": (
        "No test runs new or changed lines",
        "Write a test that runs them, or take them away where nothing needs them.",
    ),
}


def sarif(result: CheckResult) -> str:
    """The document as text. What is about no line of a file is not in it."""
    found = placed(result)
    run: dict[str, Any] = {
        "tool": {
            "driver": {
                "name": "vsm-gate",
                "semanticVersion": result.tool_version,
                "rules": [_rule(rule, *said) for rule, said in _RULES.items()],
            }
        },
        # what comes of another team, job or event does not take the place of this
        "automationDetails": {"id": f"{naming.name(result)}/"},
        "invocations": [{"executionSuccessful": True, **_left_out(len(found) - LIMIT)}],
        "columnKind": "utf16CodeUnits",
        "results": [_result(each) for each in found[:LIMIT]],
    }
    document = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [run],
    }
    return json.dumps(document, indent=1) + "\n"


def _rule(rule: str, finds: str, helps: str) -> dict[str, Any]:
    return {
        "id": rule,
        "name": "".join(word.capitalize() for word in rule.split("-")),
        "shortDescription": {"text": f"{finds}."},
        "fullDescription": {"text": f"{finds}. {helps}"},
        "help": {"text": helps, "markdown": helps},
    }


def _left_out(count: int) -> dict[str, Any]:
    if count <= 0:
        return {}
    text = f"{count:,} more remarks are left out; all are in the result file of the run"
    return {"toolExecutionNotifications": [{"level": "note", "message": {"text": text}}]}


def _result(each: Annotation) -> dict[str, Any]:
    first = max(each.line or 1, 1)
    path = quote(each.path or "", safe="/", errors="surrogatepass")
    title = short(each.title, 255)
    return {
        "ruleId": each.rule,
        "level": _LEVELS[each.level],
        "message": {"text": f"{title}\n{block(each.message, _MESSAGE)}"},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": path, "uriBaseId": "%SRCROOT%"},
                    "region": {"startLine": first, "endLine": max(each.end_line or first, first)},
                }
            }
        ],
        "partialFingerprints": {"primaryLocationLineHash": fingerprint(each)},
    }
