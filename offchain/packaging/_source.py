"""The source data of a job as one file, whose 0G root is in the job's terms: a ZIP of pictures or a JSONL
of texts.

Task i is item i: pictures in order of their names (by UTF-8 bytes), texts in order of their lines.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from offchain.annotations import ImageItem, TextItem, check_items, image_from_bytes
from offchain.exceptions import InputError, SchemaError
from offchain.hashing import canonical_json
from offchain.packaging._archive import read_zip, zip_bytes

WANTED = 'write each text on a line of its own as {"id": "…", "text": "…"}'


def image_source(items: Sequence[ImageItem]) -> bytes:
    """A deterministic ZIP of the pictures. Raises AnnotationError for doubles, InputError for bad names
    or none.
    """
    _need(items)
    return zip_bytes({item.name: item.data for item in check_items(items)})


def text_source(items: Sequence[TextItem]) -> bytes:
    """A JSONL of `{"id", "text"}`. Raises AnnotationError for doubles, InputError for none."""
    _need(items)
    return b"".join(
        canonical_json({"id": item.name, "text": item.text}) + b"\n" for item in check_items(items)
    )


def read_image_source(data: bytes) -> list[ImageItem]:
    """The pictures by task. Raises SchemaError for what is no such ZIP, FormatError for what is no
    picture.
    """
    files = read_zip(data)
    return check_items([image_from_bytes(name, files[name]) for name in sorted(files, key=str.encode)])


def read_text_source(data: bytes) -> list[TextItem]:
    """The texts by task. Raises SchemaError that names the line, AnnotationError for doubles."""
    try:
        lines = data.decode().split("\n")
    except UnicodeDecodeError as error:
        raise SchemaError(f"the source is not UTF-8 text: {error}") from error
    if lines.pop() != "" or not lines:
        raise SchemaError(
            "the source is not a JSONL file: every line ends with a line feed, the last one too"
        )
    return check_items([_text_item(number, line) for number, line in enumerate(lines, 1)])


def _text_item(number: int, line: str) -> TextItem:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise SchemaError(f"line {number} of the source is not JSON ({error}): {WANTED}") from error
    if not isinstance(value, dict) or set(value) != {"id", "text"}:
        raise SchemaError(f"line {number} of the source is not an object of id and text: {WANTED}")
    if not isinstance(value["id"], str) or not isinstance(value["text"], str):
        raise SchemaError(f"line {number} of the source: id and text are texts")
    return TextItem(value["id"], value["text"])


def _need(items: Sequence[ImageItem] | Sequence[TextItem]) -> None:
    if not items:
        raise InputError("a job needs at least one item")
