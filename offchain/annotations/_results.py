"""The result of one task, as it is hashed, submitted and exported.

JSON of an image task: `{"type": "image", "objects": [{"label": …, "box": [x, y, width, height]} or
{"label": …, "polygon": [x0, y0, x1, y1, …]}, …]}`; of a text task: `{"type": "text", "label": …}`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from offchain.annotations._labels import LabelSet
from offchain.annotations._shapes import Box, Polygon, Shape, TextLabel
from offchain.exceptions import AnnotationError, SchemaError


@dataclass(frozen=True)
class ImageResult:
    """What was found in one picture; an empty tuple says that there is nothing. Raises AnnotationError for
    doubles.
    """

    objects: tuple[Shape, ...]

    def __post_init__(self) -> None:
        """Refuse the same object twice: it would halve the precision of whoever evaluates against it."""
        if len(set(self.objects)) != len(self.objects):
            raise AnnotationError("the same object occurs twice in one image: leave out the second")

    def check(self, labels: LabelSet, width: int, height: int) -> None:
        """Raises LabelError or AnnotationError if it does not fit the job's labels or the picture, sizes in
        pixels.
        """
        for shape in self.objects:
            labels.check(shape.label)
            shape.check_inside(width, height)

    def to_json(self) -> dict[str, Any]:
        """Plain values for canonical_json."""
        return {"type": "image", "objects": [_shape_json(shape) for shape in self.objects]}


@dataclass(frozen=True)
class TextResult:
    """The label that one text was given."""

    label: TextLabel

    def check(self, labels: LabelSet) -> None:
        """Raises LabelError if the job does not know the label."""
        labels.check(self.label.label)

    def to_json(self) -> dict[str, Any]:
        """Plain values for canonical_json."""
        return {"type": "text", "label": self.label.label}


Result = ImageResult | TextResult


def image_result(objects: Sequence[Shape]) -> ImageResult:
    """The result of an image task from boxes and polygons in any sequence."""
    return ImageResult(tuple(objects))


def text_result(label: str) -> TextResult:
    """The result of a text task."""
    return TextResult(TextLabel(label))


def result_from_json(value: Any) -> Result:
    """A result from decoded JSON. Raises SchemaError for another shape, AnnotationError for what cannot
    be.
    """
    kind = value.get("type") if isinstance(value, dict) else None
    if kind == "text":
        _need_keys(value, {"type", "label"})
        return TextResult(TextLabel(value["label"]))
    if kind == "image":
        _need_keys(value, {"type", "objects"})
        if not isinstance(value["objects"], list):
            raise SchemaError("`objects` of an image result is a list")
        return ImageResult(tuple(_shape_from_json(entry) for entry in value["objects"]))
    raise SchemaError(f"a result is an object whose `type` is 'image' or 'text', not {kind!r}")


def _shape_json(shape: Shape) -> dict[str, Any]:
    if isinstance(shape, Box):
        return {"label": shape.label, "box": list(shape.bounds)}
    return {"label": shape.label, "polygon": [number for point in shape.points for number in point]}


def _shape_from_json(entry: Any) -> Shape:
    if not isinstance(entry, dict):
        raise SchemaError(f"an object of an image result is a JSON object, not {type(entry).__name__}")
    kind = "box" if "box" in entry else "polygon"
    _need_keys(entry, {"label", kind})
    numbers = entry[kind]
    if not isinstance(numbers, list):
        raise SchemaError(f"`{kind}` is a list of numbers")
    if kind == "polygon":
        return Polygon.from_flat(entry["label"], numbers)
    if len(numbers) != 4:
        raise SchemaError(f"`box` is [x, y, width, height], not {len(numbers)} numbers")
    return Box(entry["label"], *numbers)


def _need_keys(value: dict[str, Any], keys: set[str]) -> None:
    if set(value) != keys:
        raise SchemaError(
            f"expected the keys {', '.join(sorted(keys))}, got {', '.join(sorted(map(str, value)))}"
        )
