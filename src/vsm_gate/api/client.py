"""Requests to GitHub's REST API: few, bounded in number and in time.

Every request is made by `Client.ask`, which knows what may be tried again.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
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
_STRANGE: Final = Problem("the answer is not what was asked for", unreachable=True)


class ApiError(Exception):
    """A request did not do what was asked. It stops no run: who asks makes a value of it."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.said)
        self.problem = problem


class Client:
    """The API for one repository and one run. `requests` counts what was asked.

    Once it was found not to answer, nothing more is asked.
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
        self.requests = 0

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
            _, answer = self._requester.requestJsonAndCheck(verb, self._path + place, input=body)
        except (GithubException, OSError, ValueError, RuntimeError, AssertionError) as problem:
            raise ApiError(explain(problem, time.time())) from None
        if not isinstance(answer, list if many else dict):
            raise ApiError(_STRANGE)
        return answer

    def pages(self, place: str) -> Iterator[Json]:
        """Every entry of a list, over all its pages, as far as they are wanted."""
        page = 1
        while True:
            found = self.ask("GET", f"{place}?per_page={PAGE}&page={page}", many=True)
            yield from (each for each in found if isinstance(each, dict))
            if len(found) < PAGE:
                return
            page += 1


def field(answer: Any, *names: str) -> Any:
    """A part of an answer, which may be anything. Raises `ApiError`."""
    for name in names:
        if not isinstance(answer, dict) or name not in answer:
            raise ApiError(_STRANGE)
        answer = answer[name]
    return answer
