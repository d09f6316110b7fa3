"""Which defaults are good: the sweep over slopes, shares of gold and thresholds, and what follows from it."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from scripts._truth.campaign import ACCEPT, GOLD, SLOPES, LabelsDraw
from scripts._truth.checks import least_accuracy
from scripts._truth.means import mean
from scripts._truth.spam import HONEST, KINDS
from scripts._truth.summary import MIDDLE, SetSummary, profit_of, rule_result
from scripts._truth.trial import DEFAULTS, Terms

WORTH = 0.02
"""What a step to a steeper slope has to add to what honest seats earn, in units of full pay: it needs more
stake.
"""


@dataclass(frozen=True)
class Sweep:
    """Means over the sweep's draws, by set. `accuracy` is the percent of right labels of the weighted rule at
    a share of gold and a threshold, of all tasks, `accepted` of accepted labels, and `resolved` the percent
    of tasks with one; `honest` the mean profit of honest seats, `median` of workers of median skill, `spam`
    of the spammers who lose least, by share of gold and slope, in units of full pay; `losing` the percent of
    honest seats that lose. `least` is the accuracy that the checks want, by set.
    """

    least: dict[str, float]

    accuracy: dict[str, dict[tuple[int, int], float]]
    accepted: dict[str, dict[tuple[int, int], float]]
    resolved: dict[str, dict[tuple[int, int], float]]
    honest: dict[str, dict[tuple[int, int], float]]
    median: dict[str, dict[tuple[int, int], float]]
    losing: dict[str, dict[tuple[int, int], float]]
    spam: dict[str, dict[tuple[int, int], float]]

    def chosen(self) -> Terms:
        """The least gold with which the weighted rule is as near to Dawid-Skene as the checks want and every
        spammer loses at every slope; with it, the steepest slope up to which every step adds `WORTH` to
        honest seats in every set; the threshold with the most right labels.
        """
        gold = next((bps for bps in GOLD if self._enough(bps)), GOLD[-1])
        slope = SLOPES[0]
        for steeper in itertools.takewhile(lambda bps: self._worth(gold, bps), SLOPES[1:]):
            slope = steeper
        accept = max(ACCEPT, key=lambda bps: (sum(by[gold, bps] for by in self.accuracy.values()), -bps))
        return Terms(slope_bps=slope, gold_bps=gold, accept_bps=accept)

    def _enough(self, gold: int) -> bool:
        near = all(by[gold, ACCEPT[0]] >= self.least[name] for name, by in self.accuracy.items())
        return near and all(by[gold, slope] < 0 for by in self.spam.values() for slope in SLOPES)

    def _worth(self, gold: int, slope: int) -> bool:
        before = SLOPES[SLOPES.index(slope) - 1]
        return all(by[gold, slope] - by[gold, before] >= WORTH for by in self.honest.values())

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
            | {"honest_seat_profit": round(self.honest[name][gold, slope], 4)}
            | {"best_spammer_profit": round(self.spam[name][gold, slope], 4)}
            | {"losing_seats_percent": round(self.losing[name][gold, slope], 2)}
            for name, by in self.median.items()
            for (gold, slope), value in by.items()
        ]
        return {"labels": labels, "pay": pay, "chosen": vars(self.chosen()), "defaults": vars(DEFAULTS)}


def sweep(summaries: Sequence[SetSummary], draws: Sequence[LabelsDraw]) -> Sweep:
    """The tables from the sweep's draws."""
    least = {summary.crowd.name: least_accuracy(summary) for summary in summaries}
    result = Sweep(least, *({name: {} for name in least} for _ in range(7)))
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
    result.honest[name][key] = mean(profit_of(profits, every, summary.seats) for profits in honest).value
    result.median[name][key] = mean(profit_of(profits, middle) for profits in honest).value
    result.losing[name][key] = 100 * mean(profit_of(one, every, summary.seats) for one in losing).value
    spam = [summary.expected_spam(kind, terms) for kind in KINDS]
    result.spam[name][key] = max(max(one.by_seat.value, one.by_task.value) for one in spam)
