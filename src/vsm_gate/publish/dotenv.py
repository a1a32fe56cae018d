"""The outputs of a run as variables for later jobs, as GitLab's dotenv reports take them. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from vsm_gate.publish.escape import line


def dotenv(outputs: Mapping[str, object]) -> str:
    """`VSM_GATE_<OUTPUT>=value`, a line each: no quotes, no line ends, empty where there is none.

    The format knows no quotation marks, so that a value is one line and nothing in it is special.
    """
    return "".join(
        f"VSM_GATE_{name.replace('-', '_').upper()}="
        f"{'' if value is None else line(str(value), 1000)}\n"
        for name, value in outputs.items()
    )
