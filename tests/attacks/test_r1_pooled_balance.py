"""R1 and R2: one pot for all jobs. The creator submits work to his own job, closes it for a full refund
and then has the submission approved: it pays a second time, out of other jobs' money; and closing
takes the pay of delivered work.

Here what is taken stays reserved (T3, T22), a creator cannot claim, and a job can pay no more than its
own share (T2).
"""

import pytest

from offchain.states import JobState
from tests.support.calls import ZERO, reverts
from tests.support.ledger import share
from tests.support.market import DAY, FULL, REWARD, mine_at, now

BOND = 100_001


@pytest.fixture
def victims(world, who):
    """A job of somebody else, in the same coin, with more money than the attacker's."""
    return world.open(creator=who.rival, task_count=2_560, arbiter=ZERO)


def test_r1__creator_and_his_other_account__cannot_be_paid_twice(world, market, who, victims):
    """The creator's second account does the work; close, approve, finalize and close again."""
    before = share(world, victims, world.job(victims))
    job_id = world.open(task_count=256)
    with world.moves() as moved:
        claim_id = world.submitted(job_id, FULL >> 128)
        market.send("close", job_id, sender=who.creator)
        with reverts("WrongJobState", job_id, JobState.CLOSING):
            market.call("close", job_id, sender=who.creator)
        world.approve(claim_id, FULL >> 128)
        for act, arguments in (("approve", (claim_id, FULL >> 128)), ("finalize", (claim_id,))):
            with reverts("WrongClaimState", claim_id, 3):
                market.call(act, *arguments, sender=who.creator)
        with reverts("WrongJobState", job_id, JobState.CLOSED):
            market.call("close", job_id, sender=who.creator)
    # He got back what he did not spend, and paid his other account what he spent: nothing was won.
    assert moved == {"creator": 128 * REWARD, "annotator": 128 * REWARD, "market": -256 * REWARD}
    assert share(world, victims, world.job(victims)) == before == market.call("liabilities", ZERO)


def test_r1__creator_himself__cannot_claim_in_his_job(world, market, who):
    job_id = world.open()
    with reverts("MayNotClaim", who.creator):
        market.call("claim", job_id, 0, 1, b"", [], sender=who.creator, value=BOND)


@pytest.mark.parametrize("delivered", ["claimed", "submitted", "rejected"])
def test_r2__closing__takes_nothing_from_who_works(world, market, who, coin, delivered):
    """The refund is that of open tasks; who claimed in time is paid, though the creator stays silent."""
    job_id = world.open(token=coin)
    claim_id = getattr(world, "claim" if delivered == "claimed" else delivered)(job_id, 0b1111)
    with world.moves(coin) as moved:
        market.send("close", job_id, sender=who.creator)
    assert moved == {"creator": 596 * REWARD, "market": -596 * REWARD}
    if delivered == "claimed":
        world.submit(claim_id, 0b1111)
    if delivered == "rejected":
        world.appeal(claim_id)
    mine_at(now() + 30 * DAY)
    with world.moves(coin) as moved:
        market.send("settleAppeal" if delivered == "rejected" else "finalize", claim_id, sender=who.stranger)
    deposit = 77_777 if delivered == "rejected" else 0
    assert moved["annotator"] == 4 * (REWARD + BOND) + deposit
    assert world.job(job_id)["state"] == JobState.CLOSED
    assert market.call("liabilities", coin) == 0
