"""A forge that answers GitHub's REST API for the paths in use, with a memory and faults to order.

Every request and every answer is held against GitHub's own description. What the description does
not say and the forge enforces all the same is here by hand, each with its limit.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from tests.support.forge import NAME
from tests.support.http import listening
from tests.support.openapi import DOTCOM, Description, Json, description
from werkzeug.wrappers import Request, Response

TOKEN: Final = "ghs_a_token_that_nobody_may_see"
PERMISSIONS: Final = frozenset({"checks", "pull-requests", "statuses"})
READABLE: Final = frozenset(
    {"actions", "members", "metadata", "checks", "pull-requests", "statuses"}
)
# A fault sees each request, and the callable that has the forge carry it out; None: no fault.
Fault = Callable[[Request, Callable[[], Response]], Response | None]
Answer = tuple[int, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """A request, as it came."""

    method: str
    path: str
    body: Any
    status: int


@dataclass
class GitHubServer:
    """The forge's state. `wrong` is what was asked or answered against the description.

    The token may write what `permissions` name and read what is `readable`. `pulls` say what is
    special of a pull request, `came_from` which one each commit of the default branch came from.
    """

    describes: Description
    token: str
    url: str = ""
    heads: dict[int, str] = field(default_factory=dict)
    sources: dict[int, str] = field(default_factory=dict)
    permissions: frozenset[str] = PERMISSIONS
    readable: frozenset[str] = READABLE
    pulls: dict[int, Json] = field(default_factory=dict)
    came_from: dict[str, int] = field(default_factory=dict)
    timeline: list[Json] = field(default_factory=list)
    jobs: list[Json] = field(default_factory=list)
    runs: dict[tuple[int, int], Json] = field(default_factory=dict)
    members: dict[str, str] = field(default_factory=dict)
    rights: dict[str, str] = field(default_factory=dict)
    checks: list[Json] = field(default_factory=list)
    annotations: dict[int, list[Json]] = field(default_factory=dict)
    comments: list[Json] = field(default_factory=list)
    statuses: list[Json] = field(default_factory=list)
    reviews: list[Json] = field(default_factory=list)
    log: list[Asked] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    fault: Fault | None = None
    login: str = "github-actions[bot]"
    released: threading.Event = field(default_factory=threading.Event)

    def say(self, number: int, body: str, *, kind: str = "User", rights: str = "NONE") -> Json:
        """Someone's comment on a pull request."""
        made: Json = self.describes.example("issue-comment")
        made |= {"id": 1000 + len(self.comments), "body": body, "author_association": rights}
        made["user"] |= {"login": "someone", "type": kind}
        made["issue_url"] = f"{self.url}/repos/{NAME}/issues/{number}"
        made["url"] = f"{self.url}/repos/{NAME}/issues/comments/{made['id']}"
        self.comments.append(made)
        return made

    def answer(self, request: Request) -> Response:
        """Carry a request out, or fail as was ordered."""

        def real() -> Response:
            return self._carried_out(request)

        broken = self.fault(request, real) if self.fault is not None else None
        response = real() if broken is None else broken
        body = json.loads(request.get_data() or b"null")
        self.log.append(Asked(request.method, request.path, body, response.status_code))
        return response

    def _carried_out(self, request: Request) -> Response:
        found = self.describes.operation(request.method, request.path.removeprefix("/api/v3"))
        if found is None:
            self.wrong.append(f"{request.method} {request.path} is not described")
            return _json(404, {"message": "Not Found"})
        name, operation = found
        body = json.loads(request.get_data() or b"null")
        self.wrong += self.describes.wrong_request(name, operation, body)
        status, answer = self._ask(name, request, body)
        self.wrong += self.describes.wrong_answer(name, operation, status, answer)
        return _json(status, answer)

    def _ask(self, name: str, request: Request, body: Any) -> Answer:
        path = name.rpartition("{repo}/")[2].removeprefix("get /")
        needed = _PERMISSIONS.get(path) or _PERMISSIONS[path.partition("/")[0]]
        if request.headers.get("Authorization", "").split(" ")[-1] != self.token:
            return 401, {"message": "Bad credentials"}
        if needed not in (self.readable if request.method == "GET" else self.permissions):
            return 403, {"message": "Resource not accessible by integration"}
        if refused := _refused(body or {}):
            return 422, {"message": "Validation Failed", "errors": [{"message": refused}]}
        parts = request.path.partition(f"{NAME}/")[2].split("/")
        answers: dict[str, Callable[[], Answer]] = {
            "POST check-runs": lambda: self._check(None, body),
            "PATCH check-runs/{check_run_id}": lambda: self._check(int(parts[1]), body),
            "GET commits/{ref}/check-runs": lambda: self._listed(parts[1], request),
            "GET orgs/{org}/teams/{team_slug}/memberships/{username}": lambda: self._member(
                request
            ),
            "GET collaborators/{username}/permission": lambda: self._rights(parts[1]),
            "GET pulls/{pull_number}": lambda: self._pull(int(parts[1])),
            "GET pulls/{pull_number}/reviews": lambda: (200, _page(self.reviews, request)),
            "GET issues/{issue_number}/timeline": lambda: (200, _page(self.timeline, request)),
            "GET commits/{commit_sha}/pulls": lambda: self._pulls_of(parts[1]),
            "GET actions/runs/{run_id}/attempts/{attempt_number}": lambda: self._run(
                int(parts[2]), int(parts[4])
            ),
            "GET actions/runs/{run_id}/jobs": lambda: self._jobs(int(parts[2]), request),
            "GET issues/{issue_number}/comments": lambda: self._said(int(parts[1]), request),
            "POST issues/{issue_number}/comments": lambda: self._commented(int(parts[1]), body),
            "PATCH issues/comments/{comment_id}": lambda: self._edited(int(parts[2]), body),
            "POST statuses/{sha}": lambda: self._status(parts[1], body),
        }
        return answers[f"{request.method} {path}"]()

    def _edited(self, number: int, body: Json) -> Answer:
        [comment] = [each for each in self.comments if each["id"] == number]
        return 200, comment.__ior__(body)

    def _commented(self, number: int, body: Json) -> Answer:
        made = self.say(number, body["body"], kind="Bot")
        made["user"]["login"] = self.login
        return 201, made

    def _said(self, number: int, request: Request) -> Answer:
        ours = [each for each in self.comments if each["issue_url"].endswith(f"/issues/{number}")]
        return 200, _page(ours, request)

    def _jobs(self, run: int, request: Request) -> Answer:
        assert request.args.get("filter") == "all"
        ours = [job for job in self.jobs if job["run_id"] == run]
        return 200, {"total_count": len(ours), "jobs": _page(ours, request)}

    def _member(self, request: Request) -> Answer:
        """Of a team by `organisation/team/login`: its state."""
        words = request.path.removeprefix("/api/v3").split("/")
        state = self.members.get("/".join((words[2], words[4], words[6])))
        if state is None:
            return 404, {"message": "Not Found"}
        name = "team-membership-response-if-user-is-a-team-maintainer"
        return 200, self.describes.example(name) | {"state": state}

    def _rights(self, login: str) -> Answer:
        """Of a public repository everybody may read."""
        name = "repository-collaborator-permission-response-if-user-has-admin-permissions"
        answer: Json = self.describes.example(name)
        return 200, answer | {"permission": self.rights.get(login, "read"), "user": None}

    def _run(self, number: int, attempt: int) -> Answer:
        special = self.runs.get((number, attempt))
        if special is None:
            return 404, {"message": "Not Found"}
        run: Json = self.describes.example("workflow-run")
        run |= {"id": number, "run_attempt": attempt, "head_branch": "feature"}
        source = special.get("source", NAME)
        run["head_repository"]["full_name"] = source
        run["pull_requests"] = []  # as of a fork
        return 200, run | {key: special[key] for key in special if key != "source"}

    def _pulls_of(self, commit: str) -> Answer:
        number = self.came_from.get(commit)
        if number is None:
            return 200, []
        [pull] = self.describes.example("pull-request-simple-items")
        pull["requested_teams"] = []
        pull |= {"number": number, **self.pulls.get(number, {})}
        pull["base"] |= {"ref": "main"}
        return 200, [pull]

    def _pull(self, number: int) -> Answer:
        if number not in self.heads:
            return 404, {"message": "Not Found"}
        pull = self.describes.example("pull-request")
        pull["number"] = number
        pull["head"]["sha"] = self.heads[number]
        pull["head"]["repo"]["full_name"] = self.sources.get(number, NAME)
        pull["base"]["repo"]["full_name"] = NAME
        pull["requested_teams"] = []  # those of the example lack what they must have
        pull["comments"] = sum(
            each["issue_url"].endswith(f"/issues/{number}") for each in self.comments
        )
        return 200, pull | self.pulls.get(number, {})

    def _check(self, number: int | None, body: Json) -> Answer:
        if number is None:
            number = len(self.checks) + 1
            run: Json = self.describes.example("check-run-example-of-completed-conclusion")
            run |= {"id": number, "url": f"{self.url}/repos/{NAME}/check-runs/{number}"}
            self.checks.append(run)
            self.annotations[number] = []
            status = 201
        else:
            run, status = self.checks[number - 1], 200
        given = {key: value for key, value in body.items() if key != "output"}
        output = {k: v for k, v in body.get("output", {}).items() if k != "annotations"}
        self.annotations[number] += body.get("output", {}).get("annotations", [])
        run["output"] |= {**output, "annotations_count": len(self.annotations[number])}
        return status, run.__ior__(given)

    def _listed(self, commit: str, request: Request) -> Answer:
        name = request.args["check_name"]
        runs = [run for run in self.checks if (run["head_sha"], run["name"]) == (commit, name)]
        return 200, {"total_count": len(runs), "check_runs": runs}

    def _status(self, commit: str, body: Json) -> Answer:
        made: Json = self.describes.example("status") | body
        made["url"] = f"{self.url}/repos/{NAME}/statuses/{commit}"
        self.statuses.append(made)
        return 201, made


_PERMISSIONS: Final = {
    "orgs": "members",
    "collaborators": "metadata",
    "actions": "actions",
    "commits/{commit_sha}/pulls": "pull-requests",
    "check-runs": "checks",
    "commits": "checks",
    "pulls": "pull-requests",
    "issues": "pull-requests",
    "statuses": "statuses",
}


def _page(entries: list[Json], request: Request) -> list[Json]:
    """The page of a list that is asked for."""
    size, page = int(request.args.get("per_page", 30)), int(request.args.get("page", 1))
    return entries[(page - 1) * size : page * size]


def _refused(body: Json) -> str | None:
    """What the forge refuses and its description allows."""
    if body.get("status") == "completed" and not body.get("conclusion"):
        return "a completed check needs a conclusion"
    if len(body.get("body", "")) > 65_536:
        return "body is too long (maximum is 65536 characters)"
    if len(body.get("description", "")) > 140:
        return "description is too long (maximum is 140 characters)"
    output = body.get("output", {})
    if len(output.get("title", "")) > 255:
        return "title is too long"
    if any(len(output.get(part, "").encode()) > 65_535 for part in ("summary", "text")):
        return "summary exceeds a maximum bytesize of 65535"
    return next(filter(None, map(_bad_annotation, output.get("annotations", []))), None)


def _bad_annotation(each: Json) -> str | None:
    if len(each.get("title", "")) > 255 or len(each["message"].encode()) > 64 * 1024:
        return "an annotation is too long"
    if each["start_line"] != each["end_line"] and "start_column" in each:
        return "columns are for one line"
    if each["path"].startswith("/") or not each["message"] or each["start_line"] < 1:
        return "an annotation is of no place"
    return None


def _json(status: int, body: Any, headers: dict[str, str] | None = None) -> Response:
    return Response(json.dumps(body), status, headers, content_type="application/json")


def forbidden(_: Request, __: object) -> Response:
    """The token lacks every permission, as one of a fork that writes."""
    return _json(403, {"message": "Resource not accessible by integration"})


def limited(message: str, **headers: str) -> Fault:
    """A rate limit, said in the forge's words and with these headers."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda _, __: _json(403, {"message": message}, named)


def broken(status: int) -> Fault:
    """A page of HTML from something before the forge."""
    return lambda _, __: Response("<html>Unicorn!</html>", status, content_type="text/html")


def truncated(_: Request, real: Callable[[], Response]) -> Response:
    """Carried out, and the answer is cut off."""
    whole = real().get_data()
    return Response(
        whole[: len(whole) // 2],
        200,
        {"Content-Length": str(len(whole))},
        content_type="application/json",
    )


def once(fault: Fault, method: str = "", path: str = "") -> Fault:
    """A fault of the first request of this kind, and none after it."""
    left = [1]

    def faulty(request: Request, real: Callable[[], Response]) -> Response | None:
        fits = request.method.startswith(method) and re.search(path, request.path)
        if not fits or not left:
            return None
        left.clear()
        return fault(request, real)

    return faulty


@contextmanager
def serving(token: str = TOKEN, *, api: str = DOTCOM) -> Iterator[GitHubServer]:
    """A forge until the block ends. Fails where something went against the description."""
    state = GitHubServer(description(api), token)
    with listening(state.answer) as state.url:
        try:
            yield state
        finally:
            state.released.set()
    assert not state.wrong, "\n".join(state.wrong)
