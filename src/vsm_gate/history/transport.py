"""Fetching from a remote and pushing to it, through a temporary bare object store."""

from __future__ import annotations

import re
import shutil
import tempfile
import weakref
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from vsm_gate.errors import HistoryError
from vsm_gate.git import Git
from vsm_gate.history.answers import Answer, meaning
from vsm_gate.history.environment import Settings, access, plain, said, with_settings
from vsm_gate.history.layout import inbox_of, shard_of
from vsm_gate.history.objects import Objects
from vsm_gate.history.store import Pauses

_TRIES: Final = 4
_PAUSE: Final = 0.5
_TIP: Final = "refs/vsm-gate/tip"
_SHARDS: Final = "refs/vsm-gate/shards/"
_NAME: Final = "ledger"
_FETCH: Final = ("fetch", "--quiet", "--no-tags", "--no-write-fetch-head")
_PARTIAL: Final = ("--filter=blob:none",)
_ABSENT: Final = (b"couldn't find remote ref", b"not our ref", b"unadvertised object")
_UNFILTERED: Final = b"filtering not recognized by server"
_INFINITE: Final = 2**31 - 1  # what git itself takes for "all of it"


class Transport:
    """One ref of a remote, and the inbox beside it.

    `remote` is the name of a remote of the repository, a URL or a path. Its address is given to
    git by an environment variable, since it may carry a password.
    """

    def __init__(
        self,
        repository: Path,
        ref: str,
        *,
        remote: str,
        environment: Mapping[str, str],
        pauses: Pauses,
    ) -> None:
        folder = tempfile.mkdtemp(prefix="vsm-gate-history-")
        self.close = weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
        clean = plain(environment)
        own, store = Git(repository, clean), Git(Path(folder), {**clean, "GIT_DIR": folder})
        self._hash = own.text("rev-parse", "--show-object-format", check=False) or "sha1"
        _begin(store, self._hash)
        settings = (*access(own, store), *_addresses(own, remote))
        self.git = Git(store.folder, with_settings(store.environment, settings))
        self.ref = ref
        self.inbox = inbox_of(ref)
        self.partial = True  # until the server says that it makes no partial clones
        self._pauses = pauses
        self.objects = Objects(self.git)

    def tip(self) -> str | None:
        """Fetch the tip and its trees, no file; None where there is no such ref."""
        return self.fetch()

    def fetch(self, *, inbox: bool = False) -> str | None:
        """Fetch the tip and its trees, no file, and the inbox where it is asked for.

        The inbox comes with it, in the same answer and therefore of the same moment: its refs
        stand at blobs, and what a ref stands at is sent in spite of the filter.
        """
        waiting = ("--prune", _NAME, f"+{self.inbox}/*:{self.inbox}/*")
        extra = waiting if inbox else (_NAME,)
        tip = self._fetch_tip(*_PARTIAL, "--depth=1", *extra)
        if tip is None and inbox:
            self._call(*_FETCH, *_PARTIAL, *extra)
        return tip

    def tips(self) -> dict[str, str]:
        """Fetch the tips of the branch and of its shards with their trees, no file, all at once."""
        return self._fetch_tips(*_PARTIAL, "--depth=1")

    def fetch_whole(self) -> dict[str, str]:
        """Fetch the branch and its shards from their roots, with every file, whatever is here."""
        return self._fetch_tips("--no-filter", "--refetch", f"--depth={_INFINITE}")

    def _fetch_tips(self, *arguments: str) -> dict[str, str]:
        shards = f"+{shard_of(self.ref)}*:{_SHARDS}*"
        tip = self._fetch_tip(*arguments, _NAME, shards)
        if tip is None and self._call("ls-remote", "--quiet", _NAME, f"{shard_of(self.ref)}*"):
            self._call(*_FETCH, *arguments, _NAME, shards)  # fails where nothing matches
        listing = self.git.text("for-each-ref", "--format=%(refname) %(objectname)", _SHARDS)
        found = (line.removeprefix(_SHARDS).split() for line in listing.splitlines())
        own = {} if tip is None else {self.ref: tip}
        return {**own, **{shard_of(self.ref, name): commit for name, commit in found}}

    def _fetch_tip(self, *arguments: str) -> str | None:
        for _ in range(_TRIES):
            if self._call(*_FETCH, *arguments, f"+{self.ref}:{_TIP}") is not None:
                return self.git.text("rev-parse", "--verify", _TIP)
            if not self._exists():
                return None
        raise HistoryError("the history branch cannot be read: it comes and goes")

    def bring(self, commit: str) -> bool:
        """Fetch an earlier tip and its trees; False where the server does not have it any more."""
        return self._call(*_FETCH, *_PARTIAL, "--depth=1", _NAME, commit) is not None

    def want(self, oids: Sequence[str]) -> None:
        """Fetch these blobs, all in one go.

        Without negotiation: a server that is told that we have the tip takes it that we have its
        files as well.
        """
        if oids:
            listing = "".join(f"{oid}\n" for oid in oids).encode()
            lonely = ("-c", "fetch.negotiationAlgorithm=noop")
            self._call(*lonely, *_FETCH, *_PARTIAL, _NAME, "--stdin", stdin=listing)

    def push(self, *refspecs: str, atomic: bool = False) -> tuple[Answer, str]:
        """Push once, never by force; what the answer means, and its text."""
        return self._push(("--atomic",) if atomic else (), *refspecs)

    def replace(self, new: str, old: str | None) -> tuple[Answer, str]:
        """Let the ref stand at `new`, if it still stands at `old`: for what is no history."""
        return self._push((f"--force-with-lease={self.ref}:{old or ''}",), f"{new}:{self.ref}")

    def _push(self, flags: Sequence[str], *refspecs: str) -> tuple[Answer, str]:
        done = self.git.call(["push", "--porcelain", "--no-verify", *flags, _NAME, *refspecs])
        text = said(done.stderr + b"\n" + done.stdout)
        whole = (done.stderr + done.stdout).decode("utf-8", "replace")
        return meaning(done.returncode, whole), text

    def waiting(self) -> dict[str, bytes]:
        """The inbox as it was fetched last: what each ref holds."""
        listing = self.git.text("for-each-ref", "--format=%(refname) %(objectname)", self.inbox)
        refs = dict(line.split() for line in listing.splitlines())
        return dict(zip(refs, self.objects.read_all(refs.values()), strict=True))

    def _exists(self) -> bool:
        """Whether the remote has the branch, from its own list of refs."""
        listing = self._call("ls-remote", "--quiet", _NAME, self.ref) or b""
        return any(line.endswith(f"\t{self.ref}".encode()) for line in listing.splitlines())

    def _call(self, *arguments: str, stdin: bytes = b"") -> bytes | None:
        """Run git against the remote, again where the line broke; None: it has nothing such."""
        for attempt in range(1, _TRIES + 1):
            done = self.git.call(arguments, stdin)
            if done.returncode == 0:
                self.partial = self.partial and _UNFILTERED not in done.stderr
                return done.stdout
            if any(text in done.stderr for text in _ABSENT):
                return None
            if self._adapted(done.stderr):
                continue
            answer = meaning(done.returncode, done.stderr.decode("utf-8", "replace"))
            if answer is not Answer.BROKEN or attempt == _TRIES:
                break
            self._pauses.before(attempt, unit=_PAUSE)
        raise HistoryError(
            f"the history of the remote cannot be read: {said(done.stderr)}",
            hint="check the name or URL given as --history-remote, and that the job may read it",
        )

    def _adapted(self, stderr: bytes) -> bool:
        """Where the remote hashes otherwise than our repository, begin the store anew as it does.

        Nothing is in it then: no fetch succeeded yet.
        """
        told = re.search(rb"mismatched algorithms: client (\w+); server (\w+)", stderr)
        if told is None or told[1].decode() != self._hash:
            return False
        self._hash = told[2].decode()
        self.objects.forget()
        for place in self.git.folder.iterdir():
            shutil.rmtree(place) if place.is_dir() else place.unlink()
        _begin(self.git, self._hash)
        return True


def _begin(store: Git, object_format: str) -> None:
    kind = f"--object-format={object_format}"
    store.run("init", "--quiet", "--bare", "--template=", "--initial-branch=none", kind)


def _addresses(git: Git, remote: str) -> Settings:
    """Where to fetch from and to push to: by the remote's name, else as it is given."""
    fetched = git.text("config", "--get", f"remote.{remote}.url", check=False)
    pushed = git.text("config", "--get", f"remote.{remote}.pushurl", check=False)
    addresses = [("url", fetched or remote), ("pushurl", pushed)]
    return tuple(
        (f"remote.{_NAME}.{key}", _absolute(git.folder, address))
        for key, address in addresses
        if address
    )


def _absolute(folder: Path, address: str) -> str:
    """A path as seen from the repository; a URL stays as it is."""
    if "://" not in address and (folder / address).exists():
        return str((folder / address).resolve())
    return address
