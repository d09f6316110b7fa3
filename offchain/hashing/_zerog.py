"""The root that 0G Storage gives to a file, and the nodes that its Flow contract wants.

A file is cut into chunks of 256 bytes and padded with zero bytes to a sixteenth of the next power of two. The
padded chunks split into at most four perfect trees of descending height (binary digits of their count); the
file's root is their right fold `H(n0, H(n1, H(n2, n3)))`. The root does not commit to the length, as trailing
zeros collide: always keep both.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Literal, NamedTuple

from offchain.exceptions import InputError
from offchain.hashing._keccak import Progress, keccak256
from offchain.hashing._source import Data, Source, open_source

CHUNK = 256
BLOCK_HEIGHT = 13
BLOCK = CHUNK << BLOCK_HEIGHT  # 2 MiB: a block and its leaves stay in the cache of one core
THREADS = 2
WORTHWHILE = 8 << 20  # bytes; below, the plain way is done before numba is imported (about 0.3 s)
WORTHWHILE_WARM = 16 << 10  # the same once numba is there

Method = Literal["auto", "numba", "numba-1-thread", "pycryptodome"]
METHODS: tuple[Method, ...] = ("numba", "numba-1-thread", "pycryptodome")
SubtreeRoot = Callable[[bytes | memoryview, int], bytes]


class Node(NamedTuple):
    """A perfect subtree of a Flow submission over `2 ** height` chunks."""

    root: bytes
    height: int


@dataclass(frozen=True)
class ZeroGRoot:
    """What identifies a file in 0G Storage.

    root: 32 bytes. length: bytes of the file without padding. nodes: 1 to 4 subtrees, heights descending.
    """

    root: bytes
    length: int
    nodes: tuple[Node, ...]

    @property
    def hex(self) -> str:
        """The root as `0x` and 64 digits."""
        return "0x" + self.root.hex()


def available_methods() -> tuple[Method, ...]:
    """The ways to compute a root on this machine, the fastest first; each gives the same result."""
    return METHODS if _fast_hasher() else ("pycryptodome",)


def zerog_root(data: Data, *, method: Method = "auto", progress: Progress | None = None) -> ZeroGRoot:
    """The 0G Storage root of bytes or of a file, which is read once, in blocks of 2 MiB.

    `auto` takes numba where it is installed and the input is large enough to be worth its start.
    Raises EmptyFileError for an empty input (its text names the file) and InputError for an unreadable one.
    """
    with open_source(data) as source:
        hasher, threads = _choose(method, source.length)
        nodes = tuple(_nodes(source, hasher, threads, progress))
        if progress is not None:
            progress(source.length, source.length)
        return ZeroGRoot(fold_nodes(nodes), source.length, nodes)


def padded_chunks(length: int) -> int:
    """The number of chunks that `length` bytes take in 0G Storage, padding included."""
    chunks = -(-length // CHUNK)
    power = 1 << (chunks - 1).bit_length()
    step = max(power // 16, 1)
    return -(-chunks // step) * step


def fold_nodes(nodes: tuple[Node, ...]) -> bytes:
    """The root of a file from the nodes of its Flow submission: at most 3 hashes."""
    root = nodes[-1].root
    for node in reversed(nodes[:-1]):
        root = keccak256(node.root + root)
    return root


def tree_root(block: bytes, chunks: int) -> bytes:
    """The root over the first `chunks` chunks of a block, where an odd last node rises unchanged."""
    hasher, _ = _choose("auto", len(block))
    nodes: list[Node] = []
    start = 0
    for height in _heights(chunks):
        size = CHUNK << height
        nodes.append(Node(hasher(block[start : start + size], 1 << height), height))
        start += size
    return fold_nodes(tuple(nodes))


def perfect_root(hashes: list[bytes]) -> bytes:
    """The root over a power of two of hashes."""
    while len(hashes) > 1:
        hashes = [keccak256(hashes[i] + hashes[i + 1]) for i in range(0, len(hashes), 2)]
    return hashes[0]


def plain_subtree_root(block: bytes | memoryview, chunks: int) -> bytes:
    """The root of a perfect tree over `chunks` chunks, by pycryptodome."""
    return perfect_root([keccak256(block[CHUNK * i : CHUNK * (i + 1)]) for i in range(chunks)])


def _nodes(source: Source, hasher: SubtreeRoot, threads: int, progress: Progress | None) -> Iterator[Node]:
    with ThreadPoolExecutor(threads) as pool:
        for height in _heights(padded_chunks(source.length)):
            blocks = _blocks(source, min(height, BLOCK_HEIGHT), 1 << max(height - BLOCK_HEIGHT, 0))
            hashes: list[bytes] = []
            waiting: list[Future[bytes]] = []
            for block, chunk_count in blocks:
                if len(waiting) > threads:  # bounds the memory: at most threads + 1 blocks are held
                    hashes.append(waiting.pop(0).result())
                    _report(progress, source)
                waiting.append(pool.submit(hasher, block, chunk_count))
            hashes += [future.result() for future in waiting]
            _report(progress, source)
            yield Node(perfect_root(hashes), height)


def _heights(chunks: int) -> list[int]:
    return [height for height in range(chunks.bit_length() - 1, -1, -1) if chunks >> height & 1]


def _blocks(source: Source, height: int, count: int) -> Iterator[tuple[bytes | memoryview, int]]:
    size = CHUNK << height
    for _ in range(count):
        block = source.read(size)
        if len(block) < size:  # only the end of the file is padded
            block = bytes(block).ljust(size, b"\0")
        yield block, 1 << height


def _report(progress: Progress | None, source: Source) -> None:
    if progress is not None:
        progress(source.position, source.length)


def _choose(method: Method, length: int) -> tuple[SubtreeRoot, int]:
    """How to hash a block, and by how many threads."""
    if method not in METHODS and method != "auto":
        raise InputError(f"{method!r} is no way to hash: choose auto or one of {', '.join(METHODS)}")
    if method == "pycryptodome" or (method == "auto" and length < _worthwhile()):
        return plain_subtree_root, 1
    fast = _fast_hasher()
    if fast is not None:
        return fast, 1 if method == "numba-1-thread" or length <= BLOCK else THREADS
    if method != "auto":
        raise InputError(
            f"the method {method!r} needs numba, which is not installed: use auto or pycryptodome"
        )
    return plain_subtree_root, 1


def _worthwhile() -> int:
    return WORTHWHILE_WARM if "offchain.hashing._keccak_lanes" in sys.modules else WORTHWHILE


def _fast_hasher() -> SubtreeRoot | None:
    """The compiled way, or None where numba is missing. Late, as numba takes 0.3 s to import."""
    try:
        from offchain.hashing._keccak_lanes import LANES, subtree_root  # noqa: PLC0415
    except (ImportError, RuntimeError):  # not installed, unfit for this numpy, or nowhere to keep its cache
        return None

    def hasher(block: bytes | memoryview, chunks: int) -> bytes:
        return subtree_root(block, chunks) if chunks >= LANES else plain_subtree_root(block, chunks)

    return hasher
