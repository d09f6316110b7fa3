"""
setLicence
├── it changes the licence of later purchases, emits LicenceSet, and works while paused
├── licences sold before keep theirs
└── reverts when the hash is zero, there is no such data set, or the caller is not its publisher
"""

from tests.support.calls import field32, reverts
from tests.support.registry import LICENCE, OTHER_LICENCE


def test_changes_the_licence_alone(world, registry, who):
    id_ = world.publish_from_job()
    before = registry.call("dataset", id_)
    receipt = registry.send("setLicence", id_, OTHER_LICENCE, sender=who.publisher)
    assert receipt.of(registry) == [("LicenceSet", {"datasetId": id_, "licenceHash": OTHER_LICENCE})]
    assert registry.call("dataset", id_) == before | {"licenceHash": OTHER_LICENCE}


def test_licences_sold_before_keep_theirs(world, registry, who):
    id_ = world.publish()
    early = world.buy(id_)
    registry.send("setLicence", id_, OTHER_LICENCE, sender=who.publisher)
    late = world.buy(id_)
    kept = [registry.call("licenceOf", one)["licenceHash"] for one in (early, late)]
    assert kept == [LICENCE, OTHER_LICENCE]


def test_works_while_paused(world, registry, who):
    id_ = world.publish()
    registry.send("pause", sender=who.owner)
    registry.send("setLicence", id_, OTHER_LICENCE, sender=who.publisher)


def test_no_licence_reverts(world, registry, who):
    id_ = world.publish()
    with reverts("Missing", field32("licenceHash")):
        registry.send("setLicence", id_, bytes(32), sender=who.publisher)


def test_unknown_data_set_reverts(registry, who):
    with reverts("UnknownDataset", 1):
        registry.send("setLicence", 1, OTHER_LICENCE, sender=who.publisher)


def test_another_account_reverts(world, registry, who):
    id_ = world.publish()
    for caller in (who.rival, who.owner):
        with reverts("NotPublisher", caller, who.publisher):
            registry.send("setLicence", id_, OTHER_LICENCE, sender=caller)
