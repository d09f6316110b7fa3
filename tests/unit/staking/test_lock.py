"""
lock
├── when account and owner agree: it is locked for the calling market, at least until then
│   ├── further locks add up, and last as long as the longest of them (T40)
│   └── two markets' locks are apart
└── reverts when
    ├── the market is not on the list
    ├── it is nothing
    ├── it would last longer than the longest lock
    ├── it is more than the account allows, with what is locked already
    └── it is more than is available: what is unbonding is not
"""

import pytest

from tests.support.calls import now, reverts
from tests.support.market import mine_at, next_at
from tests.support.staking import DAY, LONGEST, UNLIMITED


def test_lock__of_what_is_available__is_locked_for_the_market(world, staking, who):
    world.ready(1_000, 700)
    until = now() + 5 * DAY
    with world.moves() as moved:
        receipt = world.lock(600, until=until)
    locked = {"account": who.staker, "market": who.market, "amount": 600, "until": until}
    assert (moved, receipt.of(staking)) == ({}, [("StakeLocked", locked)])
    assert world.buckets() == (400, 600, 0)
    assert world.bond() == {"locked": 600, "limit": 700, "slashable": 700, "until": until}


def test_lock__again__adds_up_and_lasts_as_long_as_the_longest(world, staking, who):
    """T40: another lock never shortens one."""
    world.ready(1_000)
    start = now()
    for amount, asked, until in ((100, 5, 5), (20, 2, 5), (3, 9, 9), (4, 0, 9)):
        receipt = world.lock(amount, until=start + asked * DAY)
        assert receipt.of(staking)[0][1]["until"] == start + until * DAY
        assert world.bond()["until"] == start + until * DAY
    assert (world.bond()["locked"], world.buckets()) == (127, (873, 127, 0))


def test_lock__of_two_markets__are_apart(world, staking, who):
    staking.send("setMarket", who.forum, True, sender=who.owner)
    world.ready(1_000, 600)
    world.allow(500, market=who.forum)
    world.lock(600)
    world.lock(400, market=who.forum, until=now() + DAY)
    assert (world.bond()["locked"], world.bond(market=who.forum)["locked"]) == (600, 400)
    assert world.buckets() == (0, 1_000, 0)
    with reverts("StakeTooLow", who.staker, 0, 1):
        staking.call("lock", who.staker, 1, now(), sender=who.forum)


def test_lock__up_to_the_longest__is_possible(world, staking, who):
    world.ready(1_000)
    time = now()
    with reverts("LockTooLong", time + LONGEST + 1, time + LONGEST):
        staking.call("lock", who.staker, 1, time + LONGEST + 1, sender=who.market)
    staking.call("lock", who.staker, 1, time + LONGEST, sender=who.market)
    with reverts("LockTooLong", 2**256 - 1, time + LONGEST):
        staking.call("lock", who.staker, 1, 2**256 - 1, sender=who.market)


def test_lock__limit__counts_what_is_locked_already(world, staking, who):
    world.ready(1_000, 500)
    world.lock(300)
    with reverts("LimitExceeded", who.staker, who.market, 500, 501):
        staking.call("lock", who.staker, 201, now(), sender=who.market)
    world.lock(200)
    staking.send("unlock", who.staker, 100, sender=who.market)
    with reverts("LimitExceeded", who.staker, who.market, 500, 501):
        staking.call("lock", who.staker, 101, now(), sender=who.market)
    world.lock(100)


def test_lock__more_than_is_available__reverts(world, staking, who):
    world.ready(1_000, UNLIMITED)
    world.unbond(400)
    with reverts("StakeTooLow", who.staker, 600, 601):
        staking.call("lock", who.staker, 601, now(), sender=who.market)
    world.lock(600)


def test_lock__nothing__reverts(world, staking, who):
    world.ready(1_000)
    with reverts("NothingToMove"):
        staking.call("lock", who.staker, 0, now() + DAY, sender=who.market)


@pytest.mark.parametrize("role", ["forum", "staker", "owner", "stranger"])
def test_lock__by_who_is_not_on_the_list__reverts(world, staking, who, role):
    """The account's leave is not enough: nobody takes his own stake out of others' reach."""
    account = getattr(who, role)
    world.stake(1_000)
    world.allow(UNLIMITED, market=account)
    with reverts("NotListed", account):
        staking.call("lock", who.staker, 1, now() + DAY, sender=account)


def test_lock__that_is_over_at_once__can_be_reclaimed_a_second_later(world, staking, who):
    world.ready(1_000)
    time = now() + 100
    next_at(time)
    world.lock(500, until=time)
    mine_at(time + 1)
    staking.send("reclaim", who.staker, who.market, sender=who.staker)
    assert world.buckets() == (1_000, 0, 0)
