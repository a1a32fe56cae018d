"""Figures over time: by calendar week, and over rolling windows of 4 and 13 weeks, in UTC."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from vsm_gate.analytics.figures import Figure
from vsm_gate.analytics.picture import Picture
from vsm_gate.analytics.warehouse import Warehouse

WEEKS: Final = (1, 4, 13)


@dataclass(frozen=True, slots=True)
class Point:
    """A figure of a window that ends with the week that begins on `monday` (`2026-11-16`)."""

    monday: str
    figure: Figure


# Points oldest first, by (team or None for the organisation, metric, weeks of the window).
Series = Mapping[tuple[str | None, str, int], tuple[Point, ...]]


def series(warehouse: Warehouse, picture: Picture) -> Series:
    """All delivery, flow, waste, experience, governance and quality figures of the picture's weeks.

    A window without data has a figure without a value, never 0. A rolling window that would begin
    before the picture does is left out.
    """
    raise NotImplementedError
