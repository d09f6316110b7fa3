"""Reference model of what a job's terms must be, in the order in which the market looks at them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from offchain.reference.bank import World
from offchain.reference.records import WORD, WORDS_PER_ELEMENT, task_pay
from offchain.reference.revert import Revert
from offchain.terms import ZERO_ADDRESS, JobTerms

MINUTE, HOUR, DAY = 60, 3_600, 86_400
MAX_TASKS = 1 << 20
MAX_UINT96 = 2**96 - 1
MAX_UINT16 = 2**16 - 1
MAX_WINDOW = 30 * DAY
MAX_DURATION = 730 * DAY
MAX_ARBITER_FEE = 100  # rewards


class Bound(NamedTuple):
    """A field of the terms and the range that it must lie in, both ends included."""

    field: str
    value: int
    least: int
    most: int


def bounds(terms: JobTerms, now: int) -> Iterator[Bound]:
    """All bounded fields; those of disputes are 0 in a job without arbiter."""
    yield Bound("reward", terms.reward, 1, MAX_UINT96)
    yield Bound("taskCount", terms.task_count, 1, MAX_TASKS)
    yield Bound("claimWindow", terms.claim_window, MINUTE, MAX_WINDOW)
    yield Bound("reviewWindow", terms.review_window, HOUR, MAX_WINDOW)
    yield Bound("deadline", terms.deadline, now + terms.claim_window, now + MAX_DURATION)
    yield Bound("maxOpen", terms.max_open, 1, MAX_UINT16)
    yield Bound("bondBps", terms.bond_bps, 0, 10_000)
    yield Bound("royaltyBps", terms.royalty_bps, 0, 9_000)
    disputes = terms.arbiter != ZERO_ADDRESS
    yield Bound("appealWindow", terms.appeal_window, *((HOUR, MAX_WINDOW) if disputes else (0, 0)))
    yield Bound("decisionWindow", terms.decision_window, *((HOUR, MAX_WINDOW) if disputes else (0, 0)))
    yield Bound("rejectFeeBps", terms.reject_fee_bps, *((500, 5_000) if disputes else (0, 0)))
    yield Bound("arbiterFee", terms.arbiter_fee, 0, MAX_ARBITER_FEE * terms.reward if disputes else 0)


def check_terms(terms: JobTerms, now: int, fee_bps: int, world: World) -> None:
    """Reverts for the first thing that is wrong with the terms, difficulty classes left aside."""
    if terms.fee_bps != fee_bps:
        raise Revert("FeeChanged", terms.fee_bps, fee_bps)
    for bound in bounds(terms, now):
        if not bound.least <= bound.value <= bound.most:
            field = bound.field.encode().ljust(32, b"\0")
            raise Revert("TermOutOfBounds", field, bound.value, bound.least, bound.most)
    for account in (terms.token, terms.hook):
        if account != ZERO_ADDRESS and account not in world.contracts:
            raise Revert("NotAContract", account)


def check_classes(terms: JobTerms) -> None:
    """Reverts where the class words do not fit the task count, or a word's pay rounds down to nothing."""
    if not terms.multipliers:
        if terms.word_classes:
            raise Revert("BadWordClasses", 0)
        return
    words = -(-terms.task_count // WORD)
    if len(terms.word_classes) != -(-words // WORDS_PER_ELEMENT):
        raise Revert("BadWordClasses", len(terms.word_classes))
    for word in range(words):
        if task_pay(terms, word).reward == 0:
            raise Revert("BadWordClasses", word)
