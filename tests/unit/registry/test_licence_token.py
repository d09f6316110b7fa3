"""
A licence is a token by the standards, and more
├── ERC-721, ERC-165, ERC-2981 behave as everywhere
├── transfers go on while paused and off sale
├── tokenURI stays that of the version that was bought
└── the resale royalty is the publisher's, whoever holds the licence or deployed the registry (T49)
"""

import pytest

from tests.behaviours import erc165, erc721, erc2981
from tests.support.registry import URI, content


@pytest.fixture
def licences(world, who, puppet):
    licence = world.buy(world.publish_from_job())
    return erc721.Collection(world.registry, licence, who.buyer, who.rival, who.stranger, puppet)


@pytest.mark.parametrize("behaves", erc721.BEHAVIOURS, ids=lambda behaviour: behaviour.__name__)
def test_erc721(licences, behaves):
    behaves(licences)


def test_erc165(registry):
    erc165.supports_exactly(registry, ["ERC-721", "ERC-721 metadata", "ERC-2981"])
    erc165.answers_within_the_standards_gas(registry)


@pytest.mark.parametrize("bps", [0, 1, 333, 1_000])
def test_erc2981(world, registry, who, bps):
    licence = world.buy(world.publish(resale_bps=bps))
    registry.send("transferFrom", who.buyer, who.rival, licence, sender=who.buyer)
    erc2981.tells_the_royalty(registry, licence, who.publisher, bps)
    erc2981.knows_no_royalty_of_what_is_not_there(registry, licence + 1)


def test_licences_of_two_publishers_name_each_his_own(world, registry, who):
    mine = world.buy(world.publish(1, resale_bps=100))
    theirs = world.buy(world.publish(1, sender=who.rival, resale_bps=200))
    erc2981.tells_the_royalty(registry, mine, who.publisher, 100)
    erc2981.tells_the_royalty(registry, theirs, who.rival, 200)


def test_transfers_go_on_while_paused_and_off_sale(world, registry, who, licences):
    id_ = registry.call("licenceOf", licences.token_id)["datasetId"]
    registry.send("setForSale", id_, False, sender=who.publisher)
    registry.send("pause", sender=who.owner)
    erc721.the_holder_transfers(licences)
    assert registry.call("licenceCount", id_, who.rival) == 1


def test_the_place_is_that_of_the_version_bought(world, registry, who, licences):
    id_ = registry.call("licenceOf", licences.token_id)["datasetId"]
    registry.send("addVersion", id_, content(2).message(), "elsewhere", sender=who.publisher)
    assert registry.call("tokenURI", licences.token_id) == URI


def test_neither_sale_nor_transfer_changes_what_a_licence_stands_for(world, registry, who, licences):
    before = registry.call("licenceOf", licences.token_id)
    licences.transfer(sender=who.buyer)
    world.buy(before["datasetId"])
    assert registry.call("licenceOf", licences.token_id) == before
