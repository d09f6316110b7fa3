"""What buyers, annotators and holders of licences do, and those who come in between."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from offchain.reference.datasets import Order
from offchain.terms import ZERO_ADDRESS, ZERO_HASH
from tests.capabilities.registry.base import HUGE, LICENCE, OTHER_LICENCE, ROOTS, URIS, Bid, Struct
from tests.capabilities.registry.publishing import PublishActions
from tests.engine.capability import NATIVE, action
from tests.engine.chain import UNLIMITED
from tests.engine.dice import Dice

TRANSFERS = ("transferFrom", "safeTransferFrom", "transferFrom", "safeTransferFrom")
WITH_DATA = 3
"""The number of the transfer that has data for the recipient."""


class SaleActions(PublishActions):
    """Licences are bought, royalties paid, licences handed on."""

    # Purchases

    @action(26, lambda self: self.model.datasets)
    def purchase(self, dice: Dice) -> None:
        right = self._on_sale() if dice.below(24) < 23 else self.model.datasets
        order = self._order(dice, self.pick_dataset(dice, right))
        buyer = self.sender(dice, *self.cast.payers)
        self._buy(dice, buyer, order, self.moment(dice))

    @action(6, lambda self: self._on_sale())
    def overtaken_order(self, dice: Dice) -> None:
        """The publisher changes something between a buyer's look and his purchase (T48)."""
        id_ = dice.choose(self._on_sale())
        dataset, buyer = self.dataset(id_), dice.choose(self.cast.payers)
        price, versions = dataset.listing.price, len(dataset.versions)
        order = Order(id_, versions, dataset.listing.licence_hash, price, buyer)
        content = replace(dataset.versions[-1], package_root=dice.choose(ROOTS))
        other = OTHER_LICENCE if order.licence_hash == LICENCE else LICENCE
        changes: list[tuple[str, tuple[Any, ...]]] = [
            ("setPrice", (min(price + 1, HUGE[0]),)),
            ("setPrice", (max(price - 1, 0),)),
            ("setLicence", (other,)),
            ("addVersion", (Struct(content), URIS[0])),
            ("setForSale", (False,)),
        ]
        function, args = dice.choose(changes)
        self.act(function, id_, *args, sender=dataset.publisher)
        value = price if dataset.listing.token == NATIVE else 0
        self.act("purchase", Bid(order), sender=buyer, value=self._affordable(buyer, value))
        if function == "setForSale":
            self.act(function, id_, True, sender=dataset.publisher)

    def _on_sale(self) -> list[int]:
        """The data sets that can be bought."""
        listed = [(id_, dataset.listing) for id_, dataset in self.datasets() if dataset.for_sale]
        return [id_ for id_, listing in listed if listing.token in self.stage.coins]

    def _order(self, dice: Dice, id_: int) -> Order:
        """What a buyer who looks now orders; now and then with one thing wrong."""
        dataset, recipient = self.model.datasets[id_], self.somebody(dice)
        if dataset is None:
            return Order(id_, 1, LICENCE, UNLIMITED, recipient)
        seen, latest = dataset.listing, len(dataset.versions)
        most = dice.choose((seen.price, seen.price + 1, UNLIMITED))
        order = Order(id_, latest, seen.licence_hash, most, recipient)
        if dice.wrong() or dice.chance(6):
            mistakes: list[dict[str, Any]] = [
                {"version": dice.choose((latest + 1, latest + 2**32))},
                {"version": dice.choose((latest - 1, 0))},
                {"licence_hash": OTHER_LICENCE if seen.licence_hash == LICENCE else LICENCE},
                {"licence_hash": ZERO_HASH},
                {"max_price": max(seen.price - 1, 0)},
            ]
            order = replace(order, **dice.choose(mistakes))
        return order

    def _buy(self, dice: Dice, buyer: str, order: Order, at: int) -> None:
        dataset = self.model.datasets[order.dataset_id]
        value = self.value_for(dice, dataset.listing.token, dataset.listing.price) if dataset else 0
        self.act("purchase", Bid(order), sender=buyer, at=at, value=self._affordable(buyer, value))

    def _affordable(self, buyer: str, value: int) -> int:
        """Nobody can send more of the native coin than he has."""
        return value if value <= self.model.bank.balances[NATIVE, buyer] else 0

    # Royalties

    @action(14, lambda self: self._with_pool())
    def pay_royalty(self, dice: Dice) -> None:
        right = None if dice.chance(16) else self._owing() or self._with_pool()
        id_ = self.pick_dataset(dice, right)
        dataset = self.model.datasets[id_]
        annotators = list(dataset.pool.weights) if dataset and dataset.pool else self.cast.annotators
        annotator = dice.pick(annotators, self.cast.everybody)
        self.act("payRoyalty", id_, annotator, sender=dice.choose(self.cast.everybody), at=self.moment(dice))

    def _with_pool(self) -> list[int]:
        return [id_ for id_, dataset in self.datasets() if dataset.pool]

    def _owing(self) -> list[int]:
        """The data sets that owe more than dust."""
        return [
            id_
            for id_, dataset in self.datasets()
            if dataset.pool and dataset.pool.total - dataset.pool.collected >= len(dataset.pool.weights)
        ]

    # Licences

    @action(8, lambda self: self.model.licences)
    def transfer(self, dice: Dice) -> None:
        """By the holder, who he approved, or his operator; safely, too, where the recipient is asked."""
        licence_id = self._licence(dice)
        owner = self.model.owners[licence_id]
        sender = self.sender(dice, *self._allowed(licence_id))
        giver = dice.pick([owner], self.cast.everybody)
        kind = dice.below(len(TRANSFERS))
        takers = self._takers() if TRANSFERS[kind] == "safeTransferFrom" else self.cast.everybody
        to = dice.pick(takers, [ZERO_ADDRESS, *self._shy()])
        data = (b"some data",) if kind == WITH_DATA else ()
        self.act(TRANSFERS[kind], giver, to, licence_id, *data, sender=sender, at=self.moment(dice))

    @action(4, lambda self: self.model.licences)
    def approve(self, dice: Dice) -> None:
        licence_id = self._licence(dice)
        owner = self.model.owners[licence_id]
        right = [owner, *self._operators(owner)] if int(owner, 16) else [self.cast.buyer]
        spender = dice.choose((*self.cast.everybody, ZERO_ADDRESS))
        self.act("approve", spender, licence_id, sender=self.sender(dice, *right))

    @action(3, lambda self: self.model.licences)
    def set_operator(self, dice: Dice) -> None:
        holders = dict.fromkeys(owner for _, owner in self.model.owners.items())
        holder = dice.choose([who for who in holders if who != self.contract.address] or [self.cast.buyer])
        approved = dice.choose((True, True, False))
        operator = ZERO_ADDRESS if dice.chance(12) else self.somebody(dice)
        self.act("setApprovalForAll", operator, approved, sender=holder)

    @action(3, lambda self: self.model.licences)
    def seize(self, dice: Dice) -> None:
        """Somebody lays hands on a licence that is not his."""
        licence_id = dice.choose(list(self.model.licences))
        owner, allowed = self.model.owners[licence_id], self._allowed(licence_id)
        thief = dice.choose([who for who in self.cast.everybody if who not in allowed])
        attempts: list[tuple[str, tuple[Any, ...]]] = [
            ("transferFrom", (owner, thief, licence_id)),
            ("safeTransferFrom", (owner, thief, licence_id)),
            ("approve", (thief, licence_id)),
            ("transferFrom", (thief, thief, licence_id)),
        ]
        function, args = dice.choose(attempts)
        self.act(function, *args, sender=thief)

    def _licence(self, dice: Dice) -> int:
        sold = len(self.model.licences)
        return dice.pick(range(1, sold + 1), (0, sold + 1))

    def _allowed(self, licence_id: int) -> list[str]:
        """Who may hand a licence on; the buyer for one that was never sold."""
        owner, approved = self.model.owners[licence_id], self.model.approvals[licence_id]
        who = [owner, approved, *self._operators(owner)]
        return [one for one in who if int(one, 16) and one != self.contract.address] or [self.cast.buyer]

    def _operators(self, owner: str) -> list[str]:
        return [who for (of, who), approved in self.model.operators.items() if of == owner and approved]

    def _shy(self) -> list[str]:
        """Those to whom no licence can be handed over safely."""
        registry = self.contract.address
        return [who for of, who in self.model.bank.world.refusals if of == registry]

    def _takers(self) -> list[str]:
        shy = self._shy()
        return [who for who in self.cast.everybody if who not in shy]

    # Callers

    @action(3, lambda self: self.model.datasets)
    def call_back(self, dice: Dice) -> None:
        """Who calls back when he is paid, and the token that calls back when it moves, get words that would
        work if the registry let itself be called while it pays (T62).
        """
        puppet = dice.choose((self.stage.puppet, self.stage.tokens[2]))
        own = [id_ for id_, dataset in self.datasets() if dataset.publisher == puppet.address]
        id_ = dice.choose(own or list(self.model.datasets))
        listing = self.dataset(id_).listing
        calls: list[tuple[str, tuple[Any, ...]]] = [
            ("payRoyalty", (id_, self.cast.annotator)),
            ("purchase", (id_, len(self.dataset(id_).versions), listing.licence_hash, 0, puppet.address)),
            ("setPrice", (id_, 0)),
            ("setLicence", (id_, OTHER_LICENCE)),
            ("setForSale", (id_, False)),
            ("withdraw", (listing.token, puppet.address, 1)),
        ]
        function, args = dice.choose(calls)
        self.say_when_called(puppet, function, *args)

    # Credits

    @action(30, lambda self: self.signable_credits())
    def withdraw_by_sig(self, dice: Dice) -> None:
        """Often, where it can be: few of those who are owed something can sign."""
        super().withdraw_by_sig(dice)
