"""A real git server over HTTP: `git http-backend` behind werkzeug, with faults to order."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.http import listening
from werkzeug.wrappers import Request, Response

# A fault sees each request and answers it itself, or lets it through with None. The callable it is
# given asks the real server.
Fault = Callable[[Request, Callable[[], Response]], Response | None]


@dataclass
class GitServer:
    """A running server. `log` has a line a request; `fault` may break what comes next."""

    url: str
    log: list[str] = field(default_factory=list)
    received: int = 0
    sent: int = 0
    headers: list[Mapping[str, str]] = field(default_factory=list)
    fault: Fault | None = None


@contextmanager
def serving(root: Path, environment: Mapping[str, str]) -> Iterator[GitServer]:
    """Serve the bare repositories below `root` until the block ends."""
    state = GitServer("")

    def answer(request: Request) -> Response:
        body = request.get_data()
        state.log.append(f"{request.method} {request.full_path}")
        state.headers.append(dict(request.headers))
        state.received += len(body)

        def real() -> Response:
            return _backend(root, environment, request, body)

        broken = state.fault(request, real) if state.fault is not None else None
        response = real() if broken is None else broken
        state.sent += len(response.get_data())
        return response

    with listening(answer) as state.url:
        yield state


def _backend(root: Path, environment: Mapping[str, str], request: Request, body: bytes) -> Response:
    """Ask `git http-backend`, as a web server would."""
    variables = {
        **environment,
        "GIT_PROJECT_ROOT": str(root),
        "GIT_HTTP_EXPORT_ALL": "1",
        "REMOTE_USER": "tester",
        "REQUEST_METHOD": request.method,
        "PATH_INFO": request.path,
        "QUERY_STRING": request.query_string.decode("ascii"),
        "CONTENT_TYPE": request.content_type or "",
        "CONTENT_LENGTH": str(len(body)),
        "HTTP_CONTENT_ENCODING": request.headers.get("Content-Encoding", ""),
        "GIT_PROTOCOL": request.headers.get("Git-Protocol", ""),
        "PATH": environment.get("PATH", os.defpath),
    }
    done = subprocess.run(
        ["git", "http-backend"], input=body, capture_output=True, env=variables, check=False
    )
    head, _, content = done.stdout.partition(b"\r\n\r\n")
    headers = [line.split(": ", 1) for line in head.decode("latin-1").split("\r\n") if line]
    status = "200 OK"
    for name, value in headers:
        if name == "Status":
            status = value
    return Response(content, status=status, headers=[(n, v) for n, v in headers if n != "Status"])
