"""The drawings of the report as SVG: annotated pictures and bars of tasks."""

from __future__ import annotations

from dataclasses import dataclass

from scripts._demo.markup import Markup, join, tag
from scripts._demo.schema import Picture, Reading, Shape, Stats

# Marks lie on pictures, not on the page, so their colours are the same by day and by night.
MARK_COLOURS = {
    "approved": "#0a7d4f",
    "finalized": "#0a7d4f",
    "overturned": "#1d5fb8",
    "pending": "#6b4fa0",
    "rejected": "#c2370a",
    "truth": "#4a5360",
}
STAT_NAMES = {
    "approved": "approved",
    "finalized": "paid after silence",
    "overturned": "paid on appeal",
    "reopened": "rejected and still open",
    "refunded": "refunded",
}


@dataclass(frozen=True)
class _Style:
    """How the marks of one reading are drawn; `unit` is one pixel of a picture 480 wide."""

    colour: str
    unit: float
    dashed: bool
    below: bool


def annotated(picture: Picture) -> Markup:
    """A picture under the marks of all its readings; rejected marks are dashed and named below their box."""
    width, height = picture["width"], picture["height"]
    image = tag("image", href=picture["image"], width=width, height=height)
    unit = max(width, height) / 480
    # Rejected marks come last, so that their dashes show on top of marks that took their place.
    ordered = sorted(picture["readings"], key=lambda reading: reading["verdict"] == "rejected")
    marks = [_marks(reading, unit, width, height) for reading in ordered]
    label = f"{picture['name']} with {sum(len(reading['shapes']) for reading in picture['readings'])} marks"
    return tag(
        "svg", image, marks, viewBox=f"0 0 {width} {height}", role="img", aria_label=label, class_="picture"
    )


def bar(stats: Stats, total: int) -> Markup:
    """The tasks of a job as one bar, split by how they ended, with a legend that carries the numbers."""
    counts = [(key, name, int(stats[key])) for key, name in STAT_NAMES.items()]  # type: ignore[literal-required]
    present = [(key, name, count) for key, name, count in counts if count]
    parts = [
        tag("span", class_=f"part {key}", style=f"flex-grow:{count}", title=f"{count} {name}")
        for key, name, count in present
    ]
    legend = [tag("li", tag("i", class_=f"part {key}"), f"{count} {name}") for key, name, count in present]
    if stats["expired"]:
        legend.append(tag("li", f"{stats['expired']} expired first and were taken over", class_="aside"))
    drawn = tag("div", parts, class_="bar", role="img", aria_label=f"{total} tasks by how they ended")
    return join([drawn, tag("ul", legend, class_="legend")])


def _marks(reading: Reading, unit: float, width: float, height: float) -> Markup:
    rejected = reading["verdict"] == "rejected"
    dashed = rejected or reading["verdict"] == "truth"
    style = _Style(MARK_COLOURS[reading["verdict"]], unit, dashed=dashed, below=rejected)
    drawn = [
        join([_outline(shape, style), _name(shape, style, (width, height))]) for shape in reading["shapes"]
    ]
    return tag("g", drawn)


def _outline(shape: Shape, style: _Style) -> Markup:
    x0, y0, x1, y1 = shape["box"]
    dashes = f"{6 * style.unit:.1f} {4 * style.unit:.1f}" if style.dashed else None
    box = {"x": x0, "y": y0, "width": x1 - x0, "height": y1 - y0, "fill": "none"}
    halo = tag("rect", **box, stroke="#fff", stroke_opacity=0.75, stroke_width=f"{4.5 * style.unit:.2f}")
    line = tag(
        "rect", **box, stroke=style.colour, stroke_width=f"{2 * style.unit:.2f}", stroke_dasharray=dashes
    )
    if shape["polygon"] is None or _is_box(shape):
        return join([halo, line])
    area = tag(
        "polygon",
        points=" ".join(f"{x:g},{y:g}" for x, y in shape["polygon"]),
        fill="none" if style.dashed else style.colour,
        fill_opacity=0.16,
        stroke=style.colour,
        stroke_width=f"{1.2 * style.unit:.2f}",
        stroke_dasharray=dashes,
    )
    return join([halo, area, line])


def _is_box(shape: Shape) -> bool:
    x0, y0, x1, y1 = shape["box"]
    return {(x, y) for x, y in shape["polygon"] or []} == {(x0, y0), (x1, y0), (x1, y1), (x0, y1)}


def _name(shape: Shape, style: _Style, size: tuple[float, float]) -> Markup:
    """The label in a small plate that touches the box and stays inside the picture."""
    unit = style.unit
    tall, wide = 17 * unit, (8 + 8 * len(shape["label"])) * unit
    x0, y0, _, y1 = shape["box"]
    x = min(max(x0 - unit, 0), size[0] - wide)
    y = min(y1, size[1] - tall) if style.below else max(y0 - tall, 0)
    plate = tag(
        "rect", x=f"{x:.1f}", y=f"{y:.1f}", width=f"{wide:.1f}", height=f"{tall:.1f}", fill=style.colour
    )
    middle = {"x": f"{x + wide / 2:.1f}", "y": f"{y + 13 * unit:.1f}", "text_anchor": "middle"}
    return join([plate, tag("text", shape["label"], **middle, fill="#fff", font_size=f"{13 * unit:.1f}")])
