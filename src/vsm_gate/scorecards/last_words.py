"""The last word on each change: what is counted where changes are counted, not runs. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from vsm_gate.scorecards import recorded

Said = TypeVar("Said")
# When a record was made: its time, its attempt, its id.
When = tuple[str, int, str]
# A repository, a team, a job, whether it has landed, and a pull request or commit.
Change = tuple[str, str, str, bool, str]


@dataclass(frozen=True, slots=True)
class Judgement:
    """Which change a check judged, in which job, and when. A team without a name is known by its
    repository.
    """

    record: str
    repository: str
    team: str
    pull_request: str | None
    commit: str | None
    job: str
    landed: bool
    when: When

    @classmethod
    def of(cls, record: str, document: recorded.Document) -> Judgement:
        """What a check's record says of it."""
        change = recorded.part(document, "change")
        repository, team = str(document.get("repository")), document.get("team")
        number, commit = change.get("pull_request"), change.get("tested") or change.get("head")
        attempt = change.get("attempt")
        return cls(
            record,
            repository,
            repository if team is None else str(team),
            None if number in (None, "") else str(number),
            None if commit is None else str(commit),
            str(change.get("job") or ""),
            change.get("default_branch") is True,
            (str(document.get("time")), attempt if isinstance(attempt, int) else 1, record),
        )

    @property
    def change(self) -> Change:
        """The change: a pull request, or a commit where there is none, for each job."""
        number = self.pull_request
        what = f"#{number}" if number else self.commit or self.record
        return self.repository, self.team, self.job, self.landed, what


class LastWords(Generic[Said]):
    """What was said last of each change, in whatever order the records come."""

    def __init__(self) -> None:
        self._last: dict[Change, tuple[Judgement, Said]] = {}
        self._judged_before: set[str] = set()

    def add(self, judgement: Judgement, said: Said) -> None:
        """Take in what a record says."""
        if not judgement.landed:
            self._judged_before.add(judgement.repository)
        known = self._last.get(judgement.change)
        if known is None or known[0].when < judgement.when:
            self._last[judgement.change] = judgement, said

    def newest(self) -> Iterator[tuple[Judgement, Said]]:
        """Newest first, without those that repeat what was judged before it landed."""
        found = [
            (judgement, said)
            for judgement, said in self._last.values()
            if not (judgement.landed and judgement.repository in self._judged_before)
        ]
        found.sort(key=lambda each: each[0].when, reverse=True)
        return iter(found)
