"""A market with closed jobs and a registry beside it, and the pieces that calls to the registry take."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import ape

from offchain.reference.datasets import Listing, Version
from offchain.terms import JobTerms
from tests.support.calls import ZERO, Contract, deploy, now

ETHER = 10**18
YEAR = 365 * 24 * 3600
DATA_ROOT, DATA_LENGTH = b"\xda" * 32, 12_345
LICENCE, OTHER_LICENCE = b"\x11" * 32, b"\x22" * 32
SCHEMA = b"coco".ljust(32, b"\0")
URI = "0g://package/1"
PRICE = 1_000_003  # a prime-ish amount, so that every share of it is rounded


@dataclass(frozen=True)
class Roles:
    """Who is who; none of them is anybody else."""

    owner: str
    sink: str
    publisher: str
    rival: str
    buyer: str
    annotators: tuple[str, str, str]
    stranger: str


def roles() -> Roles:
    names = [account.address for account in ape.accounts.test_accounts[:9]]
    return Roles(*names[:5], annotators=(names[5], names[6], names[7]), stranger=names[8])


def deploy_registry(who: Roles, market: str = ZERO) -> Contract:
    return deploy("DatasetRegistry", who.owner, who.sink, market, sender=who.owner)


def deploy_market(who: Roles) -> Contract:
    return deploy("AnnotationMarket", who.owner, who.sink, sender=who.owner)


def deploy_token(
    holders: Sequence[str], spenders: Sequence[str], name: str = "MockToken", arguments: tuple[Any, ...] = ()
) -> Contract:
    """A token of which the holders have plenty and let the spenders take it."""
    token = deploy(name, *arguments, sender=holders[0])
    for holder in holders:
        token.send("mint", holder, 10**30, sender=holder)
        for spender in spenders:
            token.send("approve", spender, 2**256 - 1, sender=holder)
    return token


def job_terms(creator: str, **changes: Any) -> JobTerms:
    """Terms of a plain job: ten tasks, no arbiter, a royalty of 30 %."""
    plain = JobTerms(
        creator=creator,
        reward=1_000,
        task_count=10,
        review_window=3_600,
        deadline=now() + YEAR,
        max_open=1_000,
        royalty_bps=3_000,
        data_root=DATA_ROOT,
        data_length=DATA_LENGTH,
        instructions_hash=b"\x1f" * 32,
    )
    return replace(plain, **changes)


def terms_struct(terms: JobTerms) -> dict[str, Any]:
    """The terms as `createJob` and `publishFromJob` take them."""
    return {name: value for name, value in terms.message().items() if name not in {"creator", "wordClasses"}}


def open_job(market: Contract, terms: JobTerms, funds: int | None = None) -> int:
    """Create a job that is paid in the native coin; returns its id."""
    value = terms.reward * terms.task_count if funds is None else funds
    arguments = (terms_struct(terms), list(terms.word_classes), 0, b"")
    return int(market.send("createJob", *arguments, sender=terms.creator, value=value).value)


def work_on(market: Contract, job_id: int, annotator: str, mask: int, word: int = 0) -> int:
    """Claim and submit tasks; returns the claim's id."""
    claim_id = int(market.send("claim", job_id, word, mask, b"", [], sender=annotator).value)
    market.send("submitBatch", claim_id, b"\x0b" * 32, mask, "", sender=annotator)
    return claim_id


def closed_job(market: Contract, terms: JobTerms, shares: Mapping[str, int], word: int = 0) -> int:
    """A job in which each annotator did so many tasks of one word, all of them approved; then closed."""
    job_id, start = open_job(market, terms), 0
    for annotator, tasks in shares.items():
        mask = ((1 << tasks) - 1) << start
        claim_id = work_on(market, job_id, annotator, mask, word)
        market.send("approve", claim_id, mask, sender=terms.creator)
        start += tasks
    if market.call("job", job_id)["open"]:
        market.send("close", job_id, sender=terms.creator)
    return job_id


def content(root: bytes | int = 1, **changes: Any) -> Version:
    """A version with its own package; the source is that of `job_terms`."""
    package = root if isinstance(root, bytes) else root.to_bytes(32, "big")
    plain = Version(
        source_root=DATA_ROOT,
        annotations_root=b"\xaa" * 32,
        package_root=package,
        manifest_hash=b"\x3a" * 32,
        source_length=DATA_LENGTH,
        annotations_length=77,
        package_length=999,
    )
    return replace(plain, **changes)


def listing(**changes: Any) -> Listing:
    return replace(Listing(price=PRICE, licence_hash=LICENCE, schema=SCHEMA, resale_bps=500), **changes)


@dataclass(frozen=True)
class World:
    """A market, its registry, a token; a closed job of the publisher with two annotators, 7 and 3 tasks."""

    who: Roles
    market: Contract
    registry: Contract
    token: Contract
    terms: JobTerms
    job_id: int

    def publish(self, root: int | bytes = 1, sender: str | None = None, **changes: Any) -> int:
        """Publish without a job; returns the id."""
        arguments = (content(root).message(), listing(**changes).message(), URI)
        return int(self.registry.send("publish", *arguments, sender=sender or self.who.publisher).value)

    def publish_from_job(self, root: int | bytes = 1, **changes: Any) -> int:
        """Publish the closed job; returns the id."""
        return int(self.registry.send(*self.from_job(root, **changes), sender=self.who.publisher).value)

    def from_job(self, root: int | bytes = 1, **changes: Any) -> tuple[Any, ...]:
        """The call of `publishFromJob` for the closed job."""
        return from_job_call(self.job_id, self.terms, content(root), listing(**changes))

    def buy(self, dataset_id: int, *, buyer: str | None = None, recipient: str | None = None) -> int:
        """Buy the latest version on today's terms; returns the licence's id."""
        kept = self.registry.call("dataset", dataset_id)
        buyer = buyer or self.who.buyer
        order = (kept["versions"], kept["licenceHash"], kept["price"], recipient or buyer)
        value = kept["price"] if kept["token"] == ZERO else 0
        return int(self.registry.send("purchase", dataset_id, *order, sender=buyer, value=value).value)


def from_job_call(
    job_id: int, terms: JobTerms, version: Version, offer: Listing, uri: str = URI
) -> tuple[Any, ...]:
    """Name and arguments of a call of `publishFromJob`."""
    structs = (terms_struct(terms), list(terms.word_classes), version.message(), offer.message())
    return ("publishFromJob", job_id, *structs, uri)


def make_world() -> World:
    who = roles()
    market = deploy_market(who)
    registry = deploy_registry(who, market.address)
    token = deploy_token([who.publisher, who.buyer, who.rival], [registry.address], arguments=(6,))
    terms = job_terms(who.publisher)
    job_id = closed_job(market, terms, {who.annotators[0]: 7, who.annotators[1]: 3})
    return World(who, market, registry, token, terms, job_id)
