"""An HTTP server on loopback that answers as a test tells it to."""

import contextlib
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit


@dataclass
class Answer:
    """`claimed` is the Content-Length to lie with, `pause` seconds of silence before the answer."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    claimed: int | None = None
    pause: float = 0.0


@dataclass(frozen=True)
class Asked:
    path: str
    query: dict[str, str]
    body: bytes
    headers: dict[str, str]


class Stub:
    """`with Stub(handler) as stub`: `stub.url` is its address, `stub.asked` what came in."""

    def __init__(self, handler: Callable[[Asked], Answer]) -> None:
        self.asked: list[Asked] = []
        self.stopping = threading.Event()
        stub = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                parts = urlsplit(self.path)
                query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
                asked = Asked(parts.path, query, body, dict(self.headers))
                stub.asked.append(asked)
                answer = handler(asked)
                stub.stopping.wait(answer.pause)
                self.send_response(answer.status)
                length = len(answer.body) if answer.claimed is None else answer.claimed
                self.send_header("Content-Length", str(length))
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                with contextlib.suppress(
                    ConnectionError
                ):  # clients may hang up on what is too long or too late
                    self.wfile.write(answer.body)
                self.close_connection = True

            def log_message(self, *args: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self.stopping.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
