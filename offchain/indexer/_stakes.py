"""The fold of the stakes' events: what markets have locked until when, and what is on its way out."""

from __future__ import annotations

from dataclasses import dataclass

from offchain.indexer._base import Args, ContractFold


@dataclass
class IndexedLock:
    """What a market has locked of an account, base units; after `until` (Unix seconds) anyone may free it."""

    locked: int = 0
    until: int = 0


@dataclass(frozen=True)
class Leaving:
    """A request to take stake out: base units, and the last second before anyone may pay it out."""

    amount: int
    until: int


class StakeIndexer(ContractFold):
    """Locks by (account, market) and requests by account, oldest first, rebuilt from events alone."""

    def __init__(self, staking: str) -> None:
        super().__init__(staking)
        self.locks: dict[tuple[str, str], IndexedLock] = {}
        self.leaving: dict[str, list[Leaving]] = {}
        self._handlers |= {
            "StakeLocked": self._locked,
            "StakeUnlocked": self._unlocked,
            "StakeSlashed": self._slashed,
            "UnbondingStarted": self._unbonding_started,
            "UnbondingCollected": self._unbonding_collected,
            "Staked": self._nothing_moves,
            "LimitSet": self._nothing_moves,
            "MarketSet": self._nothing_moves,
        }

    def _locked(self, args: Args) -> None:
        lock = self.locks.setdefault((args["account"], args["market"]), IndexedLock())
        lock.locked += args["amount"]
        lock.until = args["until"]

    def _unlocked(self, args: Args) -> None:
        self.locks[args["account"], args["market"]].locked -= args["amount"]

    def _slashed(self, args: Args) -> None:
        """From the lock, from what is available, and from the latest request on."""
        if args["fromLock"]:
            self.locks[args["account"], args["market"]].locked -= args["fromLock"]
        wanted, queue = args["fromUnbonding"], self.leaving.get(args["account"], [])
        while wanted:
            last = queue.pop()
            wanted -= (part := min(wanted, last.amount))
            if part < last.amount:
                queue.append(Leaving(last.amount - part, last.until))

    def _unbonding_started(self, args: Args) -> None:
        queue = self.leaving.setdefault(args["account"], [])
        queue.append(Leaving(args["amount"], args["until"]))

    def _unbonding_collected(self, args: Args) -> None:
        """The oldest requests, whole."""
        left, queue = args["amount"], self.leaving[args["account"]]
        while left > 0:
            left -= queue.pop(0).amount

    def _nothing_moves(self, args: Args) -> None:
        """Nothing that is locked or leaving changes."""
