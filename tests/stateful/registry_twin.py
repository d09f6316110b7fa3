"""The registry and its model side by side: every call goes to both, and everything about them must agree."""

from __future__ import annotations

from collections import Counter
from typing import Any

from offchain.reference.calls import Call, Effects
from offchain.reference.datasets import Dataset
from offchain.reference.registry import Registry
from offchain.reference.revert import Revert
from tests.stateful.chain import Outcome, Read, Reader, transact
from tests.stateful.registry_stage import Stage
from tests.support.calls import ZERO, now

RESALE_PRICE = 10**18 + 7
SEEN: Counter[tuple[str, str | None]] = Counter()
"""How often each function ended how, over all lives."""


class Twin:
    """One run: the model, the chain's clock, and what is compared after every step."""

    def __init__(self, stage: Stage) -> None:
        self.stage, self.model = stage, stage.model()
        self.read = Reader()
        self.agreed = True
        self.time = now()
        self.tokens = (ZERO, stage.token.address)

    def step(
        self, sender: str, act: str, *args: Any, name: str, chain_args: tuple[Any, ...], value: int = 0
    ) -> bool:
        """Send to both; they must agree on the error and its values, or on events and on all state. Tells
        whether it succeeded.
        """
        self.agreed, self.time = False, self.time + 1
        outcome = transact(self.stage.registry, name, chain_args, sender=sender, value=value, time=self.time)
        expected = self._model_outcome(act, Call(sender, self.time, value), args)
        SEEN[name, outcome.error] += 1
        if isinstance(expected, Revert):
            assert (outcome.error, outcome.values) == (expected.error, expected.values)
        else:
            _same_events(self.stage, outcome, expected)
            self.check()
        self.agreed = True
        return outcome.error is None

    def _model_outcome(self, act: str, call: Call, args: tuple[Any, ...]) -> Effects | Revert:
        try:
            effects: Effects = getattr(self.model, act)(call, *args)
        except Revert as revert:
            return revert
        return effects

    def check(self) -> None:
        """Every view of the registry, and everybody's balances."""
        expected = list(self._views())
        found = self.read([read for read, _ in expected])
        for (read, value), answer in zip(expected, found, strict=True):
            assert answer == value, f"{read.name}{read.args} is {answer}, the model says {value}"
        for token in self.tokens:
            held = self.model.bank.balances[token, self.model.address]
            assert held == self.model.liabilities(token), "holds what it owes (T1)"

    def _views(self):
        model, stage, registry = self.model, self.stage, self.stage.registry
        yield Read(registry, "feeBps"), model.governance.fee_bps
        yield Read(registry, "paused"), model.governance.paused
        yield Read(registry, "licencesSold"), len(model.licences)
        for token in self.tokens:
            yield Read(registry, "liabilities", (token,)), model.liabilities(token)
            for account in stage.accounts:
                yield Read(registry, "creditOf", (token, account)), model.credit_of(token, account)
        for account in (*stage.accounts, registry.address):
            yield Read(None, "balance", (account,)), model.bank.balances[ZERO, account]
            held = model.bank.balances[stage.token.address, account]
            yield Read(stage.token, "balanceOf", (account,)), held
        for job_id in stage.terms:
            yield Read(registry, "datasetOfJob", (job_id,)), model.dataset_of_job[job_id]
        for id_, dataset in model.datasets.items():
            assert dataset is not None
            yield from _dataset_views(stage, model, id_, dataset)
        yield from _licence_views(stage, model)


def _same_events(stage: Stage, outcome: Outcome, effects: Effects) -> None:
    assert outcome.error is None, f"reverted with {outcome.error}{outcome.values}, the model did not"
    own = [(event.name, event.args) for event in outcome.events if event.emitter == stage.registry.address]
    assert own == effects.events


def _dataset_views(stage: Stage, model: Registry, id_: int, dataset: Dataset):
    registry, listing, latest = stage.registry, dataset.listing, len(dataset.versions)
    kept = {
        "publisher": dataset.publisher,
        "price": listing.price,
        "token": listing.token,
        "royaltyBps": dataset.royalty_bps,
        "feeBps": dataset.fee_bps,
        "resaleBps": listing.resale_bps,
        "versions": latest,
        "forSale": dataset.for_sale,
        "licenceHash": listing.licence_hash,
        "schema": listing.schema,
        "jobId": dataset.job_id,
    }
    yield Read(registry, "dataset", (id_,)), kept
    yield Read(registry, "versionOf", (id_, latest)), dataset.versions[-1].message()
    yield Read(registry, "versionOf", (id_, 1)), dataset.versions[0].message()
    for account in stage.accounts:
        yield Read(registry, "licenceCount", (id_, account)), model.licence_count(id_, account)
    pool = dataset.pool
    counts = {"total": pool.total, "collected": pool.collected} if pool else {"total": 0, "collected": 0}
    yield Read(registry, "poolOf", (id_,)), counts
    if pool is not None:
        for account in stage.workers:
            yield Read(registry, "royaltyDue", (id_, account)), model.royalty_due(id_, account)


def _licence_views(stage: Stage, model: Registry):
    registry = stage.registry
    for account in stage.accounts:
        yield Read(registry, "balanceOf", (account,)), model.balance_of(account)
    for licence_id, licence in model.licences.items():
        assert licence is not None
        dataset = model.datasets[licence.dataset_id]
        assert dataset is not None
        kept = {
            "datasetId": licence.dataset_id,
            "licenceHash": licence.licence_hash,
            "version": licence.version,
            "purchasedAt": licence.purchased_at,
        }
        royalty = RESALE_PRICE * dataset.listing.resale_bps // 10_000
        yield Read(registry, "licenceOf", (licence_id,)), kept
        yield Read(registry, "ownerOf", (licence_id,)), model.owners[licence_id]
        yield Read(registry, "getApproved", (licence_id,)), model.approvals[licence_id]
        yield Read(registry, "tokenURI", (licence_id,)), dataset.uris[licence.version - 1]
        yield Read(registry, "royaltyInfo", (licence_id, RESALE_PRICE)), (dataset.publisher, royalty)
