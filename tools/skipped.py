"""Fail where a test was skipped that nobody expects to be: `skipped.py RESULTS.xml`.

A test that cannot run says why. Which ones may do so is written down in `skips-allowed.txt`, so
that a suite cannot quietly stop testing.
"""

from __future__ import annotations

import sys
from pathlib import Path
from xml.etree import ElementTree as ET

ALLOWED = Path(".ci/skips-allowed.txt")


def main() -> int:
    """Compare the skipped tests with those that are allowed to be."""
    allowed = {
        text.strip()
        for text in ALLOWED.read_text("utf-8").splitlines()
        if text.strip() and not text.startswith("#")
    }
    unexpected = []
    for case in ET.parse(sys.argv[1]).iter("testcase"):
        reason = case.find("skipped")
        name = f"{case.get('classname')}::{case.get('name')}"
        if reason is None:
            continue
        print(f"skipped: {name}: {reason.get('message')}")
        if name.partition("[")[0] not in allowed:
            unexpected.append(name)
    for name in unexpected:
        print(f"not expected to be skipped: {name}", file=sys.stderr)
    return 1 if unexpected else 0


if __name__ == "__main__":
    sys.exit(main())
