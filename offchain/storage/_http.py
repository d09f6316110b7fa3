"""HTTP with limits: time, size, and a second try only where it can help."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import requests

from offchain.exceptions import NotFoundError, RemoteError, TooLargeError, TransportError

PIECE = 64 << 10
SHOWN = 200  # characters of an error's text
PASSING = {408, 425, 429, 500, 502, 503, 504}

Body = Callable[[], Any]
"""Makes the body of a request afresh for each attempt."""


@dataclass(frozen=True)
class Limits:
    """connect, read: seconds without a sign of life. total: seconds for one answer. attempts: for passing
    faults.
    """

    connect: float = 10.0
    read: float = 60.0
    total: float = 600.0
    attempts: int = 3
    pause: float = 0.5


@dataclass(frozen=True)
class Request:
    """One POST, `max_answer` bytes being the most that its answer may have."""

    url: str
    body: Body
    max_answer: int
    headers: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)


def post(request: Request, limits: Limits) -> bytes:
    """The answer. Every request of this package may be repeated without harm.

    Raises TransportError after the last attempt, RemoteError and NotFoundError for a refusal,
    TooLargeError for an answer beyond the limit.
    """
    for attempt in range(1, limits.attempts):
        try:
            return _once(request, limits)
        except TransportError:
            time.sleep(limits.pause * 2 ** (attempt - 1))
    return _once(request, limits)


def _once(request: Request, limits: Limits) -> bytes:
    deadline = time.monotonic() + limits.total
    try:
        answer = requests.post(
            request.url,
            data=request.body(),
            headers=dict(request.headers),
            params=dict(request.query),
            timeout=(limits.connect, limits.read),
            stream=True,
            allow_redirects=False,
        )
        with answer:
            content = _read(answer, request.max_answer, deadline)
            _check_status(request.url, answer.status_code, content)
            return content
    except requests.Timeout as error:
        raise TransportError(f"{request.url} did not answer in time: try again later") from error
    except requests.RequestException as error:
        raise TransportError(f"{request.url} cannot be reached or broke off: {error}") from error


def _read(answer: requests.Response, max_answer: int, deadline: float) -> bytes:
    content = bytearray()
    for piece in answer.iter_content(PIECE):
        content += piece
        if len(content) > max_answer:
            raise TooLargeError(f"{answer.url} sent more than the {max_answer} bytes that were expected")
        if time.monotonic() > deadline:
            raise TransportError(f"{answer.url} sends too slowly: try again later")
    expected = answer.headers.get("Content-Length")
    if expected is not None and "Content-Encoding" not in answer.headers and len(content) < int(expected):
        raise TransportError(f"{answer.url} broke off after {len(content)} of {expected} bytes")
    return bytes(content)


def _check_status(url: str, status: int, content: bytes) -> None:
    if status == 200:
        return
    text = content[:SHOWN].decode(errors="replace").strip()
    if status == 404:
        raise NotFoundError(f"{url} knows nothing of this: {text}")
    if status in PASSING:
        raise TransportError(f"{url} answered {status}: {text}")
    raise RemoteError(f"{url} answered {status}: {text}")


class JsonRpc:
    """A JSON-RPC 2.0 client for one URL."""

    def __init__(self, url: str, limits: Limits, max_answer: int) -> None:
        self._url = url
        self._limits = limits
        self._max_answer = max_answer

    def call(self, method: str, params: list[Any]) -> Any:
        """The result. Raises RemoteError with the node's own words, TransportError."""
        request = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}).encode()
        headers = {"Content-Type": "application/json"}
        content = post(Request(self._url, lambda: request, self._max_answer, headers), self._limits)
        try:
            answer = json.loads(content)
        except (ValueError, RecursionError) as error:
            raise RemoteError(f"{self._url} did not answer {method} with JSON") from error
        if not isinstance(answer, dict) or ("result" not in answer and "error" not in answer):
            raise RemoteError(f"{self._url} answered {method} with something that is no JSON-RPC")
        if answer.get("error") is not None:
            raise RemoteError(f"{self._url} refused {method}: {_words(answer['error'])}")
        return answer.get("result")


def _words(error: Any) -> str:
    if not isinstance(error, dict):
        return str(error)[:SHOWN]
    return " ".join(str(error[key]) for key in ("message", "data") if error.get(key))[:SHOWN]
