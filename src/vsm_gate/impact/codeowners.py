r"""CODEOWNERS: who owns which files, by the rules of GitHub or of GitLab.

GitHub: the last rule that matches a file decides, and one without owners leaves it to nobody.
A pattern is one of `.gitignore` without negation, sets and escapes (but for `\ `), and `docs/*`
reaches only what stands directly in `docs`. A line that GitHub cannot read is skipped, by it and
by us, and is named. GitLab adds sections: the last match in each of them counts, a section may
have owners of its own, and `!pattern` takes files out of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from vsm_gate.errors import Mistake
from vsm_gate.impact.patterns import PatternIndex

MAX_SIZE: Final = 3 * 1024 * 1024
LOCATIONS: Final = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS")

_LINE_END: Final = re.compile(r"\r\n|\n|\r")
_WORD: Final = re.compile(r"(?:\\\s|\S)+")
_GITHUB_OWNER: Final = re.compile(r"@[\w.-]+(?:/[\w.-]+)?|[^@\s]+@[^@\s]+\.[^@\s]+")
_GITLAB_OWNER: Final = re.compile(r"@@?[\w.-]+(?:/[\w.-]+)*|[^@\s]+@[^@\s]+\.[^@\s]+")
_SECTION: Final = re.compile(r"\^?\[([^\]]+)\](?:\[\d+\])?(?:\s+(.*))?")


@dataclass(frozen=True, slots=True)
class Rule:
    """One line: a pattern and its owners. `excludes`: GitLab's `!pattern`."""

    pattern: str
    owners: tuple[str, ...]
    line: int
    section: str = ""
    excludes: bool = False


@dataclass(slots=True)
class Codeowners:
    """The rules of a file in its order, and the lines of it that say nothing, with the reason."""

    file: str
    rules: list[Rule] = field(default_factory=list)
    mistakes: list[Mistake] = field(default_factory=list)
    _index: PatternIndex = field(default_factory=PatternIndex)

    def add(self, rule: Rule) -> None:
        """Append a rule."""
        for glob in globs_of(rule.pattern):
            self._index.add(glob, len(self.rules))
        self.rules.append(rule)

    def owners_of(self, path: str) -> tuple[str, ...]:
        """The owners of a file; none where no rule matches or the deciding one names nobody."""
        last: dict[str, int] = {}
        excluded: set[str] = set()
        for number in self._index.matches(path):
            rule = self.rules[number]
            if rule.excludes:
                excluded.add(rule.section)
            else:
                last[rule.section] = max(number, last.get(rule.section, -1))
        deciding = sorted(number for section, number in last.items() if section not in excluded)
        owners = (owner for number in deciding for owner in self.rules[number].owners)
        return tuple(dict.fromkeys(owners))


def globs_of(pattern: str) -> tuple[str, ...]:
    """The globs from the root that together match what a CODEOWNERS pattern matches."""
    anchored = "/" in pattern.rstrip("/")
    body = pattern.strip("/")
    if not body:
        return ("**",)
    if not anchored:
        body = f"**/{body}"
    if pattern.endswith("/"):
        return (f"{body}/**",)
    if body.rpartition("/")[2] in {"*", "**"}:
        return (body,)
    return (body, f"{body}/**")


def parse(text: str, file: str = "CODEOWNERS") -> Codeowners:
    """Read a CODEOWNERS file; by GitLab's rules where it stands in `.gitlab` or has sections."""
    found = Codeowners(file)
    if len(text.encode("utf-8", "surrogatepass")) > MAX_SIZE:
        reason = "the file is larger than 3 MB, so that GitHub does not load it"
        found.mistakes.append(Mistake(file, None, None, reason, "make it shorter"))
        return found
    lines = _LINE_END.split(text.removeprefix("\ufeff"))
    sections = not file.startswith(".github/") and any(map(_SECTION.fullmatch, lines))
    _Reader(found, gitlab=sections or file.startswith(".gitlab/")).read(lines)
    return found


@dataclass(slots=True)
class _Reader:
    found: Codeowners
    gitlab: bool
    section: str = ""
    defaults: tuple[str, ...] = ()

    def read(self, lines: list[str]) -> None:
        for number, raw in enumerate(lines, 1):
            line = raw.strip()
            section = _SECTION.fullmatch(line) if self.gitlab else None
            if section:
                self.section = section[1].strip().lower()
                self.defaults = self._owners((section[2] or "").split(), number) or ()
            elif line and not line.startswith("#"):
                self._rule(_WORD.findall(line), number)

    def _rule(self, words: list[str], number: int) -> None:
        pattern, *rest = words
        excludes = self.gitlab and pattern.startswith("!")
        pattern = pattern.removeprefix("!") if excludes else pattern
        owners = self._owners(rest, number)
        if owners is None or not self._readable(pattern, number):
            return
        plain = re.sub(r"\\(\s)", r"\1", pattern)
        self.found.add(Rule(plain, owners or self.defaults, number, self.section, excludes))

    def _owners(self, words: list[str], number: int) -> tuple[str, ...] | None:
        """The owners up to a comment; None where one of them is none."""
        valid = _GITLAB_OWNER if self.gitlab else _GITHUB_OWNER
        owners: list[str] = []
        for word in words:
            if word.startswith("#"):
                break
            if not valid.fullmatch(word):
                reason = f"`{word}` is not an owner, so that the line is skipped"
                self._mistake(number, reason, "an owner is @user, @organisation/team or an e-mail")
                return None
            owners.append(word)
        return tuple(dict.fromkeys(owners))

    def _readable(self, pattern: str, number: int) -> bool:
        reasons = {
            "!": "a pattern cannot be negated with `!`",
            "[": "a pattern cannot hold a set in `[ ]`",
            "\\": "a pattern cannot hold an escape other than of a space",
        }
        plain = re.sub(r"\\\s", " ", pattern)
        for sign, reason in reasons.items():
            if plain.startswith(sign) if sign == "!" else sign in plain:
                hint = "list the paths by patterns with `*`, `**` and `/`"
                self._mistake(number, f"{reason}, so that the line is skipped", hint)
                return False
        return True

    def _mistake(self, line: int, reason: str, hint: str) -> None:
        self.found.mistakes.append(Mistake(self.found.file, line, 1, reason, hint))
