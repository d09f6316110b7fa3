"""Annotations made in Label Studio, read from its COCO, JSON and JSON_MIN exports.

Its COCO export counts from 0 and leaves the segmentation of boxes empty, which evaluation tools take for
half the data or crash on: it is renumbered here. JSON has coordinates in percent of the picture, from 0
to 100.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote, urlparse

from offchain.annotations import (
    Box,
    ImageResult,
    LabelSet,
    Polygon,
    Shape,
    TextResult,
    image_result,
    text_result,
)
from offchain.exceptions import AnnotationError, SchemaError
from offchain.packaging import read_coco

UPLOAD_PREFIX = re.compile(r"^[0-9a-f]{8}(__|-)(?=.)")
META = {
    "id",
    "annotator",
    "annotation_id",
    "created_at",
    "updated_at",
    "lead_time",
    "agreement",
    "unique_id",
    "draft_id",
}
SLACK = 0.01  # pixels that a percentage may reach over the edge by rounding


@dataclass(frozen=True)
class ImportedImages:
    """Labels, and results by file name (without folders and without the prefix that an upload got)."""

    labels: LabelSet
    results: dict[str, ImageResult]


@dataclass(frozen=True)
class ImportedTexts:
    """Labels, texts by the id of their Label Studio task, and results by the same id."""

    labels: LabelSet
    texts: dict[str, str]
    results: dict[str, TextResult]


def import_coco(document: Any) -> ImportedImages:
    """A COCO export. Raises SchemaError or AnnotationError that names the entry."""
    try:
        images = [{**entry, "id": entry["id"] + 1} for entry in document["images"]]
        categories = [{**entry, "id": entry["id"] + 1} for entry in document["categories"]]
        annotations = [_renumbered(entry) for entry in document["annotations"]]
    except (KeyError, TypeError) as error:
        raise SchemaError(
            f"this is not a COCO export of Label Studio: {error!r} is missing or no number"
        ) from error
    for image, name in zip(
        images, _file_names([str(entry.get("file_name", "")) for entry in images]), strict=True
    ):
        image["file_name"] = name
    labels, results = read_coco({"images": images, "categories": categories, "annotations": annotations})
    return ImportedImages(labels, results)


def import_images(export: Any, labels: LabelSet | None = None) -> ImportedImages:
    """A JSON or JSON_MIN export of boxes and polygons; tasks without annotation are left out.

    Raises SchemaError, LabelError (where `labels` are given) and AnnotationError that name the task.
    """
    references: list[str] = []
    found: list[list[Shape]] = []
    for task in _tasks(export):
        regions = _regions(task)
        if regions is None:
            continue
        references.append(_image_reference(task))
        found.append([_shape(region, _name(task)) for region in regions])
    named = labels or _labels(shape.label for shapes in found for shape in shapes)
    for shape in (shape for shapes in found for shape in shapes):
        named.check(shape.label)
    results = [image_result(shapes) for shapes in found]
    return ImportedImages(named, dict(zip(_file_names(references), results, strict=True)))


def import_texts(export: Any, labels: LabelSet | None = None, text_key: str = "text") -> ImportedTexts:
    """A JSON or JSON_MIN export of texts with one choice each; `text_key` is the name of the text in the
    task's data.

    Tasks without annotation are left out. Raises SchemaError and LabelError that name the task.
    """
    texts: dict[str, str] = {}
    results: dict[str, TextResult] = {}
    for task in _tasks(export):
        label = _choice(task, text_key)
        if label is None:
            continue
        identity = str(task.get("id", ""))
        text = task.get("data", task).get(text_key)
        if not identity or identity in texts or not isinstance(text, str):
            raise SchemaError(f"{_name(task)} has no id of its own, or no `{text_key}`: pass text_key")
        texts[identity] = text
        results[identity] = text_result(label)
    named = labels or _labels(result.label.label for result in results.values())
    for result in results.values():
        result.check(named)
    return ImportedTexts(named, texts, results)


def _renumbered(entry: Mapping[str, Any]) -> dict[str, Any]:
    x, y, width, height = entry["bbox"]
    corners = [x, y, x + width, y, x + width, y + height, x, y + height]
    ids = {key: entry[key] + 1 for key in ("id", "image_id", "category_id")}
    return {**entry, **ids, "segmentation": entry["segmentation"] or [corners]}


def _file_names(references: list[str]) -> list[str]:
    """Base names; the prefix of eight digits that uploads get is cut where the names stay different
    without it.
    """
    names = [PurePosixPath(unquote(urlparse(reference).path)).name for reference in references]
    short = [UPLOAD_PREFIX.sub("", name) for name in names]
    chosen = short if len(set(short)) == len(short) else names
    if len(set(chosen)) != len(chosen) or "" in chosen:
        raise SchemaError("two pictures of the export have the same file name, or one has none")
    return chosen


def _tasks(export: Any) -> list[dict[str, Any]]:
    if not isinstance(export, list) or not all(isinstance(task, dict) for task in export):
        raise SchemaError("a JSON or JSON_MIN export of Label Studio is a list of tasks")
    return export


def _name(task: Mapping[str, Any]) -> str:
    return f"task {task.get('id', '?')}"


def _annotation(task: Mapping[str, Any]) -> list[dict[str, Any]] | None:
    """The regions of the one annotation of a task in a JSON export, None if nobody annotated it."""
    done = [entry for entry in task["annotations"] if not entry.get("was_cancelled")]
    if len(done) > 1:
        raise SchemaError(f"{_name(task)} has {len(done)} annotations: delete all but the one that counts")
    return list(done[0]["result"]) if done else None


def _regions(task: Mapping[str, Any]) -> list[dict[str, Any]] | None:
    """Flat regions: kind, labels, coordinates and original size, whichever export they come from."""
    if "annotations" not in task:
        lists = [value for key, value in task.items() if key not in META and isinstance(value, list)]
        return [region for group in lists for region in group] if lists else None
    entries = _annotation(task)
    if entries is None:
        return None
    size_keys = ("original_width", "original_height")
    return [{**entry["value"], **{key: entry.get(key) for key in size_keys}} for entry in entries]


def _shape(region: Mapping[str, Any], name: str) -> Shape:
    try:
        scale_x, scale_y = region["original_width"] / 100, region["original_height"] / 100
        limits = (region["original_width"], region["original_height"])
        if "rectanglelabels" in region:
            label = _single(region["rectanglelabels"], name)
            return _rectangle(label, region, scale_x, scale_y, limits)
        if "polygonlabels" in region:
            label = _single(region["polygonlabels"], name)
            points = [(x * scale_x, y * scale_y) for x, y in region["points"]]
            return Polygon(label, tuple(_clamp(point, limits) for point in points))
    except (KeyError, TypeError, ValueError) as error:
        if isinstance(error, AnnotationError):
            raise AnnotationError(f"{name}: {error}") from error
        raise SchemaError(f"{name}: a region of the export cannot be read: {error!r}") from error
    raise SchemaError(
        f"{name}: only rectangles and polygons can be imported, not {', '.join(sorted(region))}"
    )


def _rectangle(
    label: str, region: Mapping[str, Any], scale_x: float, scale_y: float, limits: tuple[float, float]
) -> Shape:
    left, top = region["x"] * scale_x, region["y"] * scale_y
    width, height = region["width"] * scale_x, region["height"] * scale_y
    turn = math.radians(region.get("rotation") or 0)
    if turn == 0:
        (x0, y0), (x1, y1) = _clamp((left, top), limits), _clamp((left + width, top + height), limits)
        return Box(label, x0, y0, round(x1 - x0, 6), round(y1 - y0, 6))
    # Label Studio turns clockwise about the upper left corner.
    across = (width * math.cos(turn), width * math.sin(turn))
    down = (-height * math.sin(turn), height * math.cos(turn))
    offsets = ((0.0, 0.0), across, (across[0] + down[0], across[1] + down[1]), down)
    return Polygon(label, tuple(_clamp((left + dx, top + dy), limits) for dx, dy in offsets))


def _clamp(point: tuple[float, float], limits: tuple[float, float]) -> tuple[float, float]:
    """Undo what rounding to percent did at the edges; what is really outside stays outside and is refused."""
    x, y = (
        min(max(value, 0), limit) if -SLACK < value < limit + SLACK else value
        for value, limit in zip(point, limits, strict=True)
    )
    for value, limit in ((x, limits[0]), (y, limits[1])):
        if not 0 <= value <= limit:
            raise AnnotationError(f"a corner at ({x}, {y}) lies outside the image")
    return round(x, 6), round(y, 6)


def _choice(task: Mapping[str, Any], text_key: str) -> str | None:
    if "annotations" in task:
        regions = _annotation(task)
        chosen = [entry["value"]["choices"] for entry in regions or [] if entry.get("type") == "choices"]
        if not regions:
            return None
        return _single([label for labels in chosen for label in labels], _name(task))
    answers = {k: v for k, v in task.items() if k not in META | {text_key} and isinstance(v, str | dict)}
    if not answers:
        return None
    if len(answers) > 1:
        raise SchemaError(f"{_name(task)} has several answers: {', '.join(sorted(answers))}; keep one column")
    answer = next(iter(answers.values()))
    return _single([answer] if isinstance(answer, str) else answer.get("choices", []), _name(task))


def _single(labels: Any, name: str) -> str:
    if not isinstance(labels, list) or len(labels) != 1 or not isinstance(labels[0], str):
        raise SchemaError(f"{name} needs exactly one label, it has {labels!r}")
    return labels[0]


def _labels(names: Iterable[str]) -> LabelSet:
    return LabelSet(sorted(set(names)))


def _image_reference(task: Mapping[str, Any]) -> str:
    data = task.get("data", task)
    for key in ("image", "img", "image_url"):
        if isinstance(data.get(key), str):
            return str(data[key])
    raise SchemaError(f"{_name(task)} names no picture: its data needs the key image, img or image_url")
