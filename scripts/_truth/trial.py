"""One draw: gold, labels by each rule, and everybody's merit, in the integers of the contracts."""

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields

from offchain.consensus import (
    RULES,
    WAD,
    WHOLE,
    Ballot,
    ConsensusTerms,
    Matrix,
    Merit,
    encode_labels,
    is_measured,
    merit_of,
)
from offchain.reference.consensus.terms import MAX_CHANCE_BPS
from scripts._truth.arrange import Words
from scripts._truth.crowd import Answers, Crowd

BPS = 10_000
EXPERT_FEE = 10
"""What an expert is assumed to get for a task, in units of the full pay of one label."""
AUDIT = "audit"
RULE_NAMES = (*RULES, AUDIT)


@dataclass(frozen=True)
class Terms:
    """The terms of a job that decide about labels and merit, in basis points."""

    slope_bps: int
    gold_bps: int
    accept_bps: int

    @property
    def stake(self) -> float:
        """The least stake of a seat, in units of its full pay."""
        return self.slope_bps * MAX_CHANCE_BPS / BPS**2


DEFAULTS = Terms(
    **{field.name: field.default for field in fields(ConsensusTerms) if field.name in Terms.__annotations__}
)
"""What a job has if its creator does not say otherwise."""


@dataclass(frozen=True)
class Tally:
    """What a rule made of the `tasks` that are not gold: labels that were accepted, and how many are right.

    `paid` is what annotators got for all their labels and `experts` what experts got, `spent` what the
    creator's deposit lost for both, in units of the full pay of a label.
    """

    tasks: int
    accepted: int
    right: int
    paid: float
    experts: float
    spent: float


class Trial:
    """The answers of one job, some questions of which are known. `known` are gold or audited."""

    def __init__(
        self, crowd: Crowd, words: Words, answers: Answers, known: frozenset[int], terms: Terms
    ) -> None:
        self.crowd, self.words, self.answers, self.known, self.terms = crowd, words, answers, known, terms
        classes = range(crowd.classes)
        self.gold = tuple(sum(crowd.truth[task] == number for task in known) for number in classes)
        marks: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for task in sorted(known):
            for worker, answer in answers[task].items():
                marks[worker].append((crowd.truth[task], answer))
        self.matrices = [Matrix(crowd.classes).plus(marks[worker]) for worker in range(crowd.workers)]

    def merits(self, slope_bps: int) -> list[Merit]:
        """Of every worker."""
        if not is_measured(self.gold):
            return [WHOLE] * self.crowd.workers
        return [merit_of(matrix, self.gold, slope_bps) for matrix in self.matrices]

    def profits(self, terms: Terms) -> list[float]:
        """Of every worker, what his seats earn less what they lose, in units of their full pay."""
        return [merit.earned / WAD - merit.lost / WAD * terms.stake for merit in self.merits(terms.slope_bps)]

    def labels(self, rule: str, accept_bps: int) -> dict[int, int | None]:
        """By question, the class that a rule accepted; None where it accepted none."""
        found: dict[int, int | None] = {}
        for word, ballot in zip(self.words, self._ballots(accept_bps), strict=True):
            labels = RULES[rule](ballot).labels
            found |= {
                question: label - 1 if label else None for question, label in zip(word, labels, strict=False)
            }
        return found

    def tally(self, rule: str, terms: Terms) -> Tally:
        """A rule with gold; experts label what the rule `expert` leaves open, and know the truth."""
        found = self.labels(rule, terms.accept_bps)
        asked = [question for question in found if question not in self.known]
        accepted = [question for question in asked if found[question] is not None]
        right = sum(found[question] == self.crowd.truth[question] for question in accepted)
        resolved = len(asked) - len(accepted) if rule == "expert" else 0
        return self._tally(len(asked), len(accepted) + resolved, right + resolved, resolved)

    def audited(self, terms: Terms) -> Tally:
        """The majority, but what experts told is known; it is their fee that replaces gold."""
        found = self.labels("majority", terms.accept_bps)
        found |= {question: self.crowd.truth[question] for question in self.known}
        accepted = [question for question, label in found.items() if label is not None]
        right = sum(found[question] == self.crowd.truth[question] for question in accepted)
        return self._tally(len(found), len(accepted), right, len(self.known))

    def _tally(self, tasks: int, accepted: int, right: int, expert_tasks: int) -> Tally:
        merits = self.merits(self.terms.slope_bps)
        paid = sum(
            merit.earned / WAD * answered for merit, answered in zip(merits, self.crowd.tasks_of, strict=True)
        )
        experts = float(expert_tasks * EXPERT_FEE)
        return Tally(tasks, accepted, right, paid, experts, sum(self.crowd.tasks_of) + experts)

    def _ballots(self, accept_bps: int) -> Iterator[Ballot]:
        for word in self.words:
            labels = word_labels(self.answers, word, self.crowd.classes)
            matrices = tuple(self.matrices[worker] for worker in labels)
            yield Ballot(self.crowd.classes, accept_bps, self.gold, matrices, tuple(labels.values()))


def word_labels(answers: Answers, word: Sequence[int], classes: int) -> dict[int, bytes]:
    """By worker, the labels that he reveals for a word."""
    given: dict[int, dict[int, int | None]] = defaultdict(dict)
    for bit, question in enumerate(word):
        for worker, answer in answers[question].items():
            given[worker][bit] = answer
    return {worker: encode_labels(given[worker], len(word), classes) for worker in sorted(given)}


def draw_known(crowd: Crowd, share_bps: int, rng: random.Random) -> frozenset[int]:
    """Questions drawn evenly, at least two; anew until they have two classes, as their creator would do:
    gold of one class measures nothing, and everybody would be paid in full.
    """
    many = max(2, round(len(crowd.truth) * share_bps / BPS))
    while True:
        known = frozenset(rng.sample(range(len(crowd.truth)), many))
        if len({crowd.truth[question] for question in known}) > 1:
            return known
