"""The annotation market, whole: actions, views, invariants, the way out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import ClassVar

from offchain.reference.audit import invariants
from offchain.reference.calls import Effects
from offchain.states import JobState
from tests.capabilities.escrow import GAS
from tests.capabilities.governance import UNREACHABLE
from tests.capabilities.market.exits import exits
from tests.capabilities.market.results import Results
from tests.capabilities.market.review import ReviewActions
from tests.capabilities.market.views import MarketViews
from tests.engine.chain import Contract
from tests.engine.program import View

SOME = 2
"""Proofs of acceptance that are tried after a step; at the end all are."""


class MarketPlay(ReviewActions):
    """Programs of many actors for `AnnotationMarket`, with `MarketLens` as a reader."""

    name = "market"
    sources: ClassVar[tuple[str, ...]] = ("AnnotationMarket", "MarketLens", "AllowlistHook")

    unreachable: ClassVar[dict[str, str]] = {
        **UNREACHABLE,
        "PaymentGasTooLow": f"{GAS}: unit/escrow/test_pay.py",
        "SafeCastOverflowedUintDowncast": "needs 2^24 claims in one job: more gas than there is",
        "SafeERC20FailedOperation": "needs a token that answers false: unit/escrow/test_receive.py",
    }

    def begin(self) -> tuple[Contract, object]:
        contract, model = super().begin()
        self.results = Results(self.chain.chain_id, contract.address)
        self._views = MarketViews(self.stage, model)
        return contract, model

    def touched(self, effects: Effects) -> Iterable[View]:
        yield from self._views.touched(effects)
        claims = {values["claimId"] for _, values in effects.events if "claimId" in values}
        yield from islice(self._acceptances(sorted(claims)), SOME)

    def views(self) -> Iterator[View]:
        yield from self._views.everything()
        yield from self._acceptances(self.results.batches)

    def _acceptances(self, claim_ids: Iterable[int]) -> Iterator[View]:
        for proof, accepted in self.results.acceptances(self.model, claim_ids):
            yield View(self.stage.lens, "isAccepted", (proof,), accepted)

    def invariants(self, effects: Effects | None) -> Iterable[str]:
        if effects is None:
            return invariants(self.model)
        return invariants(self.model, {values["jobId"] for _, values in effects.events if "jobId" in values})

    def finish(self) -> None:
        """An outsider ends everything with one call for each thing that waits (T13, T14, T15, T20); what is
        owed then are credits, which the accounts take out.
        """
        ways = list(exits(self.model))
        over = max([self.now, *(way.deadline for way in ways)])
        for way in ways:
            if way in list(exits(self.model)):
                done = self.act(way.function, *way.args, sender=self.cast.keeper, at=over + 1)
                assert done, f"{way} does not work after its deadline"
        assert not list(exits(self.model)), "something waits that no call ends"
        assert all(job and job.state == JobState.CLOSED for _, job in self.model.jobs.items())
        self._take_everything_out()

    def _take_everything_out(self) -> None:
        for token, account in self.credits():
            amount = self.model.credit_of(token, account)
            assert self.act("withdraw", token, self.cast.keeper, amount, sender=account)
        for token in self.stage.coins:
            held = self.model.bank.balances[token, self.stage.market.address]
            assert self.model.liabilities(token) == held == 0, f"{held} is stuck in the market"
