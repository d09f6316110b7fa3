"""
configure
├── when the job's creator says it for the first time: stake per task and exposure are fixed for ever
└── reverts when
    ├── the caller is not the creator; nobody is the creator of a job that there is not
    ├── the job has another hook, or none
    ├── it was said before
    └── it is nothing
"""

import pytest

from tests.support.calls import ZERO, deploy, reverts
from tests.support.market import DAY
from tests.support.pledges import EXPOSURE, PROOF, STAKE


def test_configure__by_the_creator__is_fixed(world, hook, who):
    job_id = world.job(stake=0)
    assert hook.call("termsOf", job_id) == {"stakePerTask": 0, "exposure": 0}
    receipt = hook.send("configure", job_id, STAKE, sender=who.creator)
    told = {"jobId": job_id, "stakePerTask": STAKE, "exposure": EXPOSURE}
    assert receipt.of(hook) == [("JobConfigured", told)]
    assert hook.call("termsOf", job_id) == {"stakePerTask": STAKE, "exposure": EXPOSURE}


def test_configure__longest_windows__leave_time_to_claim(world, hook):
    """The longest job has 53 days of each lock in which claims are admitted."""
    longest = dict.fromkeys(("claim_window", "review_window", "appeal_window", "decision_window"), 30 * DAY)
    job_id = world.job(**longest)
    assert hook.call("termsOf", job_id)["exposure"] == 120 * DAY + PROOF
    receipt = world.pledge(job_id, 1)
    assert world.standing(job_id)[1] == receipt.time + 53 * DAY


def test_configure__most_and_least__are_possible(world, hook, who):
    for stake in (1, 2**96 - 1):
        assert hook.call("termsOf", world.job(stake))["stakePerTask"] == stake


@pytest.mark.parametrize("role", ["annotator", "owner", "arbiter", "keeper"])
def test_configure__by_anyone_else__reverts(world, hook, who, role):
    job_id = world.job(stake=0)
    with reverts("NotCreator", getattr(who, role), who.creator):
        hook.call("configure", job_id, STAKE, sender=getattr(who, role))


def test_configure__no_job__reverts(hook, who):
    with reverts("NotCreator", who.creator, ZERO):
        hook.call("configure", 99, STAKE, sender=who.creator)


def test_configure__another_hook__reverts(world, hook, who):
    other = deploy("MockHook", sender=who.owner).address
    for address in (other, ZERO):
        job_id = world.work.open(hook=address)
        with reverts("OtherHook", job_id, address):
            hook.call("configure", job_id, STAKE, sender=who.creator)


def test_configure__again__reverts(world, hook, who):
    """T18: what a job asks for never changes."""
    job_id = world.job()
    for stake in (STAKE, STAKE - 1):
        with reverts("AlreadyConfigured", job_id):
            hook.call("configure", job_id, stake, sender=who.creator)


def test_configure__nothing__reverts(world, hook, who):
    job_id = world.job(stake=0)
    with reverts("StakeRequired"):
        hook.call("configure", job_id, 0, sender=who.creator)
