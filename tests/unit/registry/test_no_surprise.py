"""
No change of the publisher can surprise a buyer, not even in the same block (T48)
├── price, licence or version changed just before the purchase: it fails and costs nothing
├── the sale ended just before: it fails
├── changed just after: the buyer has what he ordered
└── a lower price just before: the native buyer's exact payment no longer fits, a token buyer pays less
"""

import pytest

from tests.support.calls import ZERO, balance, one_block, outcome_of
from tests.support.registry import LICENCE, OTHER_LICENCE, PRICE, content

CHANGES = {
    "higher price": ("setPrice", PRICE + 1),
    "other licence": ("setLicence", OTHER_LICENCE),
    "new version": ("addVersion", content(2).message(), ""),
    "off sale": ("setForSale", False),
}


def in_one_block(world, id_, change, *, change_first):
    """Queue the publisher's change and the buyer's order; tell whether the order succeeded."""
    (name, *values), who = change, world.who
    value = PRICE if world.registry.call("dataset", id_)["token"] == ZERO else 0
    with one_block():
        if change_first:
            changed = world.registry.queue(name, id_, *values, sender=who.publisher)
        order = (id_, 1, LICENCE, PRICE, who.buyer)
        bought = world.registry.queue("purchase", *order, sender=who.buyer, value=value)
        if not change_first:
            changed = world.registry.queue(name, id_, *values, sender=who.publisher)
    assert outcome_of(changed)
    return outcome_of(bought)


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
@pytest.mark.parametrize("kind", ["native", "ERC-20"])
def test_a_change_just_before_stops_the_order(world, registry, who, change, kind):
    purse = ZERO if kind == "native" else world.token
    id_ = world.publish(token=ZERO if kind == "native" else world.token.address)
    before = balance(purse, who.buyer)
    assert not in_one_block(world, id_, change, change_first=True)
    assert balance(purse, who.buyer) == before
    assert registry.call("licencesSold") == 0


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_change_just_after_changes_nothing_for_the_buyer(world, registry, who, change):
    id_ = world.publish()
    before = balance(ZERO, who.buyer)
    assert in_one_block(world, id_, change, change_first=False)
    licence = registry.call("licenceOf", 1)
    assert (licence["version"], licence["licenceHash"]) == (1, LICENCE)
    assert balance(ZERO, who.buyer) == before - PRICE


def test_a_lower_price_is_paid_in_a_token(world, who):
    id_ = world.publish(token=world.token.address)
    before = balance(world.token, who.buyer)
    assert in_one_block(world, id_, ("setPrice", PRICE - 5), change_first=True)
    assert balance(world.token, who.buyer) == before - (PRICE - 5)


def test_a_lower_price_stops_a_native_order_rather_than_keep_the_change(world, who):
    id_ = world.publish()
    before = balance(ZERO, who.buyer)
    assert not in_one_block(world, id_, ("setPrice", PRICE - 5), change_first=True)
    assert balance(ZERO, who.buyer) == before
