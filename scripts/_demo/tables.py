"""Reads CSV, JSONL and TXT files of a user, keeping line numbers so that errors can name them."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from scripts._demo.errors import FileError


@dataclass(frozen=True)
class Row:
    """One record: its fields as text, and the line of the file on which it ends."""

    line: int
    fields: dict[str, str]


def read_text(path: Path) -> str:
    """The whole file as UTF-8 text, without a byte order mark; refuses what is not there, not a file, or not
    UTF-8.
    """
    if not path.is_file():
        raise FileError(path, None, "there is no such file", "Check the path")
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise FileError(path, line, "this is not UTF-8 text", "Save the file as UTF-8") from None


def read_csv(path: Path, required: tuple[str, ...]) -> list[Row]:
    """The rows of a CSV file with a header line; every row must have exactly the header's columns."""
    reader = csv.reader(read_text(path).splitlines(keepends=True), strict=True)
    try:
        header = [name.strip() for name in next(reader, [])]
        _check_header(path, header, required)
        rows = [
            Row(reader.line_num, _fields(path, reader.line_num, header, cells)) for cells in reader if cells
        ]
    except csv.Error as error:
        raise FileError(path, reader.line_num, f"this is not CSV ({error})", "Check the quotes") from None
    if not rows:
        raise FileError(path, None, "the file has a header but no rows", "Add at least one row")
    return rows


def read_jsonl(path: Path) -> list[Row]:
    """The objects of a JSONL file: one flat object of strings or numbers on each line."""
    rows = list(_json_rows(path))
    if not rows:
        raise FileError(path, None, "the file is empty", "Write one JSON object on each line")
    return rows


def _json_rows(path: Path) -> Iterator[Row]:
    for line, text in enumerate(read_text(path).splitlines(), start=1):
        if not text.strip():
            continue
        try:
            record = json.loads(text)
        except json.JSONDecodeError as error:
            raise FileError(
                path, line, f"this is not JSON ({error.msg})", "Write one object on each line"
            ) from None
        if not isinstance(record, dict) or any(not _scalar(value) for value in record.values()):
            raise FileError(
                path, line, "this is not a flat JSON object", 'Write {"id": "...", "text": "..."}'
            )
        yield Row(line, {name: str(value) for name, value in record.items()})


def _scalar(value: object) -> bool:
    return isinstance(value, (str, int, float)) and not isinstance(value, bool)


def _check_header(path: Path, header: list[str], required: tuple[str, ...]) -> None:
    if missing := [name for name in required if name not in header]:
        raise FileError(
            path,
            1,
            f"the header lacks {', '.join(missing)}",
            f"The first line must name {','.join(required)}",
        )
    if len(set(header)) != len(header):
        raise FileError(path, 1, "a column name occurs twice", "Give each column a name of its own")


def _fields(path: Path, line: int, header: list[str], cells: list[str]) -> dict[str, str]:
    if len(cells) != len(header):
        raise FileError(
            path,
            line,
            f"there are {len(cells)} fields where the header has {len(header)}",
            "Quote fields with commas",
        )
    return dict(zip(header, cells, strict=True))
