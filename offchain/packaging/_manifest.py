"""The manifest of an export: every file with all of its names, and where its content comes from."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from offchain.exceptions import MismatchError, SchemaError
from offchain.hashing import canonical_json, ipfs_cid, parse_canonical_json, zerog_root

VERSION = 1


@dataclass(frozen=True)
class FileEntry:
    """One file: its name, SHA-256 and 0G root as hex, its length in bytes (the root does not commit to
    it) and its CID.
    """

    name: str
    sha256: str
    zerog_root: str
    length: int
    cid: str


def file_entry(name: str, data: bytes) -> FileEntry:
    """The entry of a file. Raises EmptyFileError."""
    root = zerog_root(data)
    digest = "0x" + hashlib.sha256(data).hexdigest()
    return FileEntry(name, digest, root.hex, root.length, ipfs_cid(data))


def manifest_bytes(files: Mapping[str, bytes], source: Mapping[str, Any], **more: Any) -> bytes:
    """The manifest of some files as canonical JSON; `source` says which job they come from."""
    entries = [asdict(file_entry(name, files[name])) for name in sorted(files)]
    return canonical_json({"version": VERSION, "files": entries, "source": dict(source), **more})


def read_manifest(data: bytes) -> tuple[dict[str, Any], list[FileEntry]]:
    """The whole document and its files. Raises SchemaError."""
    value = parse_canonical_json(data)
    if (
        not isinstance(value, dict)
        or value.get("version") != VERSION
        or not isinstance(value.get("files"), list)
    ):
        raise SchemaError(
            f"this is not a manifest of version {VERSION}: it has a `version` and a list of `files`"
        )
    try:
        return value, [FileEntry(**entry) for entry in value["files"]]
    except TypeError as error:
        raise SchemaError(f"a file of the manifest has wrong fields: {error}") from error


def check_files(entries: Sequence[FileEntry], files: Mapping[str, bytes]) -> None:
    """Raises MismatchError, which names the file and what differs, unless the files are those of the
    manifest.
    """
    missing = sorted({entry.name for entry in entries} ^ set(files))
    if missing:
        raise MismatchError(f"manifest and files do not name the same: look at {', '.join(missing)}")
    for entry in entries:
        found = asdict(file_entry(entry.name, files[entry.name]))
        for key, expected in asdict(entry).items():
            if found[key] != expected:
                raise MismatchError(f"{entry.name}: its {key} is {found[key]}, the manifest says {expected}")
