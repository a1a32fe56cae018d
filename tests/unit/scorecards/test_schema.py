from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import yaml
from tests.support.policies import HEADER, mistakes, policy

from vsm_gate.metrics.catalogue import CATALOGUE
from vsm_gate.scorecards.facts import CONDITIONS
from vsm_gate.scorecards.load import Policy, Source, SourceError, load
from vsm_gate.scorecards.schema import Conditions, json_schema

ROOT = Path(__file__).parents[3]
SHIPPED = sorted((ROOT / "scorecards").rglob("*.yaml"))


def loaded(path: Path) -> Policy:
    def fetch(reference: str, source: Source) -> Source:
        if reference.startswith("vsm-gate:"):
            place = ROOT / "scorecards" / f"{reference.removeprefix('vsm-gate:')}.yaml"
        else:
            place = Path(source.name).parent / reference
        if not place.is_file():
            raise SourceError(f"there is no {place}")
        return Source(str(place), place.read_text("utf-8"))

    return load(Source(str(path), path.read_text("utf-8")), fetch)


def problems(data: Any) -> list[str]:
    validator = jsonschema_rs.Draft202012Validator(json_schema(), validate_formats=True)
    return [problem.message for problem in validator.iter_errors(data)]


def test_the_published_schema_is_the_one_in_force() -> None:
    published = json.loads((ROOT / "docs/schemas/scorecard-v1.json").read_text("utf-8"))
    assert published == json_schema(), "run `make docs`"


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_every_shipped_scorecard_is_good_and_explains_itself(path: Path) -> None:
    assert path.read_text("utf-8").startswith("# ")
    gate = loaded(path)
    assert all(objective.remedy for objective in gate.objectives)
    data = yaml.load(path.read_text("utf-8"), Loader=yaml.BaseLoader)
    assert not problems(_booleans(data))


def _booleans(data: Any) -> Any:
    """What an editor sees: booleans and nulls as such, all else as text."""
    if isinstance(data, dict):
        return {key: _booleans(value) for key, value in data.items()}
    if isinstance(data, list):
        return [_booleans(value) for value in data]
    if isinstance(data, str) and data.isdecimal():
        return int(data)
    return {"true": True, "false": False, "null": None}.get(data, data)


@pytest.mark.parametrize(
    "text",
    [
        "tem: payments",
        "phase: blocking",
        "score: {pass: 101}",
        "score: {pass: high}",
        "score: {min_evidence: 80 percent}",
        "objectives: {a: {metric: tests.failed, pass: 0 failures}}",
        "objectives: {a: {metric: tests.failed, pass: '= 0'}}",
        "objectives: {a: {metric: tests.failed, pass: '== 0', weight: -1}}",
        "objectives: {a: {metric: tests.failed, pass: '== 0', level: platinum}}",
        "objectives: {a: {metric: tests.failed, pass: '== 0', min_sample: 0}}",
        "objectives: {a: {metric: tests.failed, pass: '== 0', enforce_from: soon}}",
        "objectives: {a: {metric: tests.failed, pass: '== 0', applies_when: {rsk: high}}}",
        "objectives: {A b: {metric: tests.failed, pass: '== 0'}}",
        "baseline: {window: 0}",
        "baseline: {pinned: abc}",
        "waivers: [{id: W-1}]",
        "locked: [everything]",
        "stages: {UAT: last}",
        "break_glass: {label: x}",
    ],
)
def test_an_editor_sees_what_the_tool_sees(text: str) -> None:
    whole = HEADER + text
    assert mistakes(whole)
    assert problems(yaml.safe_load(whole))


def test_every_condition_is_known_and_explained() -> None:
    assert set(Conditions.model_fields) == set(CONDITIONS)


def test_every_metric_can_be_asked_for_in_its_unit() -> None:
    units = {"%": "80%", "s": "15m", "min": "15m", "days": "2d"}
    for metric in CATALOGUE.values():
        limit = units.get(metric.unit, "1")
        text = f"{HEADER}objectives: {{a: {{metric: {metric.id}, pass: '<= {limit}'}}}}\n"
        assert load(Source("f", text), lambda reference, source: source).objectives


def test_nothing_but_reading_a_policy_needs_pydantic() -> None:
    code = (
        "import sys, vsm_gate.scorecards.decide, vsm_gate.scorecards.show;"
        "assert 'pydantic' not in sys.modules"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()


def test_the_scorecards_of_the_page_for_authors_are_good() -> None:
    page = (ROOT / "docs/scorecards.md").read_text("utf-8")
    blocks = [block.partition("```")[0] for block in page.split("```yaml\n")[1:]]
    cards = [block for block in blocks if block.startswith("schema: vsm-gate/scorecard/v1")]
    waivers = [block for block in blocks if block.startswith("waivers:")]
    assert cards
    assert waivers
    shipped = (ROOT / "scorecards/baseline.yaml").read_text("utf-8")
    for text in (*cards, *(cards[0] + block for block in waivers)):
        assert policy(text, **{"vsm-gate:baseline": shipped}).objectives
        assert not problems(_booleans(yaml.load(text, Loader=yaml.BaseLoader)))
