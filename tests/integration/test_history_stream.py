"""The stream of contents: all of them, or what is new since an earlier reading."""

from collections import Counter
from pathlib import Path

import pytest
from tests.support.ledgers import DAY, NOW, Place, opened, record, server
from tests.support.repository import Repository

from vsm_gate.history.federation import sync
from vsm_gate.history.ledger import Ledger
from vsm_gate.history.record import parse
from vsm_gate.history.stream import RewrittenError


@pytest.fixture(params=["own", "remote"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """A repository with a history, and the remote by which it is reached, if by one."""
    kept = server(tmp_path / "srv.git")
    return kept, None if request.param == "own" else str(kept.path)


def ledger(work: Repository, place: Place, env: dict[str, str], day: int) -> Ledger:
    kept, remote = place
    folder = kept.path if remote is None else work.path
    return opened(folder, env, now=NOW + day * DAY, remote=remote)


def read(opened: Ledger, since: dict[str, str] | None = None) -> list[int]:
    found = []
    for name, content in opened.iter_contents(since):
        one = parse(content)
        assert one.id == name
        found.append(one.document["number"])
    return found


def test_what_is_new_comes_once_whatever_was_sealed_meanwhile(
    work: Repository, place: Place, env: dict[str, str]
) -> None:
    since: dict[str, str] = {}
    seen: Counter[int] = Counter()
    for day in (0, 0, 1, 2, 2, 3, 7, 7, 9):
        opened_then = ledger(work, place, env, day)
        number = len(seen)
        late = record(number + 1, time=NOW + (day - 5) * DAY)
        opened_then.append([record(number, time=NOW + day * DAY), late])
        fresh = read(ledger(work, place, env, day), since)
        assert sorted(fresh) == [number, number + 1]
        seen.update(fresh)
        since = ledger(work, place, env, day).positions()
    assert set(seen.values()) == {1}
    assert sorted(read(ledger(work, place, env, 9))) == sorted(seen)
    assert read(ledger(work, place, env, 9), since) == []


def test_readings_that_are_far_apart_miss_nothing(
    work: Repository, place: Place, env: dict[str, str]
) -> None:
    positions: list[dict[str, str]] = [{}]
    for day in range(6):
        mine = [record(10 * day + n, time=NOW + day * DAY) for n in range(3)]
        ledger(work, place, env, day).append(mine)
        positions.append(ledger(work, place, env, day).positions())
    last = ledger(work, place, env, 6)
    for day, since in enumerate(positions):
        expected = [10 * later + n for later in range(day, 6) for n in range(3)]
        assert sorted(read(last, since)) == expected


def test_no_branch_has_no_contents_and_no_position(
    work: Repository, place: Place, env: dict[str, str]
) -> None:
    opened_then = ledger(work, place, env, 0)
    assert opened_then.positions() == {}
    assert read(opened_then) == []


def test_a_history_that_was_begun_anew_has_to_be_read_anew(
    work: Repository, place: Place, env: dict[str, str]
) -> None:
    ledger(work, place, env, 0).append([record(1), record(2)])
    since = ledger(work, place, env, 0).positions()
    place[0].git("update-ref", "-d", "refs/heads/vsm-history")
    with pytest.raises(RewrittenError):
        read(ledger(work, place, env, 0), since)
    ledger(work, place, env, 0).append([record(1)])
    with pytest.raises(RewrittenError, match="rewritten since"):
        read(ledger(work, place, env, 0), since)
    assert read(ledger(work, place, env, 0)) == [1]


def test_a_sealed_day_that_lacks_a_record_read_when_it_was_open_is_a_rewrite(
    work: Repository, place: Place, env: dict[str, str]
) -> None:
    ledger(work, place, env, 0).append([record(1), record(2)])
    since = ledger(work, place, env, 0).positions()
    place[0].git("update-ref", "-d", "refs/heads/vsm-history")
    ledger(work, place, env, 0).append([record(1)])
    ledger(work, place, env, 4).append([record(3, time=NOW + 4 * DAY)])
    with pytest.raises(RewrittenError, match="where it was sealed"):
        read(ledger(work, place, env, 4), since)


def test_a_position_that_is_gone_has_to_be_read_anew(
    work: Repository, place: Place, env: dict[str, str]
) -> None:
    ledger(work, place, env, 0).append([record(1)])
    with pytest.raises(RewrittenError, match="any more"):
        read(ledger(work, place, env, 0), {"refs/heads/vsm-history": "1" * 40})


def test_histories_that_were_brought_together_are_read_from_where_each_stood(
    work: Repository, env: dict[str, str], tmp_path: Path
) -> None:
    others = [server(tmp_path / name) for name in ("one.git", "two.git")]
    for number, each in enumerate(others):
        opened(each.path, env).append([record(10 * number)])
        sync(work.path, str(each.path), branch="vsm-history", environment=env)
    everything = opened(work.path, env, branch="*")
    assert sorted(read(everything)) == [0, 10]
    since = everything.positions()
    opened(others[1].path, env).append([record(11)])
    sync(work.path, str(others[1].path), branch="vsm-history", environment=env)
    opened(work.path, env).append([record(20)])
    again = opened(work.path, env, branch="*")
    assert sorted(read(again, since)) == [11, 20]
    assert sorted(read(again)) == [0, 10, 11, 20]
    with pytest.raises(RewrittenError, match="any more"):
        read(again, {**since, "refs/vsm-gate/sources/removed": "1" * 40})


def test_a_reading_that_is_given_up_stops_its_git(work: Repository, env: dict[str, str]) -> None:
    opened(work.path, env).append([record(number) for number in range(600)])
    reading = opened(work.path, env).iter_contents()
    next(reading)
    reading.close()  # type: ignore[attr-defined]
    assert len(read(opened(work.path, env))) == 600
