"""GitLab's code quality report: the remarks beside the code, for a merge request there. Pure.

https://docs.gitlab.com/ci/testing/code_quality/ describes the format: a list of findings, each
with a fingerprint by which a finding of the target branch is known again.
"""

from __future__ import annotations

import json
from typing import Any, Final

from vsm_gate.publish.annotations import Annotation, fingerprint, placed
from vsm_gate.publish.fit import block, short
from vsm_gate.publish.result import CheckResult

# The widget of a merge request shows far fewer; a report of more only costs time.
LIMIT: Final = 5_000
_DESCRIPTION: Final = 2_000
_SEVERITIES: Final = {"error": "major", "warning": "minor", "notice": "info"}


def code_quality(result: CheckResult) -> str:
    """The report as text, the severest finding first; what is about no file is not in it.

    Beyond `LIMIT` findings the last one counts what was left out.
    """
    found = placed(result)
    findings = [_finding(each) for each in found[:LIMIT]]
    if len(found) > LIMIT:
        findings[-1]["description"] += f"\n… and {len(found) - LIMIT:,} more are left out here"
    return json.dumps(findings, indent=1) + "\n"


def _finding(each: Annotation) -> dict[str, Any]:
    message = block(each.message, _DESCRIPTION)
    return {
        "description": f"{short(each.title, 255)}: {message}",
        "check_name": f"vsm-gate/{each.rule}",
        "fingerprint": fingerprint(each),
        "severity": _SEVERITIES[each.level],
        "location": {"path": each.path, "lines": {"begin": max(each.line or 1, 1)}},
    }
