from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.auditing import (
    HEAD,
    HOUR,
    MERGED,
    REPOSITORY,
    approval,
    audited,
    check,
    contents,
    deployment,
    forge,
)

from vsm_gate.audit.gathering import gather


def test_a_record_that_came_twice_counts_once() -> None:
    found = gather([*contents([check()]), *contents([check()])], REPOSITORY)

    assert found.records == 1
    assert len(found.by_pull_request[7]) == 1


def test_records_of_other_repositories_are_left_out() -> None:
    foreign = {**check(), "repository": "acme/other", "note": f'"repository":"{REPOSITORY}"'}

    assert gather(contents([foreign]), REPOSITORY).records == 0


def test_what_is_no_record_is_counted_and_named() -> None:
    broken = f'{{"repository":"{REPOSITORY}","time":'.encode()
    timeless = json.dumps({"repository": REPOSITORY}, separators=(",", ":")).encode()
    found = gather([("1" * 64, broken), ("2" * 64, timeless)], REPOSITORY)

    assert found.unreadable == ["1" * 64, "2" * 64]


def test_an_unreadable_record_is_never_a_clean_audit() -> None:
    made = audited(check(forge=forge(("bo", HOUR, True))))

    assert made.clean
    assert not replace(made, unreadable=("1" * 64,)).clean


junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner, max_size=2)
    ),
    max_leaves=4,
)
DOCUMENTS = (
    check(forge=forge(), break_glass={"by": "x"}, measurements={"change.approvals": {"value": 1}}),
    approval(HEAD, "bo", MERGED),
    deployment(),
)


@given(st.sampled_from(DOCUMENTS), st.data())
def test_no_field_of_a_record_can_break_an_audit(
    document: dict[str, Any], data: st.DataObject
) -> None:
    names = sorted(set(document) - {"schema", "kind", "time", "repository"})
    name = data.draw(st.sampled_from(names))
    inside = document[name]
    if isinstance(inside, dict) and inside and data.draw(st.booleans()):
        changed: Any = {**inside, data.draw(st.sampled_from(sorted(inside))): data.draw(junk)}
    else:
        changed = data.draw(junk)
    broken = {**document, name: changed, "team": document["team"]}

    assert len(audited(broken).changes) == 1


@pytest.mark.parametrize("time", ["2026-07-10T12:00:00+02:00", "2026-07-10T10:00:00Z"])
def test_times_are_compared_in_utc(time: str) -> None:
    record = next(contents([{**check(), "time": time}]))

    found = gather([record], REPOSITORY)
    assert found.first is not None
    assert found.first.hour == 10


def test_a_policy_is_kept_once_however_many_changes_it_judged() -> None:
    sources = [{"source": f"s.yaml at {n:010x}", "sha256": "7" * 64} for n in range(5)]
    found = gather(contents([check(policy=each) for each in sources]), REPOSITORY)

    assert found.records == 5
    assert [each.source for each in found.policies.values()] == ["s.yaml at 0000000000"]
