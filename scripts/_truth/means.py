"""Means over draws with their standard errors."""

import math
import statistics
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Mean:
    """`error` is the standard error of the mean; 0 of a single value."""

    value: float
    error: float

    def to_json(self) -> dict[str, Any]:
        """Both, rounded to what a difference could be seen in."""
        return {"mean": round(self.value, 4), "standard_error": round(self.error, 4)}


def mean(values: Iterable[float]) -> Mean:
    """Of at least one value."""
    found = list(values)
    error = statistics.stdev(found) / math.sqrt(len(found)) if len(found) > 1 else 0.0
    return Mean(statistics.fmean(found), error)


def percent(values: Iterable[float]) -> Mean:
    """The same of shares, in percent."""
    return mean(100 * value for value in values)


def weighted_mean(pairs: Iterable[tuple[float, int]]) -> float:
    """Of pairs of a value and its weight; 0 of none."""
    found = list(pairs)
    total = sum(weight for _, weight in found)
    return sum(value * weight for value, weight in found) / total if total else 0.0
