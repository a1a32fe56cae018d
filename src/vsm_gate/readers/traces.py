"""Places that the text of a failure names: the lines of a traceback, in the notations of languages.

Many reports say of a failure only what was printed, pytest's among them. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

# So many places of one failure are looked at; deeper ones are of the framework.
MAX_PLACES: Final = 50
_LONGEST_LINE: Final = 1_000

_PLACES: Final = tuple(
    re.compile(pattern)
    for pattern in (
        # Python, as in `File "tests/test_a.py", line 12`
        r'File "(?P<path>[^"]{1,300})", line (?P<line>\d{1,7})',
        # Java, Kotlin and Scala, as in `at com.acme.PayTest.adds(PayTest.java:12)`
        r"\bat (?P<method>[\w.$/@]{1,300})\((?P<path>[\w$-]{1,200}\.\w{1,6}):(?P<line>\d{1,7})\)",
        # .NET, as in `in C:\src\PayTests.cs:line 12`
        r"\bin (?P<path>[^\n]{1,300}?\.\w{1,6}):line (?P<line>\d{1,7})",
        # JavaScript and most others, as in `at adds (src/pay.test.ts:10:5)`, `tests/test_a.py:12:`
        r"(?:file://)?(?P<path>[\w@.~+/\\-][\w@.~+/\\:-]{0,300}?\.\w{1,6}):(?P<line>\d{1,7})\b",
    )
)


def places(text: str) -> Iterator[tuple[str, int]]:
    """Each path and line that a text names, in its order, as it names them.

    Of languages that name a class and a bare file the package's folders are put before the file.
    """
    left = MAX_PLACES
    for line in text.splitlines():
        found = _place(line[:_LONGEST_LINE])
        if found is not None:
            yield found
            left -= 1
            if not left:
                return


def _place(line: str) -> tuple[str, int] | None:
    for pattern in _PLACES:
        match = pattern.search(line)
        if match:
            parts = match.groupdict()
            return _folder(parts.get("method") or "") + parts["path"], int(parts["line"])
    return None


def _folder(method: str) -> str:
    """`com/acme/` of `com.acme.PayTest.adds`; a module before a slash is no part of it."""
    package = method.rpartition("/")[2].split(".")[:-2]
    return "".join(f"{part}/" for part in package)
