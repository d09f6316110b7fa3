"""
constructor
├── a new distributor: owner, reward token, bounds, nothing owed, nothing listed
└── reverts without owner, and for the native coin as reward token
"""

from offchain.signing import domain_separator
from tests.support.calls import ZERO, deploy, reverts
from tests.support.market import DAY
from tests.support.rewards import MAX_EPOCH_CAP, MAX_RATE, UNIT


def test_constructor__a_new_distributor__has_its_bounds_and_nothing_else(world, who):
    fresh = deploy("RewardDistributor", who.owner, world.token.address, 77, sender=who.stranger)
    told = {name: fresh.call(name) for name in ("owner", "pendingOwner", "rewardToken", "MAX_EPOCH_CAP")}
    assert told == {
        "owner": who.owner,
        "pendingOwner": ZERO,
        "rewardToken": world.token.address,
        "MAX_EPOCH_CAP": 77,
    }
    assert fresh.call("tree") == (bytes(32), 0, 0, 0, 0)
    assert (fresh.call("epochCap"), fresh.call("available")) == (0, 0)
    assert fresh.call("sourceOf", world.source.address) == ZERO


def test_constructor__constants__are_those_of_the_interface(world, distributor):
    told = {name: distributor.call(name) for name in ("RATE_UNIT", "MAX_RATE", "EPOCH", "ROOT_WINDOW")}
    assert told == {"RATE_UNIT": UNIT, "MAX_RATE": MAX_RATE, "EPOCH": 7 * DAY, "ROOT_WINDOW": 30 * DAY}
    assert (distributor.call("MAX_ACCOUNTS"), distributor.call("MAX_EPOCH_CAP")) == (64, MAX_EPOCH_CAP)
    assert distributor.call("domainSeparator") == domain_separator(world.pen.domain)


def test_constructor__without_owner__reverts(world, who):
    with reverts("OwnableInvalidOwner", ZERO):
        deploy("RewardDistributor", ZERO, world.token.address, 1, sender=who.owner)


def test_constructor__native_coin__reverts(who):
    with reverts("BadConstruction"):
        deploy("RewardDistributor", who.owner, ZERO, 1, sender=who.owner)
