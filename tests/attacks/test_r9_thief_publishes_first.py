"""R9: a thief publishes another's root first, with a job that does not exist or is not his.

In the attacked registry both entries live side by side and a buyer cannot tell them apart. Here the thief's
entry exists, too, since content cannot be owned by a contract; but it is another data set, takes nothing away
from the author, and cannot claim the job's provenance (T45).
"""

import pytest

from tests.support.calls import ZERO, balance, reverts
from tests.support.registry import LICENCE, PRICE, content, from_job_call, job_terms, listing, make_world


@pytest.fixture(scope="module")
def scene():
    return make_world()


@pytest.fixture
def thief(scene):
    return scene.who.rival


@pytest.fixture
def author(scene):
    return scene.who.publisher


@pytest.fixture
def stolen(scene, thief):
    """The thief saw the author's transaction waiting, and was first."""
    return scene.publish(1, sender=thief, price=PRICE // 2)


def test_the_author_publishes_all_the_same(scene, stolen, thief, author):
    own = scene.publish_from_job(1)
    registry = scene.registry
    assert own != stolen
    assert registry.call("datasetOfJob", scene.job_id) == own
    assert registry.call("versionOf", own, 1) == registry.call("versionOf", stolen, 1)
    kept = [registry.call("dataset", one) for one in (own, stolen)]
    assert [one["publisher"] for one in kept] == [author, thief]
    assert [one["jobId"] for one in kept] == [scene.job_id, 0]


def test_the_thief_cannot_claim_a_job_at_all(scene, thief, author):
    registry = scene.registry
    with reverts("NotJobCreator", thief, author):
        registry.send(*scene.from_job(1), sender=thief)
    for job_id in (0, scene.job_id + 1, 2**255):
        with reverts("NotJobCreator", thief, ZERO):
            registry.send(*from_job_call(job_id, scene.terms, content(1), listing()), sender=thief)
    terms = job_terms(thief)
    with reverts("NotJobCreator", thief, author):
        registry.send(*from_job_call(scene.job_id, terms, content(1), listing()), sender=thief)


def test_the_thief_earns_nothing_of_the_authors_sales(scene, stolen, thief, author):
    own = scene.publish_from_job(1)
    before = [balance(ZERO, account) for account in (thief, author)]
    scene.buy(own)
    royalty = PRICE * scene.terms.royalty_bps // 10_000
    assert [balance(ZERO, account) for account in (thief, author)] == [before[0], before[1] + PRICE - royalty]
    assert scene.registry.call("poolOf", stolen)["total"] == 0


def test_an_order_for_the_authors_data_set_cannot_end_at_the_thiefs(scene, stolen, author):
    """A buyer names publisher and root by the id, so the copy's lower price does not reach him."""
    own, who = scene.publish_from_job(1), scene.who
    assert scene.registry.call("datasetIdOf", author, content(1).package_root) == own
    order = (own, 1, LICENCE, PRICE, who.buyer)
    licence = scene.registry.send("purchase", *order, sender=who.buyer, value=PRICE).value
    assert scene.registry.call("licenceOf", licence)["datasetId"] == own
    assert scene.registry.call("licenceCount", stolen, who.buyer) == 0


def test_the_thief_has_no_power_over_the_authors_entry(scene, stolen, thief, author):
    own = scene.publish_from_job(1)
    for name, *values in (("setPrice", 0), ("setForSale", False), ("addVersion", content(2).message(), "")):
        with reverts("NotPublisher", thief, author):
            scene.registry.send(name, own, *values, sender=thief)
