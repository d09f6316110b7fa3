"""
settleAppeal
├── when the arbiter stayed silent: anyone has the annotator paid, and every deposit returned (T15, F9)
├── given a closing job: it closes with the last task
└── reverts when
    ├── the decision window lasts (T23)
    └── there is no appeal, or it was decided or settled before
"""

from offchain.states import ClaimState, DisputeState, JobState
from tests.support.calls import ZERO, reverts
from tests.support.market import ARBITER_FEE, FULL, REWARD, mine_at

BOND, REJECT_FEE, FEE = 100_001, 100_101, 10_000


def decision_end(world, claim_id):
    return world.record(claim_id)["disputedAt"] + world.terms_of[claim_id >> 24].decision_window


def test_settle_appeal__silent_arbiter__pays_and_returns_every_deposit(world, market, who, coin):
    market.send("setFee", 100, sender=who.owner)
    job_id = world.open(token=coin, fee_bps=100)
    claim_id = world.appealed(job_id, 0b0111, pending=0b1000)
    mine_at(decision_end(world, claim_id) + 1)
    with world.moves(coin) as moved:
        receipt = market.send("settleAppeal", claim_id, sender=who.stranger)
    pay, back = 3 * (REWARD + BOND) + ARBITER_FEE, 3 * REJECT_FEE + ARBITER_FEE
    assert moved == {"annotator": pay, "creator": back, "market": -pay - back, "sink's credit": 3 * FEE}
    ended = {"jobId": job_id, "claimId": claim_id, "upheld": 0, "overturned": 0b0111}
    ended |= {
        "forfeited": 0,
        "compensation": 0,
        "toAnnotator": ARBITER_FEE,
        "toCreator": back,
        "toArbiter": 0,
    }
    paid = {"jobId": job_id, "claimId": claim_id, "annotator": who.annotator, "mask": 0b0111}
    assert receipt.of(market) == [
        ("DisputeEnded", ended),
        ("RewardPaid", paid | {"reward": 3 * REWARD, "bond": 3 * BOND, "fee": 3 * FEE}),
        ("Credited", {"token": coin, "account": who.sink, "amount": 3 * FEE}),
    ]
    record = world.record(claim_id)
    assert (record["state"], record["dispute"]) == (ClaimState.SUBMITTED, DisputeState.ENDED)
    assert (record["mask"], record["disputed"]) == (0b1000, 0)
    assert market.call("freeTasks", job_id, 0) == FULL & ~0b1111
    assert market.call("accountOf", job_id, who.annotator)["rejected"] == 0


def test_settle_appeal__last_tasks_of_a_closing_job__close_it(world, market, who):
    """T13."""
    job_id = world.open()
    claim_id = world.appealed(job_id, 0b11)
    market.send("close", job_id, sender=who.creator)
    mine_at(decision_end(world, claim_id) + 1)
    market.send("settleAppeal", claim_id, sender=who.keeper)
    assert world.record(claim_id)["state"] == ClaimState.DONE
    assert world.job(job_id)["state"] == JobState.CLOSED
    assert market.call("liabilities", ZERO) == 0


def test_settle_appeal__last_second__is_the_arbiters(world, market, who):
    """T23."""
    claim_id = world.appealed(world.open(), 1)
    end = decision_end(world, claim_id)
    mine_at(end)
    with reverts("TooEarly", end, end):
        market.call("settleAppeal", claim_id, sender=who.annotator)
    mine_at(end + 1)
    market.call("settleAppeal", claim_id, sender=who.annotator)


def test_settle_appeal__no_live_appeal__reverts(world, market, who):
    job_id = world.open()
    claim_id = world.submitted(job_id, 0b11)
    with reverts("WrongDisputeState", claim_id, DisputeState.NONE):
        market.call("settleAppeal", claim_id, sender=who.keeper)
    world.reject(claim_id, 0b01)
    mine_at(world.record(claim_id)["disputedAt"] + 1)
    with reverts("WrongDisputeState", claim_id, DisputeState.REJECTED):
        market.call("settleAppeal", claim_id, sender=who.keeper)
    world.appeal(claim_id)
    mine_at(decision_end(world, claim_id) + 1)
    market.send("settleAppeal", claim_id, sender=who.keeper)
    with reverts("WrongDisputeState", claim_id, DisputeState.ENDED):
        market.call("settleAppeal", claim_id, sender=who.keeper)
