"""What the model of Staking keeps: what a market may do with a stake; requests to leave; slashes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from offchain.terms import ZERO_ADDRESS


@dataclass(frozen=True)
class Bond:
    """What one market has locked of one account, and may have, in base units.

    `former` is the highest limit before the latest lowering, which counts for slashes through `former_until`.
    Both times are Unix seconds.
    """

    limit: int = 0
    locked: int = 0
    until: int = 0
    former: int = 0
    former_until: int = 0

    def reach(self, now: int) -> int:
        """The limit that counts for slashes."""
        return max(self.limit, self.former if now <= self.former_until else 0)

    def limited(self, limit: int, now: int, period: int) -> Bond:
        """The bond under a new limit; a lower one counts for slashes `period` seconds later."""
        if limit < self.limit:
            return replace(self, limit=limit, former=self.reach(now), former_until=now + period)
        return replace(self, limit=limit)

    def slashed(self, amount: int, from_lock: int) -> Bond:
        """The bond after a slash: what was taken counts against the limits."""
        limit, former = max(self.limit - amount, 0), max(self.former - amount, 0)
        return replace(self, locked=self.locked - from_lock, limit=limit, former=former)


@dataclass(frozen=True)
class Unbonding:
    """A request to leave: `amount` base units, slashable through `until`, Unix seconds."""

    amount: int
    until: int

    def message(self) -> dict[str, int]:
        """The struct of the interface."""
        return {"amount": self.amount, "until": self.until}


@dataclass(frozen=True)
class Split:
    """Where a slash goes, in base units: to the payee, to nobody, to the fee recipient."""

    payout: int = 0
    burn: int = 0
    fee: int = 0
    payee: str = ZERO_ADDRESS

    @property
    def total(self) -> int:
        """What is to be slashed."""
        return self.payout + self.burn + self.fee

    def cut_to(self, slashed: int) -> Split:
        """The split of what there really was: the fee is cut first, then the burn, then the payout."""
        payout = min(self.payout, slashed)
        burn = min(self.burn, slashed - payout)
        return replace(self, payout=payout, burn=burn, fee=slashed - payout - burn)

    def message(self) -> dict[str, Any]:
        """The struct of the interface."""
        return {"payout": self.payout, "burn": self.burn, "fee": self.fee, "payee": self.payee}
