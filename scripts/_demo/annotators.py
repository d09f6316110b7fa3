"""Simulated annotators with stated error rates, and the review that compares an answer with the truth."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from scripts._demo.chance import dice
from scripts._demo.geometry import box_polygon, iou
from scripts._demo.items import Box, Mark, Picture, Point, Polygon, Text

GOOD_OVERLAP = 0.75  # a box counts as right from this intersection over union on


@dataclass(frozen=True)
class Annotator:
    """Somebody who works with stated error rates (probabilities from 0.0 to 1.0, for each mark or text).

    `miss`: leaves a mark out. `shift`: moves a mark by 15 to 35 % of its size. `wrong_label`: names it
    wrongly. `polygons`: draws outlines, else boxes only. The same name, seed and task always give the same
    answer.
    """

    name: str
    miss: float = 0.0
    shift: float = 0.0
    wrong_label: float = 0.0
    polygons: bool = True
    seed: int = 7

    def __post_init__(self) -> None:
        for rate in ("miss", "shift", "wrong_label"):
            if not 0.0 <= getattr(self, rate) <= 1.0:
                raise ValueError(f"{rate} is a probability from 0.0 to 1.0, got {getattr(self, rate)}")

    def draw(self, picture: Picture, labels: Sequence[str]) -> tuple[Mark, ...]:
        """The marks that this annotator makes in a picture; at least one, as an empty answer says nothing."""
        rng = dice(self.seed, self.name, picture.name)
        marks = [self._draw_one(mark, picture, labels, rng) for mark in picture.truth]
        kept = tuple(dict.fromkeys(mark for mark in marks if mark is not None))
        return kept or picture.truth[:1]

    def classify(self, text: Text, labels: Sequence[str]) -> str:
        """The label that this annotator gives to a text whose truth is known."""
        if text.truth is None:
            raise ValueError(f"text {text.id!r} has no known label, so nobody can be simulated on it")
        rng = dice(self.seed, self.name, text.id)
        return self._label(text.truth, labels, rng)

    def _draw_one(
        self, mark: Mark, picture: Picture, labels: Sequence[str], rng: random.Random
    ) -> Mark | None:
        if rng.random() < self.miss:
            return None
        moved = mark
        if rng.random() < self.shift:
            moved = _moved(mark, picture, rng)
        return Mark(self._label(mark.label, labels, rng), moved.box, moved.polygon if self.polygons else None)

    def _label(self, truth: str, labels: Sequence[str], rng: random.Random) -> str:
        others = [label for label in labels if label != truth]
        return rng.choice(others) if others and rng.random() < self.wrong_label else truth


@dataclass(frozen=True)
class Review:
    """What a creator finds when he compares an answer with what he knows."""

    problems: tuple[str, ...]

    @property
    def good(self) -> bool:
        """Whether nothing was found."""
        return not self.problems


def review_marks(picture: Picture, marks: Sequence[Mark]) -> Review:
    """Every true mark needs a mark of the same label that overlaps it by `GOOD_OVERLAP`, and none may be left
    over.
    """
    left, problems = list(marks), []
    for truth in picture.truth:
        best = max(left, key=lambda mark: (iou(mark.box, truth.box), mark.label == truth.label), default=None)
        overlap = iou(best.box, truth.box) if best else 0.0
        if best is None or overlap == 0.0:
            problems.append(f"{truth.label!r} is missed")
            continue
        left.remove(best)
        if overlap < GOOD_OVERLAP:
            problems.append(f"{truth.label!r} is off, overlap {overlap:.0%}")
        elif best.label != truth.label:
            problems.append(f"{truth.label!r} is labelled {best.label!r}")
    problems += [f"nothing is at the mark {mark.label!r}" for mark in left]
    return Review(tuple(problems))


def review_label(truth: str, label: str) -> Review:
    """A text's label is right or it is not."""
    return Review(() if truth == label else (f"{truth!r} is labelled {label!r}",))


def _moved(mark: Mark, picture: Picture, rng: random.Random) -> Mark:
    """The mark pushed aside by 15 to 35 % of its size, kept inside the picture."""
    x0, y0, x1, y1 = mark.box
    dx = _push(x0, x1, picture.width, rng)
    dy = _push(y0, y1, picture.height, rng)
    box: Box = (x0 + dx, y0 + dy, x1 + dx, y1 + dy)
    return Mark(mark.label, box, _translated(mark.polygon or box_polygon(mark.box), dx, dy))


def _push(low: int, high: int, limit: int, rng: random.Random) -> int:
    way = max(2, round((high - low) * rng.uniform(0.15, 0.35))) * rng.choice((-1, 1))
    if low + way >= 0 and high + way <= limit:
        return way
    return min(max(-way, -low), limit - high)


def _translated(polygon: Polygon, dx: float, dy: float) -> Polygon:
    moved: list[Point] = [(x + dx, y + dy) for x, y in polygon]
    return tuple(moved)
