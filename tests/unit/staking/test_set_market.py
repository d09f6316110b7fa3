"""
setMarket, and what else the owner can do (T61)
├── when the owner calls: the market is on the list, or off it
│   ├── off the list it locks nothing more, but gives back and slashes what it has locked, and no more
│   └── on it again, the limits of before hold
├── ownership moves in two steps and is never given up
├── no power moves anybody's stake
└── reverts for everybody else
"""

import pytest

from offchain.reference.staking import MOST_LOCKED
from tests.support.calls import ZERO, now, reverts
from tests.support.staking import DAY


def test_set_market__by_the_owner__lists_it_and_takes_it_off(staking, who):
    for listed in (True, False):
        receipt = staking.send("setMarket", who.forum, listed, sender=who.owner)
        assert receipt.of(staking) == [("MarketSet", {"market": who.forum, "listed": listed})]
        assert staking.call("isListed", who.forum) is listed
        assert staking.call("isListed", who.market) is True


@pytest.mark.parametrize("role", ["sink", "staker", "market", "forum", "keeper"])
def test_set_market__by_anyone_else__reverts(staking, who, role):
    account = getattr(who, role)
    with reverts("OwnableUnauthorizedAccount", account):
        staking.call("setMarket", account, True, sender=account)


def test_set_market__off_the_list__keeps_its_locks_and_gets_no_other(world, staking, who):
    world.locked(600, free=400)
    staking.send("setMarket", who.market, False, sender=who.owner)
    assert (world.bond()["locked"], world.bond()["slashable"]) == (600, 600)
    with reverts("NotListed", who.market):
        staking.call("lock", who.staker, 1, now() + DAY, sender=who.market)
    with reverts("LimitExceeded", who.staker, who.market, 600, 601):
        staking.call("slash", who.staker, world.split(601), sender=who.market)
    staking.send("unlock", who.staker, 100, sender=who.market)
    world.slash(500)
    assert (world.buckets(), world.bond()["slashable"]) == ((500, 0, 0), 0)


def test_set_market__on_the_list_again__has_the_limit_of_before(world, staking, who):
    world.ready(1_000, 300)
    for listed, slashable in ((False, 0), (True, 300)):
        staking.send("setMarket", who.market, listed, sender=who.owner)
        assert world.bond()["slashable"] == slashable
    world.lock(300)
    assert world.buckets() == (700, 300, 0)


def test_owner__every_power_used__moves_no_stake(world, staking, who):
    """T61: a market that the owner invents has no power over who did not allow it."""
    world.locked(600, free=400)
    with world.moves() as moved:
        staking.send("setMarket", who.owner, True, sender=who.owner)
        with reverts("LimitExceeded", who.staker, who.owner, 0, 1):
            staking.call("lock", who.staker, 1, now(), sender=who.owner)
        with reverts("LimitExceeded", who.staker, who.owner, 0, 1):
            staking.call("slash", who.staker, world.split(1), sender=who.owner)
        staking.send("setMarket", who.market, False, sender=who.owner)
        staking.send("transferOwnership", who.keeper, sender=who.owner)
        staking.send("acceptOwnership", sender=who.keeper)
    assert (moved, world.buckets()) == ({}, (400, 600, 0))


def test_ownership__moves_in_two_steps(staking, who):
    """T61: an heir who never accepts leaves the owner where he is."""
    staking.send("transferOwnership", who.keeper, sender=who.owner)
    assert (staking.call("owner"), staking.call("pendingOwner")) == (who.owner, who.keeper)
    with reverts("OwnableUnauthorizedAccount", who.keeper):
        staking.call("setMarket", who.forum, True, sender=who.keeper)
    with reverts("OwnableUnauthorizedAccount", who.stranger):
        staking.call("acceptOwnership", sender=who.stranger)
    staking.send("acceptOwnership", sender=who.keeper)
    assert (staking.call("owner"), staking.call("pendingOwner")) == (who.keeper, ZERO)
    with reverts("OwnableUnauthorizedAccount", who.owner):
        staking.call("setMarket", who.forum, True, sender=who.owner)
    staking.call("setMarket", who.forum, True, sender=who.keeper)


def test_ownership__cannot_be_given_up(staking, who):
    """T61: nobody could take a market off the list any more."""
    with reverts("OwnerRequired"):
        staking.call("renounceOwnership", sender=who.owner)
    with reverts("OwnableUnauthorizedAccount", who.staker):
        staking.call("renounceOwnership", sender=who.staker)


def test_set_market__limit_that_was_given_before__counts_from_then_on(world, staking, who):
    """Both have to agree, in whatever order."""
    world.stake(100)
    world.allow(MOST_LOCKED, market=who.forum)
    assert world.bond(market=who.forum)["slashable"] == 0
    staking.send("setMarket", who.forum, True, sender=who.owner)
    assert world.bond(market=who.forum)["slashable"] == MOST_LOCKED
    world.lock(100, market=who.forum)
