"""What a seat is paid, or loses, by how well its annotator did where the truth is known.

The score of an annotator is the mean over these tasks of `weight(truth) if right else 0`, with `weight(c) = G
/ (K * G_c)`: `G` known tasks in the job, `G_c` of class `c`, `K` classes that have any. Whoever answers
without looking at the task scores `1 / K` in the mean, whatever he answers, so that what is paid above `tau =
1 / K + MARGIN` is paid for information. See docs/consensus.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from offchain.consensus._matrix import Matrix

BPS = 10_000
WAD = 10**18
MARGIN = 4 * 10**16
"""What a score has to be above chance before anything is paid, in units of `WAD`."""


@dataclass(frozen=True)
class Merit:
    """`earned`: share of the full pay; `lost`: share of the stake; in units of `WAD`, one of them 0."""

    earned: int = 0
    lost: int = 0

    def pay(self, full: int) -> int:
        """Of the full pay of a seat in base units, rounded down."""
        return full * self.earned // WAD

    def slash(self, stake: int) -> int:
        """Of the stake of a seat in base units, rounded up, so that no loss rounds to nothing."""
        return -(-stake * self.lost // WAD)


WHOLE = Merit(earned=WAD)
"""What every seat gets where nothing was measured."""


def is_measured(gold: Sequence[int]) -> bool:
    """Whether known tasks of at least two classes make a measure; without one every seat is paid in full."""
    return sum(1 for count in gold if count) > 1


def threshold_of(gold: Sequence[int]) -> int:
    """The score from which on something is paid, in units of `WAD`: above chance, which is one of the classes
    that `gold` counts.
    """
    return WAD // sum(1 for count in gold if count) + MARGIN


def score_of(matrix: Matrix, gold: Sequence[int]) -> int:
    """The score of an annotator who was asked something, in units of `WAD`; `gold` counts known tasks by
    class.
    """
    kinds, total = sum(1 for count in gold if count), sum(gold)
    points = sum(matrix.right(c) * (total * WAD // (kinds * count)) for c, count in enumerate(gold) if count)
    return points // matrix.asked


def merit_of(matrix: Matrix, gold: Sequence[int], slope_bps: int) -> Merit:
    """The merit of an annotator, linear in what he was asked: no floor, so that noise has a negative mean.

    `gold` counts known tasks by class and makes a measure; `slope_bps` is the rise of pay with the score.
    Whoever was asked nothing neither earns nor loses.
    """
    if not matrix.asked:
        return Merit()
    chance, score = threshold_of(gold), score_of(matrix, gold)
    if score < chance:
        return Merit(lost=(chance - score) * WAD // chance)
    return Merit(earned=min(WAD, (score - chance) * slope_bps // BPS))
