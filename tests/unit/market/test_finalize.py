"""
finalize
├── when the review window has passed: anyone has all pending tasks paid, as by approve (T14)
├── given tasks that were approved or are in dispute: only the pending ones are paid
├── given a paused market, a closing job or a job past its deadline: it works all the same (T13, T17)
└── reverts when
    ├── the review window lasts (T23)
    ├── nothing is pending
    └── the submission is in another state
"""

import pytest

from offchain.states import ClaimState, JobState
from tests.support.calls import ZERO, reverts
from tests.support.market import DAY, REWARD, mine_at

BOND = 100_001


def review_end(world, claim_id):
    return world.record(claim_id)["time"] + world.terms_of[claim_id >> 24].review_window


@pytest.mark.parametrize("arbiter", ["with arbiter", "without"])
def test_finalize__after_silence__pays_everything(world, market, who, coin, arbiter):
    market.send("setFee", 500, sender=who.owner)
    changes = {} if arbiter == "with arbiter" else {"arbiter": ZERO}
    job_id = world.open(token=coin, fee_bps=500, **changes)
    claim_id = world.submitted(job_id, 0b111)
    mine_at(review_end(world, claim_id) + 1)
    with world.moves(coin) as moved:
        receipt = market.send("finalize", claim_id, sender=who.stranger)
    pay, fee = 3 * (REWARD + BOND), 3 * 50_000
    assert moved == {"annotator": pay, "market": -pay, "sink's credit": fee}
    paid = {"jobId": job_id, "claimId": claim_id, "annotator": who.annotator, "mask": 0b111}
    assert receipt.of(market) == [
        ("RewardPaid", paid | {"reward": 3 * REWARD, "bond": 3 * BOND, "fee": fee}),
        ("Credited", {"token": coin, "account": who.sink, "amount": fee}),
    ]
    assert world.record(claim_id)["state"] == ClaimState.DONE


def test_finalize__last_second_of_the_review__is_the_creators(world, market, who):
    """T23."""
    claim_id = world.submitted(world.open(), 1)
    end = review_end(world, claim_id)
    mine_at(end)
    with reverts("TooEarly", end, end):
        market.call("finalize", claim_id, sender=who.annotator)
    mine_at(end + 1)
    market.call("finalize", claim_id, sender=who.annotator)


def test_finalize__partly_approved_and_disputed__pays_what_is_pending(world, market, who):
    claim_id = world.rejected(world.open(), 0b0011, pending=0b1100)
    world.approve(claim_id, 0b0100)
    mine_at(review_end(world, claim_id) + 1)
    with world.moves() as moved:
        receipt = market.send("finalize", claim_id, sender=who.keeper)
    assert moved == {"annotator": REWARD + BOND, "market": -REWARD - BOND}
    assert receipt.of(market)[0][1]["mask"] == 0b1000
    record = world.record(claim_id)
    assert (record["state"], record["mask"], record["disputed"]) == (ClaimState.SUBMITTED, 0, 0b0011)
    with reverts("BadMask", 0, 2**256 - 1):
        market.call("finalize", claim_id, sender=who.keeper)


def test_finalize__closing_job_past_its_deadline__pays_and_closes(world, market, who):
    """T13: a vanished creator costs nobody anything."""
    job_id = world.open()
    claim_id = world.submitted(job_id, 0b11)
    mine_at(world.terms_of[job_id].deadline + 10 * DAY)
    market.send("close", job_id, sender=who.stranger)
    market.send("finalize", claim_id, sender=who.stranger)
    assert world.job(job_id)["state"] == JobState.CLOSED
    assert market.call("liabilities", ZERO) == 0


def test_finalize__submission_in_another_state__reverts(world, market, who):
    job_id = world.open()
    with reverts("WrongClaimState", job_id << 24, ClaimState.NONE):
        market.call("finalize", job_id << 24, sender=who.keeper)
    claimed = world.claim(job_id, 1)
    with reverts("WrongClaimState", claimed, ClaimState.CLAIMED):
        market.call("finalize", claimed, sender=who.keeper)
    done = world.submitted(job_id, 2)
    world.approve(done, 2)
    mine_at(world.terms_of[job_id].deadline)
    with reverts("WrongClaimState", done, ClaimState.DONE):
        market.call("finalize", done, sender=who.keeper)
