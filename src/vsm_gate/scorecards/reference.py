"""What `extends` may name: a path, a scorecard that ships with the tool, a pinned file in git."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl

SHIPPED: Final = "vsm-gate:"
DEFAULT: Final = f"{SHIPPED}baseline"
_GIT: Final = "git+"
_PIN: Final = "git+https://HOST/REPOSITORY@REF#path=FILE&sha256=DIGEST"
# Not what runs a command of the reference's choice (`ext::`).
_SCHEMES: Final = frozenset({"https", "http", "ssh", "file"})
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
_DAYS: Final = re.compile(r"([1-9][0-9]{0,2})d")
_CREDENTIALS: Final = re.compile(r"://[^/@]*@")
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")


class SourceError(Exception):
    """A scorecard that is named and cannot be had. The text says why, for a person."""


@dataclass(frozen=True, slots=True)
class GitReference:
    """A file in a git repository: at a ref, with the SHA-256 that its text must have.

    `cached_days` is how old a copy may be that stands in while the repository cannot be reached;
    None allows none.
    """

    url: str
    ref: str
    path: str
    sha256: str
    cached_days: int | None = None

    @property
    def shown_url(self) -> str:
        """The URL for messages: without the credentials that it may carry."""
        return _CREDENTIALS.sub("://", self.url)


def shipped_name(reference: str) -> str | None:
    """NAME of `vsm-gate:NAME`, None for any other reference. Raises `SourceError`."""
    if not reference.startswith(SHIPPED):
        return None
    name = reference.removeprefix(SHIPPED)
    if not _NAME.fullmatch(name):
        raise SourceError(f"`{reference}`: write {SHIPPED}baseline or another shipped scorecard")
    return name


def git_reference(reference: str) -> GitReference | None:
    """The parts of `git+URL@REF#path=FILE&sha256=DIGEST`, None for any other reference.

    `&cached=7d` may follow. Raises `SourceError` where a part is missing: what is not pinned could
    change unseen.
    """
    if not reference.startswith(_GIT):
        if "://" in reference:
            raise SourceError(f"a scorecard elsewhere is read by git and pinned: {_PIN}")
        return None
    address, _, fragment = reference.removeprefix(_GIT).partition("#")
    url, ref = _at_ref(address)
    fields = dict(parse_qsl(fragment, keep_blank_values=True))
    path, digest = fields.get("path", ""), fields.get("sha256", "")
    if not url or not ref:
        raise SourceError(f"it names no ref, so it could change unseen: write {_PIN}")
    if not path or path.startswith(("/", "-")) or ".." in path.split("/"):
        raise SourceError(f"it names no file of the repository: write {_PIN}")
    if not _DIGEST.fullmatch(digest):
        raise SourceError(f"it is not pinned by a SHA-256 digest: write {_PIN}")
    if url.startswith("-") or ref.startswith("-"):
        raise SourceError("neither a URL nor a ref begins with `-`")
    scheme, separator, _ = url.partition("://")
    if "::" in url or (separator and scheme not in _SCHEMES):
        raise SourceError("git reads it over https, http, ssh or file, and by no other means")
    return GitReference(url, ref, path, digest, _cached_days(fields))


def _cached_days(fields: dict[str, str]) -> int | None:
    """How old a copy may be. Raises `SourceError`, also for what has no meaning here."""
    unknown = sorted(fields.keys() - {"path", "sha256", "cached"})
    if unknown:
        raise SourceError(f"`{unknown[0]}` has no meaning in it: write {_PIN}, and `&cached=7d`")
    if "cached" not in fields:
        return None
    days = _DAYS.fullmatch(fields["cached"])
    if days is None:
        raise SourceError("`cached` must be days, from 1d to 999d, such as `&cached=7d`")
    return int(days[1])


def _at_ref(address: str) -> tuple[str, str]:
    """The URL and the ref of `URL@REF`; an @ before the path belongs to a user's name."""
    scheme, separator, rest = address.rpartition("://")
    host, slash, path = rest.partition("/") if separator else ("", "", rest)
    path, _, ref = path.partition("@")
    return f"{scheme}{separator}{host}{slash}{path}", ref
