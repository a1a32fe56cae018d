"""Verification: every tampering is found where it is; an honest branch is never accused."""

import os
import shutil
from pathlib import Path
from random import Random

import pytest
from tests.support.ledgers import DAY, NOW, bare_machine, checkout, opened, record
from tests.support.repository import Repository
from tests.support.tampering import WAYS, History

from vsm_gate.errors import HistoryError

SEEDS = range(int(os.environ.get("TAMPERING_SEEDS", "2")))


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


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("way", WAYS, ids=lambda way: str(way.__name__))
def test_every_tampering_is_found_and_names_its_commit(
    copy: Repository, way: object, seed: int
) -> None:
    before = set(copy.git("rev-list", "vsm-history").splitlines())
    way(History(copy), Random(seed))  # type: ignore[operator]
    after = set(copy.git("rev-list", "vsm-history").splitlines())
    faults = opened(copy.path, copy.environment).verify().faults
    assert faults
    assert {fault.commit for fault in faults} <= after - before


def test_a_branch_that_was_cut_is_found_by_the_head_that_was_published(copy: Repository) -> None:
    head = copy.git("rev-parse", "vsm-history")
    copy.git("update-ref", "refs/heads/vsm-history", "vsm-history~3")
    assert opened(copy.path, copy.environment).verify().faults == []
    faults = opened(copy.path, copy.environment).verify(expect=head[:12]).faults
    assert [fault.path for fault in faults] == [None]
    assert head[:12] in faults[0].what


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
