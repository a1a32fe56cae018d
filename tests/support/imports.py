"""Many commits at once, by git's own import format."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from tests.support.repository import Repository

_NO_FILES: Mapping[str, str] = MappingProxyType({})


def commit(
    time: int,
    files: Mapping[str, str] = _NO_FILES,
    *,
    ref: str = "refs/heads/main",
    mark: int | None = None,
    title: str = "x",
    author: str = "A <a@example.com>",
    authored: int | None = None,
    committer: str = "A <a@example.com>",
    parents: Iterable[int] = (),
) -> str:
    """A commit of some files at a time, in seconds since 1970. Without `parents`, which are marks,
    it follows the one before on its ref.
    """
    text = [f"commit {ref}\n"]
    if mark is not None:
        text.append(f"mark :{mark}\n")
    text.append(f"author {author} {time if authored is None else authored} +0000\n")
    text.append(f"committer {committer} {time} +0000\n{_data(title)}")
    text += [f"{'merge' if place else 'from'} :{each}\n" for place, each in enumerate(parents)]
    text += [f"M 100644 inline {path}\n{_data(content)}" for path, content in files.items()]
    return "".join(text)


def bring(repository: Repository, commits: Iterable[str], *options: str) -> None:
    """Write commits into a repository; its work tree stays as it is."""
    repository.git("fast-import", "--quiet", *options, stdin="".join(commits).encode())


def _data(text: str) -> str:
    return f"data {len(text.encode())}\n{text}\n"
