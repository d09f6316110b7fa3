"""
unbond, unbondBySig
├── when something is available: it leaves that bucket and can be collected after the period
│   ├── each request has a time of its own, the oldest first (T39)
│   └── there can be eight of them
├── by signature: the signer's stake, whoever sends it
└── reverts when
    ├── it is nothing, or more than is available: what is locked does not leave
    └── there are eight already, be they over or not
"""

import pytest

from tests.support.calls import now, reverts
from tests.support.market import mine_at
from tests.support.staking import PERIOD


def test_unbond__of_what_is_available__starts_the_period(world, staking, who):
    world.locked(600, free=400)
    with world.moves() as moved:
        receipt = staking.send("unbond", 150, sender=who.staker)
    until = receipt.time + PERIOD
    started = {"account": who.staker, "amount": 150, "until": until}
    assert (moved, receipt.of(staking)) == ({}, [("UnbondingStarted", started)])
    assert (world.buckets(), world.queue()) == ((250, 600, 150), [(150, until)])


def test_unbond__several_times__gives_each_request_its_own_time(world):
    """T39: a second small request neither hastens the first nor leaves with it."""
    world.stake(1_000)
    first = world.unbond(900)
    mine_at(now() + 5_000)
    second = world.unbond(1)
    assert second > first
    assert world.queue() == [(900, first), (1, second)]


@pytest.mark.parametrize("amount", [401, 1_000, 2**256 - 1])
def test_unbond__more_than_is_available__reverts(world, staking, who, amount):
    world.locked(600, free=400)
    with reverts("StakeTooLow", who.staker, 400, amount):
        staking.call("unbond", amount, sender=who.staker)


def test_unbond__nothing__reverts(world, staking, who):
    world.stake(1)
    with reverts("NothingToMove"):
        staking.call("unbond", 0, sender=who.staker)


def test_unbond__all_of_it__is_possible(world):
    world.stake(400)
    world.unbond(400)
    assert world.buckets() == (0, 0, 400)


def test_unbond__ninth_request__reverts_until_one_was_collected(world, staking, who):
    """T11: the queue has a bound."""
    world.stake(1_000)
    first = world.unbond(1)
    for _ in range(7):
        world.unbond(1)
    for time in (now(), first + 1):
        mine_at(time) if time > now() else None
        with reverts("TooManyUnbondings", 8):
            staking.call("unbond", 1, sender=who.staker)
    staking.send("collect", who.staker, sender=who.keeper)
    world.unbond(1)


# --- by signature ---


def test_unbond_by_sig__sent_by_a_keeper__is_the_signers(world, staking, who):
    world.stake(1_000)
    world.stake(1_000, who.rival)
    auth = world.pen.auth("Unbond", who.staker, nonce=3, amount=40)
    receipt = staking.send("unbondBySig", 40, auth, sender=who.keeper)
    until = receipt.time + PERIOD
    assert receipt.of(staking) == [
        ("NonceUsed", {"account": who.staker, "nonce": 3}),
        ("UnbondingStarted", {"account": who.staker, "amount": 40, "until": until}),
    ]
    assert (world.buckets(), world.buckets(who.rival)) == ((960, 0, 40), (1_000, 0, 0))


def test_unbond_by_sig__another_amount__reverts(world, staking, who):
    """T43."""
    world.stake(1_000)
    auth = world.pen.auth("Unbond", who.staker, amount=40)
    with reverts("InvalidSignature", who.staker):
        staking.call("unbondBySig", 41, auth, sender=who.keeper)


def test_unbond_by_sig__used_as_a_stake__reverts(world, staking, who):
    """T44: stake and unbond have the same fields; a signature for one is worthless for the other."""
    world.stake(1_000)
    with reverts("InvalidSignature", who.staker):
        auth = world.pen.auth("Unbond", who.staker, amount=40)
        staking.call("stakeBySig", 40, auth, sender=who.keeper)
    with reverts("InvalidSignature", who.staker):
        auth = world.pen.auth("Stake", who.staker, amount=40)
        staking.call("unbondBySig", 40, auth, sender=who.keeper)
