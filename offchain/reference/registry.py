"""Reference model of DatasetRegistry: the same calls, the same refusals, the same money, in plain Python.

What is owed to annotators is not counted along the way: it is what flowed into the pools and was not
collected.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from offchain.reference.bank import World
from offchain.reference.calls import Call, act, payable_act
from offchain.reference.datasets import Dataset, JobFacts, Licence, Listing, Order, Version, dataset_id
from offchain.reference.journal import Table
from offchain.reference.licences import Licences
from offchain.reference.revert import Revert
from offchain.signing import terms_hash
from offchain.states import JobState
from offchain.terms import ZERO_ADDRESS, ZERO_HASH, JobTerms

BPS = 10_000
MAX_RESALE_BPS = 1_000
MAX_URI_BYTES = 256


class Registry(Licences):
    """The registry at `address`. `jobs` are those of its market; None where it has no market."""

    def __init__(
        self,
        address: str,
        owner: str,
        fee_recipient: str,
        world: World,
        *,
        jobs: Mapping[int, JobFacts] | None = None,
    ) -> None:
        super().__init__(address, owner, fee_recipient, world)
        self.jobs = jobs
        self.datasets: Table[int, Dataset | None] = Table(self.journal, None)
        self.dataset_of_job: Table[int, int] = Table(self.journal, 0)

    # Views

    def owed(self) -> Iterator[tuple[str, int]]:
        """What the annotators have not collected yet, by token."""
        for id_ in self.datasets:
            dataset = self._dataset(id_)
            if dataset.pool is not None:
                yield dataset.listing.token, dataset.pool.total - dataset.pool.collected

    def royalty_due(self, id_: int, annotator: str) -> int:
        """What `pay_royalty` would pay now, base units."""
        pool = self._dataset(id_).pool
        if pool is None:
            raise Revert("NoJob")
        return pool.due(annotator)

    # Publishing

    @act
    def publish(self, call: Call, content: Version, listing: Listing, uri: str) -> int:
        """A data set without a job."""
        self._require_running()
        return self._publish(call.sender, 0, 0, content, listing, uri)

    @act
    def publish_from_job(  # noqa: PLR0913, PLR0917 - the contract's arguments
        self, call: Call, job_id: int, terms: JobTerms, content: Version, listing: Listing, uri: str
    ) -> int:
        """The data set of a closed job. The terms' creator is whoever calls."""
        self._require_running()
        self._check_job(call, job_id, terms)
        if content.source != (terms.data_root, terms.data_length):
            raise Revert("SourceMismatch", terms.data_root, terms.data_length)
        if self.dataset_of_job[job_id]:
            raise Revert("JobAlreadyPublished", job_id, self.dataset_of_job[job_id])
        id_ = self._publish(call.sender, job_id, terms.royalty_bps, content, listing, uri)
        self.dataset_of_job[job_id] = id_
        return id_

    @act
    def add_version(self, call: Call, id_: int, content: Version, uri: str) -> int:
        """One more version of an own data set; of a job's, only of the same source."""
        dataset = self._own(call, id_)
        first = dataset.versions[0]
        if dataset.job_id and content.source != first.source:
            raise Revert("SourceMismatch", *first.source)
        return self._add_version(id_, dataset, content, uri)

    @act
    def set_price(self, call: Call, id_: int, price: int) -> None:
        """The price of later purchases."""
        dataset = self._own(call, id_)
        self.datasets[id_] = replace(dataset, listing=replace(dataset.listing, price=price))
        self._emit("PriceSet", datasetId=id_, price=price)

    @act
    def set_licence(self, call: Call, id_: int, licence_hash: bytes) -> None:
        """The licence of later purchases."""
        _require(licence_hash != ZERO_HASH, "licenceHash")
        dataset = self._own(call, id_)
        self.datasets[id_] = replace(dataset, listing=replace(dataset.listing, licence_hash=licence_hash))
        self._emit("LicenceSet", datasetId=id_, licenceHash=licence_hash)

    @act
    def set_for_sale(self, call: Call, id_: int, for_sale: bool) -> None:  # noqa: FBT001 - as declared
        """On or off sale."""
        self.datasets[id_] = replace(self._own(call, id_), for_sale=for_sale)
        self._emit("ForSaleSet", datasetId=id_, forSale=for_sale)

    # Purchase and royalties

    @payable_act
    def purchase(self, call: Call, order: Order) -> int:
        """Buy a licence: fee to the sink, the annotators' share, the rest to the publisher."""
        self._require_running()
        dataset = self._dataset(order.dataset_id)
        _check_order(dataset, order)
        token, price = dataset.listing.token, dataset.listing.price
        fee, royalty = price * dataset.fee_bps // BPS, price * dataset.royalty_bps // BPS
        bought = Licence(order.dataset_id, order.licence_hash, order.version, call.now)
        licence_id = self._mint(order.recipient, bought)
        if dataset.pool is not None:
            self.datasets[order.dataset_id] = replace(dataset, pool=dataset.pool.filled(royalty))
        self._emit(
            "LicencePurchased",
            datasetId=order.dataset_id,
            licenceId=licence_id,
            recipient=order.recipient,
            buyer=call.sender,
            version=order.version,
            licenceHash=order.licence_hash,
            price=price,
            fee=fee,
            royalty=royalty,
        )
        self._receive(call, token, call.sender, price)
        self._credit(token, self.fee_recipient, fee)
        self._pay(token, dataset.publisher, price - fee - royalty)
        return licence_id

    @act
    def pay_royalty(self, call: Call, id_: int, annotator: str) -> int:  # noqa: ARG002 - anyone may call
        """Pay what the annotator has earned and not collected; nothing where that is nothing."""
        amount, dataset = self.royalty_due(id_, annotator), self._dataset(id_)
        if dataset.pool is not None:
            self.datasets[id_] = replace(dataset, pool=dataset.pool.collected_by(annotator))
        if amount:
            self._emit("RoyaltyPaid", datasetId=id_, annotator=annotator, amount=amount)
            self._pay(dataset.listing.token, annotator, amount)
        return amount

    # Inside

    def _publish(  # noqa: PLR0913, PLR0917 - what a data set is made of
        self, publisher: str, job_id: int, royalty_bps: int, content: Version, listing: Listing, uri: str
    ) -> int:
        _require(listing.licence_hash != ZERO_HASH, "licenceHash")
        if listing.resale_bps > MAX_RESALE_BPS:
            raise Revert("ResaleRoyaltyAboveCap", listing.resale_bps, MAX_RESALE_BPS)
        _require(listing.token in self.bank.world.contracts | {ZERO_ADDRESS}, "token")
        id_ = dataset_id(publisher, content.package_root)
        if self.datasets[id_] is not None:
            raise Revert("AlreadyPublished", id_)
        from_job: dict[str, Any] = {"job_id": job_id, "royalty_bps": royalty_bps, "pool": None}
        if job_id:
            from_job["pool"] = self._job(job_id).pool
        fee_bps = self.governance.fee_bps
        dataset = Dataset(publisher=publisher, listing=listing, fee_bps=fee_bps, **from_job)
        self._emit(
            "DatasetPublished",
            datasetId=id_,
            publisher=publisher,
            jobId=job_id,
            listing=listing.message(),
            royaltyBps=royalty_bps,
            feeBps=fee_bps,
        )
        self._add_version(id_, dataset, content, uri)
        return id_

    def _add_version(self, id_: int, dataset: Dataset, content: Version, uri: str) -> int:
        _require(content.package_root != ZERO_HASH, "packageRoot")
        _require(content.package_length != 0, "packageLength")
        _require(content.manifest_hash != ZERO_HASH, "manifestHash")
        length = len(uri.encode())
        if length > MAX_URI_BYTES:
            raise Revert("TooLong", length, MAX_URI_BYTES)
        versions, uris = (*dataset.versions, content), (*dataset.uris, uri)
        self.datasets[id_] = replace(dataset, versions=versions, uris=uris)
        self._emit("VersionAdded", datasetId=id_, version=len(versions), content=content.message(), uri=uri)
        return len(versions)

    def _check_job(self, call: Call, job_id: int, terms: JobTerms) -> None:
        job = self._job(job_id)
        if call.sender != job.creator:
            raise Revert("NotJobCreator", call.sender, job.creator)
        if job.state != JobState.CLOSED:
            raise Revert("JobNotClosed", job_id, job.state)
        if not job.weights:
            raise Revert("NothingApproved", job_id)
        given = terms_hash(replace(terms, creator=call.sender))
        if given != job.terms_hash:
            raise Revert("TermsMismatch", job_id, job.terms_hash, given)

    def _job(self, job_id: int) -> JobFacts:
        if self.jobs is None:
            raise Revert("NoJob")
        return self.jobs.get(job_id, JobFacts())

    def _dataset(self, id_: int) -> Dataset:
        dataset = self.datasets[id_]
        if dataset is None:
            raise Revert("UnknownDataset", id_)
        return dataset

    def _own(self, call: Call, id_: int) -> Dataset:
        dataset = self._dataset(id_)
        if call.sender != dataset.publisher:
            raise Revert("NotPublisher", call.sender, dataset.publisher)
        return dataset


def _require(present: bool, field: str) -> None:  # noqa: FBT001 - as Solidity's require
    if not present:
        raise Revert("Missing", field.encode().ljust(32, b"\0"))


def _check_order(dataset: Dataset, order: Order) -> None:
    listing, latest = dataset.listing, len(dataset.versions)
    if not dataset.for_sale:
        raise Revert("NotForSale", order.dataset_id)
    if listing.price > order.max_price:
        raise Revert("PriceAboveMax", listing.price, order.max_price)
    if order.licence_hash != listing.licence_hash:
        raise Revert("LicenceChanged", order.licence_hash, listing.licence_hash)
    if order.version != latest:
        raise Revert("VersionChanged", order.version, latest)
