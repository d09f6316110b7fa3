"""What the keeper knows: the state of each contract that is deployed, from its events, read on from round to
round.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from offchain.exceptions import IntegrityError
from offchain.hashing import checksum_address
from offchain.indexer import (
    ConsensusIndexer,
    Duty,
    Indexer,
    PledgeIndexer,
    StakeIndexer,
    consensus_duties,
    pledge_duties,
    stake_duties,
)
from offchain.states import ClaimState
from scripts._chain.events import read_events
from scripts._chain.jobs import job_duties
from scripts._chain.system import System

FOLDS: dict[str, Any] = {
    "AnnotationMarket": Indexer,
    "LabelConsensus": ConsensusIndexer,
    "Staking": StakeIndexer,
    "StakeHook": PledgeIndexer,
}


class Book:
    """One contract's state. It is read anew where the chain has dropped the last block that was read."""

    def __init__(self, system: System, contract: str) -> None:
        self.contract = contract
        self._system = system
        self._start()

    def catch_up(self) -> None:
        """Read the events of all blocks since the last time. Raises IntegrityError for events that do not
        follow from those before.
        """
        if self._seen is not None and _block(self._system, self._seen[0]) != self._seen:
            self._start()
        latest = _block(self._system, None)
        first = None if self._seen is None else self._seen[0] + 1
        if latest is None or (first is not None and first > latest[0]):
            return
        events = read_events(self._system, self.contract, from_block=first, to_block=latest[0])
        try:
            for event in events:
                self.fold.apply(event)
        except IntegrityError:
            self._start()  # a node that answers from two chains at once: the next look reads all anew
            raise
        self._seen = latest

    def _start(self) -> None:
        address = checksum_address(self._system.entry(self.contract)["address"])
        self.fold: Any = FOLDS[self.contract](address)
        self._seen: tuple[int, str] | None = None


@dataclass(frozen=True)
class Charge:
    """Something that is looked after: the books that tell of it, and what follows from them."""

    books: tuple[Book, ...]
    due: Callable[..., Iterator[Duty]]

    def look(self, now: int) -> Iterator[Duty]:
        """What anyone may do in the second `now`, by what was read last."""
        return self.due(*(book.fold for book in self.books), now)


def _jobs(market: Indexer, now: int) -> Iterator[Duty]:
    live = defaultdict(list)
    for claim in market.claims.values():
        if claim.state != ClaimState.DONE:
            live[claim.job_id].append(claim)
    for job in market.jobs.values():
        yield from job_duties(job, live[job.job_id], now)


def _consensus(market: ConsensusIndexer, now: int) -> Iterator[Duty]:
    for job in market.jobs.values():
        yield from consensus_duties(job, now)


CHARGES: dict[str, tuple[tuple[str, ...], Callable[..., Iterator[Duty]]]] = {
    "jobs": (("AnnotationMarket",), _jobs),
    "consensus": (("LabelConsensus",), _consensus),
    "pledges": (("StakeHook", "AnnotationMarket"), pledge_duties),
    "stakes": (("Staking",), stake_duties),
}
"""What `--only` calls them: the contracts whose books they need, and what follows."""


def charges_of(system: System, only: Iterable[str] = ()) -> list[Charge]:
    """What there is to look after where everything that it needs is deployed, or some of it."""
    wanted = [CHARGES[name] for name in only or CHARGES]
    books = {name: Book(system, name) for name in FOLDS if name in system.entries}
    return [
        Charge(tuple(books[name] for name in contracts), due)
        for contracts, due in wanted
        if books.keys() >= set(contracts)
    ]


def _block(system: System, number: int | None) -> tuple[int, str] | None:
    """Number and hash of a block, or of the latest; None where there is none."""
    at = "latest" if number is None else hex(number)
    block = system.provider.make_request("eth_getBlockByNumber", [at, False])
    if not block:
        return None
    found, digest = block["number"], block["hash"]
    number = int(found, 16) if isinstance(found, str) else int(found)
    return number, digest if isinstance(digest, str) else "0x" + bytes(digest).hex()
