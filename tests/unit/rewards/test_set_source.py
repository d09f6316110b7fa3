"""
setSource
├── when the owner lists an origin's source or takes it off: told, and asked from then on or no longer
│   └── even where it answers nothing any more
├── of a source that was taken off: what was credited stays, what was counted stays counted
├── another source of the same origin replaces the last one and goes on from what was counted (T64)
└── a source is asked for the origin that it names, and for no other
    ├── listing it for another reverts
    └── once it names another, nobody is rewarded for what it tells
"""

import pytest

from offchain.hashing import RewardTree
from tests.support.calls import ZERO, deploy, now, reverts
from tests.support.market import mine_at
from tests.support.rewards import DIRECT, ROOT_WINDOW, TREE


def test_set_source__on_and_off__is_told_and_holds(world, distributor, who):
    other = deploy("MockFees", sender=who.owner)
    world.pay(1_000, source=other)
    with reverts("NotListed", other.address):
        distributor.call("assign", other.address, 1, [who.annotator], sender=who.keeper)
    receipt = world.own("setSource", other.address, other.address)
    assert receipt.of(distributor) == [("SourceSet", {"origin": other.address, "source": other.address})]
    assert distributor.call("sourceOf", other.address) == other.address
    assert world.assign(source=other).value == 300
    receipt = world.own("setSource", other.address, ZERO)
    assert receipt.of(distributor) == [("SourceSet", {"origin": other.address, "source": ZERO})]
    assert distributor.call("sourceOf", other.address) == ZERO
    with reverts("NotListed", other.address):
        distributor.call("assign", other.address, 1, [who.annotator], sender=who.keeper)


def test_set_source__off_and_on_again__counts_nothing_twice(world, distributor, who):
    """T64."""
    reward = world.rewarded(1_000)
    world.own("setSource", world.source.address, ZERO)
    assert (world.credit(who.annotator), world.mode()) == (reward, DIRECT)
    world.own("setSource", world.source.address, world.source.address)
    assert world.assign().value == 0
    world.pay(10)
    assert world.assign().value == 3


def replaced(world, less: int = 0):
    """The source's fees are told by an adapter from now on; returns it."""
    adapter = deploy("MockAdapter", world.source.address, less, sender=world.who.owner)
    world.own("setSource", world.source.address, adapter.address)
    return adapter


def test_set_source__the_same_fees_by_another_source__are_not_rewarded_twice(world, who):
    """T64 (F17): an adapter that replaced another once started at zero, and both rewarded all of history."""
    world.rewarded(1_000)
    world.pay(2_000, who.rival, job=2)
    replaced(world)
    assert world.assign().value == 0
    assert world.assign(who.rival, job=2).value == 600
    world.pay(10)
    assert world.assign().value == 3
    world.own("setSource", world.source.address, world.source.address)
    assert [world.assign().value, world.assign(who.rival, job=2).value] == [0, 0]


def test_set_source__one_that_tells_less__waits_for_what_was_counted(world):
    """T64."""
    world.rewarded(1_000)
    replaced(world, less=100)
    world.pay(100)
    assert world.assign().value == 0
    world.pay(10)
    assert world.assign().value == 3


def test_set_source__for_a_job_in_the_tree__collects_what_is_new(world, who):
    """T64: neither the tree nor its way out begins anew."""
    first = world.collected(1_000)
    replaced(world)
    assert (world.mode(), world.own("collect", world.source.address, 1).value) == (TREE, 0)
    world.publish(RewardTree({who.annotator: first}))
    mine_at(now() + 2 * ROOT_WINDOW)
    with reverts("InTree", world.source.address, 1):
        world.distributor.call("leaveTree", world.source.address, 1, sender=who.keeper)


def test_set_source__one_of_another_origin__reverts(world, distributor, who):
    """T64: its fees would be counted for both."""
    other = deploy("MockFees", sender=who.owner)
    with reverts("OtherOrigin", other.address, other.address, world.source.address):
        distributor.call("setSource", world.source.address, other.address, sender=who.owner)
    with reverts("OtherOrigin", other.address, other.address, ZERO):
        distributor.call("setSource", ZERO, other.address, sender=who.owner)


def test_set_source__one_that_changes_its_origin__is_asked_no_more(world, distributor, who):
    """T64."""
    other = deploy("MockFees", sender=who.owner)
    world.pay(1_000)
    world.own("useTree", world.source.address, 2)
    world.source.send("setOrigin", other.address, sender=who.stranger)
    error = ("OtherOrigin", world.source.address, other.address, world.source.address)
    with reverts(*error):
        distributor.call("assign", world.source.address, 1, [who.annotator], sender=who.keeper)
    with reverts(*error):
        distributor.call("collect", world.source.address, 2, sender=who.owner)
    world.source.send("setOrigin", world.source.address, sender=who.stranger)
    assert world.assign().value == 300


@pytest.mark.parametrize("silent", [False, True])
def test_set_source__of_one_that_may_not_answer__is_taken_off_all_the_same(world, distributor, who, silent):
    world.source.send("setSilent", silent, sender=who.stranger)
    world.own("setSource", world.source.address, ZERO)
    with reverts("NotListed", world.source.address):
        distributor.call("assign", world.source.address, 1, [who.annotator], sender=who.keeper)
