"""
pledge
├── when the account has the stake, and allows it: it is locked, and admits claims
│   ├── again: adds up, and admits them for longer
│   ├── while it leaves: it stays
│   ├── in another job: renews the lock, and nothing else of this one
│   └── after the lock is over: what was pledged on it is over, too, whether it was reclaimed or not
└── reverts when
    ├── the job asks for nothing yet, or for another stake
    ├── it is for no task, or for more than can be counted
    └── the staking contract does not lock: not listed, not allowed, not there
"""

import pytest

from tests.support.calls import now, reverts
from tests.support.market import mine_at, next_at
from tests.support.pledges import EXPOSURE, LONGEST, PLENTY, STAKE, UNLIMITED


def test_pledge__locks_the_stake_of_the_tasks(world, hook, staking, who):
    job_id = world.job()
    receipt = world.pledge(job_id, 3)
    until = receipt.time + LONGEST
    pledged = {
        "jobId": job_id,
        "annotator": who.annotator,
        "tasks": 3,
        "claimsUntil": until - EXPOSURE,
    }
    locked = {"account": who.annotator, "market": hook.address, "amount": 3 * STAKE, "until": until}
    assert receipt.of(hook) == [("Pledged", pledged)]
    assert receipt.of(staking) == [("StakeLocked", locked)]
    assert world.standing(job_id) == (3, until - EXPOSURE, 0)
    assert (world.bond()["locked"], world.bond()["until"]) == (3 * STAKE, until)


def test_pledge__again__adds_up_and_lasts_longer(world):
    """T40."""
    job_id = world.pledged(3)
    mine_at(now() + 1_000)
    receipt = world.pledge(job_id, 2)
    assert world.standing(job_id) == (5, receipt.time + LONGEST - EXPOSURE, 0)
    assert world.bond()["locked"] == 5 * STAKE


def test_pledge__while_it_leaves__stays(world):
    job_id = world.pledged(3)
    world.request(job_id)
    receipt = world.pledge(job_id, 1)
    assert world.standing(job_id) == (4, receipt.time + LONGEST - EXPOSURE, 0)


def test_pledge__for_another_job__leaves_this_one(world, who):
    """T2: only the lock, which all of them share, lasts longer."""
    first = world.pledged(3)
    before = world.standing(first)
    mine_at(now() + 1_000)
    second = world.job(stake=7)
    receipt = world.pledge(second, 2, stake=7)
    world.pledge(first, 1, who.rival)
    assert world.standing(first) == before
    assert (world.bond()["locked"], world.bond()["until"]) == (3 * STAKE + 14, receipt.time + LONGEST)
    assert world.bond(who.rival)["locked"] == STAKE


@pytest.mark.parametrize("reclaimed", [True, False])
def test_pledge__after_the_lock_is_over__begins_anew(world, hook, staking, who, reclaimed):
    """T40: what was pledged on a lock that is over counts no more, and its stake is given back first."""
    first, second = world.pledged(3), world.job()
    world.pledge(second, 2)
    mine_at(world.bond()["until"] + 1)
    if reclaimed:
        staking.send("reclaim", who.annotator, hook.address, sender=who.keeper)
    receipt = world.pledge(first, 1)
    given = {"account": who.annotator, "market": hook.address, "amount": 5 * STAKE}
    told = [name for name, _ in receipt.of(staking)]
    assert told == (["StakeLocked"] if reclaimed else ["StakeUnlocked", "StakeLocked"])
    assert reclaimed or receipt.of(staking)[0] == ("StakeUnlocked", given)
    assert world.standing(first) == (1, receipt.time + LONGEST - EXPOSURE, 0)
    assert world.standing(second) == (0, 0, 0)
    assert world.bond()["locked"] == STAKE
    with reverts("NoPledge", second, who.annotator):
        hook.call("requestUnpledge", second, sender=who.annotator)


def test_pledge__in_the_last_second_of_the_lock__adds_up(world):
    """T23: the lock is over a second later."""
    job_id = world.pledged(3)
    next_at(world.bond()["until"])
    world.pledge(job_id, 1)
    assert (world.standing(job_id)[0], world.bond()["locked"]) == (4, 4 * STAKE)


def test_pledge__job_that_asks_for_nothing__reverts(world, hook, who):
    job_id = world.job(stake=0)
    for unsaid in (job_id, 99):
        with reverts("NotConfigured", unsaid):
            hook.call("pledge", unsaid, 1, 0, sender=who.annotator)


@pytest.mark.parametrize("stated", [STAKE - 1, STAKE + 1, 0])
def test_pledge__another_stake_than_the_jobs__reverts(world, hook, who, stated):
    """T48: nobody pledges more than he has seen."""
    job_id = world.job()
    with reverts("OtherStake", stated, STAKE):
        hook.call("pledge", job_id, 1, stated, sender=who.annotator)


def test_pledge__no_task_or_too_many__reverts(world, hook, staking, who):
    job_id = world.pledged(3)
    with reverts("NothingToMove"):
        hook.call("pledge", job_id, 0, STAKE, sender=who.annotator)
    with reverts("Panic", 0x11):
        hook.call("pledge", job_id, 2**24 - 3, STAKE, sender=who.annotator)
    world.pledge(job_id, 2**24 - 4)
    assert world.bond()["locked"] == (2**24 - 1) * STAKE


def test_pledge__stake_that_cannot_be_locked__reverts(world, hook, staking, who):
    job_id = world.job(stake=PLENTY)
    with reverts("StakeTooLow", who.annotator, PLENTY, 2 * PLENTY):
        hook.call("pledge", job_id, 2, PLENTY, sender=who.annotator)
    staking.send("allow", hook.address, PLENTY - 1, sender=who.annotator)
    with reverts("LimitExceeded", who.annotator, hook.address, PLENTY - 1, PLENTY):
        hook.call("pledge", job_id, 1, PLENTY, sender=who.annotator)
    with reverts("LimitExceeded", who.stranger, hook.address, 0, PLENTY):
        hook.call("pledge", job_id, 1, PLENTY, sender=who.stranger)
    staking.send("allow", hook.address, UNLIMITED, sender=who.annotator)
    staking.send("setMarket", hook.address, False, sender=who.owner)
    with reverts("NotListed", hook.address):
        hook.call("pledge", job_id, 1, PLENTY, sender=who.annotator)
