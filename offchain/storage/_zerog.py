"""0G Storage: files are announced to the Flow contract, then sent to a storage node in segments with
proofs.
"""

from __future__ import annotations

import base64
import time
from typing import Any

from offchain.exceptions import (
    InputError,
    MismatchError,
    NotFoundError,
    RemoteError,
    TooLargeError,
    TransportError,
)
from offchain.hashing import (
    SEGMENT,
    ZeroGRoot,
    bytes32,
    segment_count,
    segment_proof,
    segment_roots,
    segment_size,
    verify_segment,
    zerog_root,
)
from offchain.hashing._keccak import Progress
from offchain.hashing._source import Data, open_source
from offchain.storage._flow import Flow
from offchain.storage._http import JsonRpc, Limits
from offchain.storage._protocol import MAX_SIZE, Ref, check_bytes, check_size

SCHEME = "0g://"
MAX_FILE = 4 << 30  # above, 0G's own clients split a file into several
MAX_ANSWER = 2 << 20  # a segment of 256 KiB in base 64, and its proof
ALREADY_THERE = ("already uploaded", "already finalized", "segment has already", "already exists")


class ZeroGStore:
    """Reads from one storage node, and with a `flow` also writes to it."""

    def __init__(
        self,
        node: str,
        flow: Flow | None = None,
        limits: Limits | None = None,
        max_size: int = MAX_SIZE,
        patience: float = 300.0,
    ) -> None:
        """`node`: URL of its JSON-RPC. `patience`: seconds to wait for it to see the announcement, or to
        finish.
        """
        self._rpc = JsonRpc(node, limits or Limits(), MAX_ANSWER)
        self._flow = flow
        self._max_size = max_size
        self._patience = patience

    def put(self, data: Data, progress: Progress | None = None) -> Ref:
        """Announce and send a file; what is done already is not done again, so an interrupted call is
        repeated as it is.

        Raises StorageError if the node does not take it in time, InputError without a flow.
        """
        root = zerog_root(data)
        if root.length > MAX_FILE:
            raise TooLargeError(f"{root.length} bytes are too many for one file: split it at {MAX_FILE}")
        ref = Ref(root.root, root.length, SCHEME + root.hex)
        info = self._info(root)
        if info is None:
            if self._flow is None:
                raise InputError("to write to 0G Storage, give the store a Flow that sends the announcement")
            self._flow.submit(root)
            info = self._wait(root, finalized=False)
        if not info.get("finalized"):
            self._send(data, root, progress)
            self._wait(root, finalized=True)
        return ref

    def get(self, ref: Ref, progress: Progress | None = None) -> bytes:
        """The bytes: each segment is checked by its proof as it arrives, the whole by root and length."""
        check_size(ref, self._max_size)
        data = bytearray()
        for index in range(segment_count(ref.length)):
            data += self._segment(ref, index)
            if progress is not None:
                progress(min(len(data), ref.length), ref.length)
        padding = bytes(data[ref.length :])
        if padding.strip(b"\0"):
            raise MismatchError(f"{ref.uri} is longer than {ref.length} bytes: do not use it")
        return check_bytes(bytes(data[: ref.length]), ref)

    def _segment(self, ref: Ref, index: int) -> bytes:
        root = "0x" + ref.root.hex()
        answer = self._rpc.call("zgs_downloadSegmentWithProof", [root, index])
        if answer is None:
            raise NotFoundError(f"the node does not hold segment {index} of {root}: ask another node")
        try:
            segment = base64.b64decode(answer["data"], validate=True)
            lemma = [bytes32(node) for node in answer["proof"]["lemma"]]
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise RemoteError(f"the node's segment {index} cannot be read: {error!r}") from error
        if not verify_segment(ref.root, ref.length, index, segment, lemma):
            expected = segment_size(ref.length, index)
            raise MismatchError(
                f"segment {index} of {root} does not fit its proof ({len(segment)} bytes of {expected})"
            )
        return segment

    def _send(self, data: Data, root: ZeroGRoot, progress: Progress | None) -> None:
        roots = segment_roots(data)
        with open_source(data) as source:
            for index in range(segment_count(root.length)):
                block = bytes(source.read(SEGMENT))
                padded = block.ljust(segment_size(root.length, index), b"\0")
                proof = segment_proof(roots, index)
                self._upload(
                    {
                        "root": root.hex,
                        "data": base64.b64encode(padded).decode(),
                        "index": index,
                        "proof": {
                            "lemma": ["0x" + node.hex() for node in proof.lemma],
                            "path": list(proof.path),
                        },
                        "fileSize": root.length,
                    }
                )
                if progress is not None:
                    progress(source.position, source.length)

    def _upload(self, segment: dict[str, Any]) -> None:
        try:
            self._rpc.call("zgs_uploadSegment", [segment])
        except RemoteError as error:
            if not any(words in str(error).lower() for words in ALREADY_THERE):
                raise

    def _info(self, root: ZeroGRoot) -> dict[str, Any] | None:
        info = self._rpc.call("zgs_getFileInfo", [root.hex, False])
        if info is None:
            return None
        try:
            size = int(info["tx"]["size"])
        except (KeyError, TypeError, ValueError) as error:
            raise RemoteError(f"the node's answer to zgs_getFileInfo cannot be read: {error!r}") from error
        if size != root.length:
            raise MismatchError(
                f"the node knows {root.hex} as a file of {size} bytes, ours has {root.length}: they differ "
                "in zeros at the end, which the root does not tell apart; change the file's last byte"
            )
        return dict(info)

    def _wait(self, root: ZeroGRoot, *, finalized: bool) -> dict[str, Any]:
        deadline = time.monotonic() + self._patience
        pause = 0.05
        while True:
            info = self._info(root)
            if info is not None and (info.get("finalized") or not finalized):
                return info
            if time.monotonic() > deadline:
                stage = "finish" if finalized else "see the announcement of"
                raise TransportError(f"the node did not {stage} {root.hex} in time: put it again later")
            time.sleep(pause)
            pause = min(pause * 2, 5.0)
