"""A folder on this machine whose files are named by their content."""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from offchain.exceptions import NotFoundError, StorageError
from offchain.hashing import zerog_root
from offchain.hashing._source import Data
from offchain.storage._protocol import MAX_SIZE, Ref, check_bytes, check_size

COPY_SIZE = 1 << 20


class LocalStore:
    """Keeps each file as `<root>-<length>`: the root alone does not commit to the length."""

    def __init__(self, folder: os.PathLike[str], max_size: int = MAX_SIZE) -> None:
        self.folder = Path(folder)
        self.max_size = max_size

    def put(self, data: Data) -> Ref:
        """Copy the data into the folder; it appears under its name only when it is complete."""
        found = zerog_root(data)  # before anything is written: it refuses empty and unreadable input by name
        target = self._path(found.root, found.length)
        ref = Ref(found.root, found.length, f"local://{target.name}")
        try:
            if not target.exists():
                self._write(data, target, ref)
        except OSError as error:
            raise StorageError(f"cannot write to {self.folder}: {error.strerror or error}") from error
        return ref

    def get(self, ref: Ref) -> bytes:
        """The bytes after the check of root and length."""
        check_size(ref, self.max_size)
        path = self._path(ref.root, ref.length)
        try:
            with path.open("rb") as file:
                data = file.read(ref.length + 1)
        except FileNotFoundError as error:
            raise NotFoundError(f"{self.folder} does not hold {path.name}") from error
        except OSError as error:
            raise StorageError(f"cannot read {path}: {error.strerror or error}") from error
        return check_bytes(data, ref)

    def _path(self, root: bytes, length: int) -> Path:
        return self.folder / f"0x{root.hex()}-{length}"

    def _write(self, data: Data, target: Path, ref: Ref) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=self.folder, prefix=".incoming-")
        try:
            with os.fdopen(handle, "wb") as file:
                _copy(data, file)
            copied = zerog_root(Path(name))
            if (copied.root, copied.length) != (ref.root, ref.length):
                raise StorageError(
                    "the file changed while it was copied: store it again when nothing writes to it"
                )
            Path(name).replace(target)
        finally:
            with suppress(FileNotFoundError):
                Path(name).unlink()


def _copy(data: Data, target: BinaryIO) -> None:
    if isinstance(data, bytes | bytearray | memoryview):
        target.write(data)
    else:
        with Path(data).open("rb") as source:
            shutil.copyfileobj(source, target, COPY_SIZE)
    target.flush()
    os.fsync(target.fileno())
