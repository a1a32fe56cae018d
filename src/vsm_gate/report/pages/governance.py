"""Governance: is the control unbroken, what does it cost, and does it predict anything?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from vsm_gate.analytics.efficacy import Efficacy
from vsm_gate.analytics.warehouse import Row
from vsm_gate.report import charts, tables
from vsm_gate.report.pages.context import Site
from vsm_gate.web.folder import Page

# By team, the figures of control; those of experience stand beside the score.
CONTROL: Final = (
    "governance.evidence_rate", "governance.bypass_rate", "governance.segregation",
    "governance.control_since", "governance.waiver_debt", "governance.false_block_rate",
    "governance.gate_minutes",
)  # fmt: skip
EXPERIENCE: Final = (
    "quality.score", "delivery.change_fail_rate", "experience.slo_attainment",
    "experience.error_budget_remaining", "experience.incident_minutes",
)  # fmt: skip
_NOTHING: Final = Efficacy((), (), ())


def pages(site: Site) -> Iterator[tuple[str, Page]]:
    """The page of control, cost and efficacy."""
    scope = site.picture.organisation
    found = site.efficacy.result()
    whole = found.get(None, _NOTHING)
    yield (
        "governance.html",
        site.render(
            "governance",
            "governance.html",
            scope=scope,
            control=CONTROL,
            experience=EXPERIENCE,
            efficacy=whole,
            since=_since(site.warehouse.query("views", "control")),
            chart=charts.capture(whole.capture),
        ),
    )
    yield "governance.csv", tables.series_csv(site.picture, (*CONTROL, *EXPERIENCE[1:]))
    yield "capture.csv", tables.capture_csv(found)
    yield "separation.csv", tables.separation_csv(found)


def _since(rows: list[Row]) -> dict[str, list[Row]]:
    """Team → the objectives that it enforces, and since when without a gap."""
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row["team"]].append(row)
    return found
