"""What `vsm-gate event` records: rows of texts become documents, and documents records."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from vsm_gate import __version__
from vsm_gate.cli.history import show_appended
from vsm_gate.cli.ledgers import checkout_configuration, open_ledger
from vsm_gate.cli.options import environment
from vsm_gate.collect.forge import find_context
from vsm_gate.errors import ConfigurationError, InputError, Mistake, UsageError
from vsm_gate.git import Git
from vsm_gate.history import event_files, events

# How far before an event its earlier record is looked for.
_EARLIER: Final = timedelta(days=31)


def documents(
    kind: events.Kind, rows: Sequence[event_files.Row], where: str | None, **common: Any
) -> list[dict[str, Any]]:
    """The records' documents. Raises with every mistake at once."""
    mistakes: list[Mistake] = []
    found = []
    home = common["repository"] or _repository()
    team = common["team"] or _team()
    for row in rows:
        body, wrong = events.body_of(kind, row.values)
        mistakes += [Mistake(where or "", row.line, None, text) for text in wrong]
        source = events.Source(
            row.values.get("repository") or home,
            row.values.get("team") or team,
            __version__,
        )
        components = [*common["components"], *row.components]
        if not wrong:
            found.append(events.document_of(kind, body, components, source, now=common["now"]))
    if mistakes and where is not None:
        raise ConfigurationError(mistakes)
    if mistakes:
        texts = "\n".join(f"  {mistake.message}" for mistake in mistakes)
        raise UsageError(
            f"the {kind.name} cannot be recorded:\n{texts}",
            hint=f"vsm-gate event {kind.name} --help",
        )
    return found


def append(documents: Sequence[dict[str, Any]], **common: Any) -> None:
    """Record what is new of these documents, and say what was known."""
    ledger = open_ledger(common["history_branch"], common["history_remote"], common["now"])
    oldest = min(events.when(document) for document in documents)
    kinds = {str(document["kind"]) for document in documents}
    plan = events.plan(documents, ledger.records(since=oldest - _EARLIER, kinds=kinds))
    show_appended(ledger, plan.new, common["shape"], known=plan.known)


def _repository() -> str:
    return find_context(Git(Path.cwd(), environment()), environment()).repository


def _team() -> str | None:
    """The team of the configuration in this checkout, where there is one."""
    config = checkout_configuration(Git(Path.cwd(), environment()))
    return config.team if config else None


def content(file: Path) -> bytes:
    """What stands in a file. Raises `InputError`."""
    try:
        return file.read_bytes()
    except OSError as problem:
        raise InputError(f"{file} cannot be read: {problem.strerror or problem}") from None
