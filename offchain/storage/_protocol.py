"""What every store does, and the check that every read goes through."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from offchain.exceptions import MismatchError, TooLargeError
from offchain.hashing import zerog_root
from offchain.hashing._source import Data

MAX_SIZE = 1 << 30  # bytes that a read takes into memory unless the caller allows more


@dataclass(frozen=True)
class Ref:
    """What is needed to read and to check: 0G root (32 bytes), length in bytes, and where it is."""

    root: bytes
    length: int
    uri: str


class Store(Protocol):
    """A place for bytes that are named by their content."""

    def put(self, data: Data) -> Ref:
        """Keep bytes or a file. Doing it again does no harm. Raises EmptyFileError, StorageError."""
        ...

    def get(self, ref: Ref) -> bytes:
        """The bytes, after root and length were checked. Raises StorageError, MismatchError."""
        ...


def check_bytes(data: bytes, ref: Ref) -> bytes:
    """The data itself; raises MismatchError unless root and length are those of the reference."""
    if len(data) != ref.length:
        raise MismatchError(f"{ref.uri} has {len(data)} bytes, expected {ref.length}: do not use it")
    found = zerog_root(data)
    if found.root != ref.root:
        raise MismatchError(f"{ref.uri} has the root {found.hex}, expected 0x{ref.root.hex()}: do not use it")
    return data


def check_size(ref: Ref, max_size: int) -> None:
    """Raises TooLargeError before anything is read that would not fit."""
    if not 0 < ref.length <= max_size:
        raise TooLargeError(f"{ref.uri} is said to have {ref.length} bytes, allowed are 1 to {max_size}")
