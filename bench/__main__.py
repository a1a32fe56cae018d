"""`python -m bench [NAME …]`: run benchmarks and print the table.

Each command is run as a whole process several times, and the fastest run counts; a bar is a ratio
to a peer of the same run, so that it means the same on any machine.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from bench import (
    audit,
    backtest,
    check,
    formats,
    history,
    impact,
    install,
    junit,
    patch,
    pull_request,
    reach,
    report,
    startup,
)
from bench.measure import Row

SUITES = {
    "startup": startup.rows,
    "install": install.rows,
    "pull-request": pull_request.rows,
    "junit": junit.rows,
    "patch": patch.rows,
    "formats": formats.rows,
    "check": check.rows,
    "history": history.rows,
    "audit": audit.rows,
    "impact": impact.rows,
    "report": report.rows,
    "reach": reach.rows,
    "backtest": backtest.rows,
}


def main() -> int:
    """Print a row as soon as it is known. Returns 1 where a bar is not met."""
    names = sys.argv[1:] or list(SUITES)
    unknown = [name for name in names if name not in SUITES]
    if unknown:
        print(f"no benchmark `{unknown[0]}`; there are {', '.join(SUITES)}", file=sys.stderr)
        return 2
    print("| work | ours | memory | peer | its time | its memory | ratio | bar | met |")
    print("| --- | ---: | ---: | --- | ---: | ---: | ---: | --- | --- |", flush=True)
    missed = 0
    for name in names:
        with tempfile.TemporaryDirectory(prefix="vsm-gate-bench-") as folder:
            for row in SUITES[name](Path(folder)):
                print(_line(row), flush=True)
                missed += not row.met
    return 1 if missed else 0


def _line(row: Row) -> str:
    theirs = row.theirs
    cells = (
        row.work,
        f"{row.ours.seconds:.2f} s",
        f"{row.ours.megabytes:.0f} MB",
        row.peer,
        f"{theirs.seconds:.2f} s" if theirs else "",
        f"{theirs.megabytes:.0f} MB" if theirs else "",
        row.ratio,
        row.bar,
        ("yes" if row.met else "**no**") if row.bar else "",
    )
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    sys.exit(main())
