"""Keccak-256 of many equal messages at once, compiled by numba.

The state of 8 messages lies in one flat `uint64[25 * 8]`, word i of message m at `8 * i + m`: the inner loop
over m is then a loop over adjacent words, which LLVM turns into vector instructions (a two-dimensional state
array does not vectorise). Imported only where numba is there; the first import in a fresh environment
compiles for a few seconds, later ones read the cache beside this file (or in NUMBA_CACHE_DIR).
"""

from typing import Any

import numba
import numpy as np
import numpy.typing as npt

Words = npt.NDArray[np.uint64]

LANES = 8
CHUNK_WORDS = 32  # a 256-byte chunk
HASH_WORDS = 4
FIRST_BLOCK = 17  # the rate of Keccak-256 is 136 bytes

ROUND_CONSTANTS = np.array(
    [
        0x0000000000000001, 0x0000000000008082, 0x800000000000808A, 0x8000000080008000, 0x000000000000808B,
        0x0000000080000001, 0x8000000080008081, 0x8000000000008009, 0x000000000000008A, 0x0000000000000088,
        0x0000000080008009, 0x000000008000000A, 0x000000008000808B, 0x800000000000008B, 0x8000000000008089,
        0x8000000000008003, 0x8000000000008002, 0x8000000000000080, 0x000000000000800A, 0x800000008000000A,
        0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008,
    ],
    dtype=np.uint64,
)  # fmt: skip


def _rotate_left(word: Any, bits: int) -> Any:
    return (word << np.uint64(bits)) | (word >> np.uint64(64 - bits))


_rotl: Any = numba.njit(inline="always")(_rotate_left)


def _permute_lanes(s: Words) -> None:  # noqa: PLR0915 - one round of Keccak-f has 25 words; names beat indices here
    """Keccak-f[1600] in place on 8 states. A round reads word i of lane m and writes it back before lane m +
    1.
    """
    for r in range(24):
        constant = ROUND_CONSTANTS[r]
        for m in range(LANES):
            a0 = s[m]
            a1 = s[8 + m]
            a2 = s[16 + m]
            a3 = s[24 + m]
            a4 = s[32 + m]
            a5 = s[40 + m]
            a6 = s[48 + m]
            a7 = s[56 + m]
            a8 = s[64 + m]
            a9 = s[72 + m]
            a10 = s[80 + m]
            a11 = s[88 + m]
            a12 = s[96 + m]
            a13 = s[104 + m]
            a14 = s[112 + m]
            a15 = s[120 + m]
            a16 = s[128 + m]
            a17 = s[136 + m]
            a18 = s[144 + m]
            a19 = s[152 + m]
            a20 = s[160 + m]
            a21 = s[168 + m]
            a22 = s[176 + m]
            a23 = s[184 + m]
            a24 = s[192 + m]
            c0 = a0 ^ a5 ^ a10 ^ a15 ^ a20
            c1 = a1 ^ a6 ^ a11 ^ a16 ^ a21
            c2 = a2 ^ a7 ^ a12 ^ a17 ^ a22
            c3 = a3 ^ a8 ^ a13 ^ a18 ^ a23
            c4 = a4 ^ a9 ^ a14 ^ a19 ^ a24
            d0 = c4 ^ _rotl(c1, 1)
            d1 = c0 ^ _rotl(c2, 1)
            d2 = c1 ^ _rotl(c3, 1)
            d3 = c2 ^ _rotl(c4, 1)
            d4 = c3 ^ _rotl(c0, 1)
            b0 = a0 ^ d0
            b1 = _rotl(a6 ^ d1, 44)
            b2 = _rotl(a12 ^ d2, 43)
            b3 = _rotl(a18 ^ d3, 21)
            b4 = _rotl(a24 ^ d4, 14)
            b5 = _rotl(a3 ^ d3, 28)
            b6 = _rotl(a9 ^ d4, 20)
            b7 = _rotl(a10 ^ d0, 3)
            b8 = _rotl(a16 ^ d1, 45)
            b9 = _rotl(a22 ^ d2, 61)
            b10 = _rotl(a1 ^ d1, 1)
            b11 = _rotl(a7 ^ d2, 6)
            b12 = _rotl(a13 ^ d3, 25)
            b13 = _rotl(a19 ^ d4, 8)
            b14 = _rotl(a20 ^ d0, 18)
            b15 = _rotl(a4 ^ d4, 27)
            b16 = _rotl(a5 ^ d0, 36)
            b17 = _rotl(a11 ^ d1, 10)
            b18 = _rotl(a17 ^ d2, 15)
            b19 = _rotl(a23 ^ d3, 56)
            b20 = _rotl(a2 ^ d2, 62)
            b21 = _rotl(a8 ^ d3, 55)
            b22 = _rotl(a14 ^ d4, 39)
            b23 = _rotl(a15 ^ d0, 41)
            b24 = _rotl(a21 ^ d1, 2)
            s[m] = b0 ^ (~b1 & b2) ^ constant
            s[8 + m] = b1 ^ (~b2 & b3)
            s[16 + m] = b2 ^ (~b3 & b4)
            s[24 + m] = b3 ^ (~b4 & b0)
            s[32 + m] = b4 ^ (~b0 & b1)
            s[40 + m] = b5 ^ (~b6 & b7)
            s[48 + m] = b6 ^ (~b7 & b8)
            s[56 + m] = b7 ^ (~b8 & b9)
            s[64 + m] = b8 ^ (~b9 & b5)
            s[72 + m] = b9 ^ (~b5 & b6)
            s[80 + m] = b10 ^ (~b11 & b12)
            s[88 + m] = b11 ^ (~b12 & b13)
            s[96 + m] = b12 ^ (~b13 & b14)
            s[104 + m] = b13 ^ (~b14 & b10)
            s[112 + m] = b14 ^ (~b10 & b11)
            s[120 + m] = b15 ^ (~b16 & b17)
            s[128 + m] = b16 ^ (~b17 & b18)
            s[136 + m] = b17 ^ (~b18 & b19)
            s[144 + m] = b18 ^ (~b19 & b15)
            s[152 + m] = b19 ^ (~b15 & b16)
            s[160 + m] = b20 ^ (~b21 & b22)
            s[168 + m] = b21 ^ (~b22 & b23)
            s[176 + m] = b22 ^ (~b23 & b24)
            s[184 + m] = b23 ^ (~b24 & b20)
            s[192 + m] = b24 ^ (~b20 & b21)


_permute: Any = numba.njit(nogil=True, cache=True, error_model="numpy")(_permute_lanes)


def _hash_chunk_lanes(source: Words, target: Words, count: int) -> None:
    """Keccak-256 of `count` chunks of 32 words each; `count` is a multiple of 8."""
    s = np.empty(25 * LANES, dtype=np.uint64)
    for first in range(0, count, LANES):
        for i in range(FIRST_BLOCK):
            for m in range(LANES):
                s[LANES * i + m] = source[(first + m) * CHUNK_WORDS + i]
        for i in range(FIRST_BLOCK * LANES, 25 * LANES):
            s[i] = np.uint64(0)
        _permute(s)
        for i in range(CHUNK_WORDS - FIRST_BLOCK):
            for m in range(LANES):
                s[LANES * i + m] ^= source[(first + m) * CHUNK_WORDS + FIRST_BLOCK + i]
        for m in range(LANES):  # Keccak's padding: 0x01 after the message, 0x80 in the last byte of the block
            s[LANES * 15 + m] ^= np.uint64(1)
            s[LANES * 16 + m] ^= np.uint64(1 << 63)
        _permute(s)
        for m in range(LANES):
            for i in range(HASH_WORDS):
                target[(first + m) * HASH_WORDS + i] = s[LANES * i + m]


def _hash_pair_lanes(nodes: Words, count: int) -> None:
    """One level of the tree in place: node i becomes Keccak-256 of nodes 2i and 2i+1, for i < `count`.

    In place is safe: the 8 messages of a step are read whole before their 8 results are written, further
    left.
    """
    s = np.empty(25 * LANES, dtype=np.uint64)
    for first in range(0, count, LANES):
        used = min(LANES, count - first)
        for i in range(25 * LANES):
            s[i] = np.uint64(0)
        for m in range(used):
            for i in range(2 * HASH_WORDS):
                s[LANES * i + m] = nodes[(first + m) * 2 * HASH_WORDS + i]
        for m in range(LANES):
            s[LANES * 8 + m] = np.uint64(1)
            s[LANES * 16 + m] = np.uint64(1 << 63)
        _permute(s)
        for m in range(used):
            for i in range(HASH_WORDS):
                nodes[(first + m) * HASH_WORDS + i] = s[LANES * i + m]


hash_chunks: Any = numba.njit(nogil=True, cache=True, error_model="numpy")(_hash_chunk_lanes)
hash_pairs: Any = numba.njit(nogil=True, cache=True, error_model="numpy")(_hash_pair_lanes)


def subtree_root(data: bytes | bytearray | memoryview, chunks: int) -> bytes:
    """The root of a perfect tree over `chunks` chunks of 256 bytes; `chunks` is a power of two, 8 or more."""
    source = np.frombuffer(data, dtype=np.uint64, count=chunks * CHUNK_WORDS)
    nodes = np.empty(chunks * HASH_WORDS, dtype=np.uint64)
    hash_chunks(source, nodes, chunks)
    while chunks > 1:
        chunks //= 2
        hash_pairs(nodes, chunks)
    return nodes[:HASH_WORDS].tobytes()
