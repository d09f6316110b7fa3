"""ZIP archives that are the same bytes wherever and whenever they are made."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from io import BytesIO
from typing import BinaryIO

from offchain.exceptions import InputError, SchemaError, TooLargeError

EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest moment that the format can say
UNIX = 3
FILE_MODE = 0o100644 << 16
MAX_NAME = 200
MAX_UNPACKED = 4 << 30


def write_zip(target: BinaryIO, files: Mapping[str, bytes]) -> None:
    """Write a ZIP with the files in order of their names: stored, as compressors differ from version to
    version.

    Raises InputError for a name that leaves the archive's folder or clashes on a file system that ignores
    case.
    """
    check_names(files)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files, key=str.encode):
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.create_system = UNIX
            entry.external_attr = FILE_MODE
            archive.writestr(entry, files[name])


def zip_bytes(files: Mapping[str, bytes]) -> bytes:
    """The ZIP as bytes; see write_zip."""
    target = BytesIO()
    write_zip(target, files)
    return target.getvalue()


def read_zip(data: bytes, max_size: int = MAX_UNPACKED) -> dict[str, bytes]:
    """The files of a ZIP by name. Raises SchemaError for a damaged archive, TooLargeError above
    `max_size` bytes unpacked.
    """
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            total = sum(entry.file_size for entry in entries)
            if total > max_size:
                raise TooLargeError(f"the archive unpacks to {total} bytes, allowed are {max_size}")
            check_names([entry.filename for entry in entries])
            return {entry.filename: archive.read(entry) for entry in entries}
    # RuntimeError covers a locked archive, and a compression that zipfile does not know.
    except (zipfile.BadZipFile, OSError, EOFError, RuntimeError) as error:
        raise SchemaError(f"this is not a ZIP archive that can be read: {error}") from error


def check_names(names: Mapping[str, bytes] | list[str]) -> None:
    """Raises InputError for a name that no archive of ours may hold."""
    seen: dict[str, str] = {}
    for name in names:
        parts = name.split("/")
        if not name.isprintable() or len(name) > MAX_NAME or "\\" in name or ":" in name:
            raise InputError(f"{name!r} cannot be a file name on every system: rename the file")
        if any(part in {"", ".", ".."} or part != part.strip() for part in parts):
            raise InputError(f"{name!r} is not a plain relative path: rename the file")
        if (other := seen.setdefault(name.casefold(), name)) != name:
            raise InputError(f"{name!r} and {other!r} are one name on some systems: rename one")
    if len(seen) != len(names):
        raise InputError("two files have the same name")
