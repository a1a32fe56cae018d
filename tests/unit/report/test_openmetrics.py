from __future__ import annotations

import json
import re
from pathlib import Path

from prometheus_client.openmetrics.parser import text_string_to_metric_families
from tests.support.pictures import picture_of
from tests.support.records import check, event

from vsm_gate.metrics.catalogue import CATALOGUE
from vsm_gate.report.openmetrics import to_openmetrics

HOSTILE = 'x"} 1\nvsm_gate_evil 1 \\ \ud800'


def _samples(text: str) -> dict[str, dict[str, float]]:
    """Name → team ('' for the organisation) → value."""
    found: dict[str, dict[str, float]] = {}
    for family in text_string_to_metric_families(text):  # type: ignore[no-untyped-call]
        for sample in family.samples:
            found.setdefault(sample.name, {})[sample.labels.get("team", "")] = sample.value
    return found


def test_prometheus_reads_it() -> None:
    picture = picture_of([check("2026-10-05T10:00:00Z", score=80.0)])

    found = _samples(to_openmetrics(picture))

    assert found["vsm_gate_quality_score"] == {"": 80, "payments": 80}
    assert found["vsm_gate_last_record_time_seconds"] == {"": 1791194400}


def test_what_is_missing_is_left_out() -> None:
    picture = picture_of([check("2026-10-05T10:00:00Z", score=None)])

    found = _samples(to_openmetrics(picture))

    assert "vsm_gate_quality_score" not in found
    assert "vsm_gate_delivery_change_fail_rate" not in found


def test_nothing_gets_out_of_a_label() -> None:
    picture = picture_of([check("2026-10-05T10:00:00Z", team=HOSTILE, peer_group=HOSTILE)])

    found = _samples(to_openmetrics(picture))

    assert not any("evil" in name for name in found)
    assert found["vsm_gate_quality_score"].keys() == {"", HOSTILE.replace("\ud800", "?")}


def test_without_records_it_is_empty_and_valid() -> None:
    assert to_openmetrics(picture_of([])) == "# EOF\n"


def test_deployments_alone_are_figures() -> None:
    deployed = event("deployment", "2026-10-05T10:00:00Z", event={"status": "success"})

    found = _samples(to_openmetrics(picture_of([deployed])))

    assert found["vsm_gate_delivery_change_fail_rate"] == {"": 0, "payments": 0}


def test_the_dashboard_asks_for_figures_that_there_are() -> None:
    place = Path(__file__).parents[3] / "docs" / "examples" / "grafana-dashboard.json"
    dashboard = json.loads(place.read_text("utf-8"))

    known = {f"vsm_gate_{metric.replace('.', '_')}" for metric in CATALOGUE}
    asked = {
        name
        for panel in dashboard["panels"]
        for target in panel["targets"]
        for name in re.findall(r"vsm_gate_\w+", target["expr"])
    }
    assert len(asked) > 5
    assert asked <= known | {"vsm_gate_dimension", "vsm_gate_sample_size"}
