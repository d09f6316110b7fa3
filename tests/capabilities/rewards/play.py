"""The reward distributor, whole: actions, views, invariants, the way out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar

from offchain.reference.calls import Effects
from offchain.reference.rewards import EPOCH, ROOT_WINDOW
from offchain.states import RewardMode
from tests.capabilities.escrow import DEPLOYMENT, GAS, UNREACHABLE
from tests.capabilities.rewards import rules
from tests.capabilities.rewards.claiming import ClaimActs
from tests.capabilities.rewards.views import RewardViews
from tests.engine.chain import Contract
from tests.engine.program import View

_NO_DEPOSITS = "the distributor takes no deposits"
_NO_COIN = "the distributor never has the native coin"


class RewardsPlay(ClaimActs):
    """Programs of many actors for `RewardDistributor`."""

    name = "rewards"
    sources: ClassVar[tuple[str, ...]] = ("RewardDistributor",)
    unreachable: ClassVar[dict[str, str]] = {
        **UNREACHABLE,
        "BadConstruction": f"{DEPLOYMENT}: unit/rewards/test_constructor.py",
        "DepositShort": _NO_DEPOSITS,
        "FailedCall": _NO_COIN,
        "PaymentGasTooLow": f"{GAS}: unit/escrow/test_pay.py",
        "SafeCastOverflowedUintDowncast": "needs a budget of 2^128, which no epoch has: "
        "unit/rewards/test_collect.py",
        "SafeERC20FailedOperation": "the reward token never answers false",
        "WrongValue": _NO_DEPOSITS,
    }

    def begin(self) -> tuple[Contract, object]:
        contract, model = super().begin()
        self._views = RewardViews(self.stage, model, self.chain.chain_id)
        self._books = rules.Books(model)
        return contract, model

    def touched(self, effects: Effects) -> Iterable[View]:
        return self._views.touched(effects, self.now)

    def views(self) -> Iterator[View]:
        # They are asked a second after the last step.
        return self._views.everything(self.now + 1 if self.steps else 1)

    def invariants(self, effects: Effects | None) -> Iterable[str]:
        if effects is None:
            return (*rules.whole(self.model), *self._books.whole())
        return (*self._books.note(effects, self.now), *rules.after_step(self.model))

    def finish(self) -> None:
        """Nobody but an outsider does anything that is not his own. He gives back what waits for a root, has
        everything assigned that cap and supply allow, and has the tree pay; the accounts take their credits
        out. What is owed then is what the tree still owes (T13).
        """
        self._leave()
        for _ in range(2):
            self._assign_all()
        self._claim_all()
        for _, account in self.credits():
            assert self.act("claim", self.cast.keeper, sender=account)
        tree, owed = self.model.tree, self.model.liabilities(self.model.token)
        assert owed == tree.total - tree.paid, f"{owed} is owed, and nobody can take it"

    def _leave(self) -> None:
        for job in self.waiting():
            over = self.model.tree_jobs[job].since + ROOT_WINDOW + 1
            assert self.act("leaveTree", *job, sender=self.cast.keeper, at=over), f"{job} cannot leave"
        assert not self.waiting(), "a job waits for a root, and nobody can do anything"

    def _assign_all(self) -> None:
        """One epoch's worth: nothing is left that fees and supply suffice for."""
        start = (self.now // EPOCH + 1) * EPOCH
        jobs = self.jobs(RewardMode.NONE, RewardMode.DIRECT)
        for job in jobs:
            if any(self.uncounted(job, account) for account in self.cast.annotators):
                accounts = list(self.cast.annotators)
                assert self.act("assign", *job, accounts, sender=self.cast.keeper, at=start)
        for job in jobs:
            for account in self.cast.annotators:
                left = self.model.affordable(job, account, self.told(job, account), self.now)
                assert left == (0, 0), f"{left} of {account} in {job} was not assigned"

    def _claim_all(self) -> None:
        """Everybody whom the tree can pay is paid."""
        tree = self.model.tree
        published = self.trees[-1] if self.trees else None
        if published is None or published.root != tree.root:
            return
        for account, amount in published.shares.items():
            due = amount - self.model.paid_from_tree[account]
            if 0 < due <= self.model.tree.total - self.model.tree.paid:
                claim = account, amount, published.proof(account)
                assert self.act("claimFromTree", *claim, sender=self.cast.keeper)
