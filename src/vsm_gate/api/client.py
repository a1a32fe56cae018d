"""Requests to GitHub's REST API: few, bounded in number and in time.

Every request is made by `Client.ask`, which knows what may be tried again.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from vsm_gate.api.problem import Problem, explain
from vsm_gate.model.change import Context

if TYPE_CHECKING:
    from github.Requester import Requester

Json = dict[str, Any]

_API: Final = "https://api.github.com"
# Seconds: of one request, and of all the waiting between requests of a run.
TIMEOUT: Final = 15
PATIENCE: Final = 120
PAGE: Final = 100
_TRIES: Final = 3
# Requests of a run, and those of them that publishing takes beside each page of comments, among
# which our own is looked for: a status, a check, a comment.
BUDGET: Final = 12
_TO_PUBLISH: Final = 3
STRANGE: Final = Problem("the answer is not what was asked for", unreachable=True)


class ApiError(Exception):
    """A request did not do what was asked. It stops no run: who asks makes a value of it."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.said)
        self.problem = problem


class Client:
    """The API for one repository and one run. `requests` counts what was asked.

    `comments` is how many the pull request has, as far as that is known: what publishing will take
    is kept for it. Once it was found not to answer, nothing more is asked.
    """

    def __init__(
        self,
        context: Context,
        token: str,
        *,
        timeout: int = TIMEOUT,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._url, self._token, self._timeout = context.api_url.rstrip("/"), token, timeout
        self._path = f"/repos/{quote(context.repository, safe='/')}"
        self._sleep = sleep
        self._patience = float(PATIENCE)
        self._down: Problem | None = None
        self._remembered: dict[str, Json] = {}
        self.requests = 0
        self.comments = 0

    @property
    def left(self) -> int:
        """How many requests are left of those that a run may take."""
        return max(BUDGET - self.requests, 0)

    def spare(self, others: int, *, least: int = 1) -> int:
        """How many of them a list may take, one at least; `others` come before publishing."""
        pages = 1 + self.comments // PAGE
        return max(self.left - _TO_PUBLISH - pages - others, least)

    @cached_property
    def _requester(self) -> Requester:
        """PyGithub's, made when the first request is: loading it takes longer than all else."""
        from github import Auth, Github

        return Github(
            base_url=self._url or _API,
            auth=Auth.Token(self._token),
            timeout=self._timeout,
            retry=None,
            user_agent="vsm-gate",
            seconds_between_requests=None,
            seconds_between_writes=None,
        ).requester

    def ask(
        self,
        verb: str,
        place: str,
        body: Json | None = None,
        *,
        made: Callable[[], Json | None] | None = None,
        many: bool = False,
    ) -> Any:
        """One request to `place`, below the repository, and its repetitions. Raises `ApiError`.

        Places of an organisation begin with `/orgs/`.

        `made` finds what a request without an answer has made, so that it is not made twice. The
        answer is a list where there may be `many`, else an object.
        """
        if self._down is not None:
            raise ApiError(self._down)
        for attempt in range(1, _TRIES + 1):
            self.requests += 1
            try:
                return self._answer(verb, place, body, many=many)
            except ApiError as refused:
                wait = refused.problem.wait(attempt)
                if attempt == _TRIES or wait is None or wait > self._patience:
                    self._down = refused.problem if refused.problem.unreachable else None
                    raise
                self._patience -= wait
                self._sleep(wait)
                found = made() if made is not None and refused.problem.unreachable else None
                if found is not None:
                    return found
        raise AssertionError("every attempt returns or raises")

    def _answer(self, verb: str, place: str, body: Json | None, *, many: bool) -> Any:
        from github import GithubException

        try:
            below = "" if place.startswith("/orgs/") else self._path
            _, answer = self._requester.requestJsonAndCheck(verb, below + place, input=body)
        except (GithubException, OSError, ValueError, RuntimeError, AssertionError) as problem:
            raise ApiError(explain(problem, time.time())) from None
        if not isinstance(answer, list if many else dict):
            raise ApiError(STRANGE)
        return answer

    def get(self, place: str) -> Json:
        """What stands at a place, asked for once in a run. Raises `ApiError`.

        There is no cache beyond the run and so nothing to be conditional on: a hosted runner begins
        with an empty disk, and a run is over before what it read can be stale.
        """
        if place not in self._remembered:
            self._remembered[place] = self.ask("GET", place)
        return self._remembered[place]

    def pages(self, place: str, *, inside: str = "", most: int | None = None) -> Iterator[Json]:
        """Every entry of a list, over all its pages, as far as they are wanted.

        The list is the answer, or stands `inside` it under that name. Raises `ApiError`, also after
        the last of `most` pages where there are more.
        """
        mark, page = "&" if "?" in place else "?", 1
        while True:
            where = f"{place}{mark}per_page={PAGE}&page={page}"
            answer = self.ask("GET", where, many=not inside)
            found = field(answer, inside) if inside else answer
            if not isinstance(found, list):
                raise ApiError(STRANGE)
            yield from (each for each in found if isinstance(each, dict))
            if len(found) < PAGE:
                return
            if page == most:
                raise ApiError(Problem(f"there are more than {page * PAGE} entries"))
            page += 1


def field(answer: Any, *names: str) -> Any:
    """A part of an answer, which may be anything. Raises `ApiError`."""
    for name in names:
        if not isinstance(answer, dict) or name not in answer:
            raise ApiError(STRANGE)
        answer = answer[name]
    return answer


def moment(answer: Any, name: str) -> datetime | None:
    """A time in an answer, None where there is none. Raises `ApiError` where it is no time."""
    value = answer.get(name) if isinstance(answer, dict) else None
    if value is None:
        return None
    try:
        found = datetime.fromisoformat(str(value))
    except ValueError:
        raise ApiError(STRANGE) from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def text(answer: Any, *names: str) -> str:
    """A text in an answer, such as the login of a user; empty where there is none.

    Nobody is named where an account was deleted, for one.
    """
    for name in names:
        answer = answer.get(name) if isinstance(answer, dict) else None
    return answer if isinstance(answer, str) else ""


def number(answer: Any, name: str) -> int | None:
    """A count in an answer, None where there is none."""
    value = answer.get(name) if isinstance(answer, dict) else None
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None
