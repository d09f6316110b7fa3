"""What publishers do, honest ones and thieves."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from offchain.terms import ZERO_HASH, JobTerms
from tests.capabilities.registry.base import (
    LICENCE,
    LONG_URI,
    OTHER_LICENCE,
    ROOTS,
    URIS,
    RegistryBase,
    Struct,
    Terms,
)
from tests.engine.capability import action
from tests.engine.dice import Dice

MOST_DATASETS = 7


def _room(play: RegistryBase) -> bool:
    return len(play.model.datasets) < MOST_DATASETS


class PublishActions(RegistryBase):
    """Data sets are published, changed, and copied."""

    def open(self, dice: Dice) -> None:
        """Nearly all that can happen needs a fee and a data set of a job."""
        self.act("setFee", dice.choose((250, 0, 500, 1)), sender=self.cast.owner)
        self.publish_from_job(dice)

    @action(5, _room)
    def publish(self, dice: Dice) -> None:
        publisher = self.sender(dice, *self.cast.publishers)
        content = self.version(dice, self.new_roots(publisher))
        arguments = (Struct(content), Struct(self.listing(dice)), self.uri(dice))
        self.act("publish", *arguments, sender=publisher, at=self.moment(dice))

    @action(6, lambda self: _room(self) and self.unpublished())
    def publish_from_job(self, dice: Dice) -> None:
        jobs = self.stage.jobs
        job_id = dice.pick(self.unpublished(), (*jobs.terms, 0, 99, 2**64))
        terms = jobs.terms.get(job_id, jobs.terms[1])
        publisher = self.sender(dice, terms.creator)
        source = terms.data_root, terms.data_length
        if dice.wrong() or dice.chance(10):
            terms = replace(terms, **dice.choose(_other_terms(terms)))
        content = self.version(dice, self.new_roots(publisher), source)
        offer = Struct(self.listing(dice))
        arguments = (job_id, Terms(terms), Struct(content), offer, self.uri(dice))
        self.act("publishFromJob", *arguments, sender=publisher, at=self.moment(dice))

    @action(4, lambda self: self.model.datasets)
    def add_version(self, dice: Dice) -> None:
        id_ = self.pick_dataset(dice)
        dataset = self.model.datasets[id_]
        source = dataset.versions[0].source if dataset and dataset.job_id else None
        content = self.version(dice, ROOTS, source)
        sender = self.publisher_of(dice, id_)
        self.act("addVersion", id_, Struct(content), self.uri(dice), sender=sender, at=self.moment(dice))

    @action(4, lambda self: self.model.datasets)
    def set_price(self, dice: Dice) -> None:
        id_ = self.pick_dataset(dice)
        dataset = self.model.datasets[id_]
        price = self.price(dice, dataset.listing.token) if dataset else 1
        self.act("setPrice", id_, price, sender=self.publisher_of(dice, id_))

    @action(3, lambda self: self.model.datasets)
    def set_licence(self, dice: Dice) -> None:
        id_ = self.pick_dataset(dice)
        licence = dice.pick((OTHER_LICENCE, LICENCE), [ZERO_HASH])
        self.act("setLicence", id_, licence, sender=self.publisher_of(dice, id_))

    @action(4, lambda self: self.model.datasets)
    def set_for_sale(self, dice: Dice) -> None:
        """What is off sale comes back soon."""
        resting = [id_ for id_, dataset in self.datasets() if not dataset.for_sale]
        id_ = self.pick_dataset(dice, resting or None)
        for_sale = bool(resting) if dice.below(4) else not resting
        self.act("setForSale", id_, for_sale, sender=self.publisher_of(dice, id_))

    # Thieves

    @action(4, lambda self: _room(self) and self.model.datasets)
    def copy(self, dice: Dice) -> None:
        """Somebody publishes what another has published, for less: a data set of his own (R9, T45, T63)."""
        copies = [
            (thief, dataset)
            for _, dataset in self.datasets()
            for thief in self.cast.publishers
            if dataset.versions[0].package_root in self.new_roots(thief)
        ]
        if not copies:
            return
        thief, dataset = dice.choose(copies)
        offer = replace(dataset.listing, price=dataset.listing.price // 2)
        content = dataset.versions[0]
        self.act("publish", Struct(content), Struct(offer), dataset.uris[0], sender=thief)

    @action(3, lambda self: _room(self) and self.unpublished())
    def be_first(self, dice: Dice) -> None:
        """Somebody publishes another's package first; the author publishes it all the same, with its job
        (R9, T45).
        """
        job_id = dice.choose(self.unpublished())
        terms = self.stage.jobs.terms[job_id]
        thief = dice.choose([who for who in self.cast.publishers if who != terms.creator])
        roots = self.new_roots(thief, terms.creator)
        if not roots:
            return
        package = self.version(Dice(b""), roots, (terms.data_root, terms.data_length))
        content, offer = Struct(package), Struct(replace(self.listing(Dice(b"")), price=dice.choose((40, 0))))
        first = self.act("publish", content, offer, URIS[0], sender=thief)
        arguments = (job_id, Terms(terms), content, offer, URIS[1])
        done = self.act("publishFromJob", *arguments, sender=terms.creator)
        assert done == first, "a thief was first, and so the author cannot publish"

    @action(4, lambda self: self.model.datasets)
    def trespass(self, dice: Dice) -> None:
        """A publisher lays hands on another's data set or job (R9, T45)."""
        id_ = dice.choose(list(self.model.datasets))
        dataset = self.dataset(id_)
        content, offer = Struct(dataset.versions[0]), Struct(dataset.listing)
        job_id = dataset.job_id or 1
        changes: list[tuple[str, tuple[Any, ...]]] = [
            ("setPrice", (id_, 0)),
            ("setForSale", (id_, False)),
            ("setLicence", (id_, LICENCE)),
            ("addVersion", (id_, content, LONG_URI)),
            ("publishFromJob", (job_id, Terms(self.stage.jobs.terms[job_id]), content, offer, URIS[1])),
        ]
        function, args = dice.choose(changes)
        thieves = [who for who in self.cast.publishers if who != dataset.publisher]
        self.act(function, *args, sender=dice.choose(thieves))

    @action(3, lambda self: self.model.datasets)
    def publish_again(self, dice: Dice) -> None:
        """A publisher publishes what he has published, or a job that is published, or not worth it."""
        dataset = self.dataset(dice.choose(list(self.model.datasets)))
        content, offer = dataset.versions[0], Struct(dataset.listing)
        if dice.below(2):
            self.act("publish", Struct(content), offer, URIS[1], sender=dataset.publisher)
            return
        job_id = dice.choose(list(self.stage.jobs.terms))
        terms = self.stage.jobs.terms[job_id]
        content = replace(content, source_root=terms.data_root, source_length=terms.data_length)
        self.act(
            "publishFromJob", job_id, Terms(terms), Struct(content), offer, URIS[1], sender=terms.creator
        )


def _other_terms(terms: JobTerms) -> list[dict[str, Any]]:
    """One thing else in the terms of a job."""
    return [
        {"royalty_bps": 0 if terms.royalty_bps else 1},
        {"data_root": b"\xdb" * 32},
        {"data_length": terms.data_length + 1},
        {"word_classes": (1,)},
        {"deadline": terms.deadline + 1},
    ]
