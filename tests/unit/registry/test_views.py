"""
Views of what is not there
├── dataset, licenceOf, poolOf, datasetOfJob, licenceCount, licencesSold: zero
├── versionOf: reverts for an unknown data set, version 0 and versions to come
└── tokenURI: reverts for an unknown licence
datasetIdOf is keccak256(abi.encode(publisher, root)), and binds both
rootOfNodes folds to the right, refuses more than 64 nodes, and is zero for none
market is the one of the constructor
"""

import pytest

from offchain.reference.datasets import dataset_id
from tests.support.calls import ZERO, reverts
from tests.support.registry import content, deploy_registry


def test_what_is_not_there_is_zero(registry, who):
    assert set(registry.call("dataset", 9).values()) == {0, ZERO, bytes(32)}
    assert set(registry.call("licenceOf", 9).values()) == {0, bytes(32)}
    assert registry.call("poolOf", 9) == {"total": 0, "collected": 0}
    assert registry.call("datasetOfJob", 9) == registry.call("licenceCount", 9, who.buyer) == 0
    assert registry.call("licencesSold") == 0


@pytest.mark.parametrize("version", [0, 2, 2**32 + 1])
def test_a_version_that_is_not_there_reverts(world, registry, version):
    id_ = world.publish()
    with reverts("UnknownVersion", id_, version):
        registry.call("versionOf", id_, version)


def test_a_version_of_nothing_reverts(registry):
    with reverts("UnknownDataset", 9):
        registry.call("versionOf", 9, 1)


def test_the_place_of_no_licence_reverts(registry):
    with reverts("ERC721NonexistentToken", 1):
        registry.call("tokenURI", 1)


def test_ids_bind_publisher_and_root(registry, who):
    root = content().package_root
    id_ = registry.call("datasetIdOf", who.publisher, root)
    assert id_ == dataset_id(who.publisher, root)
    assert id_ != registry.call("datasetIdOf", who.rival, root)
    assert id_ != registry.call("datasetIdOf", who.publisher, b"\x01" * 32)


def test_nodes_fold_to_the_right(registry):
    assert registry.call("rootOfNodes", []) == bytes(32)
    registry.call("rootOfNodes", [b"\x01" * 32] * 64)
    with reverts("TooLong", 65, 64):
        registry.call("rootOfNodes", [b"\x01" * 32] * 65)


def test_the_market_is_the_one_of_the_constructor(world, registry, who):
    assert registry.call("market") == world.market.address
    assert deploy_registry(who).call("market") == ZERO


def test_licence_count_follows_transfers(world, registry, who):
    one, other = world.publish(1), world.publish(2)
    for id_ in (one, one, other):
        world.buy(id_)

    def counts():
        accounts = (who.buyer, who.rival)
        return [[registry.call("licenceCount", id_, account) for account in accounts] for id_ in (one, other)]

    assert counts() == [[2, 0], [1, 0]]
    registry.send("transferFrom", who.buyer, who.rival, 2, sender=who.buyer)
    assert counts() == [[1, 1], [1, 0]]
    registry.send("transferFrom", who.buyer, who.rival, 3, sender=who.buyer)
    assert counts() == [[1, 1], [0, 1]]
    registry.send("transferFrom", who.rival, who.rival, 3, sender=who.rival)
    assert counts() == [[1, 1], [0, 1]]
    registry.send("transferFrom", who.rival, who.buyer, 2, sender=who.rival)
    assert counts() == [[2, 0], [0, 1]]
