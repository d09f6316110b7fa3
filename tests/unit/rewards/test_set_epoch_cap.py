"""
setEpochCap, available
├── when the owner sets a cap, 0 to the bound: told, and it holds in the running epoch, too
├── a cap below what was handed out: nothing more until the next epoch begins, to the second
├── without supply: nothing, whatever the cap
└── reverts above the bound
"""

import pytest

from tests.support.calls import balance, now, reverts
from tests.support.market import mine_at
from tests.support.rewards import EPOCH, EPOCH_CAP, MAX_EPOCH_CAP, RATE, SUPPLY, UNIT, next_epoch

BIG = 4_000 * UNIT  # of fees: rewards of more than an epoch's cap


@pytest.mark.parametrize("cap", [0, 1, MAX_EPOCH_CAP])
def test_set_epoch_cap__within_the_bound__is_told_and_holds(world, distributor, cap):
    receipt = world.own("setEpochCap", cap)
    assert receipt.of(distributor) == [("EpochCapSet", {"cap": cap})]
    assert distributor.call("epochCap") == cap
    assert world.available() == min(cap, SUPPLY)


@pytest.mark.parametrize("cap", [MAX_EPOCH_CAP + 1, 2**256 - 1])
def test_set_epoch_cap__above_the_bound__reverts(distributor, who, cap):
    with reverts("AboveBound", cap, MAX_EPOCH_CAP):
        distributor.call("setEpochCap", cap, sender=who.owner)


def test_set_epoch_cap__below_what_was_handed_out__waits_for_the_next_epoch(world):
    start = next_epoch()
    reward = world.rewarded(1_000)
    world.own("setEpochCap", reward - 1)
    world.pay(1_000)
    mine_at(start + EPOCH - 1)
    assert world.available() == 0
    assert world.distributor.call("assign", world.source.address, 1, [world.who.annotator]) == 0
    mine_at(start + EPOCH)
    assert world.available() == reward - 1


def test_available__after_rewards__is_the_rest_of_the_epoch(world):
    start = next_epoch()
    assert world.available() == EPOCH_CAP
    reward = world.rewarded(1_000_000)
    assert world.available() == EPOCH_CAP - reward
    world.own("setEpochCap", 2 * EPOCH_CAP)
    assert world.available() == 2 * EPOCH_CAP - reward
    mine_at(start + EPOCH)
    assert world.available() == 2 * EPOCH_CAP


def test_available__less_supply_than_cap__is_what_is_owed_to_nobody(world, distributor, who):
    world.own("setEpochCap", MAX_EPOCH_CAP)
    reward = world.rewarded(BIG)
    assert world.available() == SUPPLY - reward == SUPPLY - BIG * RATE // UNIT
    world.pay(10 * BIG, who.rival)
    rest = world.assign(who.rival).value
    assert 0 <= SUPPLY - reward - rest <= 1  # a base unit of fee is less than one of reward
    assert world.owed() == reward + rest <= balance(world.token, distributor.address)
    distributor.send("claim", who.rival, sender=who.rival)
    assert world.available() == SUPPLY - reward - rest
    world.token.send("mint", distributor.address, 77, sender=who.admin)
    assert world.available() == SUPPLY - reward - rest + 77


def test_available__every_second_of_an_epoch__is_of_that_epoch(world):
    start = next_epoch()
    world.rewarded(BIG)
    assert now() < start + EPOCH - 1
    assert world.available() <= 1
    mine_at(start + EPOCH - 1)
    assert world.available() <= 1
    mine_at(start + EPOCH)
    assert world.available() == EPOCH_CAP
