"""Keccak-256 and the ABI words that the contracts hash."""

import hashlib
import os
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from sha3 import keccak_256

from offchain.exceptions import InputError

HASH_LENGTH = 32
ADDRESS_LENGTH = 20
_HEX_DIGITS = frozenset("0123456789abcdefABCDEF")
_READ_SIZE = 1 << 20

Progress = Callable[[int, int], None]
"""Called with (bytes done, bytes in all), now and then and once at the end."""


def keccak256(data: bytes | bytearray | memoryview) -> bytes:
    """Keccak-256 as Solidity computes it, 32 bytes."""
    digest: bytes = keccak_256(data).digest()
    return digest


def sha256_file(path: "os.PathLike[str]") -> bytes:
    """SHA-256 of a file, 32 bytes, read in pieces of 1 MiB."""
    digest = hashlib.sha256()
    with Path(path).open("rb") as file:
        while piece := file.read(_READ_SIZE):
            digest.update(piece)
    return digest.digest()


def address_bytes(address: str | bytes) -> bytes:
    """The 20 bytes of an address. Mixed case must be the EIP-55 checksum; raises InputError."""
    if isinstance(address, str):
        return _checked_address(address)
    if len(address) != ADDRESS_LENGTH:
        raise InputError(f"an address has 20 bytes, this one has {len(address)}")
    return bytes(address)


@lru_cache(maxsize=4_096)
def _checked_address(address: str) -> bytes:
    raw = _unhex(address, ADDRESS_LENGTH, "an address")
    digits = address[2:]
    if digits not in {digits.lower(), digits.upper(), checksum_address(raw)[2:]}:
        raise InputError(f"{address} has a wrong checksum: compare it with its source letter by letter")
    return raw


def checksum_address(address: str | bytes) -> str:
    """The address in EIP-55 form, `0x` and 40 digits."""
    digits = (address_bytes(address) if isinstance(address, str) else address).hex()
    nibbles = keccak256(digits.encode()).hex()
    return "0x" + "".join(d.upper() if int(n, 16) >= 8 else d for d, n in zip(digits, nibbles, strict=False))


def bytes32(value: str | bytes, what: str = "a hash") -> bytes:
    """32 bytes from themselves or from `0x` and 64 digits; raises InputError that says `what`."""
    if isinstance(value, str):
        return _unhex(value, HASH_LENGTH, what)
    if len(value) != HASH_LENGTH:
        raise InputError(f"{what} has 32 bytes, this one has {len(value)}")
    return bytes(value)


def uint_word(value: int, what: str, bits: int = 256) -> bytes:
    """The 32-byte ABI word of an unsigned integer of `bits` bits; raises InputError outside its range."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 1 << bits:
        raise InputError(f"{what} is {value!r}, it must be a whole number from 0 to 2^{bits} - 1")
    return value.to_bytes(32, "big")


def _unhex(text: str, length: int, what: str) -> bytes:
    if not text.startswith("0x") or len(text) != 2 + 2 * length or not _HEX_DIGITS.issuperset(text[2:]):
        raise InputError(f"{text!r} is not {what}: write 0x and {2 * length} hexadecimal digits")
    return bytes.fromhex(text[2:])
