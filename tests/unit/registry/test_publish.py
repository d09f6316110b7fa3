"""
publish
├── when everything is there
│   ├── it keeps the data set, with the fee of the day and no royalty
│   ├── it keeps version 1
│   └── it emits DatasetPublished, then VersionAdded
├── when another account published the same root: it makes an entry beside it
├── when a part that may be missing is zero: it is kept as zero
├── reverts when
│   ├── paused
│   ├── the licence, package root, package length or manifest is zero
│   ├── the token has no code
│   ├── the resale royalty is above 10 %
│   ├── the publisher published this package root before
│   └── the uri is longer than 256 bytes
└── at the bounds: resale 10 % and 256 bytes are accepted
"""

import pytest

from offchain.reference.datasets import dataset_id
from tests.support.calls import ZERO, field32, reverts
from tests.support.registry import LICENCE, PRICE, SCHEMA, URI, content, listing


def call(version=None, offer=None, uri=URI):
    return ("publish", (version or content()).message(), (offer or listing()).message(), uri)


def test_keeps_the_data_set(world, registry, who):
    registry.send("setFee", 125, sender=who.owner)
    offer = listing(token=world.token.address, resale_bps=321)
    receipt = registry.send(*call(offer=offer), sender=who.publisher)
    assert receipt.value == dataset_id(who.publisher, content().package_root)
    assert registry.call("dataset", receipt.value) == {
        "publisher": who.publisher,
        "price": PRICE,
        "token": world.token.address,
        "royaltyBps": 0,
        "feeBps": 125,
        "resaleBps": 321,
        "versions": 1,
        "forSale": True,
        "licenceHash": LICENCE,
        "schema": SCHEMA,
        "jobId": 0,
    }


def test_keeps_version_one(world, registry):
    assert registry.call("versionOf", world.publish(), 1) == content().message()


def test_emits_exactly_two_events(registry, who):
    registry.send("setFee", 7, sender=who.owner)
    receipt = registry.send(*call(), sender=who.publisher)
    published = {
        "datasetId": receipt.value,
        "publisher": who.publisher,
        "jobId": 0,
        "listing": listing().message(),
        "royaltyBps": 0,
        "feeBps": 7,
    }
    added = {"datasetId": receipt.value, "version": 1, "content": content().message(), "uri": URI}
    assert receipt.of(registry) == [("DatasetPublished", published), ("VersionAdded", added)]


def test_same_root_by_another_account_is_another_entry(world, registry, who):
    mine, theirs = world.publish(), world.publish(sender=who.rival)
    assert mine != theirs
    assert registry.call("dataset", mine)["publisher"] == who.publisher
    assert registry.call("dataset", theirs)["publisher"] == who.rival


def test_what_may_be_missing_is_kept_as_zero(registry, who):
    version = content(
        source_root=bytes(32), source_length=0, annotations_root=bytes(32), annotations_length=0
    )
    offer = listing(price=0, schema=bytes(32), resale_bps=0)
    id_ = registry.send(*call(version, offer, uri=""), sender=who.publisher).value
    assert registry.call("versionOf", id_, 1) == version.message()
    kept = registry.call("dataset", id_)
    assert (kept["price"], kept["schema"], kept["resaleBps"], kept["token"]) == (0, bytes(32), 0, ZERO)


def test_the_highest_price_is_kept_whole(world, registry):
    assert registry.call("dataset", world.publish(price=2**96 - 1))["price"] == 2**96 - 1


def test_while_paused_reverts(paused, registry, who):
    with reverts("EnforcedPause"):
        registry.send(*call(), sender=who.publisher)


@pytest.mark.parametrize(
    ("version", "offer", "field"),
    [
        (content(), listing(licence_hash=bytes(32)), "licenceHash"),
        (content(0), listing(), "packageRoot"),
        (content(package_length=0), listing(), "packageLength"),
        (content(manifest_hash=bytes(32)), listing(), "manifestHash"),
    ],
    ids=["licence", "package root", "package length", "manifest"],
)
def test_what_is_required_and_missing_reverts(registry, who, version, offer, field):
    with reverts("Missing", field32(field)):
        registry.send(*call(version, offer), sender=who.publisher)


def test_token_without_code_reverts(registry, who):
    with reverts("Missing", field32("token")):
        registry.send(*call(offer=listing(token=who.stranger)), sender=who.publisher)


def test_resale_royalty_above_the_cap_reverts_and_at_the_cap_passes(registry, who):
    with reverts("ResaleRoyaltyAboveCap", 1_001, 1_000):
        registry.send(*call(offer=listing(resale_bps=1_001)), sender=who.publisher)
    registry.send(*call(offer=listing(resale_bps=1_000)), sender=who.publisher)


def test_the_same_root_twice_reverts(world, registry, who):
    id_ = world.publish()
    with reverts("AlreadyPublished", id_):
        registry.send(*call(offer=listing(price=1)), sender=who.publisher)


def test_a_root_that_was_a_later_version_may_head_a_data_set(world, registry, who):
    registry.send("addVersion", world.publish(1), content(2).message(), URI, sender=who.publisher)
    assert registry.call("dataset", world.publish(2))["versions"] == 1


def test_a_longer_uri_reverts_and_the_longest_passes(registry, who):
    with reverts("TooLong", 257, 256):
        registry.send(*call(uri="u" * 257), sender=who.publisher)
    registry.send(*call(uri="u" * 256), sender=who.publisher)
