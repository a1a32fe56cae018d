"""An audit in a few lines, for the terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from vsm_gate.audit.audit import Audit
from vsm_gate.audit.findings import KINDS, Finding, exceptions
from vsm_gate.audit.page import share

SHOWN: Final = 30


def lines(found: Audit) -> Iterator[str]:
    """The population, the findings, and the first exceptions. Texts in it are hostile."""
    size = len(found.changes)
    yield (
        f"{found.repository}, {found.clone.name}: {_counted(size, 'change', 'changes')} and "
        f"{_counted(len(found.deliveries), 'delivery', 'deliveries')} "
        f"from {found.since:%Y-%m-%d %H:%M} to "
        f"{found.asked.until:%Y-%m-%d %H:%M} UTC"
    )
    yield f"  with a check: {found.with_record:,} ({share(found.with_record, size)})"
    yield f"  with exceptions: {found.exceptional:,} ({share(found.exceptional, size)})"
    yield f"  ledger: {_ledger(found)}"
    yield from _nothing(found)
    if not found.whole:
        wrong = sum(bool(exceptions(x.change.findings)) for x in found.chosen)
        chosen = _counted(len(found.chosen), "change", "changes")
        checked = f"{found.chosen_with_record:,} of them with a check"
        yield f"selected: {chosen}, {checked}, {wrong:,} with exceptions"
    for kind in KINDS.values():
        if found.tally[kind.id]:
            mark = "exception" if kind.exception else "remark"
            yield f"  {found.tally[kind.id]:>7,}  {mark:<9}  {kind.title}: {kind.meaning}"
            if kind.id == "no-record":
                yield f"{'':22}{kind.remedy}"
    yield from _named(found)


def _named(found: Audit) -> Iterator[str]:
    rows = [
        (f"{x.change.commit.sha[:12]} {x.change.commit.subject}", exceptions(x.change.findings))
        for x in found.chosen
    ]
    rows += [(f"{x.happening.kind} {x.happening.id}", exceptions(x.findings)) for x in found.shown]
    wrong = [(name, findings) for name, findings in rows if findings]
    for name, findings in wrong[:SHOWN]:
        yield f"{name[:72]}"
        yield from (f"    {_said(each)}" for each in findings)
    if len(wrong) > SHOWN:
        yield f"… and {len(wrong) - SHOWN:,} more with exceptions; --out DIR writes them all"


def _said(finding: Finding) -> str:
    return f"{KINDS[finding.kind].title}: {finding.detail}"


def _nothing(found: Audit) -> Iterator[str]:
    """What to do where no record was found: it may have been looked for in the wrong place."""
    if found.verified.head is None:
        yield "    name it with --history-branch, and where it is with --history-remote"
    elif not found.records:
        yield (
            f"    none of its records is of {found.repository}: give the name that they have, as "
            "`vsm-gate history log` shows it, with --repository"
        )
    elif not found.changes:
        yield (
            f"    no commit came in this period, the newest is of "
            f"{found.clone.commits[-1].time:%Y-%m-%d %H:%M}: name another period with --since "
            "and --until"
        )


def _ledger(found: Audit) -> str:
    verified = found.verified
    if not verified.done:
        return f"not verified, {verified.why}"
    if verified.faults:
        faults = _counted(len(verified.faults), "fault", "faults")
        return f"{faults}, {verified.faults[0]} for one"
    again = "" if verified.replayed is None else f", {verified.replayed:,} decisions made again"
    records = _counted(verified.records, "record", "records")
    return f"intact, {records} in {_counted(verified.commits, 'commit', 'commits')}{again}"


def _counted(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"
