"""Every query gives the same answer on DuckDB, on PostgreSQL and on Spark: on the real engines."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
from collections.abc import Iterator
from datetime import datetime
from importlib.util import find_spec
from math import isclose
from pathlib import Path
from typing import Any

import pytest
from tests.support.ledgers import bare_machine, checkout
from tests.support.places import public_folder

from vsm_gate.analytics import sql
from vsm_gate.analytics.engine import Duck, Engine, Row
from vsm_gate.analytics.figures import roll_ups
from vsm_gate.analytics.periods import plan
from vsm_gate.analytics.picture import draw
from vsm_gate.analytics.warehouse import Warehouse
from vsm_gate.demo.organisation import simulate
from vsm_gate.history.ledger import Ledger
from vsm_gate.history.record import Record
from vsm_gate.report import pages
from vsm_gate.warehouses.cache import Cache
from vsm_gate.warehouses.postgres import postgres
from vsm_gate.warehouses.spark import spark

END = datetime.fromisoformat("2026-11-23")
WEEKS = 4
_LONG = re.compile(r"\d+\.\d{6,}")
_BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin"))


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Cache, Duck]]:
    """A cache of a simulated history."""
    folder = tmp_path_factory.mktemp("warehouses")
    place = checkout(folder / "work").path
    made = simulate(5, END, WEEKS)
    now = END.astimezone()
    ledger = Ledger.open(place, environment=bare_machine(folder), now=now)
    ledger.append([Record.of(document) for document in made.documents])
    cache = Cache(folder / "cache")
    with cache.reading(ledger) as duck:
        yield cache, duck


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """A PostgreSQL of its own, at a free port."""
    if not _BINARIES:
        pytest.skip("PostgreSQL is not installed: apt-get install postgresql")
    # The folders of pytest are for nobody else, and PostgreSQL does not run as root.
    with public_folder("vsm-gate-postgres-") as folder:
        yield from _running(folder)


def _running(folder: Path) -> Iterator[str]:
    user = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
    if user:
        shutil.chown(folder, "postgres")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    data, bin_folder = folder / "data", _BINARIES[-1]
    subprocess.run(
        [*user, bin_folder / "initdb", "-D", data, "-A", "trust", "-U", "vsm", "-E", "UTF8"],
        check=True,
        capture_output=True,
        cwd="/",
    )
    options = f"-p {port} -k {folder} -h 127.0.0.1 -c fsync=off"
    control = [*user, str(bin_folder / "pg_ctl"), "-D", str(data)]
    start = [*control, "-w", "-l", str(folder / "log"), "-o", options, "start"]
    subprocess.run(start, check=True, stdout=subprocess.DEVNULL, cwd="/")
    try:
        yield f"postgresql://vsm@127.0.0.1:{port}/postgres"
    finally:
        stop = [*control, "-m", "immediate", "stop"]
        subprocess.run(stop, check=True, stdout=subprocess.DEVNULL, cwd="/")


def _answers(engine: Engine) -> dict[str, list[Row]]:
    """The rows of every query of the package."""
    warehouse = Warehouse(engine)
    made = simulate(5, END, WEEKS)
    warehouse.set_deployed(made.deployed)
    trunk = [(place, "search", change, merged) for place, _, change, _, merged, _ in made.deployed]
    warehouse.set_trunk(trunk)
    span = warehouse.first_and_last()
    assert span is not None
    warehouse.set_periods(plan(span[0], END))
    found = {"measured": list(warehouse.measured(roll_ups()))}
    for row in warehouse.figures():
        found.setdefault(row["metric"], []).append(row)
    for view in sql.names("views"):
        if view == "records":
            found[view] = list(warehouse.records(3))
        else:
            found[view] = warehouse.query("views", view)
    return found


def _site(engine: Engine) -> dict[str, str]:
    """Every file of the report, its numbers to nine digits: beyond, sums depend on their order."""
    warehouse = Warehouse(engine)
    warehouse.set_deployed(simulate(5, END, WEEKS).deployed)
    planned = pages.plan(draw(warehouse, since=None, until=END, now=END), warehouse)
    return {
        path: _LONG.sub(lambda number: f"{float(number[0]):.9g}", "".join(page))
        for path, page in planned.items()
    }


@pytest.fixture(scope="module")
def expected(kept: tuple[Cache, Duck]) -> dict[str, list[Row]]:
    return _answers(kept[1])


def _assert_same(found: dict[str, list[Row]], expected: dict[str, list[Row]]) -> None:
    assert found.keys() == expected.keys()
    for name, rows in expected.items():
        others = sorted(found[name], key=_place)
        assert len(others) == len(rows), name
        for other, row in zip(others, sorted(rows, key=_place), strict=True):
            assert other.keys() == row.keys(), name
            for column, value in row.items():
                assert _equal(other[column], value), (name, column, other, row)


def _place(row: Row) -> str:
    """An order that does not depend on how an engine rounds."""
    return repr([value for value in row.values() if not isinstance(value, float)])


def _equal(one: Any, other: Any) -> bool:
    if isinstance(one, int | float) and isinstance(other, int | float):
        return isclose(one, other, rel_tol=1e-9, abs_tol=1e-9)
    return bool(one == other)


def test_there_is_an_answer_to_compare(expected: dict[str, list[Row]]) -> None:
    empty = {name for name, rows in expected.items() if not rows}

    assert not empty - {"reasons"}


def test_postgresql_answers_as_duckdb(
    kept: tuple[Cache, Duck], server: str, expected: dict[str, list[Row]]
) -> None:
    for _ in ("loads all of it", "finds that it has it"):
        with postgres(server, *kept) as engine:
            _assert_same(_answers(engine), expected)


def test_the_report_is_the_same_wherever_it_is_computed(
    kept: tuple[Cache, Duck], server: str
) -> None:
    made = _site(kept[1])
    with postgres(server, *kept) as engine:
        found = _site(engine)

    assert [path for path in made if found.get(path) != made[path]] == []
    assert found.keys() == made.keys()


def test_spark_answers_as_duckdb(kept: tuple[Cache, Duck], expected: dict[str, list[Row]]) -> None:
    if find_spec("pyspark") is None:
        pytest.skip("Spark is not installed: pip install pyspark")
    if shutil.which("java") is None:
        pytest.skip("Spark needs Java: apt-get install openjdk-17-jre-headless")
    with spark("local[2]", kept[0]) as engine:
        _assert_same(_answers(engine), expected)
