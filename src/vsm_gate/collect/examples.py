"""The changes that deployments carried, with their features: what risk is learnt of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from vsm_gate.analytics.learning import Example
from vsm_gate.change.rank import Described
from vsm_gate.collect import history_cache
from vsm_gate.collect.base import resolve_tested
from vsm_gate.collect.change import at_root
from vsm_gate.collect.line_features import follow
from vsm_gate.collect.past import ALL, files_of, is_partial
from vsm_gate.errors import GitError
from vsm_gate.git import Git
from vsm_gate.model.change import Context


@dataclass(frozen=True, slots=True)
class Outcome:
    """A deployment of a commit: when it ended, in seconds, and whether it failed."""

    commit: str
    finished: int
    failed: bool


@dataclass(frozen=True, slots=True)
class Lessons:
    """The examples, and how many `deployments` they are of, `failures` among them.

    `elsewhere` counts deployments of commits that are not on the line that is checked out.
    """

    examples: tuple[Example, ...]
    deployments: int
    failures: int
    elsewhere: int


def lessons(git: Git, outcomes: Sequence[Outcome]) -> Lessons:
    """What these deployments, oldest first, were the first to carry of the line up to HEAD.

    The first carries all before it, and teaches nothing; nor does one that carries nothing new.
    Raises `GitError` where the history at hand is not whole.
    """
    git = at_root(git)
    tip = resolve_tested(git, Context(repository=""))
    if is_partial(git):
        raise GitError("a partial clone lacks the files of earlier changes", hint=ALL)
    index, _ = history_cache.index_of(git)
    cut, _ = follow(git, index, tip)
    if cut is not None:
        raise GitError(f"cannot learn: history is cut at {cut[:12]}", hint=ALL)
    carried: list[tuple[int, int]] = []
    last: int | None = None
    elsewhere = 0
    for number, outcome in enumerate(outcomes):
        at = index.number_of(outcome.commit)
        if at is None:
            elsewhere += 1
            continue
        if last is not None:
            carried += ((change, number) for change in range(last + 1, at + 1))
        last = at if last is None else max(last, at)
    entries = index.entries(change for change, _ in carried)
    files = files_of(git, index, [entries[change].name for change, _ in carried])
    history_cache.keep(git, index)
    examples = tuple(
        Example(
            size=Described.of(found).size,
            history=entries[change].features,
            deployed=outcomes[deployment].finished,
            deployment=deployment,
            failed=outcomes[deployment].failed,
        )
        for (change, deployment), found in zip(carried, files, strict=True)
    )
    of = {each.deployment: each.failed for each in examples}
    return Lessons(examples, len(of), sum(of.values()), elsewhere)
