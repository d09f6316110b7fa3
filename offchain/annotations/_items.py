"""What is to be annotated: pictures and texts, read from files whose content is checked, whatever their names
say.
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any, TypeVar

from offchain.exceptions import AnnotationError, EmptyFileError, FormatError

IMAGE_FORMATS = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG", ".webp": "WEBP"}
TEXT_FORMATS = (".txt", ".jsonl")
MAX_PIXELS = 100_000_000  # above, a small file may unpack into all the memory there is


@dataclass(frozen=True)
class ImageItem:
    """One image task: its file name without folders, its size in pixels, its format and its bytes."""

    name: str
    width: int
    height: int
    format: str
    data: bytes = field(repr=False)


@dataclass(frozen=True)
class TextItem:
    """One text task: a name that is unique in the job, and the text."""

    name: str
    text: str


Item = ImageItem | TextItem
AnyItem = TypeVar("AnyItem", ImageItem, TextItem, Item)


def read_image(path: Path) -> ImageItem:
    """A PNG, JPG or WEBP picture. Raises FormatError that names the file for anything else, damaged ones
    included.
    """
    return image_from_bytes(path.name, _read(path))


def image_from_bytes(name: str, data: bytes) -> ImageItem:
    """A picture from its bytes; the ending of `name` must fit them. Raises FormatError, EmptyFileError."""
    from PIL import Image  # noqa: PLC0415 - text jobs and hashing need no pictures

    expected = IMAGE_FORMATS.get(Path(name).suffix.lower())
    if expected is None:
        raise FormatError(f"{name} is not a PNG, JPG or WEBP file: convert it first")
    if not data:
        raise EmptyFileError(f"{name} is empty")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(BytesIO(data), formats=sorted(set(IMAGE_FORMATS.values()))) as picture:
                width, height, found = picture.width, picture.height, picture.format
                if width * height > MAX_PIXELS:
                    raise FormatError(f"{name} has {width} x {height} pixels: make it smaller")
                picture.load()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise FormatError(f"{name} has too many pixels: make it smaller") from error
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        if isinstance(error, FormatError):
            raise
        raise FormatError(f"{name} is damaged, or it is no {expected} picture: save it again") from error
    if found != expected:
        raise FormatError(f"{name} holds a {found} picture: name it so, or convert it")
    return ImageItem(name, width, height, expected, data)


def read_texts(path: Path) -> list[TextItem]:
    """The texts of a TXT file (one on each line, blank lines left out) or a JSONL file (`{"text": …}` on each
    line).

    A JSONL line may give the text's `id`. Otherwise a text is called after its file and its line. Raises
    FormatError that names file and line, AnnotationError for a name that occurs twice.
    """
    suffix = path.suffix.lower()
    if suffix not in TEXT_FORMATS:
        raise FormatError(f"{path.name} is not a TXT or JSONL file: convert it first")
    lines = _text_lines(path.name, _read(path))
    if suffix == ".txt":
        items = [TextItem(f"{path.name}:{i}", line) for i, line in enumerate(lines, 1) if line.strip()]
    else:
        items = [_jsonl_item(path.name, i, line) for i, line in enumerate(lines, 1)]
    if not items:
        raise FormatError(f"{path.name} holds no text")
    return check_items(items)


def read_items(paths: Iterable[Path]) -> list[Item]:
    """All items of some files, in the order given. Raises FormatError that names the file, AnnotationError
    for doubles.
    """
    items: list[Item] = []
    for path in paths:
        suffix = path.suffix.lower()
        if suffix in IMAGE_FORMATS:
            items.append(read_image(path))
        elif suffix in TEXT_FORMATS:
            items.extend(read_texts(path))
        else:
            raise FormatError(
                f"{path.name} is not a PNG, JPG, WEBP, TXT or JSONL file: convert it or leave it out"
            )
    return check_items(items)


def check_items(items: Sequence[AnyItem]) -> list[AnyItem]:
    """The items; raises AnnotationError if two have one name or one content, as somebody would be paid twice
    for it.
    """
    names: set[str] = set()
    contents: dict[bytes | str, str] = {}
    for item in items:
        content = item.data if isinstance(item, ImageItem) else item.text
        if item.name in names:
            raise AnnotationError(f"the item {item.name} occurs twice: give each a name of its own")
        if content in contents:
            raise AnnotationError(
                f"the items {contents[content]} and {item.name} are the same: leave one out"
            )
        names.add(item.name)
        contents[content] = item.name
    return list(items)


def _read(path: Path) -> bytes:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise FormatError(f"cannot read {path}: {error.strerror or error}") from error
    if not data:
        raise EmptyFileError(f"{path} is empty")
    return data


def _text_lines(name: str, data: bytes) -> list[str]:
    if b"\0" in data:
        raise FormatError(f"{name} is not a text: it holds zero bytes")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FormatError(
            f"{name} is not UTF-8 text: byte {error.start} does not fit, save it as UTF-8"
        ) from error
    # Only line feeds divide: splitlines() would also cut at U+2028, which JSON texts may hold.
    lines = text.replace("\r\n", "\n").split("\n")
    return lines[:-1] if lines[-1] == "" else lines


def _jsonl_item(name: str, line: int, text: str) -> TextItem:
    try:
        value: Any = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise FormatError(f"{name}, line {line} is not JSON: {error}") from error
    if not isinstance(value, dict) or not isinstance(value.get("text"), str) or not value["text"].strip():
        raise FormatError(f'{name}, line {line}: write an object with a `text`, as {{"text": "…"}}')
    identity = value.get("id", f"{name}:{line}")
    if isinstance(identity, bool) or not isinstance(identity, str | int) or identity == "":
        raise FormatError(f"{name}, line {line}: the `id` is a text or a whole number")
    return TextItem(str(identity), value["text"])
