"""
setPrice
├── it changes the price of later purchases, emits PriceSet, and works while paused
└── reverts when there is no such data set, or the caller is not its publisher
"""

import pytest

from tests.support.calls import reverts


@pytest.mark.parametrize("price", [0, 5, 2**96 - 1])
def test_changes_the_price_alone(world, registry, who, price):
    id_ = world.publish_from_job()
    before = registry.call("dataset", id_)
    receipt = registry.send("setPrice", id_, price, sender=who.publisher)
    assert receipt.of(registry) == [("PriceSet", {"datasetId": id_, "price": price})]
    assert registry.call("dataset", id_) == before | {"price": price}


def test_works_while_paused(world, registry, who):
    id_ = world.publish()
    registry.send("pause", sender=who.owner)
    registry.send("setPrice", id_, 9, sender=who.publisher)
    assert registry.call("dataset", id_)["price"] == 9


def test_unknown_data_set_reverts(registry, who):
    with reverts("UnknownDataset", 1):
        registry.send("setPrice", 1, 9, sender=who.publisher)


def test_another_account_reverts(world, registry, who):
    id_ = world.publish()
    for caller in (who.rival, who.owner):
        with reverts("NotPublisher", caller, who.publisher):
            registry.send("setPrice", id_, 9, sender=caller)
