"""How often an annotator gave each answer where the truth is known: a confusion matrix in one or a few words.

Cell `truth * classes + answer` has 15 bits; 16 cells stand in a word. The top 16 bits of the first word count
the tasks of known truth that the annotator left without an answer.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

CELL_BITS = 15
CELLS = 16
"""Cells of a word."""
MISSED_AT = 240
MOST = (1 << CELL_BITS) - 1
"""The highest count of a cell: a job has no more tasks of known truth."""


def matrix_words(classes: int) -> int:
    """Words of a matrix of so many classes: 1 up to four classes, 2 for five, 3 for six, 4 above."""
    return -(-classes * classes // CELLS)


@dataclass(frozen=True)
class Matrix:
    """Counts of one annotator in one job."""

    classes: int
    cells: tuple[int, ...] = field(default=())
    missed: int = 0

    def __post_init__(self) -> None:
        if not self.cells:
            object.__setattr__(self, "cells", (0,) * self.classes**2)

    @property
    def asked(self) -> int:
        """Tasks of known truth that were the annotator's to answer."""
        return sum(self.cells) + self.missed

    def count(self, truth: int, answer: int) -> int:
        """How often `answer` was given where `truth` was right."""
        return self.cells[truth * self.classes + answer]

    def right(self, truth: int) -> int:
        """How often the annotator was right about a class."""
        return self.count(truth, truth)

    def plus(self, marks: Iterable[tuple[int, int | None]]) -> Matrix:
        """With more pairs of truth and answer; None is no answer."""
        cells, missed = list(self.cells), self.missed
        for truth, answer in marks:
            if answer is None:
                missed += 1
            else:
                cells[truth * self.classes + answer] += 1
        return Matrix(self.classes, tuple(cells), missed)

    def pack(self) -> tuple[int, ...]:
        """The words that the contract keeps."""
        words = [0] * matrix_words(self.classes)
        for number, count in enumerate(self.cells):
            words[number // CELLS] |= count << CELL_BITS * (number % CELLS)
        words[0] |= self.missed << MISSED_AT
        return tuple(words)


def pooled(matrices: Iterable[Matrix], classes: int) -> Matrix:
    """The sum of matrices."""
    matrices = (Matrix(classes), *matrices)
    cells = tuple(map(sum, zip(*(one.cells for one in matrices), strict=True)))
    return Matrix(classes, cells, sum(one.missed for one in matrices))
