"""What the draws of a set say: labels by rule, and profits of spammers and of honest workers."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from scripts._truth.arrange import Words
from scripts._truth.campaign import Draw, ProfitDraw
from scripts._truth.crowd import Crowd
from scripts._truth.means import Mean, mean, percent, weighted_mean
from scripts._truth.peers import METHODS
from scripts._truth.spam import HONEST, KINDS, SCENARIOS, Scenario
from scripts._truth.trial import DEFAULTS, RULE_NAMES, Tally, Terms

FIFTHS = 5
MIDDLE = 2
"""The fifth of the workers that has the median skill."""


@dataclass(frozen=True)
class RuleResult:
    """Of one rule: `accuracy` of accepted labels, `overall` the share of all tasks with a right label, both
    and `resolved` in percent; costs in units of the full pay of a label, for each accepted label.
    """

    accuracy: Mean
    overall: Mean
    resolved: Mean
    paid: Mean
    experts: Mean
    spent: Mean

    def to_json(self) -> dict[str, Any]:
        """By field."""
        return {name: value.to_json() for name, value in vars(self).items()}


@dataclass(frozen=True)
class SpamResult:
    """What a spammer earns less what he loses, in units of a seat's full pay: mean of all seats, each with
    the same weight, and with its tasks as weight.
    """

    by_seat: Mean
    by_task: Mean

    def to_json(self) -> dict[str, Any]:
        """By field."""
        return {name: value.to_json() for name, value in vars(self).items()}


@dataclass(frozen=True)
class ScenarioResult:
    """Everything about one scenario. `peers` are percents of right labels by crowd-kit's methods."""

    scenario: Scenario
    rules: dict[str, RuleResult]
    peers: dict[str, Mean]
    spam: SpamResult | None
    median_profit: Mean

    def to_json(self) -> dict[str, Any]:
        """By field."""
        found: dict[str, Any] = {
            "spammers": self.scenario.kind or None,
            "percent": self.scenario.percent,
            "rules": {rule: result.to_json() for rule, result in self.rules.items()},
            "crowd_kit": {method: value.to_json() for method, value in self.peers.items()},
            "honest_median_profit": self.median_profit.to_json(),
        }
        if self.spam:
            found["spammer_profit"] = self.spam.to_json()
        return found


@dataclass(frozen=True)
class HonestResult:
    """Honest workers without spammers among them: mean profit by fifths of skill, lowest first, the percent
    of seats that earn something and that lose, and the most that one lost, in units of its full pay.
    """

    fifths: list[dict[str, float]]
    earning_seats: Mean
    losing_seats: Mean
    losing_tasks: Mean
    seats: int
    worst: float

    def to_json(self) -> dict[str, Any]:
        """By field."""
        return {
            "fifths_of_skill": self.fifths,
            "seats_per_draw": self.seats,
            "earning_seats_percent": self.earning_seats.to_json(),
            "losing_seats_percent": self.losing_seats.to_json(),
            "losing_tasks_percent": self.losing_tasks.to_json(),
            "worst_loss": round(self.worst, 4),
        }


class SetSummary:
    """The draws of one set. `expected` are those of spammers' profits, with any terms: pay follows from one's
    own answers alone, so that it is known far better from many drawings than from the scenarios.
    """

    def __init__(
        self, crowd: Crowd, words: Words, draws: Iterable[Draw], expected: Iterable[ProfitDraw]
    ) -> None:
        self.crowd, self.draws, self.expected = crowd, list(draws), list(expected)
        self.seats = seats_of(crowd, words)
        ranked = sorted(range(crowd.workers), key=lambda worker: (crowd.skill[worker], worker))
        self.fifths = [
            ranked[crowd.workers * part // FIFTHS : crowd.workers * (part + 1) // FIFTHS]
            for part in range(FIFTHS)
        ]
        self.scenarios = {scenario: self._scenario(scenario) for scenario in SCENARIOS}
        self.honest = self._honest()
        self.spam = {kind: self.expected_spam(kind, DEFAULTS) for kind in KINDS}

    def draws_of(self, scenario: Scenario) -> list[Draw]:
        """Of one scenario."""
        return [draw for draw in self.draws if draw.unit.scenario == scenario]

    def expected_draws(self, scenario: Scenario, terms: Terms) -> list[list[float]]:
        """By draw of gold, the profits of all workers if all are of one kind."""
        return [
            draw.profits[terms.slope_bps]
            for draw in self.expected
            if draw.unit.scenario == scenario and draw.unit.gold_bps == terms.gold_bps
        ]

    def expected_spam(self, kind: str, terms: Terms) -> SpamResult:
        """What a spammer of a kind earns less what he loses."""
        draws, every = self.expected_draws(Scenario(kind, 100), terms), range(self.crowd.workers)
        return SpamResult(
            mean(profit_of(profits, every, self.seats) for profits in draws),
            mean(profit_of(profits, every, self.crowd.tasks_of) for profits in draws),
        )

    def to_json(self) -> dict[str, Any]:
        """Everything."""
        crowd = self.crowd
        return {
            "questions": len(crowd.truth),
            "workers": crowd.workers,
            "classes": crowd.classes,
            "answers": sum(crowd.tasks_of),
            "honest": self.honest.to_json(),
            "spammer_profit": {kind: result.to_json() for kind, result in self.spam.items()},
            "scenarios": {one.name: result.to_json() for one, result in self.scenarios.items()},
        }

    def _scenario(self, scenario: Scenario) -> ScenarioResult:
        draws = self.draws_of(scenario)
        rules = {rule: rule_result([draw.tallies[rule] for draw in draws]) for rule in RULE_NAMES}
        compared = [draw.peers for draw in draws if draw.peers]
        peers = {method: percent(found[method] for found in compared) for method in METHODS}
        spam = self._spam(draws) if scenario.kind else None
        median = mean(profit_of(draw.profits, self._honest_of(draw, MIDDLE)) for draw in draws)
        return ScenarioResult(scenario, rules, peers, spam, median)

    def _spam(self, draws: Sequence[Draw]) -> SpamResult:
        return SpamResult(
            mean(profit_of(draw.profits, draw.spammers, self.seats) for draw in draws),
            mean(profit_of(draw.profits, draw.spammers, self.crowd.tasks_of) for draw in draws),
        )

    def _honest_of(self, draw: Draw, fifth: int) -> list[int]:
        return [worker for worker in self.fifths[fifth] if worker not in draw.spammers]

    def _honest(self) -> HonestResult:
        draws = self.draws_of(HONEST)
        fifths = []
        for number, workers in enumerate(self.fifths):
            profit = mean(profit_of(draw.profits, self._honest_of(draw, number)) for draw in draws)
            skills = [100 * self.crowd.skill[worker] for worker in workers]
            losing = [self._share(draw, workers, self.seats, -1) for draw in draws]
            fifths.append(
                {
                    "least_skill_percent": round(min(skills), 2),
                    "most_skill_percent": round(max(skills), 2),
                    "profit": round(profit.value, 4),
                    "standard_error": round(profit.error, 4),
                    "losing_seats_percent": round(100 * sum(losing) / len(losing), 2),
                }
            )
        every = range(self.crowd.workers)
        return HonestResult(
            fifths,
            percent(self._share(draw, every, self.seats, 1) for draw in draws),
            percent(self._share(draw, every, self.seats, -1) for draw in draws),
            percent(self._share(draw, every, self.crowd.tasks_of, -1) for draw in draws),
            sum(self.seats),
            max(0.0, *(-profit for draw in draws for profit in draw.profits)),
        )

    @staticmethod
    def _share(draw: Draw, workers: Iterable[int], weights: Sequence[int], sign: int) -> float:
        """Of workers' seats or tasks, those whose profit has a sign."""
        return weighted_mean((float(sign * draw.profits[one] > 0), weights[one]) for one in workers)


def seats_of(crowd: Crowd, words: Words) -> tuple[int, ...]:
    """In how many words each worker has a seat."""
    found = Counter(
        worker
        for word in words
        for worker in {worker for question in word for worker in crowd.answers[question]}
    )
    return tuple(found[worker] for worker in range(crowd.workers))


def profit_of(
    profits: Sequence[float], workers: Iterable[int], weights: Sequence[int] | None = None
) -> float:
    """The mean profit of workers."""
    return weighted_mean((profits[one], weights[one] if weights else 1) for one in workers)


def rule_result(tallies: Sequence[Tally]) -> RuleResult:
    """Of one rule in all draws; a draw without an accepted label counts as one label."""
    accepted = [max(1, tally.accepted) for tally in tallies]
    pairs = list(zip(tallies, accepted, strict=True))
    return RuleResult(
        accuracy=percent(tally.right / labels for tally, labels in pairs),
        overall=percent(tally.right / tally.tasks for tally in tallies),
        resolved=percent(tally.accepted / tally.tasks for tally in tallies),
        paid=mean(tally.paid / labels for tally, labels in pairs),
        experts=mean(tally.experts / labels for tally, labels in pairs),
        spent=mean(tally.spent / labels for tally, labels in pairs),
    )


def terms_json() -> dict[str, Any]:
    """The terms that all draws have."""
    return {**vars(DEFAULTS), "least_stake": round(DEFAULTS.stake, 4)}
