"""What all actions of the staking contract share: houses, arguments, and how accounts, markets and amounts
are drawn, now and then wrong.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from offchain.reference.stakes import Bond, Split
from offchain.reference.staking import Staking
from offchain.signing import STAKING_NAME
from tests.capabilities.escrow import EscrowActions
from tests.capabilities.ownership import OwnerActions
from tests.capabilities.staking.stage import DAY, PERIOD, Cast, House, Stage, set_stage
from tests.capabilities.staking.views import StakingViews
from tests.engine.capability import Argument
from tests.engine.chain import Chain, Contract
from tests.engine.dice import Dice

SOON = (0, 0, 1, 0, 20, 0, 2, 600)
"""Seconds until the next step where nothing is waited for: often in the same block."""

LATE = (DAY, PERIOD - 1, PERIOD, PERIOD + 1, 180 * DAY)
AMOUNTS = (1_000, 700, 333, 1, 10**18 + 7, 2_000)
UINT128 = 2**128
MOST = UINT128 - 1
"""As a limit it is none."""


@dataclass(frozen=True)
class Cut(Argument):
    """How a slash is split."""

    split: Split

    def on_chain(self, chain: Chain) -> tuple[Any, ...]:
        return (self.split.message(),)

    def in_model(self) -> tuple[Any, ...]:
        return (self.split,)

    def tell(self, name_of: Callable[[str], str]) -> str:
        split = self.split
        return f"{split.payout:,} to {name_of(split.payee)}, {split.burn:,} burnt, {split.fee:,} as fee"


class StakingBase(OwnerActions, EscrowActions):
    """The staking contract of one house and its model from deployment on. A program stays in the house in
    which it begins.
    """

    signing_name: ClassVar[str] = STAKING_NAME
    stage: Stage
    model: Staking

    @classmethod
    def deploy(cls, chain: Chain) -> Stage:
        return set_stage(chain)

    @classmethod
    def parties(cls, stage: Stage) -> dict[str, tuple[str, ...]]:
        cast = stage.cast
        return {
            "stakers": cast.stakers,
            "markets": (*cast.markets, cast.outlaw),
            "governance": (cast.owner, cast.sink),
        }

    def begin(self) -> tuple[Contract, Any]:
        self.cast: Cast = self.stage.cast
        first = self.stage.houses[0]
        self._enter(first)
        return first.staking, self.model

    def act(self, function: str, *args: Any, contract: Contract | None = None, **how: Any) -> bool:
        """A step in the house of `contract`, by default in that of the step before."""
        house = self.stage.house_of(contract) if contract else None
        if house is not None and house is not self.house:
            self._enter(house)
        return super().act(function, *args, contract=contract or self.house.staking, **how)

    def _enter(self, house: House) -> None:
        self.house, self.model = house, self.stage.model(house)
        self.watching = StakingViews(self.stage, house, self.model, self.chain.chain_id)

    @property
    def escrow(self) -> Contract:
        return self.house.staking

    @property
    def standard_token(self) -> Contract | None:
        return self.house.token if self.house.standard else None

    # What there is

    def bonds(self) -> list[tuple[str, str, Bond]]:
        """(account, market, bond) of all that were ever allowed anything."""
        return [(account, market, bond) for (account, market), bond in self.model.bonds.items()]

    def locks(self) -> list[tuple[str, str, Bond]]:
        """Those with something locked."""
        return [one for one in self.bonds() if one[2].locked]

    def rooms(self) -> list[tuple[str, str, int]]:
        """(account, market, most) where a market can lock something."""
        found = []
        for account, market, bond in self.bonds():
            most = min(bond.limit - bond.locked, self.model.available[account])
            if most > 0 and self.model.listed[market]:
                found.append((account, market, most))
        return found

    def rich(self) -> list[str]:
        """Accounts with something available."""
        return [account for account, amount in self.model.available.items() if amount]

    # Drawing

    def moment(self, dice: Dice) -> int:
        """A second after now: mostly soon, at times days later."""
        return self.now + (dice.choose(LATE) if dice.chance(24) else dice.choose(SOON))

    def signer(self, dice: Dice) -> str:
        """A staker who signs."""
        return dice.choose([who for who in self.cast.stakers if who in self.stage.signers])

    @staticmethod
    def part(dice: Dice, most: int, *wrong: int) -> int:
        """Some of `most`, at least 1; now and then one of `wrong`."""
        return dice.pick((most, most // 2 or 1, 1, max(most - 1, 1)), wrong)
