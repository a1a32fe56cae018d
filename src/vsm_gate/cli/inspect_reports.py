"""`vsm-gate inspect`: what report files say, normalised. No policy."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

import click

from vsm_gate.collect.reports import Reading, look_at
from vsm_gate.errors import InputError
from vsm_gate.metrics.metric import show
from vsm_gate.model.coverage import CoverageReport, Ratio
from vsm_gate.model.evidence import Unreadable
from vsm_gate.model.tests import TestReport
from vsm_gate.publish.escape import line
from vsm_gate.readers.merge import merge_coverage, merge_tests


@click.command("inspect")
@click.argument("files", nargs=-1, required=True, metavar="FILE…")
@click.option(
    "--format",
    "shape",
    type=click.Choice(["text", "json"]),
    default="text",
    help="A table for people, or `vsm-gate/inspect/v1`.  [default: text]",
)
@click.pass_context
def command(ctx: click.Context, files: tuple[str, ...], shape: str) -> None:
    r"""Show what report files say, normalised. No policy is applied.

    Exits with 3 when a file could not be read; the others are shown all the same.

    \b
    Examples:
      vsm-gate inspect build/test-results/*.xml coverage.xml
      vsm-gate inspect --format json lcov.info
    """
    found = [(file, look_at(file)) for file in files]
    tests = [reading for _, reading in found if isinstance(reading, TestReport)]
    coverage = [reading for _, reading in found if isinstance(reading, CoverageReport)]
    merged = {
        "tests": _tests(merge_tests(tests)) if tests else None,
        "coverage": _coverage(merge_coverage(coverage)) if coverage else None,
    }
    document = {
        "schema": "vsm-gate/inspect/v1",
        "files": [_entry(file, reading) for file, reading in found],
        "merged": merged,
    }
    if shape == "json":
        click.echo(json.dumps(document, ensure_ascii=False, indent=2))
    else:
        _print(document)
    if any(isinstance(reading, Unreadable) for _, reading in found):
        ctx.exit(InputError.exit_code)


def _entry(path: str, found: Reading) -> dict[str, Any]:
    if isinstance(found, Unreadable):
        error = {"line": found.line, "column": found.column, "reason": found.reason}
        return {"path": path, "kind": "unreadable", "format": None, "error": error}
    entry: dict[str, Any] = {"path": path, "kind": "tests", "format": found.format}
    if isinstance(found, TestReport):
        entry["tests"] = _tests(found)
    else:
        entry |= {"kind": "coverage", "coverage": _coverage(found)}
    return entry | ({"notes": found.notes} if found.notes else {})


def _tests(report: TestReport) -> dict[str, Any]:
    counts = report.counts()
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


def _print(document: dict[str, Any]) -> None:
    for entry in document["files"]:
        click.echo(f"{line(entry['path'])}\n  {_said(entry)}")
        for note in entry.get("notes", ()):
            click.echo(f"  note: {line(note, 300)}")
    if len(document["files"]) > 1:
        click.secho("merged", bold=True)
        for kind, figures in document["merged"].items():
            if figures is not None:
                click.echo(f"  {_figures(kind, figures)}")


def _said(entry: dict[str, Any]) -> str:
    if entry["kind"] == "unreadable":
        error = entry["error"]
        where = f"line {error['line']}, column {error['column']}: " if error["line"] else ""
        return click.style("unreadable: ", fg="red") + where + line(error["reason"], 300)
    return f"{entry['format']}: {_figures(entry['kind'], entry[entry['kind']])}"


def _figures(kind: str, figures: dict[str, Any]) -> str:
    if kind == "tests":
        counted = [f"{figures['total']:,} tests"]
        counted += [
            f"{figures[name]:,} {name}"
            for name in ("passed", "failed", "errored", "skipped", "flaky")
            if figures[name]
        ]
        seconds = figures["duration_s"]
        return ", ".join(counted) + ("" if seconds is None else f", {seconds:,.3f} s")
    text = f"{figures['files']:,} files, lines {_share(figures['lines'])}"
    branches = figures["branches"]
    return text + (f", branches {_share(branches)}" if branches else "")


def _share(ratio: dict[str, int]) -> str:
    covered, total = ratio["covered"], ratio["total"]
    share = f" ({show(Fraction(100 * covered, total), '%')})" if total else ""
    return f"{covered:,} of {total:,}{share}"
