"""Reference model of Reputation: counters of checked answers that fade, and what follows from them.

Counters are pairs (right, asked) by class. The contract packs eight of them into a word.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from offchain.reference.calls import Call, act
from offchain.reference.journal import Journal, Table
from offchain.reference.owned import Owned
from offchain.reference.revert import Revert

BPS = 10_000
CLASSES = 8
COUNTER_BITS = 15
MOST = (1 << COUNTER_BITS) - 1
"""The highest counter."""
ANSWER_BITS = 2 * COUNTER_BITS * CLASSES

PERIOD = 90 * 86_400
PRIOR = 5
GOOD = 9_000
POOR = 5_000

Counter = tuple[int, int]
Counters = tuple[Counter, ...]

NOTHING: Counters = ((0, 0),) * CLASSES


def pack(counters: Iterable[Counter]) -> int:
    """The word of these counters, from class 0 on."""
    word = 0
    for number, (right, asked) in enumerate(counters):
        word |= (right | asked << COUNTER_BITS) << 2 * COUNTER_BITS * number
    return word


def unpack(answers: int) -> Counters:
    """The counters of all classes in a word."""
    pairs = (answers >> 2 * COUNTER_BITS * number for number in range(CLASSES))
    return tuple((pair & MOST, pair >> COUNTER_BITS & MOST) for pair in pairs)


def faded(counters: Counters, periods: int) -> Counters:
    """What is left after so many periods."""
    for _ in range(min(periods, COUNTER_BITS)):
        counters = tuple(map(_half, counters))
    return counters


def joined(before: Counters, new: Counters) -> Counters:
    """The sum, halved where it would not fit: first what was there, then what is new."""
    return tuple(_added(*pair) for pair in zip(before, new, strict=True))


def standing(counters: Sequence[Counter]) -> int:
    """The mean share of right answers over these classes, with `PRIOR` wrong ones in each, basis points."""
    return sum(right * BPS // (asked + PRIOR) for right, asked in counters) // len(counters)


def risk(standing_: int) -> int:
    """What is risked with an account of this standing, basis points."""
    missing = min(max(GOOD - standing_, 0), GOOD - POOR)
    return -(-missing * BPS // (GOOD - POOR))


@dataclass(frozen=True)
class Record:
    """An account's counters in a domain, as of a period."""

    period: int = 0
    counters: Counters = NOTHING


class Reputation(Owned):
    """The contract at `address`."""

    def __init__(self, address: str, owner: str, journal: Journal | None = None) -> None:
        super().__init__(address, journal)
        self._start_owned_by(owner)
        self.writers: Table[str, bool] = Table(self.journal, False)
        self.records: Table[tuple[str, bytes], Record] = Table(self.journal, Record())

    # Views

    def counters(self, account: str, domain: bytes, now: int) -> Counters:
        """An account's counters at a second."""
        record = self.records[account, domain]
        return faded(record.counters, now // PERIOD - record.period)

    def standing_of(self, account: str, domain: bytes, classes: int, now: int) -> int:
        """An account's standing among the first `classes` classes at a second, basis points."""
        if not 2 <= classes <= CLASSES:
            raise Revert("BadClasses", classes)
        return standing(self.counters(account, domain, now)[:classes])

    # Acts

    @act
    def set_writer(self, call: Call, market: str, listed: bool) -> None:  # noqa: FBT001 - as declared
        """Let a market write, or no longer."""
        self._only_owner(call)
        self.writers[market] = listed
        self._emit("WriterSet", market=market, listed=listed)

    @act
    def record(self, call: Call, account: str, domain: bytes, answers: int) -> None:
        """Add answers of an account."""
        if not self.writers[call.sender]:
            raise Revert("NotListed", call.sender)
        new = unpack(answers)
        if answers >> ANSWER_BITS or any(right > asked for right, asked in new):
            raise Revert("BadAnswers", answers)
        counters = joined(self.counters(account, domain, call.now), new)
        self.records[account, domain] = Record(call.now // PERIOD, counters)
        self._emit("AnswersRecorded", account=account, domain=domain, market=call.sender, answers=answers)


def _half(counter: Counter) -> Counter:
    return counter[0] // 2, counter[1] // 2


def _added(before: Counter, new: Counter) -> Counter:
    if before[1] + new[1] > MOST:
        before = _half(before)
    if before[1] + new[1] > MOST:
        new = _half(new)
    return before[0] + new[0], before[1] + new[1]
