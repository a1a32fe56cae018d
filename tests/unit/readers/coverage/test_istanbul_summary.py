"""Istanbul's summary has sums and no lines."""

from __future__ import annotations

import json

from tests.support.covered import read, refused

from vsm_gate.model.coverage import Ratio


def summary(lines: object) -> dict[str, object]:
    none = {"total": 0, "covered": 0, "pct": "Unknown"}
    return {"lines": lines, "statements": none, "functions": none, "branches": none}


def test_files_count_and_the_total_only_where_there_is_none() -> None:
    total = summary({"total": 9, "covered": 9, "pct": 100})
    one = summary({"total": 4, "covered": 3, "pct": 75})
    empty = summary({"total": 0, "covered": 0, "pct": 100})
    found = read(json.dumps({"total": total, "/a.js": one, "/b.js": empty}))
    assert (found.line_ratio(), found.file_count()) == (Ratio(3, 4), 1)
    alone = read(json.dumps({"total": total}))
    assert (alone.line_ratio(), alone.file_count()) == (Ratio(9, 9), 0)


def test_more_covered_than_there_is_cannot_be() -> None:
    text = json.dumps({"total": summary({"total": 1, "covered": 2, "pct": 200})})
    assert "2 covered out of 1" in refused(text).reason
