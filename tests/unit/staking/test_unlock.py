"""
unlock
├── when the market has that much locked: it is available again, whatever the time
└── reverts when
    ├── it is nothing
    └── the caller has less locked of the account: nobody unlocks for another market
"""

import pytest

from tests.support.calls import reverts
from tests.support.market import mine_at
from tests.support.staking import UNLIMITED


def test_unlock__by_the_market__makes_it_available_again(world, staking, who):
    until = world.locked(600, free=400)
    with world.moves() as moved:
        receipt = staking.send("unlock", who.staker, 250, sender=who.market)
    unlocked = {"account": who.staker, "market": who.market, "amount": 250}
    assert (moved, receipt.of(staking)) == ({}, [("StakeUnlocked", unlocked)])
    assert (world.buckets(), world.bond()["locked"]) == ((650, 350, 0), 350)
    mine_at(until + 1)
    staking.send("unlock", who.staker, 350, sender=who.market)
    assert world.buckets() == (1_000, 0, 0)


@pytest.mark.parametrize("amount", [601, 2**256 - 1])
def test_unlock__more_than_is_locked__reverts(world, staking, who, amount):
    world.locked(600, free=400)
    with reverts("LockTooLow", who.staker, who.market, 600, amount):
        staking.call("unlock", who.staker, amount, sender=who.market)


def test_unlock__nothing__reverts(world, staking, who):
    world.locked(600)
    with reverts("NothingToMove"):
        staking.call("unlock", who.staker, 0, sender=who.market)


@pytest.mark.parametrize("role", ["staker", "forum", "owner", "keeper"])
def test_unlock__by_anyone_else__reverts(world, staking, who, role):
    """T39: an account cannot free itself."""
    world.locked(600)
    account = getattr(who, role)
    world.allow(UNLIMITED, market=account)
    with reverts("LockTooLow", who.staker, account, 0, 1):
        staking.call("unlock", who.staker, 1, sender=account)


def test_unlock__after_a_slash__knows_what_is_left(world, staking, who):
    """T38."""
    world.locked(600)
    world.slash(200)
    with reverts("LockTooLow", who.staker, who.market, 400, 401):
        staking.call("unlock", who.staker, 401, sender=who.market)
    staking.send("unlock", who.staker, 400, sender=who.market)
    assert world.buckets() == (400, 0, 0)
