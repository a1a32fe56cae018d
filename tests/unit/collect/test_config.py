"""The configuration file and its mistakes."""

from __future__ import annotations

import pytest

from vsm_gate.collect.config import Config, default, parse
from vsm_gate.errors import ConfigurationError
from vsm_gate.impact.slo import Source
from vsm_gate.model.impact import Component


def test_everything_can_be_left_out() -> None:
    found = parse("c.yaml", "schema: vsm-gate/config/v1\n")
    assert found == default()
    assert found.history.branch == "vsm-history"
    assert found.component_list() == ()


def test_short_and_long_ways_to_name_reports() -> None:
    text = "schema: vsm-gate/config/v1\ntests: a.xml\ncoverage: [b.xml, {path: c.xml, stage: unit}]"
    found = parse("c.yaml", text)
    assert [entry.path for entry in found.tests or ()] == ["a.xml"]
    assert [(entry.path, entry.stage) for entry in found.coverage or ()] == [
        ("b.xml", None),
        ("c.xml", "unit"),
    ]


def test_components() -> None:
    text = """\
schema: vsm-gate/config/v1
components:
  - {name: api, paths: [src/**], owner: "@acme/pay", tier: 1, depends_on: [base]}
"""
    assert parse("c.yaml", text).component_list() == (
        Component("api", ("src/**",), "@acme/pay", 1, ("base",), source=".vsm-gate.yaml"),
    )


def test_every_mistake_has_its_place() -> None:
    text = """\
schema: vsm-gate/config/v2
teem: payments
tests: [{pth: a.xml, stage: unti}]
components: [{name: api}]
history: {branch: ""}
"""
    with pytest.raises(ConfigurationError) as caught:
        parse("c.yaml", text)
    found = {(mistake.line, mistake.message.partition(":")[0]) for mistake in caught.value.mistakes}
    assert found == {
        (1, "`schema`"),
        (2, "unknown key `teem`"),
        (3, "unknown key `pth`"),
        (3, "`path` is missing"),
        (3, "`stage`"),
        (4, "`paths` is missing"),
        (5, "`branch`"),
    }
    hints = {mistake.hint for mistake in caught.value.mistakes}
    assert {"perhaps you meant `team`?", "perhaps you meant `path`?"} <= hints


@pytest.mark.parametrize("text", ["", "- a\n", "schema: [", "a: b: c\n", "just text"])
def test_what_is_no_configuration_is_a_mistake(text: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        parse("c.yaml", text)
    assert caught.value.mistakes[0].file == "c.yaml"


def test_classes_of_sensitive_files() -> None:
    text = "sensitive: {money: [src/a, 'b/**'], one: c, migrations: false, none: []}\n"
    assert parse("c.yaml", f"schema: vsm-gate/config/v1\n{text}").sensitive_classes() == {
        "money": ("src/a", "b/**"),
        "one": ("c",),
        "migrations": (),
        "none": (),
    }


@pytest.mark.parametrize("value", ["true", "[1]", "[[a]]", "null", "{a: b}", "['']"])
def test_what_is_no_class_of_sensitive_files(value: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        parse("c.yaml", f"schema: vsm-gate/config/v1\nsensitive: {{x: {value}}}\n")
    (mistake,) = caught.value.mistakes
    assert (mistake.line, mistake.message) == (2, "`x`: must be a list of globs, or false")


def test_sources_of_readings() -> None:
    counted = "{from: 'https://p', name: n, target: 99.9, good: g, total: t, component: [a, b]}"
    text = f"schema: vsm-gate/config/v1\nslo: [{counted}, {{from: slo.json, component: c}}]\n"
    assert parse("c.yaml", text).slo_sources() == (
        Source("https://p", "n", "99.9", "28d", "g", "t", ("a", "b")),
        Source("slo.json", window="28d", components=("c",)),
    )


def test_every_key_says_what_it_is() -> None:
    schema = Config.model_json_schema()
    for kind in (schema, *schema["$defs"].values()):
        for name, field in kind["properties"].items():
            assert field.get("description"), f"{kind['title']}.{name} has no description"
