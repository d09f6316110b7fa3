"""The drawings of the consensus job as SVG: its phases, and a matrix of who said what."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from scripts._demo.crowd_schema import CrowdSeat, CrowdTask, Phase
from scripts._demo.markup import Markup, tag
from scripts._demo.schema import Consensus

_WIDTH, _NAMES = 1040, 118
_ROW, _GAP, _HEAD = 17, 3, 30
_COLOURS = ("#c4552a", "#93a0ae", "#14875a", "#3a7bd0", "#8f6bc4", "#c9a227", "#2a9d9d", "#a8577e")
_BAR, _DOTS = 26, 22


def colour(number: int) -> str:
    """The colour of a class; a market has at most eight."""
    return _COLOURS[number]


# --- phases ---


def phases(job: Consensus) -> Markup:
    """The windows one after the other, with a dot for everything that was done."""
    spans = job["phases"]
    start, end = spans[0]["start"], spans[-1]["end"]
    scale = _WIDTH / max(1, end - start)
    drawn = [_phase(span, number, start, scale) for number, span in enumerate(spans)]
    return _framed(drawn, _DOTS + _BAR + 6, f"The phases of consensus job {job['id']}", "phases")


def _phase(span: Phase, number: int, start: int, scale: float) -> Markup:
    left, right = (span["start"] - start) * scale, (span["end"] - start) * scale
    box = tag(
        "rect",
        x=f"{left:.1f}",
        y=_DOTS,
        width=f"{max(right - left - 1, 1):.1f}",
        height=_BAR,
        class_=f"phase p{number % 2}",
    )
    name = tag("text", span["name"], x=f"{(left + right) / 2:.1f}", y=_DOTS + 17, text_anchor="middle")
    dots = [
        tag("circle", cx=f"{min((time - start) * scale + 4, _WIDTH - 4):.1f}", cy=_DOTS - 9, r=3)
        for time in span["acts"]
    ]
    # What was done within minutes is one dot to look at.
    many = len(dots) > 1
    place = {"x": f"{(span['acts'][0] - start) * scale + 12:.1f}", "y": _DOTS - 5} if many else {}
    count = tag("text", f"{len(dots)} acts", **place, class_="count") if many else None
    return tag("g", box, name, dots, count)


# --- answers ---


def answers(job: Consensus) -> Markup:
    """One row for the truth, one for each annotator, one for the labels; one column for each task."""
    pitch = (_WIDTH - _NAMES) / len(job["tasks"])
    rows = [_truth_row(job["tasks"], pitch)]
    rows += [
        _seat_row(seat, job["tasks"], pitch, number) for number, seat in enumerate(job["seats"], start=1)
    ]
    rows.append(_label_row(job["tasks"], pitch, len(rows)))
    height = _top(len(rows)) + 18
    ticks = [
        tag("text", str(task), x=_middle(task, pitch), y=f"{height - 4:.1f}", text_anchor="middle")
        for task in range(0, len(job["tasks"]), 10)
    ]
    return _framed(
        [*rows, tag("g", ticks, class_="ticks")], height, "Answers by task and annotator", "answers"
    )


def _truth_row(tasks: Sequence[CrowdTask], pitch: float) -> Markup:
    cells = [_cell(task, 0, pitch, one["truth"]) for task, one in enumerate(tasks)]
    marks = [_triangle(task, pitch, one) for task, one in enumerate(tasks) if one["gold"] is not None]
    return tag("g", _name("truth", 0), cells, marks)


def _seat_row(seat: CrowdSeat, tasks: Sequence[CrowdTask], pitch: float, row: int) -> Markup:
    drawn: list[Markup] = [_name(seat["annotator"], row)]
    if not seat["answers"]:
        drawn += [_blank(task, row, pitch, "silent") for task in seat["tasks"]]
    for task, answer in zip(seat["tasks"], seat["answers"], strict=False):
        if answer is None:
            drawn.append(_blank(task, row, pitch, "none"))
            continue
        drawn.append(_cell(task, row, pitch, answer))
        if answer != tasks[task]["truth"]:
            drawn.append(_dot(task, row, pitch))
    return tag("g", drawn)


def _label_row(tasks: Sequence[CrowdTask], pitch: float, row: int) -> Markup:
    drawn: list[Markup] = [_name("label", row)]
    for task, one in enumerate(tasks):
        label = one["label"]
        if label is None:
            drawn.append(_blank(task, row, pitch, "none"))
            continue
        drawn.append(_cell(task, row, pitch, label))
        if one["resolved"]:
            drawn.append(tag("circle", **_centre(task, row, pitch), r=3, class_="ring"))
        if label != one["truth"]:
            drawn.append(_dot(task, row, pitch))
    return tag("g", drawn)


def _cell(task: int, row: int, pitch: float, of: int) -> Markup:
    return tag("rect", **_box(task, row, pitch), fill=colour(of))


def _blank(task: int, row: int, pitch: float, kind: str) -> Markup:
    return tag("rect", **_box(task, row, pitch), class_=kind)


def _dot(task: int, row: int, pitch: float) -> Markup:
    return tag("circle", **_centre(task, row, pitch), r=2.4, class_="wrong")


def _triangle(task: int, pitch: float, one: CrowdTask) -> Markup:
    x, y = _NAMES + (task + 0.5) * pitch, _HEAD - 6
    path = f"M{x - 4:.1f} {y - 8:.1f}H{x + 4:.1f}L{x:.1f} {y:.1f}Z"
    return tag("path", d=path, class_="gold" if one["decided"] is None else "gold disputed")


def _name(text: str, row: int) -> Markup:
    return tag("text", text, x=_NAMES - 10, y=f"{_top(row) + 13:.1f}", text_anchor="end")


def _box(task: int, row: int, pitch: float) -> dict[str, str]:
    left = _NAMES + task * pitch
    return {
        "x": f"{left:.1f}",
        "y": f"{_top(row):.1f}",
        "width": f"{pitch - 1:.1f}",
        "height": str(_ROW),
    }


def _centre(task: int, row: int, pitch: float) -> dict[str, str]:
    return {"cx": _middle(task, pitch), "cy": f"{_top(row) + _ROW / 2:.1f}"}


def _middle(task: int, pitch: float) -> str:
    return f"{_NAMES + (task + 0.5) * pitch - 0.5:.1f}"


def _top(row: int) -> float:
    """The labels stand a little apart, like the truth."""
    return _HEAD + row * (_ROW + _GAP)


def _framed(drawn: Iterable[Markup], height: float, label: str, kind: str) -> Markup:
    box = f"0 0 {_WIDTH} {height:.0f}"
    svg = tag("svg", list(drawn), viewBox=box, role="img", aria_label=label, class_=kind)
    return tag("div", svg, class_="scroll", tabindex="0", role="region", aria_label=label)
