"""The staking contract, whole: actions, views, invariants, the way out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from offchain.reference.calls import Effects
from tests.capabilities.escrow import DEPLOYMENT, GAS, UNREACHABLE
from tests.capabilities.staking.markets import MarketActions
from tests.capabilities.staking.rules import Watch
from tests.capabilities.staking.stage import House
from tests.engine.program import View

_SAFE = "OpenZeppelin's answer to a token that says no without a word: unit/staking/test_stake.py"


class StakingPlay(MarketActions):
    """Programs of many actors for `Staking`."""

    name = "staking"
    sources: ClassVar[tuple[str, ...]] = ("Staking",)
    unreachable: ClassVar[dict[str, str]] = {
        **UNREACHABLE,
        "BadConstruction": DEPLOYMENT,
        "DepositShort": "needs a token that keeps a part of what it moves: unit/staking/test_stake.py",
        "FailedCall": "is for the native coin, in which nobody can have a credit",
        "PaymentGasTooLow": f"{GAS}: unit/staking/test_slash.py",
        "SafeERC20FailedOperation": _SAFE,
        "WrongValue": "no function takes the native coin",
    }

    def _enter(self, house: House) -> None:
        super()._enter(house)
        self._watch = Watch(self.model)

    def touched(self, effects: Effects) -> Iterable[View]:
        return self.watching.touched(effects, self.now)

    def views(self) -> Iterable[View]:
        return self.watching.everything(self.now + 1)

    def invariants(self, effects: Effects | None) -> Iterable[str]:
        return self._watch.whole() if effects is None else self._watch.after_step(effects, self.now)

    def finish(self) -> None:
        """Time and calls that anyone may make bring every lock and every request to an end (T13); then owners
        take out what is available and what they were credited with, and nothing is left (T38).
        """
        keeper, model = self.cast.keeper, self.model
        for account, market, bond in self.locks():
            assert self.act("reclaim", account, market, sender=keeper, at=bond.until + 1)
        self._collect_all()
        waiting = {who: model.locked(who) + model.unbonding(who) for who in self.cast.everybody}
        assert not any(waiting.values()), f"not everything came back: {waiting}"
        for account in self.rich():
            assert self.act("unbond", model.available[account], sender=account)
        self._collect_all()
        for token, account in self.credits():
            amount = model.credit_of(token, account)
            assert self.act("withdraw", token, keeper, amount, sender=account)
        held = model.bank.balances[model.terms.token, model.address]
        assert held == 0, f"{held} are stuck in the contract"

    def _collect_all(self) -> None:
        """A keeper collects for everybody, after the last second at which one has to wait."""
        for account, queue in list(self.model.unbondings.items()):
            if queue:
                until = queue[-1].until
                assert self.act("collect", account, sender=self.cast.keeper, at=until + 1)
