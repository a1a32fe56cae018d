from __future__ import annotations

from datetime import datetime, timedelta

from tests.support.auditing import HOUR, MAIN, MERGED, audited, check, deployment, landed

from vsm_gate.audit import page, summary
from vsm_gate.audit.audit import Audit

DAY = timedelta(days=1)
LINE = tuple(landed(f"{n:040x}", time=MERGED + n * DAY, subject=f"Change {n}") for n in range(5))
CHECKED = check(head=LINE[2].sha, at=LINE[2].time + HOUR, on_main=True)
SHIPPED = deployment(LINE[4].sha, began=LINE[4].time + HOUR)


def numbers(made: Audit) -> list[int]:
    return [int(each.change.commit.sha, 16) for each in made.chosen]


def test_by_default_the_period_begins_with_the_first_change_that_was_checked() -> None:
    made = audited(check(head=MAIN, at=MERGED + HOUR, on_main=True), since=None)

    assert made.since == MERGED
    assert made.with_record == len(made.changes) == 1
    assert numbers(audited(CHECKED, commits=LINE, since=None)) == [2, 3, 4]


def test_a_check_that_is_older_than_any_checked_change_begins_the_period() -> None:
    proposed = check(head="f" * 40, at=LINE[1].time - HOUR, number=99)
    made = audited(CHECKED, proposed, commits=LINE, since=None)

    assert made.since == LINE[1].time - HOUR
    assert numbers(made) == [1, 2, 3, 4]


def test_the_first_deployment_carries_nothing_from_before_the_first_check() -> None:
    def carried(since: datetime | None) -> list[int]:
        made = audited(CHECKED, SHIPPED, commits=LINE, since=since, deployment="deploy-1")
        return numbers(made)

    assert carried(None) == [2, 3, 4]
    assert carried(LINE[1].time) == [1, 2, 3, 4]
    assert carried(LINE[4].time) == [2, 3, 4]


def test_deployments_that_were_recorded_before_the_gate_was_there_carry_what_they_brought() -> None:
    checked = check(head=LINE[3].sha, at=LINE[3].time + HOUR, on_main=True)
    before = deployment(LINE[1].sha, began=LINE[1].time + HOUR, name="d0")
    after = deployment(LINE[4].sha, began=LINE[4].time + HOUR, name="d1")

    def carried(name: str, since: datetime | None = None) -> list[int]:
        made = audited(checked, before, after, commits=LINE, since=since, deployment=name)
        return numbers(made)

    assert (carried("d0"), carried("d1")) == ([0, 1], [2, 3, 4])
    assert (carried("d0", LINE[4].time), carried("d1", LINE[4].time)) == ([0, 1], [2, 3, 4])


def test_a_late_first_deployment_of_an_older_commit_carries_that_and_no_history() -> None:
    checked = check(head=LINE[3].sha, at=LINE[3].time + HOUR, on_main=True)
    elsewhere = deployment(LINE[0].sha, began=MERGED, name="test", environment="test")
    late = deployment(LINE[1].sha, began=LINE[3].time + 2 * HOUR, name="d0")
    after = deployment(LINE[4].sha, began=LINE[4].time + HOUR, name="d1")

    records = (checked, elsewhere, late, after)
    for name, carried in ("d0", [1]), ("d1", [2, 3, 4]):
        assert numbers(audited(*records, commits=LINE, since=None, deployment=name)) == carried


def test_the_page_of_a_deployment_names_the_period_and_that_it_carried_nothing() -> None:
    again = deployment(LINE[4].sha, began=LINE[4].time + 2 * HOUR, name="again")
    made = audited(CHECKED, SHIPPED, again, commits=LINE, deployment="again")
    said = " ".join(page.render(made, few=True, version="1").split())

    assert "this deployment carried nothing that an earlier one had not." in said
    assert "5 changes on origin/main from 1 Jul 2026 to 22 Nov 2026" in said


def test_one_commit_from_before_the_first_check_still_has_its_deployment() -> None:
    made = audited(CHECKED, SHIPPED, commits=LINE, since=None, commit=LINE[0].sha)

    assert numbers(made) == [0]
    assert made.chosen[0].deployment is not None


def test_the_page_counts_what_was_asked_for_and_the_population_beside_it() -> None:
    made = audited(CHECKED, SHIPPED, commits=LINE, since=LINE[0].time, deployment="deploy-1")
    said = " ".join(page.render(made, few=True, version="1").split())

    assert '<h2>Selected</h2><p class="big">5</p>' in said
    assert "1 of 5; of the population 1 of 5" in said
    later = audited(CHECKED, SHIPPED, commits=LINE, since=LINE[4].time, deployment="deploy-1")
    assert "1 of 3; of the population 0 of 1" in page.render(later, few=True, version="1")


def test_what_has_no_record_is_told_what_to_do() -> None:
    made = audited()

    assert "<code>vsm-gate history append BUNDLE</code>" in page.render(made, few=True, version="1")
    assert any("vsm-gate check" in line for line in summary.lines(made))


def test_a_period_without_a_commit_says_where_the_commits_are() -> None:
    made = audited(CHECKED, commits=LINE, since=LINE[4].time + DAY)

    assert "no commit came to origin/main in this period" in page.render(
        made, few=True, version="1"
    )
    assert any(
        line.endswith(": name another period with --since and --until")
        for line in summary.lines(made)
    )
