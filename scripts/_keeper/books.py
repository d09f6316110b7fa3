"""What the keeper knows: the state of each contract that is deployed, from its events, read on from round to
round.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from offchain.exceptions import IntegrityError
from offchain.hashing import checksum_address
from offchain.indexer import ConsensusIndexer, Duty, Indexer, StakeIndexer, consensus_duties, stake_duties
from offchain.states import ClaimState
from scripts._chain.events import read_events
from scripts._chain.jobs import job_duties
from scripts._chain.system import System

FOLDS: dict[str, Any] = {
    "AnnotationMarket": Indexer,
    "LabelConsensus": ConsensusIndexer,
    "Staking": StakeIndexer,
}
SYSTEMS = {"jobs": "AnnotationMarket", "consensus": "LabelConsensus", "stakes": "Staking"}
"""What `--only` calls them."""


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

    def duties(self, now: int) -> Iterator[Duty]:
        """What anyone may do in the second `now`."""
        if isinstance(self.fold, StakeIndexer):
            yield from stake_duties(self.fold, now)
        elif isinstance(self.fold, ConsensusIndexer):
            for job in self.fold.jobs.values():
                yield from consensus_duties(job, now)
        else:
            live = defaultdict(list)
            for claim in self.fold.claims.values():
                if claim.state != ClaimState.DONE:
                    live[claim.job_id].append(claim)
            for job in self.fold.jobs.values():
                yield from job_duties(job, live[job.job_id], now)

    def _start(self) -> None:
        address = checksum_address(self._system.entry(self.contract)["address"])
        self.fold: Any = FOLDS[self.contract](address)
        self._seen: tuple[int, str] | None = None


def books_of(system: System, only: Iterable[str] = ()) -> list[Book]:
    """Books of what is deployed, or of some of it; `only` has names of `SYSTEMS`."""
    wanted = [SYSTEMS[name] for name in only] or list(SYSTEMS.values())
    return [Book(system, contract) for contract in wanted if contract in system.entries]


def _block(system: System, number: int | None) -> tuple[int, str] | None:
    """Number and hash of a block, or of the latest; None where there is none."""
    at = "latest" if number is None else hex(number)
    block = system.provider.make_request("eth_getBlockByNumber", [at, False])
    if not block:
        return None
    found, digest = block["number"], block["hash"]
    number = int(found, 16) if isinstance(found, str) else int(found)
    return number, digest if isinstance(digest, str) else "0x" + bytes(digest).hex()
