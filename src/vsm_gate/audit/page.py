"""The page of an audit, for the screen and for paper."""

from __future__ import annotations

from fractions import Fraction
from importlib.resources import files
from typing import Final

from vsm_gate import words
from vsm_gate.audit import sampling
from vsm_gate.audit.audit import Audit
from vsm_gate.audit.columns import CHANGES, kinds
from vsm_gate.audit.deliveries import Delivered
from vsm_gate.audit.findings import KINDS, exceptions, ordered
from vsm_gate.audit.questions import ISO, ITGC, QUESTIONS, SOC
from vsm_gate.audit.waivers import debt
from vsm_gate.metrics.metric import show
from vsm_gate.web.code import coded
from vsm_gate.web.environment import environment

# Nobody reads more rows than this on a page; the CSV has them all.
ROWS: Final = 300


def render(found: Audit, *, few: bool, version: str) -> str:
    """The page; `few`: every record has a file of its own to link to."""
    rows = found.chosen if not found.whole else _exceptional(found.chosen)
    made = environment(
        "vsm_gate.audit",
        style=(files("vsm_gate.audit") / "templates" / "style.css").read_text("utf-8"),
        words=words,
        coded=coded,
        share=share,
        kinds=kinds,
        known=KINDS,
        ordered=ordered,
        debt=debt,
        rank=sampling.rank,
    )
    return made.get_template("audit.html.j2").render(
        audit=found,
        few=few,
        version=version,
        limit=ROWS,
        rows=rows,
        clear=sum(not exceptions(item.change.findings) for item in found.chosen),
        deployed=sum(item.deployment is not None for item in found.chosen),
        deliveries=[x for x in found.shown if not found.whole or exceptions(x.findings)],
        columns=CHANGES,
        questions=QUESTIONS,
        frameworks=(SOC, ISO, ITGC),
    )


def share(part: int, whole: int) -> str:
    """`part ÷ whole` in %, or `no data` where there is no whole."""
    return show(Fraction(100 * part, whole), "%") if whole else "no data"


def _exceptional(items: list[Delivered]) -> list[Delivered]:
    return [item for item in items if exceptions(item.change.findings)]
