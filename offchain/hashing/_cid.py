"""IPFS content identifiers of files and folders, as Kubo and js-ipfs compute them (UnixFS, balanced trees,
SHA-256).
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from offchain.exceptions import InputError
from offchain.hashing._keccak import Progress
from offchain.hashing._source import Data, Source, open_source

RAW, DAG_PB = 0x55, 0x70
SHA2_256 = bytes([0x12, 32])
UNIXFS_DIRECTORY, UNIXFS_FILE = 1, 2
BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


@dataclass(frozen=True)
class Profile:
    """How a file is cut and written down; two profiles give two CIDs for the same bytes.

    chunk_size: bytes of a leaf. max_children: links of an inner node. raw_leaves: leaves are the bare bytes
    instead of UnixFS nodes. cid_version: 0 or 1.
    """

    chunk_size: int = 262_144
    max_children: int = 174
    raw_leaves: bool = True
    cid_version: int = 1

    def __post_init__(self) -> None:
        """Refuse what no IPFS node would write; raises InputError."""
        if self.chunk_size < 1 or self.max_children < 2:
            raise InputError("chunk_size is at least 1 byte and max_children at least 2")
        if self.cid_version not in {0, 1}:
            raise InputError(f"there is no CID version {self.cid_version}: choose 0 or 1")
        if self.cid_version == 0 and self.raw_leaves:
            raise InputError("CID version 0 cannot name raw leaves: choose raw_leaves=False or cid_version=1")


class Link(NamedTuple):
    """A block as its parent names it: binary CID, bytes of the file below it, bytes of all blocks below
    it.
    """

    cid: bytes
    file_size: int
    total_size: int


def ipfs_cid(  # noqa: PLR0913 - the four options are keyword-only and make up one profile
    data: Data,
    *,
    chunk_size: int = 262_144,
    max_children: int = 174,
    raw_leaves: bool = True,
    cid_version: int = 1,
    progress: Progress | None = None,
) -> str:
    """The CID of bytes or of a file, which is read once, one chunk at a time.

    The defaults are `ipfs add --cid-version=1` (256 KiB, 174 links, raw leaves); 1 MiB and 1,024 links are
    the other profile in use. Raises EmptyFileError (its text names the file) and InputError.
    """
    profile = Profile(chunk_size, max_children, raw_leaves, cid_version)
    with open_source(data) as source:
        return cid_text(_file_link(source, profile, progress).cid)


def ipfs_folder_cid(files: Mapping[str, Data], profile: Profile | None = None) -> str:
    """The CID of a folder whose files are named by relative paths with `/`. Raises InputError for other
    names.
    """
    if not files:
        raise InputError("a folder without files has nothing to identify")
    tree: dict[str, object] = {}
    for name, data in files.items():
        _place(tree, name, data)
    return cid_text(_folder_link(tree, profile or Profile()).cid)


def cid_text(cid: bytes) -> str:
    """A binary CID as text: base 58 for version 0 (`Qm…`), base 32 for version 1 (`bafy…`, `bafkrei…`)."""
    if cid[:2] == SHA2_256:
        return _base58(cid)
    return "b" + base64.b32encode(cid).decode().lower().rstrip("=")


def _file_link(source: Source, profile: Profile, progress: Progress | None) -> Link:
    level = _group(_leaves(source, profile, progress), profile)
    while len(level) > 1:
        level = _group(iter(level), profile)
    return level[0]


def _group(links: Iterator[Link], profile: Profile) -> list[Link]:
    """One level up: a node for each run of `max_children` links; a link that is alone in its level stays
    itself.
    """
    first = list(islice(links, profile.max_children))
    parents: list[Link] = []
    while first:
        following = list(islice(links, profile.max_children))
        if len(first) == 1 and not parents and not following:
            return first
        parents.append(_inner(first, profile))
        first = following
    return parents


def _leaves(source: Source, profile: Profile, progress: Progress | None) -> Iterator[Link]:
    while source.position < source.length:
        chunk = source.read(profile.chunk_size)
        if profile.raw_leaves:
            yield Link(_cid(chunk, RAW, profile), len(chunk), len(chunk))
        else:
            body = _unixfs(UNIXFS_FILE, data=bytes(chunk), file_size=len(chunk))
            block = _node([], body)
            yield Link(_cid(block, DAG_PB, profile), len(chunk), len(block))
        if progress is not None:
            progress(source.position, source.length)


def _inner(children: list[Link], profile: Profile) -> Link:
    sizes = [child.file_size for child in children]
    block = _node(
        [("", child) for child in children], _unixfs(UNIXFS_FILE, file_size=sum(sizes), block_sizes=sizes)
    )
    total = len(block) + sum(child.total_size for child in children)
    return Link(_cid(block, DAG_PB, profile), sum(sizes), total)


def _folder_link(tree: Mapping[str, object], profile: Profile) -> Link:
    entries: list[tuple[str, Link]] = []
    for name in sorted(tree, key=str.encode):
        entry = tree[name]
        if isinstance(entry, dict):
            entries.append((name, _folder_link(entry, profile)))
        else:
            with open_source(entry) as source:  # type: ignore[arg-type] # a leaf of the tree is what the caller gave
                entries.append((name, _file_link(source, profile, None)))
    block = _node(entries, _unixfs(UNIXFS_DIRECTORY))
    return Link(_cid(block, DAG_PB, profile), 0, len(block) + sum(link.total_size for _, link in entries))


def _place(tree: dict[str, object], name: str, data: Data) -> None:
    parts = name.split("/")
    if any(part in {"", ".", ".."} for part in parts):
        raise InputError(f"{name!r} is not a relative path: write names divided by single slashes")
    for part in parts[:-1]:
        branch = tree.setdefault(part, {})
        if not isinstance(branch, dict):
            raise InputError(f"{name!r}: {part!r} is a file and a folder at once")
        tree = branch
    if parts[-1] in tree:
        raise InputError(f"{name!r} occurs twice")
    tree[parts[-1]] = data


def _cid(block: bytes | memoryview, codec: int, profile: Profile) -> bytes:
    multihash = SHA2_256 + hashlib.sha256(block).digest()
    return multihash if profile.cid_version == 0 else bytes([1, codec]) + multihash


def _node(links: Iterable[tuple[str, Link]], data: bytes) -> bytes:
    """A dag-pb node. Links (field 2) stand before the data (field 1), whatever protobuf's own order is."""
    out = bytearray()
    for name, link in links:
        out += _field(2, _field(1, link.cid) + _field(2, name.encode()) + _number(3, link.total_size))
    return bytes(out + _field(1, data))


def _unixfs(
    kind: int, data: bytes = b"", file_size: int | None = None, block_sizes: Iterable[int] = ()
) -> bytes:
    out = _number(1, kind)
    if data:
        out += _field(2, data)
    if file_size is not None:
        out += _number(3, file_size)
    return out + b"".join(_number(4, size) for size in block_sizes)


def _field(number: int, value: bytes) -> bytes:
    return _varint(number << 3 | 2) + _varint(len(value)) + value


def _number(number: int, value: int) -> bytes:
    return _varint(number << 3) + _varint(value)


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def _base58(data: bytes) -> str:
    number, out = int.from_bytes(data, "big"), ""
    while number:
        number, digit = divmod(number, 58)
        out = BASE58[digit] + out
    return BASE58[0] * (len(data) - len(data.lstrip(b"\0"))) + out
