"""What the documentation writes is what an editor accepts by the published schemas."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import yaml

from vsm_gate.collect import config

ROOT = Path(__file__).parents[2]
PAGES = sorted((ROOT / "docs").glob("*.md"))
SCHEMAS = {
    name: json.loads((ROOT / "docs" / "schemas" / f"{name}-v1.json").read_text("utf-8"))
    for name in ("config", "scorecard")
}


def problems(name: str, document: dict[str, Any]) -> list[str]:
    validator = jsonschema_rs.Draft202012Validator(SCHEMAS[name])
    whole = {"schema": f"vsm-gate/{name}/v1"} | document
    # An editor sees a date as text.
    plain = json.loads(json.dumps(whole, default=str))
    return [each.message for each in validator.iter_errors(plain)]


def documented() -> list[tuple[str, dict[str, Any]]]:
    """The examples of each page that are whole sections of a configuration or a scorecard."""
    found = []
    for page in PAGES:
        for block in re.findall(
            r"^```yaml\n(.*?)^```", page.read_text("utf-8"), re.DOTALL | re.MULTILINE
        ):
            data = yaml.safe_load(block)
            for name, schema in SCHEMAS.items():
                if isinstance(data, dict) and data.keys() <= schema["properties"].keys():
                    found.append((name, data))
    return found


def test_what_is_documented_fits_the_schemas() -> None:
    examples = documented()
    assert len(examples) >= 10
    for name, data in examples:
        assert not problems(name, data), data


def test_the_page_of_the_configuration_shows_every_key() -> None:
    page = (ROOT / "docs" / "configuration.md").read_text("utf-8")
    (example,) = re.findall(r"^```yaml\n(.*?)^```", page, re.DOTALL | re.MULTILINE)
    data = yaml.safe_load(example)
    schema = SCHEMAS["config"]

    assert config.parse("c.yaml", example).slo_sources()
    assert ("config", data) in documented()
    assert data.keys() == schema["properties"].keys()
    for shown, name in [
        (data["tests"], "Reports"),
        (data["components"], "ComponentEntry"),
        (data["slo"], "SloSource"),
        ([data["history"]], "History"),
    ]:
        keys = {key for each in shown if isinstance(each, dict) for key in each}
        assert keys == schema["$defs"][name]["properties"].keys()


@pytest.mark.parametrize(
    "text",
    [
        "tests: a.xml",
        "coverage: [b.xml, {path: c.xml, stage: unit}]",
        "components: auto",
        "sensitive: {money: src/ledger/**, feature flags: false, migrations: [a, b]}",
        "slo: [{from: a.json, component: checkout}, {from: b.json, component: [a, b]}]",
    ],
)
def test_short_ways_to_write_a_configuration_fit_its_schema(text: str) -> None:
    config.parse("c.yaml", f"schema: vsm-gate/config/v1\n{text}\n")
    assert not problems("config", yaml.safe_load(text))
