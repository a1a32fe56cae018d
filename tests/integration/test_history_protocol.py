"""The append protocol under random interleavings and faults: the real code of an append, against
a server in memory that takes a push whole or not at all.

What it shows, of some thousand schedules with up to six runs at a time: whatever the order of their
steps, wherever lines break, answers are lost or runs are killed, whatever the clock does, however
often a bundle is replayed, and whether or not the server has atomic pushes and takes inbox refs:

* the branch only ever grows, by one line of commits;
* a record that was acknowledged is on the branch, or safe in the inbox where the receipt says so,
  from that moment on;
* the next run that is let alone brings the inbox home;
* a day never has a record twice, and readers see each once;
* a run that was not acknowledged raised an error or was killed, and can be repeated without harm.

What it does not show: that git and a forge take a push whole or not at all. That is theirs; the
faults of a real server are in `test_history_faults`.
"""

import os
from collections import Counter
from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
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


class Protocol(RuleBasedStateMachine):
    """Runs that begin, go on, break, are killed and are repeated, as the schedule says."""

    @initialize(atomic=st.booleans(), takes_inbox=st.booleans())
    def begin(self, atomic: bool, takes_inbox: bool) -> None:
        """A server with a branch."""
        self.server = Server(Memory(), atomic=atomic, takes_inbox=takes_inbox)
        self.now = NOW
        self.runs: list[Writer] = []
        self.times = {0: NOW}
        finish(writer(0, self.server, [record(0)], NOW))
        self.before = line_of(self.server)

    def active(self) -> list[Writer]:
        """Runs that are not at their end."""
        return [found for found in self.runs if not found.finished]

    def go(self, number: int) -> Writer:
        """Begin a run that appends the record of a number."""
        made = record(number, time=self.times[number])
        run = writer(number, self.server, [made], self.now)
        self.runs.append(run)
        return run

    @precondition(lambda self: len(self.active()) < 6)
    @rule(age=st.integers(0, 4))
    def start(self, age: int) -> None:
        """A run with a record of its own."""
        number = len(self.times)
        self.times[number] = self.now - age * DAY
        self.go(number)

    @precondition(lambda self: len(self.active()) < 6)
    @rule(which=st.integers(0, 50))
    def replay(self, which: int) -> None:
        """A bundle is appended again, or two runs are the same."""
        self.go(which % len(self.times))

    @precondition(lambda self: bool(self.active()))
    @rule(turns=st.lists(st.tuples(st.integers(0, 5), FAULTS), min_size=1, max_size=12))
    def steps(self, turns: list[tuple[int, str]]) -> None:
        """One run after the other takes a step."""
        for turn, fault in turns:
            if active := self.active():
                active[turn % len(active)].step(fault)

    @rule(days=st.sampled_from([1, 2, 3, -1]))
    def wait(self, days: int) -> None:
        """Time passes, or a clock jumps back."""
        self.now += days * DAY

    @invariant()
    def grows_and_keeps(self) -> None:
        """The branch has what it had, and everything that was acknowledged is safe."""
        after = line_of(self.server)
        assert after[len(after) - len(self.before) :] == self.before
        self.before = after
        there = Counter(recorded(self.server))
        waiting = {
            parse(line).document["number"]
            for ref, oid in self.server.refs.items()
            if ref != BRANCH
            for line in self.server.objects.read(oid).splitlines()
        }
        for run in self.runs:
            if run.acknowledged is not None:
                assert run.number in there or (
                    run.acknowledged.how == "inbox" and run.number in waiting
                )

    def teardown(self) -> None:
        """Everybody goes home, and so does the inbox."""
        for run in self.active():
            finish(run)
        home = writer(-1, self.server, [record(10**6, time=self.now)], self.now)
        finish(home)
        assert home.acknowledged is not None
        assert set(self.server.refs) == {BRANCH}
        there = set(recorded(self.server))
        assert {run.number for run in self.runs if run.acknowledged is not None} <= there
        assert there <= {*self.times, 10**6}
        assert_no_day_has_a_record_twice(self.server)


def assert_no_day_has_a_record_twice(server: Server) -> None:
    objects = server.objects
    days = days_of(objects, objects.tree_of(server.refs[BRANCH]))
    for tree in days.open.values():
        names = [place.name for place in places(objects, tree)]
        assert len(names) == len(set(names))
    for blob in days.sealed.values():
        lines = objects.read(blob).splitlines()
        assert len(lines) == len(set(lines))


TestProtocol = Protocol.TestCase
TestProtocol.settings = settings(
    max_examples=int(os.environ.get("SCHEDULES", "1500")),
    stateful_step_count=20,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
