"""Boxes and outlines in pixel coordinates: overlap, convex outline, area."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from scripts._demo.items import Box, Point, Polygon


def iou(a: Box, b: Box) -> float:
    """Intersection over union of two boxes, 0.0 to 1.0."""
    width = min(a[2], b[2]) - max(a[0], b[0])
    height = min(a[3], b[3]) - max(a[1], b[1])
    if width <= 0 or height <= 0:
        return 0.0
    shared = width * height
    return shared / (_box_area(a) + _box_area(b) - shared)


def box_polygon(box: Box) -> Polygon:
    """The box as a polygon of four points, clockwise on the screen from the upper left corner."""
    x0, y0, x1, y1 = map(float, box)
    return ((x0, y0), (x1, y0), (x1, y1), (x0, y1))


def bounding_box(points: Iterable[Point]) -> tuple[float, float, float, float]:
    """(xmin, ymin, xmax, ymax) of some points."""
    xs, ys = zip(*points, strict=True)
    return (min(xs), min(ys), max(xs), max(ys))


def area(polygon: Sequence[Point]) -> float:
    """The area of a simple polygon in square pixels, whatever its direction."""
    following = [*polygon[1:], polygon[0]]
    return abs(sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in zip(polygon, following, strict=True))) / 2


def outline(points: Iterable[Point], *, spare: float = 0.0) -> Polygon:
    """The convex hull of some points, without its corners that cut off at most `spare` square pixels each.

    Raises ValueError where the points span no area. The result is convex, so it never crosses itself, and
    lies inside the hull, so it never leaves the picture.
    """
    hull = _hull(sorted(set(points)))
    if len(hull) < 3 or area(hull) == 0:
        raise ValueError("the points of an outline must span an area")
    while len(hull) > 4:
        costs = [area((hull[i - 1], hull[i], hull[(i + 1) % len(hull)])) for i in range(len(hull))]
        least = min(range(len(hull)), key=costs.__getitem__)
        if costs[least] > spare:
            break
        del hull[least]
    return tuple(hull)


def _hull(points: list[Point]) -> list[Point]:
    """Andrew's monotone chain; collinear points are left out."""
    lower, upper = _half(points), _half(points[::-1])
    return lower[:-1] + upper[:-1]


def _half(points: list[Point]) -> list[Point]:
    chain: list[Point] = []
    for point in points:
        while len(chain) >= 2 and _turn(chain[-2], chain[-1], point) <= 0:
            chain.pop()
        chain.append(point)
    return chain


def _turn(a: Point, b: Point, c: Point) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _box_area(box: Box) -> int:
    return (box[2] - box[0]) * (box[3] - box[1])
