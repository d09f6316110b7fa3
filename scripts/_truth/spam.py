"""Workers who do not look at the task, in place of real ones."""

import random
from collections.abc import Callable, Collection
from dataclasses import dataclass

from scripts._truth.crowd import Answers, Crowd

KINDS = ("random", "constant", "prior", "ring", "sybils")
SHARES = (10, 30, 50)
"""Percent of the workers."""


@dataclass(frozen=True)
class Scenario:
    """`percent` of the workers are spammers of a kind; nobody is where the kind is empty."""

    kind: str = ""
    percent: int = 0

    @property
    def name(self) -> str:
        """For people and for JSON."""
        return f"{self.kind} {self.percent} %" if self.kind else "none"


HONEST = Scenario()
SCENARIOS = (HONEST, *(Scenario(kind, percent) for kind in KINDS for percent in SHARES))


def spammed(crowd: Crowd, scenario: Scenario, rng: random.Random) -> tuple[Answers, frozenset[int]]:
    """The answers with spammers among the workers, and who they are.

    `random` draws a class a task, `constant` gives the most frequent one, `prior` draws by the classes'
    shares, a `ring` agrees on one wrong class a task, gold included, and `sybils` copy one random answer.
    """
    if not scenario.kind:
        return crowd.answers, frozenset()
    many = max(1, round(crowd.workers * scenario.percent / 100))
    spammers = frozenset(rng.sample(range(crowd.workers), many))
    found = []
    for given, truth in zip(crowd.answers, crowd.truth, strict=True):
        answer = _strategy(crowd, scenario.kind, truth, rng)
        found.append({worker: answer() if worker in spammers else label for worker, label in given.items()})
    return tuple(found), spammers


def lone_answers(crowd: Crowd, kind: str, rng: random.Random, questions: Collection[int]) -> Answers:
    """What every worker answers to some questions as a spammer of a kind, whoever else is one: his partners
    do not change what one account may expect, but all of them being drawn alike would blur its mean.
    """
    return tuple(
        {worker: _strategy(crowd, kind, crowd.truth[question], rng)() for worker in given}
        if question in questions
        else {}
        for question, given in enumerate(crowd.answers)
    )


def _strategy(crowd: Crowd, kind: str, truth: int, rng: random.Random) -> Callable[[], int]:
    """What gives a spammer's answer to one task."""
    classes = range(crowd.classes)
    if kind == "random":
        return lambda: rng.randrange(crowd.classes)
    if kind == "prior":
        return lambda: rng.choices(classes, crowd.shares)[0]
    if kind == "constant":
        common = max(classes, key=crowd.shares.__getitem__)
    elif kind == "ring":
        common = rng.choice([number for number in classes if number != truth])
    else:
        common = rng.randrange(crowd.classes)
    return lambda: common
