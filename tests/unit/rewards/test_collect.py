"""
collect
├── when fees were paid in a job of the tree: their reward joins the budget; nothing is owed yet
│   ├── each fee once; what is too much for the cap waits for the next epoch
│   └── later additions keep the time of the first
├── when there is nothing: nothing happens
└── reverts when
    ├── the source is not listed
    ├── the job is not in the tree
    └── the budget does not fit into its slot
"""

import pytest

from tests.support.calls import ZERO, deploy, now, reverts
from tests.support.market import mine_at
from tests.support.rewards import DAY, EPOCH_CAP, NONE, RATE, UNIT, World, next_epoch, system_with


def test_collect__fees_were_paid__adds_to_the_budget_and_owes_nothing(world, distributor, who):
    world.use_tree()
    world.pay(1_000, who.annotator)
    world.pay(2_003, who.rival)
    before = world.available()
    receipt = world.own("collect", world.source.address, 1)
    told = {"feeToken": ZERO, "fees": 3_003, "reward": 900}
    assert receipt.value == 900
    assert receipt.of(distributor) == [
        ("RewardCollected", {"origin": world.source.address, "jobId": 1} | told)
    ]
    assert world.tree_job() == {"budget": 900, "since": receipt.time, "roots": 0}
    assert world.tree() == {"root": bytes(32), "total": 0, "paid": 0, "budget": 900, "roots": 0}
    assert (world.owed(), world.counted(ZERO), world.available()) == (0, 3_003, before - 900)


def test_collect__again__adds_only_what_is_new(world, distributor):
    """T64."""
    world.collected(1_000)
    receipt = world.own("collect", world.source.address, 1)
    assert (receipt.value, receipt.of(distributor)) == (0, [])
    assert world.collected(10) == 3
    assert world.tree()["budget"] == 303


def test_collect__later_additions__keep_the_time_of_the_first(world):
    """T13: nobody puts off the day on which a job can leave by paying a small fee now and then."""
    world.use_tree()
    mine_at(now() + 10 * DAY)
    world.collected(1_000)
    first = world.tree_job()
    assert abs(first["since"] - now()) < DAY
    mine_at(now() + 10 * DAY)
    world.collected(1_000)
    assert world.tree_job() == first | {"budget": 600}


def test_collect__more_than_the_epochs_cap__adds_the_rest_in_the_next(world):
    next_epoch()
    assert EPOCH_CAP - 1 <= world.collected(2 * EPOCH_CAP * UNIT // RATE) <= EPOCH_CAP
    assert world.own("collect", world.source.address, 1).value == 0
    next_epoch()
    assert world.own("collect", world.source.address, 1).value >= EPOCH_CAP - 1


def test_collect__source_that_is_not_listed__reverts(world, distributor, who):
    world.use_tree()
    world.own("setSource", world.source.address, ZERO)
    with reverts("NotListed", world.source.address):
        distributor.call("collect", world.source.address, 1, sender=who.owner)


@pytest.mark.parametrize("mode", [0, 1])
def test_collect__job_outside_of_the_tree__reverts(world, distributor, who, mode):
    world.pay(1_000)
    if mode != NONE:
        world.assign()
    with reverts("WrongMode", world.source.address, 1, mode):
        distributor.call("collect", world.source.address, 1, sender=who.owner)


def test_collect__source_that_does_not_answer__reverts(world, distributor, who):
    world.use_tree()
    world.source.send("setSilent", True, sender=who.stranger)
    with reverts("Silent"):
        distributor.call("collect", world.source.address, 1, sender=who.owner)


def test_collect__budget_of_more_than_128_bits__reverts(who):
    token = deploy("MockToken", 18, sender=who.admin)
    huge = World(system_with(token, who, max_epoch_cap=2**200))
    huge.own("setEpochCap", 2**200)
    huge.own("setRate", ZERO, UNIT)
    token.send("mint", huge.distributor.address, 2**130, sender=who.admin)
    huge.use_tree()
    huge.pay(2**128)
    with reverts("SafeCastOverflowedUintDowncast", 128, 2**128):
        huge.distributor.call("collect", huge.source.address, 1, sender=who.owner)
    huge.pay(-1)
    assert huge.own("collect", huge.source.address, 1).value == 2**128 - 1
