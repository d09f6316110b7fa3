"""The market with an indexer beside it, which sees nothing but events and has to tell every view (T52)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from offchain.indexer import IndexedClaim, Indexer, MarketEvent
from offchain.reference.calls import Effects
from offchain.reference.claims import commitment
from offchain.reference.records import NO_CLAIM, Claim, Job, task_pay
from offchain.states import ClaimState
from offchain.terms import ZERO_ADDRESS, ZERO_HASH
from tests.capabilities.market.play import MarketPlay
from tests.capabilities.market.stage import Stage
from tests.capabilities.market.views import NOTHING, kept_of, record_of
from tests.engine.chain import Chain, Contract
from tests.engine.program import View


@dataclass(frozen=True)
class IndexedStage(Stage):
    """A stage and what its market's constructor logged: whoever follows a market starts with it."""

    deployment: tuple[MarketEvent, ...]


class IndexedMarket(MarketPlay):
    """The market; each event that the model predicts, and so the chain logs, goes to the indexer, too."""

    stage: IndexedStage

    @classmethod
    def deploy(cls, chain: Chain) -> IndexedStage:
        stage = super().deploy(chain)
        query = {"address": stage.market.address, "fromBlock": "0x0", "toBlock": "latest"}
        told = [_told(chain, log) for log in chain.node.rpc("eth_getLogs", query)]
        events = (MarketEvent(*event, 0, 0, n, stage.market.address) for n, event in enumerate(told))
        return IndexedStage(**vars(stage), deployment=tuple(events))

    def begin(self) -> tuple[Contract, Any]:
        contract, model = super().begin()
        self.indexer = Indexer(contract.address)
        for event in self.stage.deployment:
            self.indexer.apply(event)
        return contract, model

    def touched(self, effects: Effects) -> Iterable[View]:
        step = self.steps[-1]
        if step.contract is self.contract:
            place = (step.time, len(self.steps))
            for index, (name, values) in enumerate(effects.events):
                self.indexer.apply(MarketEvent(name, values, *place, index, self.contract.address))
        return super().touched(effects)

    def invariants(self, effects: Effects | None) -> Iterable[str]:
        yield from super().invariants(effects)
        if effects is None:
            yield from differences(self.indexer, self._views.everything())


def _told(chain: Chain, log: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    return chain.lexicon.explain_log((log["address"], tuple(log["topics"]), log["data"]))


def differences(indexer: Indexer, views: Iterable[View]) -> Iterable[str]:
    """Views of the market that the indexer tells otherwise than expected, as sentences."""
    for view in views:
        if view.contract is None or view.contract.address != indexer.market:
            continue
        told = TELLERS[view.function](indexer, *view.args)
        if told != view.expected:
            yield f"the indexer tells {view.function}{view.args} as {told}, not as {view.expected}"


def _job(indexer: Indexer, job_id: int) -> dict[str, Any]:
    job = indexer.jobs.get(job_id)
    if job is None:
        return NOTHING
    moving = {"open": job.open, "taken": job.taken, "approved": job.approved, "records": job.records}
    return {**kept_of(Job(job.terms, job.terms_hash)), **moving, "state": job.state}


def _claim(claim: IndexedClaim | None) -> Claim:
    """A claim as the market keeps it, who forgets most of it when it is done."""
    if claim is None:
        return NO_CLAIM
    kept = commitment(claim.annotator, claim.word, claim.root, claim.done) if claim.done else ZERO_HASH
    disputed = claim.disputed or claim.upheld
    if claim.state == ClaimState.DONE:
        return Claim(ZERO_ADDRESS, 0, 0, 0, ClaimState.DONE, disputed=disputed, commitment=kept)
    return Claim(
        claim.annotator,
        claim.word,
        claim.time,
        claim.mask,
        claim.state,
        claim.dispute,
        disputed,
        claim.disputed_at,
        commitment=kept,
    )


TELLERS: dict[str, Any] = {
    "jobCount": lambda indexer: len(indexer.jobs),
    "feeBps": lambda indexer: indexer.fee_bps,
    "pauser": lambda indexer: indexer.pauser,
    "owner": lambda indexer: indexer.owner,
    "pendingOwner": lambda indexer: indexer.heir,
    "paused": lambda indexer: indexer.paused,
    "job": _job,
    "freeFunds": lambda indexer, job_id: indexer.jobs[job_id].free_funds if job_id in indexer.jobs else 0,
    "approvedWeight": lambda indexer, job_id: (
        indexer.jobs[job_id].approved_weight if job_id in indexer.jobs else 0
    ),
    "freeTasks": lambda indexer, job_id, word: (
        indexer.free_tasks(job_id, word) if job_id in indexer.jobs else 0
    ),
    "taskPay": lambda indexer, job_id, word: (
        task_pay(indexer.jobs[job_id].terms, word)[:3] if job_id in indexer.jobs else (0, 0, 0)
    ),
    "accountOf": lambda indexer, job_id, annotator: vars(indexer.account(job_id, annotator)),
    "claimRecord": lambda indexer, claim_id: record_of(_claim(indexer.claims.get(claim_id))),
    "liabilities": lambda indexer, token: indexer.liabilities(token),
    "creditOf": lambda indexer, token, account: indexer.credits[token, account],
    "isNonceUsed": lambda indexer, account, nonce: (account, nonce) in indexer.nonces,
}
"""Every view of the market as an indexer tells it."""
