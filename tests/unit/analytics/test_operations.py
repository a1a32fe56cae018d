"""What `check` says of a component's past is what the report says of it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from tests.support.pictures import picture_of
from tests.support.records import Document, event

from vsm_gate.impact.operations import operations
from vsm_gate.model.impact import Impact

EVERYTHING = Impact(total=0)


def happened(dice: random.Random) -> Iterator[Document]:
    """A month of deployments and incidents, some of which name what they are about."""

    def moment() -> str:
        when = datetime(2026, 10, 1) + timedelta(minutes=dice.randrange(28 * 24 * 60))  # noqa: DTZ001
        return f"{when.isoformat()}Z"

    def components() -> list[str]:
        return dice.sample(["pay", "shop", "web"], dice.randint(0, 2))

    for number in range(dice.randint(0, 12)):
        body = {
            "id": f"d{number}",
            "commit": "a" * 40,
            "status": dice.choice(["success", "success", "failure"]),
            "environment": dice.choice(["production", "Prod", "staging"]),
            "finished": moment(),
            "caused_by": None,
        }
        yield event("deployment", str(body["finished"]), components=components(), event=body)
    for number in range(dice.randint(0, 8)):
        cause = dice.choice([None, None, f"d{dice.randint(0, 12)}"])
        body = {"id": f"i{number}", "started": moment(), "resolved": None, "deployment": cause}
        yield event("incident", str(body["started"]), components=components(), event=body)
    for name in ("up", "fast"):
        for _ in range(dice.randint(0, 2)):
            total = dice.randint(0, 1000)
            counts = {"good": dice.randint(0, total), "total": total}
            said = {"name": name, "target": dice.choice([99.9, 95, 100]), "window": "28d"}
            yield event("slo", moment(), components=[], event={**said, **counts})


@pytest.mark.parametrize("seed", range(12))
def test_the_fail_rate_and_the_budget_are_those_of_the_report(seed: int) -> None:
    documents = sorted(happened(random.Random(seed)), key=lambda each: each["time"])
    found = operations(documents, EVERYTHING)
    figures = picture_of(documents).organisation.period.figures
    rate = figures["delivery.change_fail_rate"]
    assert (rate.numerator or 0, rate.denominator or 0) == (found.failed, found.deployments)
    left = figures["experience.error_budget_remaining"].value
    mine = float(found.budgets[0].remaining) if found.budgets else None
    assert left == (None if mine is None else pytest.approx(mine))
