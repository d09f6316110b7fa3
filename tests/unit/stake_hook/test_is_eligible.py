"""
isEligible
├── admits who has pledged for all tasks that he would hold, through the last second of claims
└── refuses
    ├── one task more, whatever state the others are in, and while they are due
    ├── whoever has pledged nothing, to this job or at all
    ├── while a pledge leaves
    └── a pledge that would be over before an offence is proven
"""

import pytest

from tests.support.calls import reverts
from tests.support.market import mine_at
from tests.support.pledges import EXPOSURE


def test_is_eligible__tasks_that_are_held__count(world, hook, who):
    """T33: each task that is held, however it is split into claims, needs its own stake."""
    job_id = world.pledged(3)
    assert [world.eligible(job_id, tasks) for tasks in (1, 3, 4, 256)] == [True, True, False, False]
    claim_id = world.work.claim(job_id, 0b11)
    assert [world.eligible(job_id, tasks) for tasks in (1, 2)] == [True, False]
    world.work.submit(claim_id)
    with reverts("NotEligible", job_id, who.annotator):
        world.market.call("claim", job_id, 0, 0b1100, b"", [], sender=who.annotator, value=200_002)
    world.work.approve(claim_id, 0b01)
    assert [world.eligible(job_id, tasks) for tasks in (2, 3)] == [True, False]
    world.work.reject(claim_id, 0b10)
    assert [world.eligible(job_id, tasks) for tasks in (2, 3)] == [True, False]
    world.work.claim(job_id, 0b1100)
    assert not world.eligible(job_id, 1)


def test_is_eligible__without_a_pledge_to_this_job__refuses(world, who):
    """T2."""
    job_id, other = world.pledged(3), world.job()
    assert not world.eligible(other, 1)
    assert not world.eligible(job_id, 1, who.rival)
    assert not world.eligible(job_id, 1, who.stranger)


def test_is_eligible__job_that_asks_for_nothing_yet__refuses_all(world, hook, who):
    job_id = world.job(stake=0)
    with reverts("NotEligible", job_id, who.annotator):
        world.market.call("claim", job_id, 0, 1, b"", [], sender=who.annotator, value=100_001)


def test_is_eligible__last_second_for_claims__leaves_time_for_a_proof(world):
    """T14, T39: a claim in that second ends in the worst case as long before the lock as a proof takes."""
    job_id = world.pledged(3)
    _, claims_until, _ = world.standing(job_id)
    assert claims_until + EXPOSURE == world.bond()["until"]
    mine_at(claims_until)
    assert world.eligible(job_id, 3)
    mine_at(claims_until + 1)
    assert not world.eligible(job_id, 1)


def test_is_eligible__while_it_leaves__refuses(world):
    """T39: what is claimed after the request would outlast the pledge."""
    job_id = world.pledged(3)
    world.request(job_id)
    assert not world.eligible(job_id, 1)
    world.pledge(job_id, 1)
    assert world.eligible(job_id, 4)


@pytest.mark.parametrize("when", ["leaves", "is over"])
def test_is_eligible__pledge_that_is_gone__refuses(world, when):
    job_id = world.pledged(3)
    if when == "leaves":
        mine_at(world.request(job_id) + 1)
        world.unpledge(job_id)
    else:
        mine_at(world.bond()["until"] + 1)
    assert not world.eligible(job_id, 1)


def test_is_eligible__less_after_a_rejection_stands__and_no_less_after_a_slash(world):
    """T39: what is due and what is left of the pledge for others is the same before and after it is paid."""
    job_id = world.pledged(3)
    claim_id = world.upheld(job_id, 0b11)
    assert world.due(job_id) == 2
    assert [world.eligible(job_id, tasks) for tasks in (1, 2)] == [True, False]
    world.slash(claim_id, 0b11)
    assert world.due(job_id) == 0
    assert [world.eligible(job_id, tasks) for tasks in (1, 2)] == [True, False]
