from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from vsm_gate.report.slugs import slug, slugs

ANY = st.text(st.characters(exclude_categories=()))


@given(ANY)
@example("../../etc/passwd")
@example("con")
@example("")
@example("\ud800")
def test_a_slug_is_a_plain_file_name(name: str) -> None:
    assert re.fullmatch(r"[a-z0-9][a-z0-9-]*", slug(name))
    assert len(slug(name)) <= 60


@given(st.lists(ANY, unique=True))
@example(["Payments", "payments", "PAYMENTS", "payments ", "con", "CON"])
@example(["a/b", "a-b", "a b", "a.b"])
def test_two_names_never_share_a_file(names: list[str]) -> None:
    found = list(slugs(names).values())

    assert len({name.casefold() for name in found}) == len(names)


@given(ANY)
def test_a_name_cannot_be_chosen_to_take_the_file_of_another(name: str) -> None:
    assert slug(slug(name)) == slug(name) or "--" in slug(name)
    if slug(name) != name:
        assert slug(slug(name)) != slug(name)


@pytest.mark.parametrize("name", ["payments", "web-shop", "team2"])
def test_a_plain_name_stays(name: str) -> None:
    assert slug(name) == name
