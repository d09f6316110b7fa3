"""All draws of all sets, in two processes. Each has a seed of its own: their order does not matter."""

import itertools
import multiprocessing
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from offchain.consensus import RULES
from scripts._truth.arrange import Words, arranged_words
from scripts._truth.crowd import Answers, Crowd
from scripts._truth.peers import METHODS, Peers
from scripts._truth.spam import HONEST, KINDS, SCENARIOS, Scenario, lone_answers, spammed
from scripts._truth.trial import AUDIT, DEFAULTS, Tally, Trial, draw_known

PROCESSES = 2
ALONE = (HONEST, *(Scenario(kind, 100) for kind in KINDS))
"""Everybody is the same: honest, or a spammer of one kind."""
SLOPES = (10_000, 20_000, 30_000, 40_000, 50_000)
GOLD = (500, 1_000, 2_000)
ACCEPT = (5_000, 6_000, 7_000, 8_000, 9_000)
JUDGED_SHARE = 30
"""Percent of spammers at which the rules are judged next to Dawid-Skene."""
PEER_DRAWS = 5
"""Draws with other shares in which Dawid-Skene takes part: it is what takes the time."""
REPEATS = 20
"""How often every worker's answers to the known tasks are drawn anew to learn what a spammer earns."""


class What(Enum):
    """Kinds of units."""

    ALL = "all"
    LABELS = "labels"
    PROFIT = "profit"


@dataclass(frozen=True)
class Unit:
    """One draw of one set. `what` is a draw of everything with the default terms, of the sweep's labels, or
    of the profit of workers who all are spammers of the scenario's kind, or all honest.
    """

    what: What
    crowd: int
    scenario: Scenario
    draw: int
    gold_bps: int = DEFAULTS.gold_bps

    def rng(self, seed: int, name: str) -> random.Random:
        """What decides about spammers and gold, in this order."""
        return random.Random(f"{seed} {name} {self.scenario.name} {self.draw}")  # noqa: S311 - repeatable


@dataclass(frozen=True)
class Draw:
    """What came out. `profits` are of every worker with the default terms, in units of full pay, `peers` the
    shares of right labels by crowd-kit's methods.

    Audited tasks are drawn as gold is, so that profits with audits in place of gold are the same.
    """

    unit: Unit
    spammers: frozenset[int]
    tallies: dict[str, Tally]
    profits: list[float]
    peers: dict[str, float]


@dataclass(frozen=True)
class LabelsDraw:
    """What the weighted rule made of honest answers, by threshold."""

    unit: Unit
    tallies: dict[int, Tally]


@dataclass(frozen=True)
class ProfitDraw:
    """What every worker earned less what he lost, by slope, in units of full pay: the mean of `REPEATS`
    drawings of his answers, or his own ones where the scenario is honest.
    """

    unit: Unit
    profits: dict[int, list[float]]


Result = Draw | LabelsDraw | ProfitDraw


class Bench:
    """What every process keeps: the sets, their words, and a crowd-kit."""

    def __init__(self, crowds: Sequence[Crowd], seed: int) -> None:
        self.crowds, self.seed, self.peers = list(crowds), seed, Peers()
        self.words: list[Words] = [arranged_words(crowd.answers) for crowd in crowds]
        self._honest: dict[int, dict[str, list[int]]] = {}

    def run(self, unit: Unit) -> Result:
        """One draw."""
        crowd = self.crowds[unit.crowd]
        rng = unit.rng(self.seed, crowd.name)
        if unit.what == What.PROFIT:
            return _profits(unit, crowd, rng)
        answers, spammers = spammed(crowd, unit.scenario, rng)
        known = draw_known(crowd, unit.gold_bps, rng)
        trial = Trial(crowd, self.words[unit.crowd], answers, known, DEFAULTS)
        if unit.what == What.LABELS:
            every = {bps: trial.tally("weighted", replace(DEFAULTS, accept_bps=bps)) for bps in ACCEPT}
            return LabelsDraw(unit, every)
        tallies = {rule: trial.tally(rule, DEFAULTS) for rule in RULES}
        tallies[AUDIT] = trial.audited(DEFAULTS)
        peers = _accuracy(crowd, known, self._peer_labels(unit, answers))
        return Draw(unit, spammers, tallies, trial.profits(DEFAULTS), peers)

    def _peer_labels(self, unit: Unit, answers: Answers) -> dict[str, list[int]]:
        if unit.scenario == HONEST:
            if unit.crowd not in self._honest:
                self._honest[unit.crowd] = self.peers.labels(answers, *METHODS)
            return self._honest[unit.crowd]
        if unit.scenario.percent == JUDGED_SHARE or unit.draw < PEER_DRAWS:
            return self.peers.labels(answers, *METHODS)
        return {}


def campaign(
    crowds: Sequence[Crowd], seed: int, draws: int, progress: Callable[[int, int], None]
) -> list[Result]:
    """Everything that is reported on; `progress` is told how many draws of how many are done."""
    units = list(plan(crowds, draws))
    context = multiprocessing.get_context("spawn")
    found = []
    with context.Pool(PROCESSES, _start, (tuple(crowds), seed)) as pool:
        for result in pool.imap_unordered(_run, units):
            found.append(result)
            progress(len(found), len(units))
    return sorted(found, key=lambda one: units.index(one.unit))


def plan(crowds: Sequence[Crowd], draws: int) -> Iterator[Unit]:
    """The draws, the largest set first: what is left at the end is short."""
    order = sorted(range(len(crowds)), key=lambda number: -sum(crowds[number].tasks_of))
    for crowd in order:
        for draw in range(draws):
            for scenario in SCENARIOS:
                yield Unit(What.ALL, crowd, scenario, draw)
        for draw, gold_bps in itertools.product(range(draws), GOLD):
            yield Unit(What.LABELS, crowd, HONEST, draw, gold_bps)
            for scenario in ALONE:
                yield Unit(What.PROFIT, crowd, scenario, draw, gold_bps)


def _profits(unit: Unit, crowd: Crowd, rng: random.Random) -> ProfitDraw:
    """Pay and loss follow from one's own answers to known tasks alone: no labels, no other workers."""
    known = draw_known(crowd, unit.gold_bps, rng)
    found = {bps: [0.0] * crowd.workers for bps in SLOPES}
    kind = unit.scenario.kind
    repeats = REPEATS if kind else 1
    for _ in range(repeats):
        answers = lone_answers(crowd, kind, rng, known) if kind else crowd.answers
        trial = Trial(crowd, (), answers, known, DEFAULTS)
        for bps, sums in found.items():
            for worker, profit in enumerate(trial.profits(replace(DEFAULTS, slope_bps=bps))):
                sums[worker] += profit / repeats
    return ProfitDraw(unit, found)


def _accuracy(crowd: Crowd, known: frozenset[int], labels: dict[str, list[int]]) -> dict[str, float]:
    asked = [question for question in range(len(crowd.truth)) if question not in known]
    return {
        method: sum(found[question] == crowd.truth[question] for question in asked) / len(asked)
        for method, found in labels.items()
    }


_BENCH: list[Bench] = []


def _start(crowds: Sequence[Crowd], seed: int) -> None:
    _BENCH.append(Bench(crowds, seed))


def _run(unit: Unit) -> Result:
    return _BENCH[0].run(unit)
