"""
reclaim
├── when the lock is over: anyone may call, and all that the market has locked is available again (T13)
│   ├── be the market listed or not
│   └── what other markets have locked stays
└── reverts when
    ├── the lock is not over
    └── nothing is locked
"""

import pytest

from tests.support.calls import reverts
from tests.support.market import mine_at
from tests.support.staking import DAY, UNLIMITED


@pytest.mark.parametrize("role", ["staker", "keeper", "stranger"])
def test_reclaim__after_the_lock__gives_all_of_it_back(world, staking, who, role):
    until = world.locked(600, free=400)
    mine_at(until + 1)
    receipt = staking.send("reclaim", who.staker, who.market, sender=getattr(who, role))
    unlocked = {"account": who.staker, "market": who.market, "amount": 600}
    assert receipt.of(staking) == [("StakeUnlocked", unlocked)]
    assert (world.buckets(), world.bond()["locked"]) == ((1_000, 0, 0), 0)


def test_reclaim__in_the_last_second__reverts(world, staking, who):
    until = world.locked(600)
    mine_at(until)
    with reverts("StillLocked", until, until):
        staking.call("reclaim", who.staker, who.market, sender=who.staker)
    mine_at(until + 1)
    staking.call("reclaim", who.staker, who.market, sender=who.staker)


def test_reclaim__from_a_market_off_the_list__works(world, staking, who):
    until = world.locked(600)
    staking.send("setMarket", who.market, False, sender=who.owner)
    mine_at(until + 1)
    staking.send("reclaim", who.staker, who.market, sender=who.keeper)
    assert world.buckets() == (600, 0, 0)


def test_reclaim__nothing_locked__reverts(world, staking, who):
    world.ready(600)
    with reverts("NothingToMove"):
        staking.call("reclaim", who.staker, who.market, sender=who.staker)


def test_reclaim__twice__reverts(world, staking, who):
    mine_at(world.locked(600) + 1)
    staking.send("reclaim", who.staker, who.market, sender=who.keeper)
    with reverts("NothingToMove"):
        staking.call("reclaim", who.staker, who.market, sender=who.keeper)


def test_reclaim__from_one_market__leaves_the_others_lock(world, staking, who):
    staking.send("setMarket", who.forum, True, sender=who.owner)
    world.ready(1_000)
    world.allow(UNLIMITED, market=who.forum)
    world.lock(300)
    until = world.bond()["until"]
    world.lock(500, market=who.forum, until=until + DAY)
    mine_at(until + 1)
    staking.send("reclaim", who.staker, who.market, sender=who.keeper)
    assert world.buckets() == (500, 500, 0)
    mine_at(until + DAY)
    with reverts("StillLocked", until + DAY, until + DAY):
        staking.call("reclaim", who.staker, who.forum, sender=who.keeper)
