"""Verification: every tampering is found where it is; an honest branch is never accused."""

import os
import shutil
from copy import deepcopy as copy_of
from pathlib import Path
from random import Random
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.ledgers import DAY, NOW, bare_machine, checkout, numbers, opened, record
from tests.support.repository import Repository
from tests.support.ssh import NEEDS_SSH_KEYGEN, Key, allow, make_key
from tests.support.tampering import WAYS, History, Tampering

from vsm_gate.errors import HistoryError
from vsm_gate.history.record import Record

SEEDS = range(int(os.environ.get("TAMPERING_SEEDS", "12")))


@pytest.fixture(scope="module")
def honest(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """A branch of a week: every record names the head that it saw."""
    work = checkout(tmp_path_factory.mktemp("honest") / "work")
    env = bare_machine(work.path.parent)
    number = 0
    for day in range(6):
        for hour in range(3):
            now = NOW + day * DAY + hour * DAY / 24
            ledger = opened(work.path, env, now=now)
            head = ledger.head()
            mine = [record(number + n, time=now, history_head=head) for n in range(1 + hour % 2)]
            number += len(mine)
            ledger.append(mine)
    return work


@pytest.fixture
def copy(honest: Repository, tmp_path: Path) -> Repository:
    shutil.copytree(honest.path, tmp_path / "work")
    return Repository(tmp_path / "work", create=False)


def test_an_honest_branch_has_no_fault(honest: Repository) -> None:
    found = opened(honest.path, bare_machine(honest.path.parent)).verify()
    assert found.faults == []
    assert found.records == 24
    assert len(found.sealed) == 4
    assert len(found.commits) == 18 + 4


@pytest.mark.parametrize("way", WAYS, ids=lambda way: str(way.__name__))
def test_every_tampering_is_found_and_names_its_commit(copy: Repository, way: Tampering) -> None:
    head = copy.git("rev-parse", "vsm-history")
    before = set(copy.git("rev-list", head).splitlines())
    history = History(copy)
    honest = copy_of(history.commits)
    for seed in SEEDS:
        history.commits = copy_of(honest)
        way(history, Random(seed))
        after = set(copy.git("rev-list", "vsm-history").splitlines())
        faults = opened(copy.path, copy.environment).verify().faults
        assert faults, seed
        assert {fault.commit for fault in faults} <= after - before, seed
    copy.git("update-ref", "refs/heads/vsm-history", head)
    assert opened(copy.path, copy.environment).verify().faults == []


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> Key:
    return make_key(tmp_path_factory.mktemp("keys") / "gate")


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory, key: Key) -> Repository:
    """A branch of some days, all of whose commits the gate signed; no record saw another."""
    work = checkout(tmp_path_factory.mktemp("signed") / "work")
    for day in range(5):
        now = NOW + day * DAY
        ledger = opened(work.path, bare_machine(work.path.parent), now=now, sign=str(key.file))
        ledger.append([record(day, time=now)])
    return work


@NEEDS_SSH_KEYGEN
@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("way", ["signed anew with another key", "not signed any more"])
def test_a_branch_that_was_written_anew_without_the_key_is_found_by_its_signatures(
    signed: Repository, key: Key, tmp_path: Path, way: str, seed: int
) -> None:
    """Not a byte of a record is changed, and no record saw what came before it."""
    shutil.copytree(signed.path, tmp_path / "work")
    copy = Repository(tmp_path / "work", create=False)
    before = set(copy.git("rev-list", "vsm-history").splitlines())
    another = make_key(tmp_path / "another").file if way.startswith("signed") else None
    history = History(copy, another)
    history.write(first=Random(seed).randrange(len(history.commits)))
    after = set(copy.git("rev-list", "vsm-history").splitlines())
    ledger = opened(copy.path, copy.environment)
    assert ledger.verify().faults == []
    faults = ledger.verify(signers=allow(tmp_path / "signers", key)).faults
    assert {fault.commit for fault in faults} == after - before
    assert ledger.verify(signers=allow(tmp_path / "signers", key)).records == 5
    assert opened(signed.path, copy.environment).verify(signers=tmp_path / "signers").faults == []


def test_a_branch_that_was_cut_is_found_by_the_head_that_was_published(copy: Repository) -> None:
    head = copy.git("rev-parse", "vsm-history")
    copy.git("update-ref", "refs/heads/vsm-history", "vsm-history~3")
    assert opened(copy.path, copy.environment).verify().faults == []
    faults = opened(copy.path, copy.environment).verify(expect=head[:12]).faults
    assert [fault.path for fault in faults] == [None]
    assert head[:12] in faults[0].what


def test_a_history_made_up_from_its_root_is_found_by_a_head_that_was_published(
    honest: Repository, tmp_path: Path
) -> None:
    """Every record says another thing, and saw the heads of the branch that was made up."""
    head = honest.git("rev-parse", "vsm-history~5")
    env = bare_machine(tmp_path)
    other = checkout(tmp_path / "other")
    for found in opened(honest.path, env).records():
        ledger = opened(other.path, env, now=found.time)
        made_up = {**found.document, "score": 100, "history_head": ledger.head()}
        ledger.append([Record.of(made_up)])
    assert opened(other.path, env).verify().faults == []
    assert opened(honest.path, env).verify(expect=head).faults == []
    faults = opened(other.path, env).verify(expect=head).faults
    assert [fault.what for fault in faults] == [
        f"the branch does not contain {head}, which was expected"
    ]


def test_a_content_that_is_missing_or_was_changed_on_disk_is_a_fault(copy: Repository) -> None:
    names = copy.git("ls-tree", "-r", "vsm-history", "records").splitlines()
    oids = [line.split()[2] for line in names[:3]]
    objects = copy.path / ".git" / "objects"
    (objects / oids[0][:2] / oids[0][2:]).unlink()
    place = objects / oids[1][:2] / oids[1][2:]
    other = copy.git("rev-parse", "HEAD:file")
    place.chmod(0o644)
    place.write_bytes((objects / other[:2] / other[2:]).read_bytes())
    rubbish = objects / oids[2][:2] / oids[2][2:]
    rubbish.chmod(0o644)
    rubbish.write_bytes(b"no zlib")
    faults = opened(copy.path, copy.environment).verify().faults
    assert sorted(str(fault.path) for fault in faults) == sorted(
        line.split("\t")[1] for line in names[:3]
    )


def test_no_branch_and_a_cut_one_are_errors_and_no_clean_bill(
    honest: Repository, tmp_path: Path
) -> None:
    env = bare_machine(tmp_path)
    with pytest.raises(HistoryError, match="no such history branch"):
        opened(checkout(tmp_path / "empty").path, env).verify()
    shallow = honest.clone(tmp_path / "shallow", "--depth=2", "--branch=vsm-history")
    with pytest.raises(HistoryError, match="shallow"):
        opened(shallow.path, env).verify()


class Run(NamedTuple):
    """An append: days after the last one (a clock may jump back), and how old its records are."""

    later: int
    hours: int
    ages: tuple[int, ...]
    sees: bool


RUNS = st.lists(
    st.builds(
        Run,
        later=st.integers(-3, 5),
        hours=st.integers(0, 23),
        ages=st.lists(st.integers(-1, 6), min_size=1, max_size=4).map(tuple),
        sees=st.booleans(),
    ),
    min_size=1,
    max_size=6,
)


@settings(max_examples=30, deadline=None, derandomize=True)
@given(runs=RUNS)
def test_no_honest_branch_is_ever_accused(
    tmp_path_factory: pytest.TempPathFactory, runs: list[Run]
) -> None:
    """Whatever the clock does, however late records are, and however often they come."""
    work = checkout(tmp_path_factory.mktemp("any") / "work")
    env = bare_machine(work.path.parent)
    day, made = 0, []
    for number, run in enumerate(runs):
        day += run.later
        now = NOW.replace(hour=run.hours) + day * DAY
        ledger = opened(work.path, env, now=now)
        head = ledger.head() if run.sees else None
        made += [
            record(10 * number + n, time=now - age * DAY, history_head=head)
            for n, age in enumerate(run.ages)
        ]
        ledger.append(made[-len(run.ages) - 1 :])
    found = opened(work.path, env).verify(replay=True)
    assert found.faults == []
    assert sorted(numbers(opened(work.path, env))) == [each.document["number"] for each in made]
