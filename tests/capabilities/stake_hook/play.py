"""The stake hook, whole: actions, views, invariants, the way out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from offchain.reference.calls import Effects
from offchain.states import DisputeState
from tests.capabilities.escrow import GAS, UNREACHABLE
from tests.capabilities.stake_hook import rules, views
from tests.capabilities.stake_hook.acts import HookActs
from tests.engine.program import View


class StakeHookPlay(HookActs):
    """Programs of many actors for `StakeHook`."""

    name = "stake_hook"
    sources: ClassVar[tuple[str, ...]] = ("StakeHook",)
    unreachable: ClassVar[dict[str, str]] = {
        **{name: UNREACHABLE[name] for name in ("InvalidShortString", "StringTooLong")},
        "ReentrancyGuardReentrantCall": "needs a token that calls back: unit/stake_hook/test_reentrancy.py",
        "InsufficientGas": GAS,
    }

    def touched(self, effects: Effects) -> Iterable[View]:
        return views.touched(self, effects)

    def views(self) -> Iterable[View]:
        # They are asked a second after the last step.
        return views.everything(self, self.now + 1 if self.steps else 1)

    def invariants(self, effects: Effects | None) -> Iterable[str]:
        del effects
        return rules.after_step(self)

    def finish(self) -> None:
        """The market's own exits end every claim; whoever leaves is let go, everybody else waits for the end
        of his lock; then all stake is available again, and its owners take it out (T13).
        """
        keeper, hook = self.cast.keeper, self.stage.hook.address
        for held in self.open_claims():
            self.becomes_of(held, DisputeState.NONE, held.done & 1, self.end_of(held))
        for held in self.rejected():
            if self.model.pledge_of(held.job_id, held.account, self.now).tasks:
                assert self.act("slash", held.claim_id, *held.opening, sender=keeper)
        for job_id, account, pledge in self.pledges():
            at = max(self.now, pledge.leaves_at + 1)
            if pledge.leaves_at and self.model.pledge_of(job_id, account, at).tasks:
                assert self.act("unpledge", job_id, account, sender=keeper, at=at)
        for account, market in sorted(self.bank.bonds, key=lambda pair: self.bank.bonds[pair].until):
            bond = self.bank.bonds[account, market]
            if bond.locked:
                assert self.in_staking("reclaim", account, market, sender=keeper, at=bond.until + 1)
        assert not self.pledges(), f"pledges stand for ever: {self.pledges()}"
        locked = {who: self.bank.locked(who) for who in self.cast.everybody if self.bank.locked(who)}
        assert not locked, f"stake is locked in {hook} for ever: {locked}"
