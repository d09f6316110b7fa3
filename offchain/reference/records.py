"""Jobs and claims as the reference model keeps them, and what their tasks are worth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from offchain.states import ClaimState, DisputeState, JobState
from offchain.terms import ZERO_ADDRESS, ZERO_HASH, JobTerms, unpack_multipliers

BPS = 10_000
WORD = 256
FULL = 2**WORD - 1
WORDS_PER_ELEMENT = 64


@dataclass(frozen=True)
class Job:
    """A job. `approved` maps words to the tasks that were paid, `live` are the claims that are not done,
    `refunded` counts the tasks whose funds went back to the creator.
    """

    terms: JobTerms
    terms_hash: bytes
    state: JobState = JobState.OPEN
    records: int = 0
    refunded: int = 0
    approved: Mapping[int, int] = field(default_factory=dict)
    live: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Claim:
    """A claim and the submission it becomes; masks as in the interface's `RecordView`. `upheld` are the
    tasks whose rejection stood.
    """

    annotator: str
    word: int
    time: int
    mask: int
    state: ClaimState = ClaimState.CLAIMED
    dispute: DisputeState = DisputeState.NONE
    disputed: int = 0
    disputed_at: int = 0
    upheld: int = 0
    commitment: bytes = ZERO_HASH

    @property
    def tasks(self) -> int:
        """All tasks that the claim keeps from others."""
        return self.mask | self.disputed


@dataclass(frozen=True)
class Paid:
    """What an annotator was paid in one job: tasks, their weight in basis points, base units of pay."""

    tasks: int = 0
    weight: int = 0
    earned: int = 0


class Account(NamedTuple):
    """An annotator's standing in a job, as `accountOf` tells it."""

    open: int
    approved: int
    weight: int
    earned: int
    rejected: int


class TaskPay(NamedTuple):
    """What one task of a word is about, in base units, and its weight in basis points."""

    reward: int
    fee: int
    bond: int
    reject_fee: int
    weight: int


NO_CLAIM = Claim(ZERO_ADDRESS, 0, 0, 0, ClaimState.NONE)


def tasks_in_word(task_count: int, word: int) -> int:
    """The mask of the tasks that exist in a word."""
    left = task_count - WORD * word
    return (1 << min(left, WORD)) - 1 if left > 0 else 0


def task_weight(terms: JobTerms, word: int) -> int:
    """The difficulty of a word in basis points; 0 for a class that has none."""
    if not terms.multipliers:
        return BPS
    element, nibble = divmod(word, WORDS_PER_ELEMENT)
    packed = terms.word_classes[element] if element < len(terms.word_classes) else 0
    number = packed >> 4 * nibble & 0xF
    multipliers = unpack_multipliers(terms.multipliers)
    return multipliers[number] if number < len(multipliers) else 0


@lru_cache(maxsize=1_024)
def task_pay(terms: JobTerms, word: int) -> TaskPay:
    """Pay and fee round down, bond and rejection fee round up."""
    weight = task_weight(terms, word)
    reward = terms.reward * weight // BPS
    fee = reward * terms.fee_bps // BPS
    return TaskPay(reward, fee, up(terms.reward * terms.bond_bps), up(reward * terms.reject_fee_bps), weight)


def up(product: int) -> int:
    """Basis points to base units, rounded up."""
    return -(-product // BPS)


@lru_cache(maxsize=256)
def bounty(terms: JobTerms) -> int:
    """What the creator locks for all tasks, base units."""
    words = -(-terms.task_count // WORD)
    if not terms.multipliers:
        pay = task_pay(terms, 0)
        return terms.task_count * (pay.reward + pay.fee)
    pays = ((word, task_pay(terms, word)) for word in range(words))
    return sum(
        tasks_in_word(terms.task_count, word).bit_count() * (pay.reward + pay.fee) for word, pay in pays
    )
