"""The append protocol under random interleavings and faults.

What it shows: whatever the order of the steps of several writers, and wherever lines break or runs
are killed, a record that was acknowledged is on the branch or safe in the inbox, the next run
brings the inbox home, the branch only ever grows by one line of commits, and each record is there
once. A writer that is not acknowledged raised an error, and can be repeated without harm.
"""

from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.support.ledgers import DAY, NOW, record
from tests.support.simulation import BRANCH, Memory, Server, Writer, finish, writer

from vsm_gate.history.layout import days_of, places
from vsm_gate.history.record import parse

FAULTS = st.sampled_from(
    ["none"] * 12 + ["lost", "unheard", "kill", "kill after"]
)  # fmt: skip
SCHEDULES = st.lists(st.tuples(st.integers(0, 4), FAULTS), max_size=60)


def recorded(server: Server) -> list[int]:
    """The numbers of the records on the branch, as often as they are there."""
    objects = server.objects
    days = days_of(objects, objects.tree_of(server.refs[BRANCH]))
    contents = [
        objects.read(place.oid) for day in days.open.values() for place in places(objects, day)
    ]
    for sealed in days.sealed.values():
        contents += objects.read(sealed).splitlines()
    return sorted(parse(content).document["number"] for content in contents)


def line_of(server: Server) -> list[str]:
    """The commits of the branch, newest first."""
    found, commits = server.refs.get(BRANCH), []
    while found is not None:
        commits.append(found)
        found = server.objects.parents[found]
    return commits


def run(server: Server, writers: list[Writer], schedule: list[tuple[int, str]]) -> None:
    """Go through a schedule; after each step the branch has what it had."""
    before = line_of(server)
    for turn, fault in schedule:
        waiting = [found for found in writers if not found.finished]
        if not waiting:
            break
        waiting[turn % len(waiting)].step(fault)
        after = line_of(server)
        assert after[len(after) - len(before) :] == before
        before = after
    for found in writers:
        finish(found)


@settings(
    max_examples=500, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
@given(
    SCHEDULES,
    st.integers(1, 5),
    st.booleans(),
    st.booleans(),
    st.sampled_from([0, 1, 3]),
)
def test_no_acknowledged_record_is_lost_and_none_is_there_twice(
    schedule: list[tuple[int, str]], count: int, atomic: bool, takes_inbox: bool, days: int
) -> None:
    server = Server(Memory(), atomic=atomic, takes_inbox=takes_inbox)
    begin = writer(99, server, [record(99)], NOW)
    finish(begin)
    later = NOW + days * DAY
    long_ago = later - 5 * DAY
    writers = [
        writer(number, server, [record(number, time=long_ago)], later + timedelta(seconds=number))
        for number in range(count)
    ]
    run(server, writers, schedule)
    home = writer(100, server, [record(100, time=later)], later)
    finish(home)
    found = recorded(server)
    acknowledged = {w.number for w in (*writers, begin, home) if w.acknowledged is not None}
    assert acknowledged <= set(found)
    assert len(found) == len(set(found))
    assert set(server.refs) == {BRANCH}
    for one in writers:
        again = writer(one.number, server, [record(one.number, time=long_ago)], later + DAY)
        finish(again)
    assert recorded(server) == sorted([*range(count), 99, 100])


def test_the_first_writers_of_a_branch_begin_it_once() -> None:
    server = Server(Memory())
    writers = [writer(number, server, [record(number)], NOW) for number in range(4)]
    run(server, writers, [(number % 4, "none") for number in range(60)])
    assert recorded(server) == [0, 1, 2, 3]
    assert set(server.refs) == {BRANCH}


def test_nobody_needs_more_than_a_few_pushes_when_all_go_in_step() -> None:
    server = Server(Memory())
    finish(writer(99, server, [record(99)], NOW))
    writers = [writer(number, server, [record(number)], NOW) for number in range(50)]
    while any(not found.finished for found in writers):
        for found in writers:
            if not found.finished:
                found.step("none")
    done = [found.acknowledged for found in writers]
    assert all(found is not None and found.attempts <= 4 for found in done)
    assert recorded(server) == [*range(50), 99]
