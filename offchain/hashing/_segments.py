"""Segments of a 0G file: what storage nodes exchange, each with a proof against the file's root.

A segment is 1,024 chunks of 256 bytes (256 KiB), the last one as long as the padded file has chunks. The
file's tree is a tree over its segments' roots, in which an odd last node rises unchanged.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from offchain.hashing._batch import verify_batch_proof
from offchain.hashing._keccak import keccak256
from offchain.hashing._source import Data, open_source
from offchain.hashing._zerog import CHUNK, padded_chunks, tree_root

SEGMENT_CHUNKS = 1_024
SEGMENT = SEGMENT_CHUNKS * CHUNK


class SegmentProof(NamedTuple):
    """A proof as storage nodes write it.

    lemma: the segment's root, the siblings from the bottom up, the file's root (a lone segment: the root
    once). path: for each sibling, whether the proven node is the left one of the two.
    """

    lemma: tuple[bytes, ...]
    path: tuple[bool, ...]


def segment_count(length: int) -> int:
    """The number of segments of a file that hold data; those beyond are padding and are not sent."""
    return -(-length // SEGMENT)


def segment_size(length: int, index: int) -> int:
    """The bytes of segment `index` as it is sent: whole chunks, the last one filled with zeros."""
    chunks = -(-length // CHUNK)
    return min(SEGMENT_CHUNKS, chunks - SEGMENT_CHUNKS * index) * CHUNK


def segment_root(length: int, index: int, segment: bytes | memoryview) -> bytes:
    """The root of segment `index` of a file of `length` bytes, with the padding that it has in the file's
    tree.
    """
    chunks = min(SEGMENT_CHUNKS, padded_chunks(length) - SEGMENT_CHUNKS * index)
    return tree_root(bytes(segment).ljust(chunks * CHUNK, b"\0"), chunks)


def segment_roots(data: Data) -> list[bytes]:
    """The roots of all segments of a file, padding included. Raises EmptyFileError, InputError."""
    with open_source(data) as source:
        count = -(-padded_chunks(source.length) // SEGMENT_CHUNKS)
        return [segment_root(source.length, index, source.read(SEGMENT)) for index in range(count)]


def segment_proof(roots: Sequence[bytes], index: int) -> SegmentProof:
    """The proof of segment `index` from the roots of all segments."""
    lemma, path, level = [roots[index]], [], list(roots)
    while len(level) > 1:
        if index ^ 1 < len(level):
            lemma.append(level[index ^ 1])
            path.append(index % 2 == 0)
        above = [keccak256(level[i] + level[i + 1]) for i in range(0, len(level) - 1, 2)]
        level, index = above + level[len(above) * 2 :], index // 2
    return SegmentProof((*lemma, level[0]) if path else tuple(lemma), tuple(path))


def verify_segment(root: bytes, length: int, index: int, segment: bytes, lemma: Sequence[bytes]) -> bool:
    """Whether these bytes are segment `index` of the file with this root and length. Trusts nothing in
    the lemma.
    """
    if not 0 <= index < segment_count(length) or len(segment) != segment_size(length, index):
        return False
    count = -(-padded_chunks(length) // SEGMENT_CHUNKS)
    return verify_batch_proof(root, segment_root(length, index, segment), index, count, list(lemma[1:-1]))
