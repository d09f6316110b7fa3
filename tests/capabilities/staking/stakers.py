"""What stakers do, and whoever else may: stake, allow, leave, by hand and by signature."""

from __future__ import annotations

from typing import Any

from tests.capabilities.staking.base import AMOUNTS, MOST, UINT128, StakingBase
from tests.engine.capability import action
from tests.engine.chain import PLENTY
from tests.engine.dice import Dice

CHANGED = 10
"""One of so many signatures is used for something else than what was signed (T43)."""


class StakerActions(StakingBase):
    """Stake comes in, is put at a market's disposal, and leaves."""

    def open(self, dice: Dice) -> None:
        """A house; two markets that are listed and allowed, a third that is listed; stake to lose."""
        house = dice.choose(self.stage.houses)
        for market in self.cast.markets:
            self.act("setMarket", market, True, sender=self.cast.owner, contract=house.staking)
        for account in self.cast.stakers[: 1 + dice.below(3)]:
            self.act("stake", account, dice.choose(AMOUNTS), sender=account)
            for market in self.cast.markets[: 1 + dice.below(2)]:
                self.act("allow", market, dice.choose((MOST, 1_000, 500)), sender=account)

    # In

    @action(10)
    def stake(self, dice: Dice) -> None:
        """For oneself, or some dust for somebody else (T32, T40)."""
        payer = dice.choose(self.cast.payers)
        account = dice.choose((payer, payer, payer, dice.choose(self.cast.stakers)))
        self.act("stake", account, self._deposit(dice), sender=payer, at=self.moment(dice))

    @action(5)
    def stake_by_sig(self, dice: Dice) -> None:
        amount = self._deposit(dice)
        self._sign(dice, "Stake", self.signer(dice), {"amount": amount}, {"amount": amount + 1})

    def _deposit(self, dice: Dice) -> int:
        """Base units; now and then none, more than fits, or more than anybody has (of a token that has words
        for that).
        """
        too_many = (PLENTY + 1, MOST) if self.house.standard else ()
        return dice.pick(AMOUNTS, (0, UINT128, *too_many))

    # Limits

    @action(9)
    def set_limit(self, dice: Dice) -> None:
        account, market, limit = self._limit(dice, dice.choose(self.cast.stakers))
        self.act("allow", market, limit, sender=account, at=self.moment(dice))

    @action(4)
    def set_limit_by_sig(self, dice: Dice) -> None:
        account, market, limit = self._limit(dice, self.signer(dice))
        others = ({"market": self.cast.outlaw}, {"limit": (limit + 1) % UINT128})
        self._sign(dice, "Allow", account, {"market": market, "limit": limit}, *others)

    def _limit(self, dice: Dice, account: str) -> tuple[str, str, int]:
        """(account, market, limit): mostly enough, at times less than what is locked."""
        market = dice.choose((*self.cast.markets, *self.cast.markets, self.cast.outlaw))
        bond = self.model.bonds[account, market]
        near = (bond.limit, bond.locked, bond.former, max(bond.limit - 1, 0))
        return account, market, dice.choose((1_000, MOST, 500, 0, dice.choose(near), 10**18))

    # Out

    @action(9, lambda self: self.rich())
    def unbond(self, dice: Dice) -> None:
        account, amount = self._leaving(dice, self.rich())
        self.act("unbond", amount, sender=account, at=self.moment(dice))

    @action(5, lambda self: self._signing_rich())
    def unbond_by_sig(self, dice: Dice) -> None:
        account, amount = self._leaving(dice, self._signing_rich())
        self._sign(dice, "Unbond", account, {"amount": amount}, {"amount": amount + 1})

    @action(2, lambda self: self.rich())
    def unbond_in_small_change(self, dice: Dice) -> None:
        """An account fills its queue (T39: a second small request is one of its own)."""
        account = dice.choose(self.rich())
        for _ in range(2 + dice.below(8)):
            self.act("unbond", 1, sender=account, at=self.now + dice.choose((0, 1)))

    @action(9, lambda self: self._leavers())
    def collect(self, dice: Dice) -> None:
        """At the last second that is too early, at the first that is not, or a while later."""
        account = dice.pick(self._leavers(), self.cast.everybody)
        queue = self.model.unbondings[account]
        at = self.moment(dice)
        if queue and dice.below(4):
            at = dice.choose(queue).until + dice.pick((1, 1, 600), (0,))
        self.act("collect", account, sender=dice.choose(self.cast.everybody), at=at)

    @action(9, lambda self: self.locks())
    def reclaim(self, dice: Dice) -> None:
        """Of a lock that is over soonest, at its last second or later; now and then of any, or where nothing
        is locked.
        """
        locks = sorted(self.locks(), key=lambda lock: lock[2].until)
        account, market, bond = dice.pick(locks[:1], self.bonds())
        at = bond.until + dice.pick((1, 1, 600), (0,))
        self.act("reclaim", account, market, sender=dice.choose(self.cast.everybody), at=at)

    def _leaving(self, dice: Dice, right: list[str]) -> tuple[str, int]:
        account = dice.choose(right)
        available = self.model.available[account]
        return account, self.part(dice, available, 0, available + 1)

    def _leavers(self) -> list[str]:
        return [account for account, queue in self.model.unbondings.items() if queue]

    def _signing_rich(self) -> list[str]:
        return [account for account in self.rich() if account in self.stage.signers]

    # Signatures

    def _sign(
        self, dice: Dice, kind: str, account: str, message: dict[str, Any], *others: dict[str, Any]
    ) -> None:
        """A keeper sends what an account signed; now and then he changes it first (T43)."""
        time = self.moment(dice)
        consent = self.signed(dice, kind, account, time, role="account", **message)
        changed = [message | other for other in others if message | other != message]
        if dice.chance(CHANGED):
            consent = self.misused(consent, dice.choose(changed))
        function = f"{kind.lower()}BySig"
        self.act(function, *message.values(), consent, sender=self.cast.keeper, at=time)
