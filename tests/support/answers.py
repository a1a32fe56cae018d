"""A web server that says what it is told to, and remembers what it was asked."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.support.http import running


@dataclass(slots=True)
class Answers:
    """What is answered to each path: status, body and headers; to each query of a Prometheus."""

    address: str = ""
    paths: dict[str, tuple[int, bytes, dict[str, str]]] = field(default_factory=dict)
    queries: dict[str, bytes] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def say(self, path: str, body: str | bytes, status: int = 200, **headers: str) -> None:
        """Answer a path."""
        content = body.encode() if isinstance(body, str) else body
        self.paths[path] = (status, content, headers)

    def of(self, target: str) -> tuple[int, bytes, dict[str, str]]:
        """The answer to a request."""
        parts = urlsplit(target)
        query = parse_qs(parts.query).get("query", [""])[0]
        if query in self.queries:
            return 200, self.queries[query], {}
        return self.paths.get(parts.path, (404, b"there is nothing here", {}))


@contextmanager
def answering() -> Iterator[Answers]:
    """A server on this machine, for as long as it is needed."""
    answers = Answers()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answers.asked.append((self.path, dict(self.headers)))
            status, body, headers = answers.of(self.path)
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    answers.address = f"http://127.0.0.1:{server.server_address[1]}"
    with running(server):
        yield answers


def vector(*values: float | str) -> bytes:
    """Prometheus's answer to an instant query, a series for each value."""
    series = ",".join(f'{{"metric":{{}},"value":[1763805600,"{value}"]}}' for value in values)
    data = f'{{"resultType":"vector","result":[{series}]}}'
    return f'{{"status":"success","data":{data}}}'.encode()
