"""
setForSale
├── off: purchases revert, licences sold before stay and royalties are still paid
├── on again: purchases work
├── it emits ForSaleSet, changes nothing else, and works while paused
└── reverts when there is no such data set, or the caller is not its publisher
"""

from tests.support.calls import reverts


def test_off_and_on_again(world, registry, who):
    id_ = world.publish_from_job()
    licence = world.buy(id_)
    before = registry.call("dataset", id_)
    off = registry.send("setForSale", id_, False, sender=who.publisher)
    assert off.of(registry) == [("ForSaleSet", {"datasetId": id_, "forSale": False})]
    assert registry.call("dataset", id_) == before | {"forSale": False}
    with reverts("NotForSale", id_):
        world.buy(id_)
    assert registry.call("ownerOf", licence) == who.buyer
    assert registry.send("payRoyalty", id_, who.annotators[0], sender=who.stranger).value > 0
    on = registry.send("setForSale", id_, True, sender=who.publisher)
    assert on.of(registry) == [("ForSaleSet", {"datasetId": id_, "forSale": True})]
    assert world.buy(id_) == licence + 1


def test_works_while_paused(world, registry, who):
    id_ = world.publish()
    registry.send("pause", sender=who.owner)
    registry.send("setForSale", id_, False, sender=who.publisher)
    assert registry.call("dataset", id_)["forSale"] is False


def test_unknown_data_set_reverts(registry, who):
    with reverts("UnknownDataset", 1):
        registry.send("setForSale", 1, False, sender=who.publisher)


def test_another_account_reverts(world, registry, who):
    id_ = world.publish()
    for caller in (who.rival, who.owner):
        with reverts("NotPublisher", caller, who.publisher):
            registry.send("setForSale", id_, False, sender=caller)
