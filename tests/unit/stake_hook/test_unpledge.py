"""
unpledge
├── when the time for a proof is over: the stake is available again, whoever calls
│   └── once
└── reverts when
    ├── it is not over
    ├── something is due, whenever it came to be, until it is slashed for
    ├── nobody asked
    └── there is no pledge, or its lock is over: then the staking contract gives it back
"""

import pytest

from tests.support.calls import reverts
from tests.support.market import DAY, mine_at
from tests.support.pledges import PLENTY, STAKE


def test_unpledge__after_the_time__makes_it_available(world, hook, staking, who):
    job_id, other = world.pledged(3), world.pledged(2)
    mine_at(world.request(job_id) + 1)
    receipt = hook.send("unpledge", job_id, who.annotator, sender=who.stranger)
    told = {"jobId": job_id, "annotator": who.annotator, "tasks": 3}
    unlocked = {"account": who.annotator, "market": hook.address, "amount": 3 * STAKE}
    assert receipt.of(hook) == [("Unpledged", told)]
    assert receipt.of(staking) == [("StakeUnlocked", unlocked)]
    assert (world.standing(job_id), world.standing(other)[0]) == ((0, 0, 0), 2)
    assert staking.call("stakeOf", who.annotator)["available"] == PLENTY - 2 * STAKE
    with reverts("NoPledge", job_id, who.annotator):
        hook.call("unpledge", job_id, who.annotator, sender=who.annotator)


def test_unpledge__in_the_last_second__reverts(world, hook, who):
    """T14, T39: through that second anyone can prove."""
    job_id = world.pledged(3)
    leaves_at = world.request(job_id)
    mine_at(leaves_at)
    with reverts("StillExposed", leaves_at, leaves_at):
        hook.call("unpledge", job_id, who.annotator, sender=who.annotator)
    mine_at(leaves_at + 1)
    hook.call("unpledge", job_id, who.annotator, sender=who.annotator)


@pytest.mark.parametrize("later", [1, 60 * DAY])
def test_unpledge__tasks_are_due__reverts(world, hook, staking, who, later):
    """T39: an offence keeps the pledge until it is paid for; T13: that takes one call, which is anyone's, or
    the end of the lock.
    """
    job_id = world.pledged(3)
    claim_id = world.upheld(job_id, 0b11)
    mine_at(world.request(job_id) + later)
    with reverts("TasksDue", job_id, who.annotator, 2):
        hook.call("unpledge", job_id, who.annotator, sender=who.annotator)
    hook.send("slash", *world.opening(claim_id, 0b11), sender=who.annotator)
    world.unpledge(job_id)
    assert staking.call("stakeOf", who.annotator)["available"] == PLENTY - 2 * STAKE


def test_unpledge__tasks_are_due_elsewhere__works(world, who):
    """T2: neither another job nor another account holds it up."""
    job_id, other = world.pledged(3), world.pledged(3)
    world.pledge(job_id, 3, who.rival)
    world.upheld(other, 0b11)
    world.upheld(job_id, 0b1, by=who.rival)
    mine_at(world.request(job_id) + 1)
    world.unpledge(job_id)


@pytest.mark.parametrize("again", [True, False])
def test_unpledge__nobody_asked__reverts(world, hook, who, again):
    """T39: whoever pledges again has asked for nothing."""
    job_id = world.pledged(3)
    if again:
        mine_at(world.request(job_id) + 1)
        world.pledge(job_id, 1)
    with reverts("NotLeaving", job_id, who.annotator):
        hook.call("unpledge", job_id, who.annotator, sender=who.annotator)


def test_unpledge__no_pledge__reverts(world, hook, who):
    job_id = world.pledged(3)
    for account in (who.rival, who.stranger):
        with reverts("NoPledge", job_id, account):
            hook.call("unpledge", job_id, account, sender=account)


def test_unpledge__lock_is_over__is_the_staking_contracts(world, hook, staking, who):
    """T13: nobody's silence keeps a stake."""
    job_id = world.pledged(3)
    until = world.bond()["until"]
    mine_at(until - 5)
    world.request(job_id)
    mine_at(until + 1)
    with reverts("NoPledge", job_id, who.annotator):
        hook.call("unpledge", job_id, who.annotator, sender=who.annotator)
    staking.send("reclaim", who.annotator, hook.address, sender=who.stranger)
    assert staking.call("stakeOf", who.annotator)["available"] == PLENTY


def test_unpledge__after_a_slash__gives_the_rest(world, staking, who):
    job_id = world.pledged(3)
    claim_id = world.upheld(job_id, 0b11)
    leaves_at = world.request(job_id)
    world.slash(claim_id, 0b11)
    mine_at(leaves_at + 1)
    world.unpledge(job_id)
    assert staking.call("stakeOf", who.annotator) == {
        "available": PLENTY - 2 * STAKE,
        "locked": 0,
        "unbonding": 0,
    }


def test_unpledge__after_a_slash__leaves_it_paid_for(world):
    """T13: whoever comes back owes nothing that he paid for before he left."""
    job_id = world.pledged(3)
    claim_id = world.upheld(job_id, 0b11)
    world.slash(claim_id, 0b11)
    mine_at(world.request(job_id) + 1)
    world.unpledge(job_id)
    assert world.due(job_id) == 0
    world.pledge(job_id, 1)
    assert world.eligible(job_id, 1)


def test_unpledge__off_the_list__works(world, staking, hook, who):
    """T13: no power keeps a pledge."""
    job_id = world.pledged(3)
    staking.send("setMarket", hook.address, False, sender=who.owner)
    mine_at(world.request(job_id) + 1)
    world.unpledge(job_id)
    assert world.bond()["locked"] == 0
