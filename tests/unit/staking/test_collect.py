"""
collect
├── when requests are over: anyone may call, and the account is paid all of them
│   ├── those that are not over stay, in their order
│   └── an account that the token refuses has a credit
└── reverts when nothing is over: nothing was asked for, it is too early, or it was slashed
"""

import pytest

from tests.support.calls import reverts
from tests.support.market import mine_at, next_at
from tests.support.staking import PERIOD, World, deploy_system, kept_ledger


@pytest.mark.parametrize("role", ["staker", "keeper", "market"])
def test_collect__by_anyone__pays_the_account(world, staking, who, role):
    """T13."""
    world.stake(1_000)
    mine_at(world.unbond(300) + 1)
    with world.moves() as moved:
        receipt = staking.send("collect", who.staker, sender=getattr(who, role))
    assert moved == {"staker": 300, "contract": -300}
    assert receipt.of(staking) == [("UnbondingCollected", {"account": who.staker, "amount": 300})]
    assert (receipt.value, world.buckets(), world.queue()) == (300, (700, 0, 0), [])


def test_collect__in_the_last_second__is_too_early(world, staking, who):
    world.stake(1_000)
    until = world.unbond(300)
    mine_at(until)
    with reverts("NothingToMove"):
        staking.call("collect", who.staker, sender=who.staker)
    mine_at(until + 1)
    assert staking.call("collect", who.staker, sender=who.staker) == 300


@pytest.mark.parametrize("over", [1, 2, 3])
def test_collect__some_requests_over__leaves_the_others_in_order(world, staking, who, over):
    """T39: a request is not over before its own time."""
    world.stake(1_000)
    requests = []
    for amount in (100, 20, 3):
        requests.append((amount, world.unbond(amount)))
        next_at(requests[-1][1] - PERIOD + 50)
    mine_at(requests[over - 1][1] + 1)
    amount = sum(amount for amount, _ in requests[:over])
    assert staking.send("collect", who.staker, sender=who.keeper).value == amount
    assert world.queue() == requests[over:]
    assert world.buckets() == (877, 0, 123 - amount)


def test_collect__nothing_asked_for__reverts(world, staking, who):
    world.stake(1_000)
    with reverts("NothingToMove"):
        staking.call("collect", who.staker, sender=who.staker)


def test_collect__twice__pays_once(world, staking, who):
    world.stake(1_000)
    mine_at(world.unbond(300) + 1)
    staking.send("collect", who.staker, sender=who.keeper)
    with reverts("NothingToMove"):
        staking.call("collect", who.staker, sender=who.keeper)


def test_collect__after_a_slash__pays_the_rest(world, staking, who):
    """T38: slashed while unbonding, what is left stays withdrawable."""
    world.ready(1_000)
    first, second = world.unbond(600), world.unbond(400)
    world.slash(500)
    assert world.queue() == [(500, first)]
    mine_at(second + 1)
    with world.moves() as moved:
        staking.send("collect", who.staker, sender=who.keeper)
    assert (moved, world.buckets()) == ({"staker": 500, "contract": -500}, (0, 0, 0))


def test_collect__account_that_the_token_refuses__has_a_credit(who):
    """T10."""
    with kept_ledger(World(deploy_system("BlacklistToken"))) as world:
        world.stake(1_000)
        mine_at(world.unbond(300) + 1)
        world.token.send("setBlocked", who.staker, True, sender=who.owner)
        with world.moves() as moved:
            receipt = world.staking.send("collect", who.staker, sender=who.keeper)
        assert moved == {"staker's credit": 300}
        credited = {"token": world.token.address, "account": who.staker, "amount": 300}
        assert receipt.of(world.staking)[1:] == [("Credited", credited)]
        with world.moves() as moved:
            arguments = (world.token.address, who.payee, 300)
            world.staking.send("withdraw", *arguments, sender=who.staker)
        assert moved == {"payee": 300, "contract": -300, "staker's credit": -300}


def test_collect__request_that_is_over__is_out_of_reach(world, staking, who):
    """What has finished unbonding is not slashed any more, nor is what came before it."""
    world.ready(1_000)
    first = world.unbond(600)
    mine_at(first - 100)
    second = world.unbond(300)
    mine_at(first + 1)
    assert world.slash(1_000).value == 400
    assert world.queue() == [(600, first)]
    mine_at(second + 1)
    assert staking.call("collect", who.staker, sender=who.keeper) == 600
