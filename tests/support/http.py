"""Web servers on this machine, as long as a test needs them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from socketserver import BaseServer
from typing import Any

from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler
from werkzeug.wrappers import Request, Response


class _Patient(ThreadedWSGIServer):
    """A server that lets hundreds wait for their turn, as a forge does."""

    request_queue_size = 1_024


class _Quiet(WSGIRequestHandler):
    def log(self, *_: Any, **__: Any) -> None:
        """Say nothing: what was asked is remembered elsewhere."""


@contextmanager
def listening(answer: Callable[[Request], Response]) -> Iterator[str]:
    """Answer every request so until the block ends; the server's URL."""

    def application(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        return answer(Request(environ))(environ, start)

    server = _Patient("127.0.0.1", 0, application, handler=_Quiet)
    with running(server):
        yield f"http://127.0.0.1:{server.server_port}"


@contextmanager
def running(server: BaseServer) -> Iterator[None]:
    """Let a server work in a thread until the block ends."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
