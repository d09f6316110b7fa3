"""
ownership (T61)
├── handed over in two steps, never given up
├── every act of the owner's is refused to everybody else
└── everything that an owner can do leaves what was credited, or promised by the tree, claimable
"""

import pytest

from offchain.hashing import RewardTree
from tests.behaviours import owned
from tests.support.calls import ZERO, balance, reverts
from tests.support.rewards import MAX_EPOCH_CAP, TREE


@pytest.mark.parametrize("behaves", owned.BEHAVIOURS, ids=lambda behaviour: behaviour.__name__)
def test_owned(distributor, who, behaves):
    """T61."""
    power = ("setEpochCap", MAX_EPOCH_CAP)
    behaves(owned.Owned(distributor, who.owner, who.keeper, (who.stranger, who.annotator), power))


@pytest.mark.parametrize("role", ["annotator", "creator", "admin", "stranger"])
@pytest.mark.parametrize(
    "act",
    [
        ("setSource", ZERO, ZERO),
        ("setRate", ZERO, 1),
        ("setEpochCap", 1),
        ("useTree", ZERO, 1),
        ("collect", ZERO, 1),
        ("setRoot", b"\x01" * 32, 0),
    ],
    ids=lambda act: act[0],
)
def test_owners_acts__by_anyone_else__revert(distributor, who, role, act):
    """T61; the owner's check comes first."""
    account = getattr(who, role)
    with reverts("OwnableUnauthorizedAccount", account):
        distributor.call(*act, sender=account)


def test_owner__every_power_used__takes_nothing_back(world, distributor, who):
    """T12, T61: rewards that were assigned, and shares of a tree, stay what they were."""
    reward = world.rewarded(1_000)
    shared = world.collected(10_000, job=2)
    tree = RewardTree({who.rival: shared})
    world.publish(tree)
    world.own("setSource", world.source.address, ZERO)
    world.own("setRate", ZERO, 0)
    world.own("setEpochCap", 0)
    with reverts("WrongMode", world.source.address, 2, TREE):
        distributor.call("useTree", world.source.address, 2, sender=who.owner)
    with reverts("BadTotal", 0, shared, shared):
        distributor.call("setRoot", bytes(32), 0, sender=who.owner)
    assert distributor.send("claim", who.annotator, sender=who.annotator).value == reward
    assert world.claim_from(tree, who.rival).value == shared
    assert [balance(world.token, account) for account in (who.annotator, who.rival)] == [reward, shared]
