"""IPFS by the HTTP API of a Kubo node."""

from __future__ import annotations

import json
import os
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from offchain.exceptions import InputError, MismatchError, NotFoundError, RemoteError, TransportError
from offchain.hashing import Profile, ipfs_cid, zerog_root
from offchain.hashing._source import Data
from offchain.storage._http import Limits, Request, post
from offchain.storage._protocol import MAX_SIZE, Ref, check_bytes, check_size

SCHEME = "ipfs://"
BOUNDARY = "winnow-9f1c6c1e2b7d4a50"
MAX_ADD_ANSWER = 64 << 10
KNOWN_PROFILES = (
    Profile(),
    Profile(chunk_size=1 << 20),
    Profile(chunk_size=1 << 20, max_children=1_024),
    Profile(raw_leaves=False, cid_version=0),
)


class IpfsStore:
    """Adds and reads files of one node, `api` being its address, such as `http://127.0.0.1:5001`."""

    def __init__(self, api: str, limits: Limits | None = None, max_size: int = MAX_SIZE) -> None:
        self._api = api.rstrip("/") + "/api/v0/"
        self._limits = limits or Limits()
        self._max_size = max_size

    def put(self, data: Data) -> Ref:
        """Add and pin the data. Raises MismatchError if the node computes another CID than we do."""
        root, cid = zerog_root(data), ipfs_cid(data)
        options = {
            "cid-version": "1",
            "raw-leaves": "true",
            "chunker": f"size-{Profile().chunk_size}",
            "pin": "true",
        }
        headers = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
        request = Request(self._api + "add", lambda: Upload(data), MAX_ADD_ANSWER, headers, options)
        said = _hash_of(post(request, self._limits))
        if said != cid:
            raise MismatchError(f"the node calls the data {said}, it should be {cid}: do not rely on it")
        return Ref(root.root, root.length, SCHEME + cid)

    def get(self, ref: Ref) -> bytes:
        """The bytes, after CID, root and length were checked."""
        cid = ref.uri.removeprefix(SCHEME)
        if not ref.uri.startswith(SCHEME) or not cid.isalnum():
            raise InputError(f"{ref.uri!r} names no single IPFS file: write ipfs:// and its CID")
        check_size(ref, self._max_size)
        # One byte more than expected is asked for: a longer file is noticed without reading all of it.
        query = {"arg": cid, "length": str(ref.length + 1)}
        try:
            data = post(Request(self._api + "cat", lambda: b"", ref.length + 1, query=query), self._limits)
        except (RemoteError, TransportError) as error:  # Kubo says "not found" with status 500
            if "not found" in str(error):
                raise NotFoundError(str(error)) from error
            raise
        check_bytes(data, ref)
        if not any(_has_cid(data, cid, profile) for profile in KNOWN_PROFILES):
            raise MismatchError(f"{ref.uri}: the bytes have another CID, {ipfs_cid(data)}: do not use them")
        return data


class Upload:
    """A multipart body that is read piece by piece: a large file never lies in memory as a whole."""

    def __init__(self, data: Data) -> None:
        head = (
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="data"\r\n'
            "Content-Type: application/octet-stream\r\n\r\n"
        )
        body: BinaryIO = (
            BytesIO(data) if isinstance(data, bytes | bytearray | memoryview) else Path(data).open("rb")  # noqa: SIM115 - closed when its last byte has been read
        )
        size = body.seek(0, os.SEEK_END)
        body.seek(0)
        self._parts: list[BinaryIO] = [
            BytesIO(head.encode()),
            body,
            BytesIO(f"\r\n--{BOUNDARY}--\r\n".encode()),
        ]
        self._length = len(head) + size + len(BOUNDARY) + 8

    def __len__(self) -> int:
        return self._length

    def read(self, size: int = -1) -> bytes:
        """The next bytes, at most `size` of them (all that is left if it is below 0)."""
        if size < 0:
            return b"".join(iter(lambda: self.read(1 << 20), b""))
        while self._parts:
            if piece := self._parts[0].read(size):
                return piece
            self._parts.pop(0).close()
        return b""


def _has_cid(data: bytes, cid: str, profile: Profile) -> bool:
    return cid == ipfs_cid(
        data,
        chunk_size=profile.chunk_size,
        max_children=profile.max_children,
        raw_leaves=profile.raw_leaves,
        cid_version=profile.cid_version,
    )


def _hash_of(answer: bytes) -> str:
    """The CID in the last line of what `add` answers: one JSON object for each file or progress report."""
    try:
        last = json.loads(answer.decode().strip().split("\n")[-1])
        return str(last["Hash"])
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise RemoteError(f"the node's answer to add names no Hash: {answer[:100]!r}") from error
