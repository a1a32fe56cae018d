"""A path as some tool on some machine wrote it, taken apart."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

MAX_PARTS: Final = 64

_SCHEME: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+)://")
_DRIVE: Final = re.compile(r"^/*[A-Za-z]:(?=/|$)")
_INSTALLED: Final = frozenset({"site-packages", "dist-packages"})


class Name(NamedTuple):
    """`ups` leading `..`, then `text`: the parts from there, joined by `/`."""

    absolute: bool
    ups: int
    text: str

    def below(self, folder: str) -> str | None:
        """The path that a relative name means in a folder; None where it leads out."""
        parts = folder.split("/") if folder else []
        if self.absolute or self.ups > len(parts):
            return None
        return "/".join([*parts[: len(parts) - self.ups], self.text])

    def at(self, root: Name) -> Name:
        """What a relative name means below a root; an absolute one means itself."""
        if self.absolute or not (root.absolute or root.text or root.ups):
            return self
        above = root.text.split("/") if root.text else []
        kept = above[: max(0, len(above) - self.ups)]
        ups = 0 if root.absolute else root.ups + max(0, self.ups - len(above))
        return Name(root.absolute, ups, "/".join(filter(None, [*kept, self.text])))

    @property
    def lead(self) -> str:
        """What stands before `text`."""
        return "/" if self.absolute else "../" * self.ups


def parse(path: str) -> Name:
    """Take a path apart.

    Backslashes are separators, a drive is a root, `.` and `..` are resolved, a URL's scheme goes
    (`webpack:///./src/a.ts?x` is `src/a.ts`), and of a path into installed Python packages only
    what follows `site-packages` counts.
    """
    path = path.strip().replace("\\", "/")
    scheme = _SCHEME.match(path)
    if scheme:
        path = path[scheme.end() :].split("?", 1)[0]
        if scheme[1].lower() != "file":
            path = path.rpartition("/./")[2].lstrip("/")
    path = _DRIVE.sub("/", path)
    absolute = path.startswith("/")
    parts: list[str] = []
    ups = 0
    for part in path.split("/")[-MAX_PARTS:]:
        if part == "..":
            if parts:
                parts.pop()
            elif not absolute:
                ups += 1
        elif part in _INSTALLED:
            parts, ups, absolute = [], 0, False
        elif part not in {"", "."}:
            parts.append(part)
    return Name(absolute, ups, "/".join(parts))
