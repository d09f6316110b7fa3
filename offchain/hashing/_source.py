"""One way to read bytes in memory and files, in blocks, with the length known beforehand."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from offchain.exceptions import EmptyFileError, InputError

Data = bytes | bytearray | memoryview | os.PathLike[str]


class Source:
    """A run of bytes that is read once, from its start to its end. `length` counts bytes."""

    def __init__(self, name: str, length: int, stream: BinaryIO | memoryview) -> None:
        self.name = name
        self.length = length
        self.position = 0
        self._stream = stream

    def read(self, size: int) -> bytes | memoryview:
        """The next `size` bytes, fewer only at the end. Raises InputError where a file shrank meanwhile."""
        size = min(size, self.length - self.position)
        if isinstance(self._stream, memoryview):
            block: bytes | memoryview = self._stream[self.position : self.position + size]
        else:
            block = self._stream.read(size)
        if len(block) != size:
            raise InputError(
                f"{self.name} changed while it was read: hash it again when nothing writes to it"
            )
        self.position += size
        return block


@contextmanager
def open_source(data: Data) -> Iterator[Source]:
    """Open bytes or a file for one pass. Raises EmptyFileError, which names the file, and InputError."""
    if isinstance(data, bytes | bytearray | memoryview):
        view = memoryview(data).cast("B")
        _refuse_empty("the data", len(view))
        yield Source("the data", len(view), view)
        return
    if not isinstance(data, os.PathLike):
        raise InputError(f"expected bytes or a path, got {type(data).__name__}: wrap a name in pathlib.Path")
    path = Path(data)
    try:
        file = path.open("rb")
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror or error}") from error
    with file:
        length = os.fstat(file.fileno()).st_size
        _refuse_empty(str(path), length)
        yield Source(str(path), length, file)


def _refuse_empty(name: str, length: int) -> None:
    if length == 0:
        raise EmptyFileError(f"{name} is empty: there is nothing to hash, store or sell")
