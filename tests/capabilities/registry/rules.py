"""What must hold of a registry's model at every step, in sentences."""

from __future__ import annotations

from collections.abc import Iterator

from offchain.reference.calls import Effects
from offchain.reference.datasets import Dataset, dataset_id
from offchain.reference.registry import BPS, MAX_RESALE_BPS, Registry
from offchain.terms import ZERO_ADDRESS


def after_step(model: Registry, effects: Effects) -> Iterator[str]:
    """The sentences that a step with these effects broke."""
    yield from _money(model, {paid.token for paid in effects.payments})
    for name, values in effects.events:
        if name == "LicencePurchased":
            yield from _sale(model, effects, values)


def whole(model: Registry) -> Iterator[str]:
    """The sentences that do not hold."""
    yield from _money(model, {token for token, _ in model.bank.balances})
    for key, amount in (*model.bank.balances.items(), *model.credits.items()):
        if amount < 0:
            yield f"{key} is at {amount}, below zero"
    if model.owner == ZERO_ADDRESS:
        yield "nobody owns the registry (T61)"
    for id_, dataset in model.datasets.items():
        assert dataset is not None
        yield from (f"data set {id_:#x}: {sentence}" for sentence in _dataset(model, id_, dataset))
    for licence_id, licence in model.licences.items():
        assert licence is not None
        dataset = model.datasets[licence.dataset_id]
        if dataset is None or not 1 <= licence.version <= len(dataset.versions):
            yield f"licence {licence_id} is for a version that does not exist"


def _money(model: Registry, tokens: set[str]) -> Iterator[str]:
    """The registry holds what it owes, to the unit (T1)."""
    for token in tokens:
        held, owed = model.bank.balances[token, model.address], model.liabilities(token)
        if held != owed:
            yield f"the registry holds {held} of {token} and owes {owed} (T1)"


def _sale(model: Registry, effects: Effects, values: dict[str, int]) -> Iterator[str]:
    """Every unit of a price goes to the sink, the annotators' pool or the publisher."""
    came = sum(paid.amount for paid in effects.payments if paid.payee == model.address)
    went = sum(paid.amount for paid in effects.payments if paid.payer == model.address)
    credited = sum(told["amount"] for name, told in effects.events if name == "Credited")
    if came != values["price"]:
        yield f"the buyer paid {came}, not {values['price']}"
    if went + credited + values["royalty"] != came:
        yield f"of {came}, {went} went out, {credited} were credited and {values['royalty']} kept"


def _dataset(model: Registry, id_: int, dataset: Dataset) -> Iterator[str]:
    if id_ == 0 or id_ != dataset_id(dataset.publisher, dataset.versions[0].package_root):
        yield "its id is not that of its publisher and first package (T63)"
    if dataset.listing.resale_bps > MAX_RESALE_BPS:
        yield "its resale royalty is above the cap (T49)"
    if dataset.fee_bps + dataset.royalty_bps > BPS:
        yield "fee and royalty are more than the price"
    if dataset.job_id:
        job = (model.jobs or {})[dataset.job_id]
        if job.creator != dataset.publisher or model.dataset_of_job[dataset.job_id] != id_:
            yield f"it has no right to job {dataset.job_id} (T45)"
    if (dataset.pool is not None) != bool(dataset.job_id):
        yield "it has a pool without a job, or a job without a pool"
    if dataset.pool is not None:
        pool = dataset.pool
        owed = sum(pool.due(annotator) for annotator in pool.weights)
        dust = pool.total - pool.collected - owed
        if not 0 <= dust < len(pool.weights):
            yield f"{dust} of its pool belong to nobody (T5)"
