"""Does the rank find the changes that bring defects? `make risk-study`.

    python -m tools.risk_study [--code] [REPOSITORY[@COMMIT] …]

Each repository (a path, a URL to clone, or `owner/name` at GitHub) is studied up to a commit:
changes are labelled by SZZ, the oldest 60 % of them are the past, the others but for those of the
last half year (whose defects are not found yet) are the future. Orders of the future's changes are
compared: random, by churn, by the rank that `check` uses, by a regression fitted on the past (on
labels of fixes that had landed by then, and no others), and by one that knows how experienced
authors are as well. A change stands where `check` would put it: among the 300 changes before it.
With `--code` only changes that touch code are tried: no order gains by knowing that others cannot
be blamed.
"""

from __future__ import annotations

import argparse
import math
import os
import subprocess
import sys
import tempfile
from bisect import bisect_left, bisect_right, insort
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from tools.szz import induced, is_code

from vsm_gate.analytics.learning import regress
from vsm_gate.change.model import FEATURES
from vsm_gate.change.ordering import auc, capture
from vsm_gate.change.paths import is_generated, is_vendored
from vsm_gate.change.rank import Described, weight
from vsm_gate.collect.history_index import HistoryIndex
from vsm_gate.collect.line import Commit, Landed, commits, landed, sizes
from vsm_gate.collect.line_features import follow
from vsm_gate.collect.past import WINDOW
from vsm_gate.git import Git
from vsm_gate.model.change import FileChange

# The rank was chosen while looking at the first; the others were tried once it stood.
CHOSEN_ON: Final = (
    "encode/httpx@ae1b9f66238f75ced3ced5e4485408435de10768",
    "pallets/click@2c8cd3ac958a7eb316d67f2d316c27086c4c0369",
    "pallets/flask@2ac89889f4cc330eabd50f295dcef02828522c69",
    "python-attrs/attrs@c1dc5dcba16ed827aa6dcad896b41a3afedb4e32",
    "tqdm/tqdm@f6a30fab726ab8e794a9db88b4392ce207760937",
    "urllib3/urllib3@6a8536b6e1b0cbe69ae801337c599951e527ae29",
    "psf/requests@1f6589ec3a1ee910f9a65cc3ceac60b26677bc0e",
    "gin-gonic/gin@dcaa4296d111981ffb31ac3eba90bb63e1eb5ab9",
    "junit-team/junit4@71c33ce555230d9dfb6cab5e133e22a4cc95cdff",
    "expressjs/express@a3714473feb3d2908add734d340e7755fd85e0a3",
    "scrapy/scrapy@11079cb1c85b9e75a39a7269943c69d1a975d485",
    "sirupsen/logrus@87434bb3a736e2a27d34df66924471714f408d3d",
    "aio-libs/aiohttp@495e778360d1924da63e16dba0f0d76baf56a56a",
    "psf/black@8947c48ef2077c3a301b03c1e814dc2e3f78436e",
    "koajs/koa@e0ba8ef39d27fe5dae5492f9fe753d155124f994",
    "spf13/cobra@adbc8813901bba65827259daa8e22ff94ec1f30e",
    "redis/redis-py@34817ce2a2accc893a81180fe737e0c4f5ac6b0c",
    "sinatra/sinatra@cb22afd7902b566b6eaba6c4ea89739494a65d12",
    "axios/axios@23a25af0688d1db2c396deb09229d2271cc24f6c",
)
HELD_OUT: Final = (
    "pypa/pip@6d309205789d368b2749d93fd6193d584811efd5",
    "rack/rack@8bf4eb078498edc9105fb04add80d89c5340e60b",
    "gorilla/mux@db9d1d0073d27a0a2d9a8c1bc52aa0af4374d265",
    "clap-rs/clap@6982fb1c98c7247e38a6d4f04191b94e30497e7b",
    "pallets/jinja@5ef70112a1ff19c05324ff889dd30405b1002044",
    "marshmallow-code/marshmallow@341b927f219205704728c05cd61f04d7e9727523",
    "labstack/echo@05489dc1730161df26b72d1ae2a3ba6fb8178fc7",
    "pytest-dev/pluggy@e382e72789f8d791991c489d4322aa04e660b952",
)
ORDERS: Final = ("churn", "rank", "model", "with experience")
_PAST: Final = 0.6
_UNKNOWN_YET: Final = 180 * 86_400
_YEAR: Final = 365.25 * 86_400

_FORGE: Final = "https://github.com"

Figures = tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """A change that changed a line of the repository's own.

    `features` are what the regression sees, `experience` what it sees of the author; `fixed` is
    when a fix of a defect that the change brought landed, None where none did; `code` tells whether
    it touches a file that can be blamed.
    """

    time: int
    churn: int
    weight: tuple[int, int]
    features: Mapping[str, float]
    experience: Mapping[str, float]
    fixed: int | None
    code: bool


@dataclass(frozen=True, slots=True)
class Row:
    """What came of one repository: AUC and capture at 20 % of each order."""

    repository: str
    commit: str
    changes: int
    failed: int
    auc: Figures
    capture: Figures

    def line(self) -> str:
        """As a row of the table."""
        known = (self.repository, f"`{self.commit[:10]}`", f"{self.changes:,}", f"{self.failed:,}")
        figures = [f"{x:.3f}" for x in self.auc] + [f"{100 * x:.0f} %" for x in self.capture]
        return f"| {' | '.join([*known, *figures])} |"


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--code", action="store_true", help="try changes that touch code only")
    parser.add_argument("repositories", nargs="*", metavar="REPOSITORY")
    arguments = parser.parse_args()
    given = tuple(arguments.repositories)
    groups = {"of those given": given} if given else {
        "where the rank was chosen": CHOSEN_ON, "held out": HELD_OUT
    }  # fmt: skip
    names = [*(f"AUC {name}" for name in ORDERS), *(f"20 % {name}" for name in ORDERS)]
    print(f"| repository | commit | changes | of them bad | {' | '.join(names)} |")
    print("| --- | --- |" + " ---: |" * (2 + len(names)), flush=True)
    for group, repositories in groups.items():
        rows = []
        for each in repositories:
            rows.append(_studied(each, code=arguments.code))
            print(rows[-1].line(), flush=True)
        _sum_up(group, rows)
    print("| random | | | |" + " 0.500 |" * len(ORDERS) + " 20 % |" * len(ORDERS))
    return 0


def _sum_up(group: str, rows: Sequence[Row]) -> None:
    """The means of a group, and in how many repositories each order is above churn."""
    for title, cell in (("mean", _mean), ("above churn", _above)):
        cells = [
            *(cell([row.auc for row in rows], place, "{:.3f}", 1) for place in range(len(ORDERS))),
            *(
                cell([x.capture for x in rows], place, "{:.0f} %", 100)
                for place in range(len(ORDERS))
            ),
        ]
        print(f"| **{title}, {group}** | | | | {' | '.join(cells)} |", flush=True)


def _mean(rows: Sequence[Figures], place: int, shape: str, unit: int) -> str:
    return shape.format(unit * sum(row[place] for row in rows) / len(rows))


def _above(rows: Sequence[Figures], place: int, _shape: str, _unit: int) -> str:
    return f"{sum(row[place] > row[0] for row in rows)} of {len(rows)}" if place else ""


def _studied(given: str, *, code: bool) -> Row:
    """One repository, as it is at a commit or as it stands."""
    place, _, commit = given.rpartition("@")
    if not place:
        place, commit = given, "HEAD"
    url = place if "://" in place else f"{_FORGE}/{place}"
    with tempfile.TemporaryDirectory(prefix="vsm-gate-study-") as empty:
        folder = Path(place if Path(place).is_dir() else empty)
        if str(folder) == empty:
            subprocess.run(["git", "clone", "--quiet", "--bare", "--", url, empty], check=True)
        git = Git(folder, dict(os.environ))
        tip = git.text("rev-parse", "--verify", f"{commit}^{{commit}}")
        found = list(cases(git, tip))
    return Row(place, tip, *compare(found, code=code))


def cases(git: Git, tip: str) -> Iterator[Case]:
    """The changes of the line up to `tip`, oldest first."""
    graph = commits(git, [tip])
    line = landed(graph, tip)
    fixed = induced(git, graph, carriers(graph, [change.commit for change in line]))
    index = HistoryIndex()
    follow(git, index, tip)
    entries = index.entries(range(len(line)))
    files = sizes(git, [change.commit for change in line])
    known = _Experience()
    for number, change in enumerate(line):
        own = [marked_by_path(file) for file in files[change.commit]]
        found = Described.of(own, entries[number].features)
        experience = known.of(change, {file.path.partition("/")[0] for file in own})
        if found.size.lines:
            past = entries[number].features
            yield Case(
                time=change.time,
                churn=found.size.lines,
                weight=weight(found.size),
                features={name: each.x(found.size, past) for name, each in FEATURES.items()},
                experience=experience,
                fixed=fixed.get(change.commit),
                code=any(is_code(file.path) for file in own),
            )


def marked_by_path(file: FileChange) -> FileChange:
    """A bare repository has no checkout whose attributes could say more."""
    return replace(file, generated=is_generated(file.path), vendored=is_vendored(file.path))


def carriers(graph: Mapping[str, Commit], line: Sequence[str]) -> dict[str, str]:
    """Commit → the change of the line, oldest first, that carried it first."""
    found = {name: name for name in line}
    for change in line:
        ahead = list(graph[change].parents[1:])
        while ahead:
            commit = ahead.pop()
            if commit in graph and commit not in found:
                found[commit] = change
                ahead.extend(graph[commit].parents)
    return found


class _Experience:
    """EXP, REXP and SEXP of authors, as Kamei et al. define them. It lives while the study runs."""

    def __init__(self) -> None:
        self._times: dict[str, list[int]] = defaultdict(list)
        self._subsystems: Counter[tuple[str, str]] = Counter()

    def of(self, change: Landed, subsystems: Collection[str]) -> dict[str, float]:
        """What the author had done before the change, which is then counted as well."""
        times = self._times[change.author]
        recent = sum(1 / (1 + max(0, change.time - time) / _YEAR) for time in times)
        there = sum(self._subsystems[change.author, name] for name in subsystems)
        found = {
            "exp": math.log1p(len(times)),
            "rexp": math.log1p(recent),
            "sexp": math.log1p(there / max(1, len(subsystems))),
        }
        times.append(change.time)
        self._subsystems.update((change.author, name) for name in subsystems)
        return found


def compare(found: Sequence[Case], *, code: bool) -> tuple[int, int, Figures, Figures]:
    """How many changes were tried, how many of them are bad, and the figures of each order."""
    split = int(_PAST * len(found))
    now, end = found[split].time, found[-1].time - _UNKNOWN_YET
    tried = [
        place
        for place in range(split, len(found))
        if found[place].time <= end and (found[place].code or not code)
    ]
    columns = [
        [float(case.churn) for case in found],
        _places([case.weight for case in found]),
        _predicted([case.features for case in found], found, split, now),
        _predicted([{**case.features, **case.experience} for case in found], found, split, now),
    ]
    orders = []
    for column in columns:
        ranks = among_the_last(column)
        orders.append([(ranks[place], found[place].fixed is not None) for place in tried])
    failed = sum(found[place].fixed is not None for place in tried)
    aucs, captures = map(auc, orders), (capture(order, 0.2) for order in orders)
    return len(tried), failed, tuple(aucs), tuple(captures)


def _places(weights: Sequence[tuple[int, int]]) -> list[float]:
    places = {each: float(place) for place, each in enumerate(sorted(set(weights)))}
    return [places[each] for each in weights]


def _predicted(
    rows: Sequence[Mapping[str, float]], found: Sequence[Case], split: int, now: int
) -> list[float]:
    """What a regression says of every change that was fitted on the past, as it was known then."""
    columns = {name: [row[name] for row in rows[:split]] for name in rows[0]}
    failed = [case.fixed is not None and case.fixed < now for case in found[:split]]
    intercept, terms = regress(columns, failed, [case.time for case in found[:split]])
    return [
        intercept
        + sum(
            term["coefficient"] * (row[name] - term["mean"]) / term["scale"]
            for name, term in terms.items()
        )
        for row in rows
    ]


def among_the_last(column: Sequence[float]) -> list[float]:
    """The percentile of each figure among those of the changes before it, as `check` has it."""
    window: list[float] = []
    found = []
    for place, mine in enumerate(column):
        below, upto = bisect_left(window, mine), bisect_right(window, mine)
        found.append((below + upto) / (2 * len(window)) if window else 0.5)
        insort(window, mine)
        if len(window) > WINDOW:
            del window[bisect_left(window, column[place - WINDOW])]
    return found


if __name__ == "__main__":
    sys.exit(main())
