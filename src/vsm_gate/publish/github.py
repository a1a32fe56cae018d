"""Put a plan on GitHub through its REST API: bounded, and never in the way of a verdict.

Every request is made by `_ask`, which knows what may be tried again and how long it may take.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any, Final
from urllib.parse import quote

from vsm_gate.model.change import Context
from vsm_gate.model.results import Receipt
from vsm_gate.publish.check_run import CheckRun
from vsm_gate.publish.comment import Comment, Marker
from vsm_gate.publish.plan import Post
from vsm_gate.publish.refusals import Problem, explain
from vsm_gate.publish.status import CommitStatus

Json = dict[str, Any]

_API: Final = "https://api.github.com"
# Seconds: of one request, and of all the waiting between requests of a run.
TIMEOUT: Final = 15
PATIENCE: Final = 120
_TRIES: Final = 3
_PAGE: Final = 100
_STRANGE: Final = Problem("the answer is not what was asked for", unreachable=True)
# People who may write to the repository: a comment with our marker by anyone else is a copy.
_TRUSTED: Final = frozenset({"OWNER", "MEMBER", "COLLABORATOR"})


class GitHub:
    """GitHub's API for one repository and one run.

    `requests` counts what was asked. Once the API was found not to answer, nothing more is tried;
    so with the first refusal of a run for a fork, whose token can only read. Surfaces that
    are `named` were asked for; the others are published where the token allows it.
    """

    def __init__(
        self,
        context: Context,
        token: str,
        *,
        named: frozenset[str] = frozenset(),
        timeout: int = TIMEOUT,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        # loaded here, since it takes longer than all else together
        from github import Auth, Github

        api = Github(
            base_url=context.api_url.rstrip("/") or _API,
            auth=Auth.Token(token),
            timeout=timeout,
            retry=None,
            user_agent="vsm-gate",
            seconds_between_requests=None,
            seconds_between_writes=None,
        )
        self._requester = api.requester
        self._path = f"/repos/{quote(context.repository, safe='/')}"
        self._fork, self._named, self._sleep = context.from_fork, named, sleep
        self._patience = float(PATIENCE)
        self._given_up: Problem | None = None
        self.requests = 0

    def post(self, step: Post) -> Receipt:
        """Put one result on its surface; the receipt says how many requests it took."""
        before, left_out = self.requests, False
        try:
            ok, detail = True, self._dispatch(step)
        except NotPublishedError as refused:
            problem = refused.problem
            if problem.unreachable or (self._fork and problem.forbidden):
                self._given_up = problem
            left_out = problem.forbidden and step.publisher not in self._named
            ok, detail = False, f"{refused.done}: {problem.text(step.publisher, fork=self._fork)}"
        count = self.requests - before
        detail += f" ({count} request{'' if count == 1 else 's'})"
        return Receipt(step.publisher, ok, detail, left_out=left_out)

    def _dispatch(self, step: Post) -> str:
        if self._given_up is not None:
            raise NotPublishedError(self._given_up)
        if isinstance(step, CheckRun):
            return self._check_run(step)
        if isinstance(step, Comment):
            return self._comment(step)
        return self._status(step)

    def _check_run(self, step: CheckRun) -> str:
        """Create it whole with the first batch of annotations, then add the others to it."""
        output = {"title": step.title, "summary": step.summary, "text": step.text}
        first, *others = step.batches
        body: Json = {
            "name": step.name,
            "head_sha": step.head,
            "external_id": step.external_id,
            "status": "completed",
            "conclusion": step.conclusion,
            "output": {**output, "annotations": list(first)},
        }
        if step.details_url:
            body["details_url"] = step.details_url
        made = self._ask("POST", "/check-runs", body, made=lambda: self._made_check(step))
        place = f"/check-runs/{_field(made, 'id')}"
        count, total = len(first), sum(map(len, step.batches))
        for batch in others:
            try:
                self._ask("PATCH", place, {"output": {**output, "annotations": list(batch)}})
            except NotPublishedError as refused:
                done = f"published with {count} of {total} annotations"
                raise NotPublishedError(refused.problem, done) from None
            count += len(batch)
        return f"{step.name} on {step.head[:10]}, {total} annotation{'' if total == 1 else 's'}"

    def _made_check(self, step: CheckRun) -> Json | None:
        """The check that an unanswered request made all the same."""
        query = f"check_name={quote(step.name, safe='')}&filter=all&per_page={_PAGE}"
        found = self._ask("GET", f"/commits/{step.head}/check-runs?{query}")
        runs: list[Json] = _field(found, "check_runs")
        return next((run for run in runs if run.get("external_id") == step.external_id), None)

    def _comment(self, step: Comment) -> str:
        """Edit the comment of this team and job, or write the first; never over a newer result."""
        pull = self._ask("GET", f"/pulls/{step.number}")
        now = str(_field(pull, "head", "sha"))
        if now != step.marker.head:
            return f"left as it is: the pull request has moved on to {now[:10]}"
        found = self._own_comment(step)
        if found is None:
            place = f"/issues/{step.number}/comments"
            self._ask("POST", place, {"body": step.body}, made=lambda: self._own_comment(step))
            return f"written on #{step.number}"
        marker = Marker.of(str(_field(found, "body")))
        if marker is not None and step.marker.is_older_than(marker):
            return f"left as it is: run {marker.run}, attempt {marker.attempt} is newer"
        self._ask("PATCH", f"/issues/comments/{_field(found, 'id')}", {"body": step.body})
        return f"edited on #{step.number}"

    def _own_comment(self, step: Comment) -> Json | None:
        """The oldest comment with our marker, by a bot or by someone who may write here."""
        for each in self._comments(step.number):
            marker = Marker.of(str(each.get("body") or ""))
            author = each.get("user") or {}
            trusted = author.get("type") == "Bot" or each.get("author_association") in _TRUSTED
            if marker is not None and marker.key == step.marker.key and trusted:
                return each
        return None

    def _comments(self, number: int) -> Iterator[Json]:
        page = 1
        while True:
            place = f"/issues/{number}/comments?per_page={_PAGE}&page={page}"
            found = self._ask("GET", place, many=True)
            yield from found
            if len(found) < _PAGE:
                return
            page += 1

    def _status(self, step: CommitStatus) -> str:
        body = {"state": step.state, "context": step.context, "description": step.description}
        if step.target_url:
            body["target_url"] = step.target_url
        self._ask("POST", f"/statuses/{step.head}", body)
        return f"{step.context} on {step.head[:10]}"

    def _ask(
        self,
        verb: str,
        place: str,
        body: Json | None = None,
        *,
        made: Callable[[], Json | None] | None = None,
        many: bool = False,
    ) -> Any:
        """One request and its bounded repetitions. Raises `NotPublishedError`.

        `made` finds what a request without an answer has made, so that it is not made twice. The
        answer is a list where there may be `many`, else an object.
        """
        for attempt in range(1, _TRIES + 1):
            self.requests += 1
            try:
                return self._answer(verb, place, body, many=many)
            except NotPublishedError as refused:
                wait = refused.problem.wait(attempt)
                if attempt == _TRIES or wait is None or wait > self._patience:
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
            raise NotPublishedError(explain(problem, time.time())) from None
        if not isinstance(answer, list if many else dict):
            raise NotPublishedError(_STRANGE)
        return answer


def _field(answer: Any, *names: str) -> Any:
    """A part of an answer, which may be anything. Raises `NotPublishedError`."""
    for name in names:
        if not isinstance(answer, dict) or name not in answer:
            raise NotPublishedError(_STRANGE)
        answer = answer[name]
    return answer


class NotPublishedError(Exception):
    """A request did not do what was asked; `done` says how far it came. It stays in this module."""

    def __init__(self, problem: Problem, done: str = "not published") -> None:
        super().__init__(problem.said)
        self.problem, self.done = problem, done
