"""Which defaults are good: the sweep over slopes, shares of gold and thresholds, and what follows from it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from scripts._truth.campaign import ACCEPT, GOLD, SLOPES, LabelsDraw
from scripts._truth.means import mean
from scripts._truth.spam import HONEST, KINDS
from scripts._truth.summary import MIDDLE, SetSummary, profit_of, rule_result
from scripts._truth.trial import DEFAULTS, Terms

GOOD_PROFIT = 0.2
"""What an honest worker of median skill has to earn at least, in units of full pay."""
CLOSE = 1.0
"""Points of accuracy that half the gold may cost at most."""


@dataclass(frozen=True)
class Sweep:
    """Means over the sweep's draws, by set. `accuracy` is the percent of right labels of the weighted rule at
    a share of gold and a threshold, of all tasks, and `resolved` the percent of accepted ones; `median` the
    profit of honest workers of median skill, `spam` of the spammers who lose least, by share of gold and
    slope, in units of full pay.
    """

    accuracy: dict[str, dict[tuple[int, int], float]]
    accepted: dict[str, dict[tuple[int, int], float]]
    resolved: dict[str, dict[tuple[int, int], float]]
    median: dict[str, dict[tuple[int, int], float]]
    losing: dict[str, dict[tuple[int, int], float]]
    spam: dict[str, dict[tuple[int, int], float]]

    def chosen(self) -> Terms:
        """The least gold with which spam loses everywhere and twice as much gold is worth less than a point;
        with it, the least slope with which the honest median earns a fifth of full pay; the threshold with
        the most right labels.
        """
        gold = next((bps for bps in GOLD if self._enough(bps)), GOLD[-1])
        slope = next((bps for bps in SLOPES if self._earns(gold, bps)), SLOPES[-1])
        accept = max(ACCEPT, key=lambda bps: (sum(by[gold, bps] for by in self.accuracy.values()), -bps))
        return Terms(slope_bps=slope, gold_bps=gold, accept_bps=accept)

    def _enough(self, gold: int) -> bool:
        more = next((bps for bps in GOLD if bps >= 2 * gold), gold)
        first = ACCEPT[0]
        return all(by[gold, slope] < 0 for by in self.spam.values() for slope in SLOPES) and all(
            by[more, first] - by[gold, first] < CLOSE for by in self.accuracy.values()
        )

    def _earns(self, gold: int, slope: int) -> bool:
        return all(by[gold, slope] >= GOOD_PROFIT for by in self.median.values())

    def to_json(self) -> dict[str, Any]:
        """Rows of the sweep, and what they choose."""
        labels = [
            {"set": name, "gold_bps": gold, "accept_bps": accept, "right_percent": round(value, 2)}
            | {"accepted_right_percent": round(self.accepted[name][gold, accept], 2)}
            | {"resolved_percent": round(self.resolved[name][gold, accept], 2)}
            for name, by in self.accuracy.items()
            for (gold, accept), value in by.items()
        ]
        pay = [
            {"set": name, "gold_bps": gold, "slope_bps": slope, "honest_median_profit": round(value, 4)}
            | {"best_spammer_profit": round(self.spam[name][gold, slope], 4)}
            | {"losing_seats_percent": round(self.losing[name][gold, slope], 2)}
            for name, by in self.median.items()
            for (gold, slope), value in by.items()
        ]
        return {"labels": labels, "pay": pay, "chosen": vars(self.chosen()), "defaults": vars(DEFAULTS)}


def sweep(summaries: Sequence[SetSummary], draws: Sequence[LabelsDraw]) -> Sweep:
    """The tables from the sweep's draws."""
    result = Sweep(*({summary.crowd.name: {} for summary in summaries} for _ in range(6)))
    for number, summary in enumerate(summaries):
        for gold in GOLD:
            here = [draw for draw in draws if draw.unit.crowd == number and draw.unit.gold_bps == gold]
            _labels(result, summary.crowd.name, gold, here)
            for slope in SLOPES:
                _pay(result, summary, replace(DEFAULTS, gold_bps=gold, slope_bps=slope))
    return result


def _labels(result: Sweep, name: str, gold: int, draws: Sequence[LabelsDraw]) -> None:
    for accept in ACCEPT:
        rule = rule_result([draw.tallies[accept] for draw in draws])
        result.accuracy[name][gold, accept] = rule.overall.value
        result.accepted[name][gold, accept] = rule.accuracy.value
        result.resolved[name][gold, accept] = rule.resolved.value


def _pay(result: Sweep, summary: SetSummary, terms: Terms) -> None:
    name, key = summary.crowd.name, (terms.gold_bps, terms.slope_bps)
    honest = summary.expected_draws(HONEST, terms)
    middle, every = summary.fifths[MIDDLE], range(summary.crowd.workers)
    losing = [[float(profit < 0) for profit in profits] for profits in honest]
    result.median[name][key] = mean(profit_of(profits, middle) for profits in honest).value
    result.losing[name][key] = 100 * mean(profit_of(one, every, summary.seats) for one in losing).value
    spam = [summary.expected_spam(kind, terms) for kind in KINDS]
    result.spam[name][key] = max(max(one.by_seat.value, one.by_task.value) for one in spam)
