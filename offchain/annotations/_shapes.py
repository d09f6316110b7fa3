"""Boxes, polygons and labels. Each checks itself, so that one which exists can be exported.

Pixels: the origin is the upper left corner, x grows to the right and y downwards; a picture of width w spans
0 to w.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from offchain.exceptions import AnnotationError

Point = tuple[float, float]
Number = int | float


@dataclass(frozen=True)
class Box:
    """A rectangle by its upper left corner and its size, in pixels. Raises AnnotationError for one that
    cannot be.
    """

    label: str
    x: float
    y: float
    width: float
    height: float

    def __post_init__(self) -> None:
        """Refuse NaN, infinity, a negative corner and a side that is not above zero."""
        _check_label(self.label)
        for name in ("x", "y", "width", "height"):
            object.__setattr__(self, name, _number(getattr(self, name), f"box {name}"))
        if self.width <= 0 or self.height <= 0:
            raise AnnotationError(
                f"a box of {self.width} x {self.height} pixels has no area: both sides are above 0"
            )
        if self.x < 0 or self.y < 0:
            raise AnnotationError(f"the box at ({self.x}, {self.y}) begins outside the image")

    @property
    def area(self) -> float:
        """Square pixels."""
        return _tidy(self.width * self.height)

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """(x, y, width, height)."""
        return self.x, self.y, self.width, self.height

    @property
    def outline(self) -> tuple[Point, ...]:
        """The four corners, clockwise from the upper left one."""
        right, bottom = _tidy(self.x + self.width), _tidy(self.y + self.height)
        return (self.x, self.y), (right, self.y), (right, bottom), (self.x, bottom)

    def check_inside(self, width: int, height: int) -> None:
        """Raises AnnotationError if the box leaves a picture of this size."""
        _check_inside(self.outline, width, height, "box")


@dataclass(frozen=True)
class Polygon:
    """A closed outline by its corners, at least 3, in pixels. Raises AnnotationError for one that cannot
    be.
    """

    label: str
    points: tuple[Point, ...]

    def __post_init__(self) -> None:
        """Refuse NaN, fewer than 3 corners, a corner twice in a row and an outline without area."""
        _check_label(self.label)
        points = tuple((_number(x, "polygon x"), _number(y, "polygon y")) for x, y in self.points)
        object.__setattr__(self, "points", points)
        if len(set(points)) < 3:
            raise AnnotationError(
                f"a polygon has 3 different corners or more, this one has {len(set(points))}"
            )
        if any(one == other for one, other in zip(points, points[1:] + points[:1], strict=True)):
            raise AnnotationError(
                "a polygon repeats a corner: leave out the second, the outline closes by itself"
            )
        if self.area <= 0:
            raise AnnotationError("a polygon whose corners lie on one line has no area")
        if min(x for x, _ in points) < 0 or min(y for _, y in points) < 0:
            raise AnnotationError("a corner of the polygon lies outside the image")

    @classmethod
    def from_flat(cls, label: str, coordinates: Sequence[Number]) -> Polygon:
        """A polygon from x0, y0, x1, y1, …; raises AnnotationError for an odd count."""
        if len(coordinates) % 2:
            raise AnnotationError(f"{len(coordinates)} coordinates make no corners: each needs an x and a y")
        return cls(label, tuple(zip(coordinates[::2], coordinates[1::2], strict=True)))

    @property
    def area(self) -> float:
        """Square pixels, by the shoelace formula."""
        following = self.points[1:] + self.points[:1]
        double = sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in zip(self.points, following, strict=True))
        return _tidy(abs(double) / 2)

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """(x, y, width, height) of the smallest box around it."""
        xs, ys = [x for x, _ in self.points], [y for _, y in self.points]
        return min(xs), min(ys), _tidy(max(xs) - min(xs)), _tidy(max(ys) - min(ys))

    @property
    def outline(self) -> tuple[Point, ...]:
        """The corners in their order."""
        return self.points

    def check_inside(self, width: int, height: int) -> None:
        """Raises AnnotationError if a corner lies outside a picture of this size."""
        _check_inside(self.outline, width, height, "polygon")


@dataclass(frozen=True)
class TextLabel:
    """The one label of a text."""

    label: str

    def __post_init__(self) -> None:
        """Refuse what is no label at all; raises AnnotationError."""
        _check_label(self.label)


Shape = Box | Polygon


def _check_label(label: object) -> None:
    if not isinstance(label, str) or not label:
        raise AnnotationError(f"{label!r} is no label: write a text that is not empty")


def _number(value: object, what: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise AnnotationError(f"{what} is {value!r}, it must be a finite number of pixels")
    return _tidy(value)


def _tidy(value: float) -> float:
    """Whole numbers as int, so that 3, 3.0 and -0.0 are written one way only."""
    return int(value) if value == int(value) else float(value)


def _check_inside(points: Sequence[Point], width: int, height: int, what: str) -> None:
    for x, y in points:
        if not (0 <= x <= width and 0 <= y <= height):
            raise AnnotationError(
                f"the {what} reaches ({x}, {y}), outside the image of {width} x {height} pixels"
            )
