"""Between the demo's own pictures, texts and marks and the checked items and results of
`offchain.annotations`.
"""

from __future__ import annotations

from collections.abc import Sequence

from offchain.annotations import (
    Box,
    ImageItem,
    ImageResult,
    Polygon,
    Shape,
    TextItem,
    TextResult,
    image_from_bytes,
    image_result,
    text_result,
)
from scripts._demo import schema
from scripts._demo.geometry import box_polygon
from scripts._demo.items import Mark, Picture, Text


def item_of(task: Picture | Text) -> ImageItem | TextItem:
    """The task as an item that a job can be made of and an export can name."""
    if isinstance(task, Picture):
        return image_from_bytes(task.name, task.data)
    return TextItem(task.id, task.text)


def image_result_of(marks: Sequence[Mark]) -> ImageResult:
    """Marks with an outline of their own as polygons, the others as boxes."""
    return image_result([_shape(mark) for mark in marks])


def text_result_of(label: str) -> TextResult:
    """The label of a text as a result."""
    return text_result(label)


def shapes_of(result: ImageResult) -> list[schema.Shape]:
    """A result as the report draws it; the box of a polygon is the smallest one around it."""
    return [_drawn(shape) for shape in result.objects]


def _shape(mark: Mark) -> Shape:
    if mark.polygon is None or set(mark.polygon) == set(box_polygon(mark.box)):
        x0, y0, x1, y1 = mark.box
        return Box(mark.label, x0, y0, x1 - x0, y1 - y0)
    return Polygon(mark.label, mark.polygon)


def _drawn(shape: Shape) -> schema.Shape:
    x, y, width, height = shape.bounds
    points = [[px, py] for px, py in shape.outline] if isinstance(shape, Polygon) else None
    return schema.Shape(label=shape.label, box=[x, y, x + width, y + height], polygon=points)
