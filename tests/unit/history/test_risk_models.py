"""The ref that keeps a repository's risk model."""

from __future__ import annotations

from random import Random

import pytest
from tests.support.ledgers import DAY, NOW, Place, bare_machine, opened, record
from tests.support.repository import Repository

from vsm_gate.history.risk_models import RiskModels
from vsm_gate.history.store import Pauses


def models(place: Place, of: str = "acme/shop") -> RiskModels:
    work, remote = place
    return RiskModels.open(
        work.path,
        of=of,
        remote=remote,
        environment=bare_machine(work.path.parent),
        pauses=Pauses(lambda _: None, Random(1)),
    )


def test_none_yet(place: Place) -> None:
    assert models(place).read() is None
    assert models(place).model() is None


def test_the_newest_takes_the_place_of_the_one_before(place: Place) -> None:
    models(place).replace(b"first", NOW)
    models(place).replace(b"second", NOW + DAY)
    models(place).replace(b"second", NOW + DAY)
    assert models(place).read() == b"second"


@pytest.mark.parametrize("other", ["acme/pay", "a b..c~^:?*[\\", "-x", "é\udcff", ""])
def test_each_repository_has_its_own_whatever_its_name(place: Place, other: str) -> None:
    models(place).replace(b"shop", NOW)
    models(place, other).replace(b"other", NOW)
    assert (models(place).read(), models(place, other).read()) == (b"shop", b"other")


def test_it_is_no_part_of_the_history(work: Repository, env: dict[str, str]) -> None:
    ledger = opened(work.path, env)
    ledger.append([record()])
    head = ledger.head()
    models((work, None)).replace(b"model", NOW)
    assert opened(work.path, env).head() == head
