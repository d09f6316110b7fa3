"""The part of the summary that tells of the consensus job. Units are those of `schema.py`; shares (scores,
standings) are basis points.
"""

from __future__ import annotations

from typing import TypedDict


class Phase(TypedDict):
    """A window of the job and when something was done in it, Unix seconds."""

    name: str
    start: int
    end: int
    acts: list[int]


class CrowdTask(TypedDict):
    """A task. Classes are numbers among the job's; `gold` is what the creator said, `decided` the expert on a
    challenge, `label` what came out in the end, `resolved` whether it came from the expert.
    """

    text: str
    truth: int
    gold: int | None
    decided: int | None
    label: int | None
    resolved: bool


class CrowdSeat(TypedDict):
    """An annotator. `answers` has one entry for each of `tasks`; it is empty where nothing was revealed, and
    then there is no score.
    """

    annotator: str
    about: str
    layer: int
    tasks: list[int]
    answers: list[int | None]
    known: int  # of his tasks, those whose truth the market knew
    right: int
    score: int | None
    stake: str
    slashed: str
    full: str
    paid: str
    why: str
    before: int  # standing
    after: int
    risk: int  # after


class MoneyLine(TypedDict):
    """Money of the job: positive into it, negative out of it."""

    what: str
    actor: str
    amount: str


class Method(TypedDict):
    """How many labels a way to put answers together gives, and how many of them are right."""

    name: str
    labels: int
    right: int
