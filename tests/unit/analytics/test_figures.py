from __future__ import annotations

from tests.support.pictures import picture_of
from tests.support.records import Document, check, event, rate

from vsm_gate.analytics.figures import Figure, complete
from vsm_gate.metrics.catalogue import CATALOGUE

TOPIC = {"default_branch": False, "event": "pull_request"}


def figures(*documents: Document) -> dict[str, Figure]:
    return picture_of(documents).organisation.period.figures


def topic(time: str, number: int, **measurements: object) -> Document:
    named = {name.replace("_", ".", 1): found for name, found in measurements.items()}
    return check(time, change={**TOPIC, "pull_request": number}, measurements=named)


def test_a_rate_of_changes_is_pooled() -> None:
    found = figures(
        topic("2026-10-05T10:00:00Z", 1, coverage_patch=rate(1, 1)),
        topic("2026-10-06T10:00:00Z", 2, coverage_patch=rate(10, 99)),
    )["coverage.patch"]

    assert (found.value, found.numerator, found.denominator, found.n) == (11.0, 11, 100, 2)


def test_a_state_is_that_of_the_newest_default_branch_of_each_repository() -> None:
    def main(time: str, repository: str, numerator: int) -> Document:
        measured = {"coverage.line": rate(numerator, 100)}
        return check(time, repository=repository, measurements=measured)

    found = figures(
        main("2026-10-05T10:00:00Z", "acme/a", 10),
        main("2026-10-06T10:00:00Z", "acme/a", 60),
        main("2026-10-05T10:00:00Z", "acme/b", 90),
        topic("2026-10-07T10:00:00Z", 1, coverage_line=rate(1, 100)),
    )["coverage.line"]

    assert (found.numerator, found.denominator, found.n) == (150, 200, 2)


def test_a_count_is_a_median_with_its_quartiles() -> None:
    found = figures(
        *(
            topic(f"2026-10-0{day}T10:00:00Z", day, change_files={"value": files})
            for day, files in enumerate((1, 2, 3, 4, 90), 1)
        )
    )["change.files"]

    assert (found.value, found.quartiles, found.n) == (3, (2, 4), 5)


def test_a_missing_measurement_keeps_its_most_frequent_reason() -> None:
    found = figures(
        topic("2026-10-05T10:00:00Z", 1, coverage_branch={"missing": "no branches"}),
        topic("2026-10-06T10:00:00Z", 2, coverage_branch={"missing": "no branches"}),
        topic("2026-10-07T10:00:00Z", 3, coverage_branch={"missing": "not read"}),
    )["coverage.branch"]

    assert (found.value, found.missing) == (None, "no branches")


def test_an_empty_denominator_is_no_rate() -> None:
    empty = {"value": 0, "numerator": 0, "denominator": 0}

    found = figures(topic("2026-10-05T10:00:00Z", 1, coverage_patch=empty))["coverage.patch"]

    assert found.value is None


def test_every_metric_has_a_value_or_a_reason() -> None:
    for metric, found in complete((), {}).items():
        assert found.value is None
        assert found.missing
        assert metric in CATALOGUE


def test_blocked_commits_that_turned_green_by_themselves() -> None:
    same = {**TOPIC, "pull_request": 1, "tested": "c" * 40}
    other = {**TOPIC, "pull_request": 2, "tested": "d" * 40}

    found = figures(
        check("2026-10-05T10:00:00Z", verdict="fail", blocked=True, change=same),
        check("2026-10-05T10:45:00Z", verdict="pass", change={**same, "attempt": 2}),
        check("2026-10-05T10:00:00Z", verdict="fail", blocked=True, change=other),
    )

    false = found["governance.false_block_rate"]
    assert (false.numerator, false.denominator) == (1, 2)
    assert (found["waste.blocked"].value, found["waste.blocked"].n) == (45, 1)


def test_complete_and_accurate_is_the_product_of_its_stages() -> None:
    def change(number: int, verdict: str) -> Document:
        return check(
            f"2026-10-0{number}T10:00:00Z",
            verdict=verdict,
            change={**TOPIC, "pull_request": number},
        )

    found = figures(
        change(1, "pass"),
        change(2, "fail"),
        check("2026-10-03T10:00:00Z", verdict="pass"),
        check("2026-10-04T10:00:00Z", verdict="pass"),
        check("2026-10-05T10:00:00Z", verdict="fail"),
        check("2026-10-06T10:00:00Z", verdict="warn"),
    )["flow.complete_accurate"]

    assert found.value is not None
    assert abs(found.value - 100 * (1 / 2) * (3 / 4)) < 1e-9
    assert found.n == 2


def test_an_approval_counts_where_another_gave_it_to_the_last_commit() -> None:
    def change(number: int, approved: str | None, by: str) -> list[Document]:
        head = f"{number:040x}"
        judged = {**TOPIC, "pull_request": number, "head": head, "tested": head, "actor": "kim"}
        documents = [check(f"2026-10-0{number}T10:00:00Z", change=judged)]
        if approved is not None:
            body = {"commit": approved or head, "by": by, "at": "2026-10-09T10:00:00Z"}
            documents.append(event("approval", "2026-10-09T10:00:00Z", event=body))
        return documents

    found = figures(
        *change(1, "", "alex"),
        *change(2, "", "kim"),
        *change(3, None, ""),
        *change(4, "f" * 40, "alex"),
    )["governance.segregation"]

    assert (found.numerator, found.denominator) == (1, 4)


def test_without_approvals_on_record_nothing_is_said_of_them() -> None:
    judged = {**TOPIC, "pull_request": 1, "actor": "kim"}

    found = figures(check("2026-10-05T10:00:00Z", change=judged))["governance.segregation"]

    assert found.value is None


def test_what_came_to_the_default_branch_past_a_red_gate() -> None:
    def landed(day: int, conclusion: str, **more: object) -> Document:
        return {**check(f"2026-10-0{day}T10:00:00Z"), "conclusion": conclusion, **more}

    found = figures(
        landed(1, "pass"),
        landed(2, "warn"),
        landed(3, "fail"),
        landed(4, "pass", break_glass={"by": "sam", "why": "outage"}),
    )["governance.bypass_rate"]

    assert (found.numerator, found.denominator) == (2, 4)
