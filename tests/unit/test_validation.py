from __future__ import annotations

from typing import Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field

from vsm_gate.documents import load
from vsm_gate.errors import ConfigurationError
from vsm_gate.validation import validate


class Inner(BaseModel):
    model_config = ConfigDict(extra="forbid")
    colour: Literal["red", "green"] = "red"
    size: int = 1


class Outer(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: str
    inner: Inner = Inner()
    parts: dict[str, Inner] = Field(default={})


def mistakes(text: str) -> list[tuple[str, str, str | None]]:
    with pytest.raises(ConfigurationError) as caught:
        validate(Outer, load("f", text))
    return [(each.where, each.message, each.hint) for each in caught.value.mistakes]


def test_a_good_document_is_its_model() -> None:
    found = validate(Outer, load("f", "name: a\ninner: {size: 2}\n"))
    assert (found.name, found.inner.size, found.inner.colour) == ("a", 2, "red")


def test_every_mistake_at_once_where_it_stands() -> None:
    text = "inner:\n  colour: gren\n  siez: 2\nparts:\n  a: {size: big}\n"
    assert mistakes(text) == [
        ("f:1:1", "`name` is missing", None),
        (
            "f:2:3",
            "`colour`: input should be 'red' or 'green'",
            "perhaps you meant `green`?",
        ),
        ("f:3:3", "unknown key `siez`", "perhaps you meant `size`?"),
        (
            "f:5:7",
            "`size`: input should be a valid integer, unable to parse string as an integer",
            None,
        ),
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [("", "the file is empty"), ("- a", "it must hold keys and values")],
)
def test_what_is_no_mapping(text: str, message: str) -> None:
    assert mistakes(text) == [("f:1:1", message, None)]
