"""
requestUnpledge
├── when no task is open: the pledge admits no claims, and leaves after the time for a proof
│   └── again: the time begins anew
└── reverts when
    ├── a task is claimed, submitted or in dispute
    └── there is no pledge, or its lock is over
"""

import pytest

from tests.support.calls import now, reverts
from tests.support.market import mine_at
from tests.support.pledges import PROOF


def test_request_unpledge__nothing_open__leaves(world, hook, who):
    job_id = world.pledged(3)
    receipt = hook.send("requestUnpledge", job_id, sender=who.annotator)
    leaves_at = receipt.time + PROOF
    told = {"jobId": job_id, "annotator": who.annotator, "leavesAt": leaves_at}
    assert receipt.of(hook) == [("UnpledgeRequested", told)]
    assert world.standing(job_id) == (3, 0, leaves_at)


def test_request_unpledge__again__begins_anew(world):
    job_id = world.pledged(3)
    first = world.request(job_id)
    mine_at(now() + 100)
    assert world.request(job_id) > first + 99
    assert world.standing(job_id)[2] > first


def _hold(world, job_id, state):
    """A task of the annotator's in this state."""
    if state == "claimed":
        world.work.claim(job_id, 1)
    elif state == "submitted":
        world.work.submitted(job_id, 1)
    elif state == "rejected":
        world.work.rejected(job_id, 1)
    elif state == "appealed":
        world.work.appealed(job_id, 1)
    else:
        world.upheld(job_id, 1, pending=0b10)


@pytest.mark.parametrize("state", ["claimed", "submitted", "rejected", "appealed", "pending"])
def test_request_unpledge__task_open__reverts(world, hook, who, state):
    """T39: whatever may still be rejected keeps the pledge."""
    job_id = world.pledged(3)
    _hold(world, job_id, state)
    with reverts("TasksOpen", job_id, who.annotator, 1):
        hook.call("requestUnpledge", job_id, sender=who.annotator)


def test_request_unpledge__task_of_another_job_or_account__is_no_obstacle(world, who):
    """T2."""
    job_id, other = world.pledged(3), world.pledged(3)
    world.work.claim(other, 1)
    world.pledge(job_id, 1, who.rival)
    world.work.claim(job_id, 0b10, by=who.rival)
    world.request(job_id)


def test_request_unpledge__no_pledge__reverts(world, hook, who):
    job_id, other = world.pledged(3), world.job()
    with reverts("NoPledge", other, who.annotator):
        hook.call("requestUnpledge", other, sender=who.annotator)
    with reverts("NoPledge", job_id, who.rival):
        hook.call("requestUnpledge", job_id, sender=who.rival)
    mine_at(world.bond()["until"] + 1)
    with reverts("NoPledge", job_id, who.annotator):
        hook.call("requestUnpledge", job_id, sender=who.annotator)
