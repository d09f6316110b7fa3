"""
settleRejection
├── when nobody appealed in time: anyone ends the dispute
│   ├── the tasks reopen; bonds and rejection fee go to the sink, the arbiter's fee back to the creator
│   ├── the rejected tasks stay on record, so that they never count as accepted
│   ├── they are counted for the annotator, each as often as its rejection stood
│   └── the rest of the submission stays under review
├── given a closing job: the tasks' funds go back to the creator too
└── reverts when
    ├── the appeal window lasts (T23)
    └── there is no rejection, or it was appealed or settled before
"""

from offchain.states import ClaimState, DisputeState, JobState
from offchain.terms import difficulty
from tests.support.calls import ZERO, reverts
from tests.support.market import ARBITER_FEE, FULL, REWARD, mine_at
from tests.support.money import task_money

BOND, REJECT_FEE = 100_001, 100_101


def appeal_end(world, claim_id):
    return world.record(claim_id)["disputedAt"] + world.terms_of[claim_id >> 24].appeal_window


def test_settle_rejection__nobody_appealed__reopens_the_tasks(world, market, who, coin):
    """F8: the creator gains neither bonds nor his fee back."""
    job_id = world.open(token=coin)
    claim_id = world.rejected(job_id, 0b0101, pending=0b1010)
    mine_at(appeal_end(world, claim_id) + 1)
    with world.moves(coin) as moved:
        receipt = market.send("settleRejection", claim_id, sender=who.stranger)
    forfeited = 2 * (BOND + REJECT_FEE)
    assert moved == {"creator": ARBITER_FEE, "market": -ARBITER_FEE, "sink's credit": forfeited}
    ended = {"jobId": job_id, "claimId": claim_id, "upheld": 0b0101, "overturned": 0, "forfeited": forfeited}
    nothing = {"compensation": 0, "toAnnotator": 0, "toArbiter": 0}
    assert receipt.of(market) == [
        ("DisputeEnded", ended | nothing | {"toCreator": ARBITER_FEE}),
        ("Credited", {"token": coin, "account": who.sink, "amount": forfeited}),
    ]
    record = world.record(claim_id)
    assert (record["state"], record["dispute"]) == (ClaimState.SUBMITTED, DisputeState.ENDED)
    assert (record["mask"], record["disputed"], record["disputedAt"]) == (0b1010, 0b0101, 0)
    assert market.call("freeTasks", job_id, 0) == FULL & ~0b1010
    account = market.call("accountOf", job_id, who.annotator)
    assert (account["open"], account["rejected"]) == (2, 2)
    assert market.call("accountOf", job_id, who.rival)["rejected"] == 0
    world.claim(job_id, 0b0101, by=who.rival)
    world.approve(claim_id, 0b1010)


def test_settle_rejection__again_and_again__counts_each_task_as_often(world, market, who):
    """A task that reopened can be rejected anew; another job counts for itself."""
    job_id, other = world.open(), world.open()
    for mask in (0b11, 0b110, FULL):
        claim_id = world.rejected(job_id, mask)
        mine_at(appeal_end(world, claim_id) + 1)
        market.send("settleRejection", claim_id, sender=who.keeper)
    assert market.call("accountOf", job_id, who.annotator)["rejected"] == 2 + 2 + 256
    assert market.call("accountOf", other, who.annotator)["rejected"] == 0


def test_settle_rejection__everything_was_rejected__ends_the_submission(world, market, who):
    claim_id = world.rejected(world.open(), 0b11)
    mine_at(appeal_end(world, claim_id) + 1)
    market.send("settleRejection", claim_id, sender=who.creator)
    record = world.record(claim_id)
    assert (record["state"], record["disputed"], record["annotator"]) == (ClaimState.DONE, 0b11, ZERO)
    with reverts("WrongClaimState", claim_id, ClaimState.DONE):
        market.call("settleRejection", claim_id, sender=who.creator)


def test_settle_rejection__closing_job__refunds_the_creator_and_closes(world, market, who, coin):
    market.send("setFee", 100, sender=who.owner)
    job_id = world.open(token=coin, fee_bps=100)
    claim_id = world.rejected(job_id, 0b11)
    market.send("close", job_id, sender=who.creator)
    mine_at(appeal_end(world, claim_id) + 1)
    with world.moves(coin) as moved:
        receipt = market.send("settleRejection", claim_id, sender=who.keeper)
    back = 2 * (REWARD + 10_000) + ARBITER_FEE
    assert moved == {"creator": back, "market": -back, "sink's credit": 2 * (BOND + REJECT_FEE)}
    names = [name for name, _ in receipt.of(market)]
    assert names == ["DisputeEnded", "TasksRefunded", "JobClosed", "Credited"]
    assert world.job(job_id)["state"] == JobState.CLOSED


def test_settle_rejection__difficulty_classes__forfeits_by_the_word(world, market, who, coin):
    multipliers, classes = difficulty((10_000, 33_333, 10_000))
    job_id = world.open(token=coin, multipliers=multipliers, word_classes=classes)
    free = market.call("freeFunds", job_id)
    claim_id = world.rejected(job_id, 0b11, word=1)
    mine_at(appeal_end(world, claim_id) + 1)
    with world.moves(coin) as moved:
        market.send("settleRejection", claim_id, sender=who.keeper)
    money = task_money(world.terms_of[job_id], 1)
    assert moved["sink's credit"] == 2 * (money.bond + money.reject_fee)
    assert market.call("freeFunds", job_id) == free


def test_settle_rejection__last_second__is_the_annotators(world, market, who):
    """T23."""
    claim_id = world.rejected(world.open(), 1)
    end = appeal_end(world, claim_id)
    mine_at(end)
    with reverts("TooEarly", end, end):
        market.call("settleRejection", claim_id, sender=who.creator)
    mine_at(end + 1)
    market.call("settleRejection", claim_id, sender=who.creator)


def test_settle_rejection__no_live_rejection__reverts(world, market, who):
    claim_id = world.submitted(world.open(), 0b11)
    with reverts("WrongDisputeState", claim_id, DisputeState.NONE):
        market.call("settleRejection", claim_id, sender=who.keeper)
    world.reject(claim_id, 0b01)
    end = appeal_end(world, claim_id)
    world.appeal(claim_id)
    mine_at(end + 1)
    with reverts("WrongDisputeState", claim_id, DisputeState.APPEALED):
        market.call("settleRejection", claim_id, sender=who.keeper)
    market.send("decide", claim_id, 0b01, sender=who.arbiter)
    with reverts("WrongDisputeState", claim_id, DisputeState.ENDED):
        market.call("settleRejection", claim_id, sender=who.keeper)
