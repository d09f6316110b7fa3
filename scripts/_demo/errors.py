"""What the demo refuses, hung into the project's one exception tree."""

from __future__ import annotations

from pathlib import Path

from offchain.exceptions import InputError, IntegrityError, SchemaError


class FileError(InputError):
    """A user's file cannot be used: the message names the file, the line where there is one, and what to
    do.
    """

    def __init__(self, path: Path | str, line: int | None, problem: str, remedy: str) -> None:
        where = f"{path}" if line is None else f"{path}, line {line}"
        super().__init__(f"{where}: {problem}. {remedy}.")


class SummaryError(SchemaError):
    """A summary does not have the shape that `summary.py` defines; the message names the place in it."""


class BooksError(IntegrityError):
    """The books cannot be drawn up at all, for instance because money moved at an address nobody read."""


class StoryError(IntegrityError):
    """The chain did something else than the story expects of it."""
