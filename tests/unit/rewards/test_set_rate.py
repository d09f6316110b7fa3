"""
setRate
├── when the owner sets a rate, 0 to the bound: told, for that token only
├── of rewards: what was assigned stays, what was not gets the day's rate
└── reverts above the bound
"""

import pytest

from tests.support.calls import ZERO, reverts
from tests.support.rewards import MAX_RATE, RATE, UNIT


@pytest.mark.parametrize("rate", [0, 1, UNIT, MAX_RATE])
def test_set_rate__within_the_bound__is_told_and_holds(world, distributor, rate):
    receipt = world.own("setRate", world.token.address, rate)
    assert receipt.of(distributor) == [("RateSet", {"feeToken": world.token.address, "rate": rate})]
    assert distributor.call("rateOf", world.token.address) == rate
    assert distributor.call("rateOf", ZERO) == RATE


@pytest.mark.parametrize("rate", [MAX_RATE + 1, 2**256 - 1])
def test_set_rate__above_the_bound__reverts(distributor, who, rate):
    with reverts("AboveBound", rate, MAX_RATE):
        distributor.call("setRate", ZERO, rate, sender=who.owner)


def test_set_rate__between_two_rewards__holds_for_what_is_not_assigned(world, who):
    """T12: what was assigned is not counted anew."""
    assert world.rewarded(1_000) == 300
    world.pay(1_000)
    world.own("setRate", ZERO, 5 * 10**17)
    assert world.assign().value == 500
    world.own("setRate", ZERO, MAX_RATE)
    assert world.assign().value == 0
    assert world.credit(who.annotator) == 800


def test_set_rate__none__counts_nothing_until_there_is_one_again(world, who):
    world.own("setRate", ZERO, 0)
    world.pay(1_000)
    assert world.assign().value == 0
    assert world.counted(who.annotator) == 0
    world.own("setRate", ZERO, RATE)
    assert world.assign().value == 300
