"""
addVersion
├── when the publisher adds one
│   ├── it returns 2, 3, … and keeps each
│   ├── it emits VersionAdded and nothing else
│   ├── licences sold before keep their version and uri
│   └── price, licence and sale stay as they are
├── when the data set has no job: the source may change
├── when paused: it works
└── reverts when
    ├── there is no such data set
    ├── the caller is not the publisher
    ├── the data set came from a job and the source is another
    ├── package root, length or manifest is zero
    └── the uri is longer than 256 bytes
"""

import pytest

from tests.support.calls import field32, reverts
from tests.support.registry import DATA_LENGTH, DATA_ROOT, URI, content


def add(world, id_, root=2, uri="0g://package/2", sender=None, **changes):
    arguments = (id_, content(root, **changes).message(), uri)
    return world.registry.send("addVersion", *arguments, sender=sender or world.who.publisher)


def test_counts_and_keeps_versions(world, registry):
    id_ = world.publish()
    assert [add(world, id_, root).value for root in (2, 3)] == [2, 3]
    assert [registry.call("versionOf", id_, number) for number in (1, 2, 3)] == [
        content(root).message() for root in (1, 2, 3)
    ]
    assert registry.call("dataset", id_)["versions"] == 3


def test_emits_version_added_alone(world, registry):
    id_ = world.publish()
    added = {"datasetId": id_, "version": 2, "content": content(2).message(), "uri": "0g://package/2"}
    assert add(world, id_).of(registry) == [("VersionAdded", added)]


def test_licences_sold_before_keep_their_version(world, registry):
    id_ = world.publish()
    early = world.buy(id_)
    add(world, id_)
    late = world.buy(id_)
    assert [registry.call("licenceOf", one)["version"] for one in (early, late)] == [1, 2]
    assert [registry.call("tokenURI", one) for one in (early, late)] == [URI, "0g://package/2"]


def test_nothing_else_of_the_data_set_changes(world, registry):
    id_ = world.publish_from_job()
    before = registry.call("dataset", id_)
    add(world, id_)
    assert registry.call("dataset", id_) == before | {"versions": 2}


def test_the_source_of_a_data_set_without_job_may_change(world, registry):
    id_ = world.publish()
    add(world, id_, source_root=b"\x77" * 32, source_length=1)
    assert registry.call("versionOf", id_, 2)["sourceRoot"] == b"\x77" * 32


def test_works_while_paused(world, registry, who):
    id_ = world.publish()
    registry.send("pause", sender=who.owner)
    assert add(world, id_).value == 2


def test_unknown_data_set_reverts(world):
    with reverts("UnknownDataset", 5):
        add(world, 5)


def test_another_account_reverts(world, who):
    id_ = world.publish()
    for caller in (who.rival, who.owner):
        with reverts("NotPublisher", caller, who.publisher):
            add(world, id_, sender=caller)


@pytest.mark.parametrize("change", [{"source_root": b"\xdb" * 32}, {"source_length": DATA_LENGTH + 1}])
def test_another_source_than_the_jobs_reverts(world, change):
    id_ = world.publish_from_job()
    with reverts("SourceMismatch", DATA_ROOT, DATA_LENGTH):
        add(world, id_, **change)


@pytest.mark.parametrize(
    ("root", "change", "field"),
    [
        (0, {}, "packageRoot"),
        (2, {"package_length": 0}, "packageLength"),
        (2, {"manifest_hash": bytes(32)}, "manifestHash"),
    ],
)
def test_what_is_missing_reverts(world, root, change, field):
    id_ = world.publish()
    with reverts("Missing", field32(field)):
        add(world, id_, root, **change)


def test_a_longer_uri_reverts(world):
    id_ = world.publish()
    with reverts("TooLong", 300, 256):
        add(world, id_, uri="u" * 300)
