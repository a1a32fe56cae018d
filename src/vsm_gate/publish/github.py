"""Put a plan on GitHub: bounded, and never in the way of a verdict."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

from vsm_gate.api.client import PAGE, ApiError, Client, Json, field, text
from vsm_gate.api.permissions import NEEDS
from vsm_gate.api.problem import Problem
from vsm_gate.model.results import Receipt
from vsm_gate.publish.check_run import CheckRun
from vsm_gate.publish.comment import Comment, Marker
from vsm_gate.publish.plan import Post
from vsm_gate.publish.status import CommitStatus

_LATER: Final = "run the job again, or `vsm-gate publish` its bundle, to publish it"
# People who may write to the repository: a comment with our marker by anyone else is a copy.
_TRUSTED: Final = frozenset({"OWNER", "MEMBER", "COLLABORATOR"})


class GitHub:
    """The surfaces of GitHub for one run.

    After the first refusal of a run for a `fork`, whose token can only read, nothing more is tried.
    Surfaces that are `named` were asked for; the others are published where the token allows it.
    """

    def __init__(self, client: Client, *, fork: bool, named: frozenset[str] = frozenset()) -> None:
        self._client, self._fork, self._named = client, fork, named
        self._given_up: Problem | None = None

    def post(self, step: Post) -> Receipt:
        """Put one result on its surface; the receipt says how many requests it took."""
        before, left_out = self._client.requests, False
        try:
            ok, detail = True, self._dispatch(step)
        except ApiError as refused:
            problem = refused.problem
            done = refused.done if isinstance(refused, PartlyError) else "not published"
            if self._fork and problem.forbidden:
                self._given_up = problem
            left_out = problem.forbidden and step.publisher not in self._named
            ok, detail = False, f"{done}: {told(problem, step.publisher, fork=self._fork)}"
        count = self._client.requests - before
        detail += f" ({count} request{'' if count == 1 else 's'})"
        return Receipt(step.publisher, ok, detail, left_out=left_out)

    def _dispatch(self, step: Post) -> str:
        if self._given_up is not None:
            raise ApiError(self._given_up)
        if isinstance(step, CheckRun):
            return self._check_run(step)
        if isinstance(step, Comment):
            return self._comment(step)
        return self._status(step)

    def _check_run(self, step: CheckRun) -> str:
        """Create it whole with the first batch of annotations, then add the others to it, as far
        as the run's requests go.
        """
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
        made = self._client.ask("POST", "/check-runs", body, made=lambda: self._made_check(step))
        place = f"/check-runs/{field(made, 'id')}"
        count, total = len(first), sum(map(len, step.batches))
        for batch in others[: self._client.left]:
            try:
                self._client.ask("PATCH", place, {"output": {**output, "annotations": list(batch)}})
            except ApiError as refused:
                done = f"published with {count} of {total} annotations"
                raise PartlyError(refused.problem, done) from None
            count += len(batch)
        shown = str(total) if count == total else f"{count} of {total}"
        return f"{step.name} on {step.head[:10]}, {shown} annotation{'' if total == 1 else 's'}"

    def _made_check(self, step: CheckRun) -> Json | None:
        """The check that an unanswered request made all the same."""
        query = f"check_name={quote(step.name, safe='')}&filter=all&per_page={PAGE}"
        found = self._client.ask("GET", f"/commits/{step.head}/check-runs?{query}")
        runs: list[Json] = field(found, "check_runs")
        return next((run for run in runs if run.get("external_id") == step.external_id), None)

    def _comment(self, step: Comment) -> str:
        """Edit the comment of this team and job, or write the first; never over a newer result."""
        pull = self._client.get(f"/pulls/{step.number}")
        now = str(field(pull, "head", "sha"))
        if now != step.marker.head:
            return f"left as it is: the pull request has moved on to {now[:10]}"
        found = self._own_comment(step)
        if found is None:
            place = f"/issues/{step.number}/comments"
            self._client.ask(
                "POST", place, {"body": step.body}, made=lambda: self._own_comment(step)
            )
            return f"written on #{step.number}"
        marker = Marker.of(str(field(found, "body")))
        if marker is not None and step.marker.is_older_than(marker):
            return f"left as it is: run {marker.run}, attempt {marker.attempt} is newer"
        self._client.ask("PATCH", f"/issues/comments/{field(found, 'id')}", {"body": step.body})
        return f"edited on #{step.number}"

    def _own_comment(self, step: Comment) -> Json | None:
        """The oldest comment with our marker, by a bot or by someone who may write here."""
        for each in self._client.pages(f"/issues/{step.number}/comments"):
            marker = Marker.of(text(each, "body"))
            a_bot = text(each, "user", "type") == "Bot"
            trusted = a_bot or text(each, "author_association") in _TRUSTED
            if marker is not None and marker.key == step.marker.key and trusted:
                return each
        return None

    def _status(self, step: CommitStatus) -> str:
        body = {"state": step.state, "context": step.context, "description": step.description}
        if step.target_url:
            body["target_url"] = step.target_url
        self._client.ask("POST", f"/statuses/{step.head}", body)
        return f"{step.context} on {step.head[:10]}"


def told(problem: Problem, publisher: str, *, fork: bool) -> str:
    """The problem for a person, and what helps."""
    if problem.forbidden and fork:
        return "a pull request from a fork has a token that can only read"
    if problem.unreachable or problem.limited:
        return f"{problem.said}; {_LATER}"
    return problem.needing(NEEDS[publisher].permission)


class PartlyError(ApiError):
    """A surface has a part of what it was to have: `done` says which."""

    def __init__(self, problem: Problem, done: str) -> None:
        super().__init__(problem)
        self.done = done
