from datetime import timedelta
from random import Random

import pytest
from tests.support.ledgers import NOW, Place, bare_machine
from tests.support.repository import Repository

from vsm_gate.errors import HistoryError, UsageError
from vsm_gate.history.snapshots import KEPT, Snapshots
from vsm_gate.history.store import Pauses


def opened(place: Place, of: str = "main") -> Snapshots:
    work, remote = place
    return Snapshots.open(
        work.path,
        of=of,
        remote=remote,
        environment=bare_machine(work.path.parent),
        pauses=Pauses(lambda _: None, Random(1)),
    )


def sha(number: int) -> str:
    return f"{number:040x}"


def test_none_yet(place: Place) -> None:
    assert opened(place).newest() == []


def test_the_newest_come_first_and_are_read_one_by_one(
    place: Place,
) -> None:
    for number in (1, 3, 2):
        opened(place).add(sha(number), b"%d" % number, NOW + timedelta(minutes=number))
    snapshots = opened(place)
    found = snapshots.newest()
    assert [snapshot.commit for snapshot in found] == [sha(3), sha(2), sha(1)]
    assert found[0].time == NOW + timedelta(minutes=3)
    assert [snapshots.read(snapshot) for snapshot in found] == [b"3", b"2", b"1"]


def test_a_second_run_on_a_commit_takes_the_place_of_the_first(
    place: Place,
) -> None:
    opened(place).add(sha(1), b"first", NOW)
    opened(place).add(sha(1), b"second", NOW + timedelta(minutes=1))
    snapshots = opened(place)
    (only,) = snapshots.newest()
    assert snapshots.read(only) == b"second"


def test_only_the_last_few_are_kept_and_no_past(place: Place) -> None:
    work, remote = place
    for number in range(KEPT + 3):
        opened(place).add(sha(number), b"x", NOW + timedelta(minutes=number))
    assert [int(found.commit, 16) for found in opened(place).newest()] == list(
        range(KEPT + 2, 2, -1)
    )
    where = ["-C", remote] if remote else []
    assert work.git(*where, "rev-list", "--count", "refs/vsm-gate/snapshots/main") == "1"
    names = work.git(*where, "ls-tree", "--name-only", "refs/vsm-gate/snapshots/main").split()
    assert names[0] == f"{NOW + timedelta(minutes=3):%Y%m%dT%H%M%SZ}-{sha(3)}.snapshot"


def test_branches_are_apart(place: Place) -> None:
    opened(place, "release/1").add(sha(1), b"x", NOW)
    assert opened(place).newest() == []
    assert len(opened(place, "release/1").newest()) == 1


def test_somebody_else_in_between_loses_nothing(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    moved: list[str] = []
    slow = opened(place)
    original = slow.kept.place.replace

    def late(new: str, old: str | None) -> object:
        if not moved:
            moved.append(new)
            opened(place).add(sha(2), b"other", NOW + timedelta(minutes=2))
        return original(new, old)

    monkeypatch.setattr(slow.kept.place, "replace", late)
    slow.add(sha(1), b"mine", NOW)
    assert [found.commit for found in opened(place).newest()] == [sha(2), sha(1)]


def test_a_damaged_ref_is_not_taken_for_none(work: Repository) -> None:
    opened((work, None)).add(sha(1), b"x", NOW)
    (work.path / ".git" / "refs" / "vsm-gate" / "snapshots" / "main").write_text("?", "utf-8")
    with pytest.raises(HistoryError, match="cannot be read"):
        opened((work, None)).newest()


def test_an_impossible_branch_is_refused(work: Repository) -> None:
    with pytest.raises(UsageError):
        opened((work, None), "a..b")
