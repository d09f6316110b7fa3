"""JSON-RPC over one HTTP connection that stays open: as fast as the IPC socket for the large requests that
the engine sends, and every node has it.
"""

from __future__ import annotations

from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import urlsplit

import msgspec

TIMEOUT = 120


class NodeError(Exception):
    """The node did not do what it was asked to; the message has its own words. `data` is what a call that
    reverted returned, in hexadecimal.
    """

    def __init__(self, message: str, data: str | None = None) -> None:
        super().__init__(message)
        self.data = data


class Node:
    """A node at a URL. Each process needs its own, since a connection cannot be shared (`again`)."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._connection: HTTPConnection | None = None

    def again(self) -> Node:
        """The same node over a connection of its own."""
        return Node(self.url)

    def rpc(self, method: str, *params: Any) -> Any:
        """The result of one request. Raises NodeError."""
        body = msgspec.json.encode({"jsonrpc": "2.0", "id": 1, "method": method, "params": params})
        reply = self._exchange(body)
        try:
            answer = msgspec.json.decode(reply)
        except msgspec.DecodeError as error:
            raise NodeError(f"{self.url} is no node: {method} was answered {reply[:80]!r}") from error
        if "error" not in answer:
            return answer["result"]
        error = answer["error"]
        data = error.get("data")
        raise NodeError(f"{method}: {error.get('message', error)}", data if isinstance(data, str) else None)

    def _exchange(self, body: bytes) -> bytes:
        if self._connection is None:
            self._connection = HTTPConnection(urlsplit(self.url).netloc, timeout=TIMEOUT)
        try:
            self._connection.request("POST", "/", body, {"Content-Type": "application/json"})
            return self._connection.getresponse().read()
        except (OSError, HTTPException) as error:
            self._connection = None
            raise NodeError(f"no answer from {self.url}: {error!r}") from error
