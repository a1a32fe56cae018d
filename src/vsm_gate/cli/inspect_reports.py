"""`vsm-gate inspect`: what report files say, normalised. No policy."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from vsm_gate.errors import InputError
from vsm_gate.model.coverage import CoverageReport, Ratio
from vsm_gate.model.evidence import Unreadable
from vsm_gate.model.tests import TestCounts, TestReport
from vsm_gate.readers import registry


@click.command("inspect")
@click.argument("files", nargs=-1, required=True, metavar="FILE…")
@click.option("--format", "shape", type=click.Choice(["text", "json"]), default="text")
@click.pass_context
def command(ctx: click.Context, files: tuple[str, ...], shape: str) -> None:
    r"""Show what report files say, normalised.

    \b
    Examples:
      vsm-gate inspect build/test-results/**/*.xml coverage.xml
      vsm-gate inspect --format json lcov.info
    """
    entries = []
    for file in files:
        try:
            with Path(file).open("rb") as stream:
                entries.append((file, registry.read(file, stream)))
        except OSError as problem:
            entries.append((file, Unreadable(file, problem.strerror or str(problem))))
    document = {
        "schema": "vsm-gate/inspect/v1",
        "files": [_entry(file, found) for file, found in entries],
        "merged": {},
    }
    click.echo(json.dumps(document, ensure_ascii=False, indent=2))
    if any(isinstance(found, Unreadable) for _, found in entries):
        ctx.exit(InputError.exit_code)


def _entry(path: str, found: TestReport | CoverageReport | Unreadable) -> dict[str, Any]:
    if isinstance(found, Unreadable):
        error = {"line": found.line, "column": found.column, "reason": found.reason}
        return {"path": path, "kind": "unreadable", "format": None, "error": error}
    if isinstance(found, TestReport):
        tests = _tests(found.counts())
        return {"path": path, "kind": "tests", "format": found.format, "tests": tests}
    coverage = _coverage(found)
    return {"path": path, "kind": "coverage", "format": found.format, "coverage": coverage}


def _tests(counts: TestCounts) -> dict[str, Any]:
    return {
        "total": counts.total,
        "passed": counts.passed,
        "failed": counts.failed,
        "errored": counts.errored,
        "skipped": counts.skipped,
        "flaky": counts.flaky,
        "duration_s": None if counts.duration_s is None else float(counts.duration_s),
    }


def _coverage(report: CoverageReport) -> dict[str, Any]:
    return {
        "files": report.file_count(),
        "lines": _ratio(report.line_ratio()),
        "branches": _ratio(report.branch_ratio()),
    }


def _ratio(ratio: Ratio | None) -> dict[str, int] | None:
    return None if ratio is None else {"covered": ratio.covered, "total": ratio.total}
