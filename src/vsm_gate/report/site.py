"""The folder of a report."""

from __future__ import annotations

from functools import partial
from typing import Final

from vsm_gate.web import folder

_WHAT: Final = "report"
MARKER: Final = folder.marker_name(_WHAT)
write = partial(folder.write, what=_WHAT)
