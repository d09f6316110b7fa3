"""
ids and payees
├── jobs count from 1, claims from 0 within their job; zero is no id, and every enum starts with None
├── nobody chooses an id, so nobody can take one away from another
└── who is paid for a claim is who made it, whoever sends the transaction
"""

from offchain.states import ClaimState, DisputeState, JobState
from tests.support.calls import ZERO, reverts


def test_ids__jobs_and_claims__are_counted_and_never_zero(world, market, who):
    """T63: counted by the contract, apart for each job; unknown ids have no state."""
    first, second = world.open(), world.open()
    assert second == first + 1 == market.call("jobCount")
    claims = [world.claim(first, 0b1), world.claim(second, 0b1), world.claim(first, 0b10)]
    assert claims == [first << 24, second << 24, first << 24 | 1]
    assert (JobState.NONE, ClaimState.NONE, DisputeState.NONE) == (0, 0, 0)
    for unknown in (0, second + 1):
        assert world.job(unknown)["state"] == JobState.NONE
        with reverts("WrongJobState", unknown, JobState.NONE):
            market.call("close", unknown, sender=who.creator)
    for unknown in (0, first << 24 | 2, (second + 1) << 24):
        assert world.record(unknown)["state"] == ClaimState.NONE
        with reverts("WrongClaimState", unknown, ClaimState.NONE):
            market.call("release", unknown, sender=who.annotator)


def test_payees__two_annotators_in_one_word__each_gets_the_pay_of_his_own_tasks(world, who):
    """T7: neither the order of approvals nor who sends them sends money to anybody but the submitter."""
    job_id = world.open()
    own, other = world.claim(job_id, 0b0011), world.claim(job_id, 0b1100, by=who.rival)
    world.submit(own, 0b0011)
    world.submit(other, 0b1100, by=who.rival)
    with world.moves(ZERO) as moved:
        world.approve(other, 0b1100)
    assert set(moved) == {"rival", "market"}
    with world.moves(ZERO) as moved:
        world.approve(own, 0b0011)
    assert set(moved) == {"annotator", "market"}
