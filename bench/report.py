"""The report: the first reading of a long history, the report after it, and what is new."""

from __future__ import annotations

import json
import os
import random
import subprocess
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import IO, Any, Final

from bench import pages
from bench.measure import PYTHON, Row, measure
from vsm_gate.analytics.figures import roll_ups

RECORDS: Final = int(os.environ.get("VSM_GATE_BENCH_RECORDS", "1000000"))
MORE: Final = 1_000
DAYS: Final = 365
TEAMS: Final = 40
NOW: Final = datetime.fromisoformat("2026-11-22")
_METRICS: Final = tuple(roll_ups())
_SHAPES: Final = 2_000


def rows(folder: Path) -> Iterator[Row]:
    """The first report over so many records, one after it, and one with a thousand new ones."""
    place = history(folder / "history.git", RECORDS)
    environment = {"XDG_CACHE_HOME": str(folder / "cache"), "HOME": str(folder)}
    command = [
        PYTHON, "-m", "vsm_gate", "report", "--history-branch", "vsm-history",
        "--now", f"{NOW:%Y-%m-%dT%H:%M:%SZ}", "--out", str(folder / "site"),
    ]  # fmt: skip
    first = measure(command, folder=place, environment=environment, runs=1)
    work = f"first report over {RECORDS:,} records"
    yield Row(work, first, "", None, "≤ 180 s", first.seconds <= 180)
    again = measure(command, folder=place, environment=environment, runs=2)
    met = again.seconds <= 15 and again.megabytes <= 1_500
    yield Row(f"report over {RECORDS:,} records", again, "", None, "≤ 15 s, ≤ 1.5 GB", met)
    yield from pages.rows(folder / "site")
    figures = [*command[:-2], "--format", "json"]
    plain = measure(figures, folder=place, environment=environment, runs=2)
    append(place, MORE)
    new = measure(figures, folder=place, environment=environment, runs=1)
    met = new.seconds <= plain.seconds + 3
    yield Row(f"figures with {MORE:,} new records", new, "without", plain, "≤ 3 s more", met)


def history(place: Path, count: int) -> Path:
    """A repository with a history of so many records, all but the newest days sealed."""
    place.mkdir(parents=True)
    _git(place, "init", "--quiet", "--bare")
    _git(place, "config", "core.compression", "1")
    importing = subprocess.Popen(
        ["git", "fast-import", "--quiet"], cwd=place, stdin=subprocess.PIPE
    )
    if importing.stdin is None:
        raise RuntimeError("git fast-import was started without a pipe")
    with importing.stdin as out:
        _import(out, count)
    if importing.wait():
        raise RuntimeError("git fast-import failed")
    return place


def append(place: Path, count: int) -> None:
    """Add so many records, as a day that was sealed since."""
    old = subprocess.run(
        ["git", "rev-parse", "vsm-history"], cwd=place, check=True, capture_output=True, text=True
    ).stdout.strip()
    made = Records(2)
    lines = b"".join(made.line(NOW.date(), number, count) for number in range(count))
    stream = b"blob\nmark :1\n" + _data(lines) + _commit(2, "append", old)
    stream += f"M 100644 :1 {_sealed(NOW.date())}\n".encode()
    subprocess.run(["git", "fast-import", "--quiet"], cwd=place, input=stream, check=True)


def _import(out: IO[bytes], count: int) -> None:
    made = Records(1)
    out.write(b"blob\nmark :1\n" + _data(b"vsm-gate/history/v1\n"))
    days = [NOW.date() - timedelta(days=DAYS - number) for number in range(DAYS)]
    for mark, day in enumerate(days, 2):
        share = count * (mark - 1) // DAYS - count * (mark - 2) // DAYS
        lines = b"".join(made.line(day, number, share) for number in range(share))
        out.write(f"blob\nmark :{mark}\n".encode() + _data(lines))
    out.write(_commit(DAYS + 2, "history") + b"M 100644 :1 FORMAT\n")
    for mark, day in enumerate(days, 2):
        out.write(f"M 100644 :{mark} {_sealed(day)}\n".encode())


def _data(content: bytes) -> bytes:
    return f"data {len(content)}\n".encode() + content + b"\n"


def _commit(mark: int, message: str, parent: str = "") -> bytes:
    who = "committer bench <bench@example.com> 1700000000 +0000"
    above = f"from {parent}\n" if parent else ""
    head = f"commit refs/heads/vsm-history\nmark :{mark}\n{who}\n"
    return head.encode() + _data(message.encode()) + above.encode()


def _sealed(day: date) -> str:
    return f"sealed/{day:%Y/%m/%d}.jsonl"


class Records:
    """Lines of records as a ledger has them: three of four are of pull requests, one is of the
    default branch after the merge, and one in ten is a deployment. What a check measured is drawn
    from some thousand shapes, which are written once.
    """

    def __init__(self, seed: int) -> None:
        self._dice = random.Random(seed)
        self._shapes = [self._shape() for _ in range(_SHAPES)]
        self._number = seed * 10**9

    def line(self, day: date, number: int, share: int) -> bytes:
        """The next record, the `number`th of `share` on that day."""
        self._number += 1
        second = 86_400 * number // max(1, share)
        time = f"{day}T{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}Z"
        team = self._number // 4 % TEAMS
        commit = f"{self._number // 4 * 0x9E3779B97F4A7C15 % 2**160:040x}"
        if self._number % 10 == 9:
            return self._deployment(time, team, commit)
        shape = self._shapes[self._dice.randrange(_SHAPES)]
        landed = self._number % 4 == 3
        head = (
            f'{{"attempt":1,"branch":"{"main" if landed else "topic"}",'
            f'"default_branch":{"true" if landed else "false"},"event":"push","files":3,'
            f'"head":"{commit}","job":"gate","lines_added":20,"lines_deleted":4,'
            f'"pull_request":{"null" if landed else self._number // 4},"tested":"{commit}"}}'
        )
        return (
            f'{{"change":{head},"kind":"check",{shape},"repository":"acme/repository-{team}",'
            f'"schema":"vsm-gate/record/v1","team":"team-{team}","time":"{time}"}}\n'
        ).encode()

    def _deployment(self, time: str, team: int, commit: str) -> bytes:
        event = {
            "id": str(self._number), "commit": commit, "environment": "production",
            "status": "success" if self._number % 7 else "failure",
            "started": time, "finished": time, "caused_by": None,
        }  # fmt: skip
        document = {
            "schema": "vsm-gate/record/v1", "kind": "deployment", "time": time,
            "repository": f"acme/repository-{team}", "team": f"team-{team}",
            "components": [f"component-{self._number % 5}"], "event": event,
        }  # fmt: skip
        return (_canonical(document) + "\n").encode()

    def _shape(self) -> str:
        dice = self._dice
        score = round(100 * dice.random(), 3)
        verdict = "pass" if score >= 60 else "warn" if score >= 30 else "fail"
        said = {
            "components": [f"component-{dice.randrange(5)}"],
            "conclusion": verdict,
            "blocked": verdict == "fail",
            "evidence": [{"path": "build/junit.xml", "kind": "tests", "sha256": "0" * 64}],
            "level": "silver",
            "measurements": {metric: self._measured(place) for place, metric in _NUMBERED},
            "methodology": "continuous",
            "objectives": {f"objective-{place}": self._objective(place) for place in range(8)},
            "peer_group": "backend",
            "policy": {"source": "scorecards/team.yaml", "sha256": "1" * 64},
            "score": score,
            "verdict": verdict,
            "waivers": [],
        }
        return _canonical(said)[1:-1]

    def _measured(self, place: int) -> dict[str, Any]:
        if place % 3 == 2:
            return {"missing": "the reports say nothing of it"}
        if place % 4 == 0:
            whole = self._dice.randint(10, 3_000)
            part = self._dice.randint(0, whole)
            value = round(100 * part / whole, 9)
            return {"value": value, "numerator": part, "denominator": whole, "unit": "%"}
        return {"value": round(1_000 * self._dice.random(), 3), "unit": "s"}

    def _objective(self, place: int) -> dict[str, Any]:
        score = self._dice.choice((100, 100, 80, 50.5, 0))
        return {
            "metric": _METRICS[place], "score": score, "weight": 1 + place % 3, "value": 12,
            "status": "pass" if score == 100 else "warn" if score >= 50 else "fail",
            "pass": ">= 80%", "warn": ">= 60%", "phase": "enforce", "key": place == 0,
            "baseline": None, "level": None, "waiver": None, "missing": None,
        }  # fmt: skip


_NUMBERED: Final = tuple(enumerate(_METRICS))


def _canonical(document: dict[str, Any]) -> str:
    return json.dumps(document, sort_keys=True, separators=(",", ":"))


def _git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=folder, check=True)
