"""How labels follow from the answers of several annotators, the same integers as the rules' contracts.

A rule gives each answer of each annotator a packed entry: a vote in the top lane and, for every class, what
the answer adds to that class. Entries are added up by task, so that the order of annotators does not matter.
What they mean, and what is enough, is up to the rule. No rule accepts a label of fewer than three votes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from offchain.consensus._logs import log2
from offchain.consensus._matrix import Matrix, pooled

BPS = 10_000
MIN_VOTES = 3
PSEUDO_ANSWERS = 4
"""Answers drawn from all annotators of the word that smooth an annotator's own (facts of the crowd data)."""

Sums = list[int]
"""What all answers to one task add to each class; the last is the number of votes."""


@dataclass(frozen=True)
class Ballot:
    """Everything that a rule may look at: the answers to one word, and what is known of those who gave them.

    `labels` are byte strings of one length, `matrices` those of the same annotators in the same order, `gold`
    the tasks of known truth by class in the whole job, and `accept_bps` the threshold of the job.
    """

    classes: int
    accept_bps: int
    gold: tuple[int, ...]
    matrices: tuple[Matrix, ...]
    labels: tuple[bytes, ...]


@dataclass(frozen=True)
class Verdict:
    """`labels` has byte 0 where no label was accepted; `voted` is the mask of tasks with enough votes."""

    labels: bytes
    voted: int


Rule = Callable[[Ballot], Verdict]


def majority(ballot: Ballot) -> Verdict:
    """The class with most votes, if no other has as many and its share of the votes reaches the threshold."""
    return _decide(_votes(ballot), lambda sums: _by_share(sums, ballot.accept_bps))


def unanimous(ballot: Ballot) -> Verdict:
    """Only what everybody agrees on: the rest is for the experts."""
    return _decide(_votes(ballot), lambda sums: _by_share(sums, BPS))


def weighted(ballot: Ballot) -> Verdict:
    """The class under which the answers were most likely, if it is likelier than the next by the odds of the
    threshold. How likely an annotator is to give an answer is what the gold says, by class (Dawid and Skene
    1979, with the annotators' error rates measured instead of estimated).
    """
    pool = pooled(ballot.matrices, ballot.classes)
    sums = _add_up(ballot, [_costs(matrix, pool) for matrix in ballot.matrices])
    total = sum(ballot.gold)
    prior = [log2(total + ballot.classes) - log2(count + 1) for count in ballot.gold]
    odds = log2(ballot.accept_bps) - log2(BPS - ballot.accept_bps)
    return _decide(sums, lambda costs: _by_odds(costs, prior, odds))


RULES: dict[str, Rule] = {"majority": majority, "weighted": weighted, "expert": unanimous}


def _votes(ballot: Ballot) -> list[Sums]:
    """One for the class that was answered."""
    table = [[int(answer == of) for of in range(ballot.classes)] for answer in range(ballot.classes)]
    return _add_up(ballot, [table] * len(ballot.labels))


def _costs(matrix: Matrix, pool: Matrix) -> list[list[int]]:
    """By answer, what it costs each class: -log2 of how likely that answer is where the class is right."""
    classes = matrix.classes
    table = [[0] * classes for _ in range(classes)]
    for truth in range(classes):
        row = sum(matrix.count(truth, answer) for answer in range(classes))
        # Without any gold an annotator is taken to be right a little more often than wrong.
        everybody = sum(pool.count(truth, answer) for answer in range(classes)) + classes + 1
        whole = log2((row + PSEUDO_ANSWERS) * everybody)
        for answer in range(classes):
            seen = pool.count(truth, answer) + (2 if answer == truth else 1)
            part = matrix.count(truth, answer) * everybody + PSEUDO_ANSWERS * seen
            table[answer][truth] = whole - log2(part)
    return table


def _add_up(ballot: Ballot, tables: Sequence[list[list[int]]]) -> list[Sums]:
    length = len(ballot.labels[0]) if ballot.labels else 0
    found = [[0] * (ballot.classes + 1) for _ in range(length)]
    for labels, table in zip(ballot.labels, tables, strict=True):
        for task, label in enumerate(labels):
            if label:
                sums = found[task]
                for of, amount in enumerate(table[label - 1]):
                    sums[of] += amount
                sums[-1] += 1
    return found


def _decide(found: list[Sums], choose: Callable[[Sums], int]) -> Verdict:
    enough = [sums[-1] >= MIN_VOTES for sums in found]
    labels = bytes(choose(sums) if voted else 0 for sums, voted in zip(found, enough, strict=True))
    return Verdict(labels, sum(1 << task for task, voted in enumerate(enough) if voted))


def _by_share(sums: Sums, accept_bps: int) -> int:
    *counts, votes = sums
    best = max(counts)
    if counts.count(best) > 1 or best * BPS < votes * accept_bps:
        return 0
    return counts.index(best) + 1


def _by_odds(sums: Sums, prior: Sequence[int], odds: int) -> int:
    costs = [cost + before for cost, before in zip(sums, prior, strict=False)]
    best, second = sorted(costs)[:2]
    if second == best or second - best < odds:
        return 0
    return costs.index(best) + 1
