"""Durations as a clock would show them."""

from __future__ import annotations

import re
from typing import Final

from vsm_gate.readers.cases import micros

_CLOCK: Final = re.compile(r"(?:(\d{1,6})\.)?(\d{1,4}):(\d{1,2}):(\d{1,2}(?:\.\d{1,12})?)")


def clock_micros(duration: str | None) -> int | None:
    """`[days.]hours:minutes:seconds` in microseconds; None where it is something else."""
    match = _CLOCK.fullmatch(duration.strip()) if duration else None
    if match is None:
        return None
    days, hours, minutes, seconds = match.groups(default="0")
    whole = (int(days) * 24 + int(hours)) * 60 + int(minutes)
    return whole * 60_000_000 + (micros(seconds) or 0)
