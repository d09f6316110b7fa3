"""Reference model of the annotators' pool: how one data set's royalties are shared, in exact integers.

Written from the rule, not from the contract: whatever came in, in however many parts, an annotator's share is
the exact fraction `total * weight / total_weight`; he can have collected its whole base units, never more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property


@dataclass(frozen=True)
class Pool:
    """The pool of one data set, in base units of its token.

    `weights` are those of the closed job and do not change: every annotator with approved work, each above 0.
    """

    weights: Mapping[str, int]
    total: int = 0
    paid: Mapping[str, int] = field(default_factory=dict)

    @cached_property
    def total_weight(self) -> int:
        """The weight of all annotators together."""
        return sum(self.weights.values())

    @cached_property
    def collected(self) -> int:
        """Everything that was paid out, base units."""
        return sum(self.paid.values())

    def exact_share(self, annotator: str) -> Fraction:
        """What the annotator has earned in all, before rounding; 0 for a stranger."""
        return Fraction(self.total * self.weights.get(annotator, 0), self.total_weight)

    def filled(self, amount: int) -> Pool:
        """The pool after the annotators' share of one sale came in."""
        return replace(self, total=self.total + amount)

    def due(self, annotator: str) -> int:
        """What the annotator would collect now, base units."""
        return int(self.exact_share(annotator)) - self.paid.get(annotator, 0)  # int() rounds down

    def collected_by(self, annotator: str) -> Pool:
        """The pool after the annotator has collected what is due to him, be it nothing."""
        paid = {**self.paid, annotator: self.paid.get(annotator, 0) + self.due(annotator)}
        return replace(self, paid=paid)
