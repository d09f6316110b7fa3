"""
reject
├── when the creator rejects in time: the tasks leave review, he deposits rejection fee and arbiter fee
│   ├── with the rejection fee of the word's difficulty, rounded up per task
│   └── of all tasks or some, in the last second too
└── reverts when
    ├── the caller is not the creator
    ├── the job has no arbiter
    ├── the review window has passed (T16, T23)
    ├── the submission was rejected before, however the dispute ended
    ├── the submission is in another state
    ├── the mask is empty, or names tasks that are not pending
    └── the money is not exactly the deposit
"""

import pytest

from offchain.states import ClaimState, DisputeState
from offchain.terms import difficulty
from tests.support.calls import ZERO, reverts
from tests.support.market import ARBITER_FEE, FULL, REASON, mine_at, next_at
from tests.support.money import task_money

REJECT_FEE = 100_101  # 10.01 % of 1,000,003 is 100,100.3


def review_end(world, claim_id):
    return world.record(claim_id)["time"] + world.terms_of[claim_id >> 24].review_window


@pytest.mark.parametrize("mask", [0b1011, 0b0110, 0b1111])
def test_reject__in_time__moves_the_tasks_into_dispute(world, market, who, coin, mask):
    job_id = world.open(token=coin)
    claim_id = world.submitted(job_id, 0b1111)
    tasks, submitted_at = mask.bit_count(), world.record(claim_id)["time"]
    commitment = world.record(claim_id)["commitment"]
    with world.moves(coin) as moved:
        receipt = world.reject(claim_id, mask)
    deposit = tasks * REJECT_FEE + ARBITER_FEE
    assert moved == {"creator": -deposit, "market": deposit}
    told = {"jobId": job_id, "claimId": claim_id, "annotator": who.annotator, "mask": mask}
    fees = {"reasonHash": REASON, "rejectFee": tasks * REJECT_FEE, "arbiterFee": ARBITER_FEE}
    assert receipt.of(market) == [("LabelsRejected", told | fees)]
    assert world.record(claim_id) == {
        "annotator": who.annotator,
        "state": ClaimState.SUBMITTED,
        "dispute": DisputeState.REJECTED,
        "word": 0,
        "time": submitted_at,
        "mask": 0b1111 & ~mask,
        "disputed": mask,
        "disputedAt": receipt.time,
        "commitment": commitment,
    }
    job = world.job(job_id)
    assert (job["open"], job["taken"]) == (596, 4)
    assert market.call("accountOf", job_id, who.annotator)["open"] == 4


def test_reject__difficulty_classes__costs_by_the_word(world, market, who, coin):
    multipliers, classes = difficulty((12_345, 1, 65_535))
    job_id = world.open(token=coin, multipliers=multipliers, word_classes=classes)
    for word, fee in enumerate((123_574, 11, 656_008)):  # of 1,234,503, 100 and 6,553,519
        claim_id = world.submitted(job_id, 0b11, word=word)
        assert task_money(world.terms_of[job_id], word).reject_fee == fee
        with world.moves(coin) as moved:
            world.reject(claim_id, 0b11, word)
        assert moved == {"creator": -2 * fee - ARBITER_FEE, "market": 2 * fee + ARBITER_FEE}


def test_reject__smallest_reward__still_costs_something(world):
    """T37: no rejection is free."""
    job_id = world.open(reward=1, arbiter_fee=0, reject_fee_bps=500)
    claim_id = world.submitted(job_id, 0b11)
    with world.moves() as moved:
        world.reject(claim_id, 0b11)
    assert moved == {"creator": -2, "market": 2}


def test_reject__in_the_last_second__is_in_time(world, market, who):
    job_id = world.open()
    claim_id = world.submitted(job_id, 1)
    end = review_end(world, claim_id)
    next_at(end)
    assert world.reject(claim_id, 1).time == end


def test_reject__after_the_review_window__reverts(world, market, who):
    """T16, T23."""
    claim_id = world.submitted(world.open(), 1)
    end = review_end(world, claim_id)
    mine_at(end + 1)
    with reverts("TooLate", end, end + 1):
        market.call("reject", claim_id, 1, REASON, sender=who.creator, value=REJECT_FEE + ARBITER_FEE)


def test_reject__a_second_time__reverts_however_the_first_ended(world, market, who):
    """T15, T16: at most one dispute per submission, so disputes cannot postpone the pay for ever."""
    job_id = world.open(review_window=20 * 86_400)
    claim_id = world.rejected(job_id, 0b0001, pending=0b1110)
    value = REJECT_FEE + ARBITER_FEE
    for state in (DisputeState.REJECTED, DisputeState.APPEALED, DisputeState.ENDED):
        with reverts("WrongDisputeState", claim_id, state):
            market.call("reject", claim_id, 0b0010, REASON, sender=who.creator, value=value)
        if state == DisputeState.REJECTED:
            world.appeal(claim_id)
        elif state == DisputeState.APPEALED:
            market.send("decide", claim_id, 0b0001, sender=who.arbiter)


@pytest.mark.parametrize("role", ["annotator", "arbiter", "owner", "stranger"])
def test_reject__by_anyone_else__reverts(world, market, who, role):
    claim_id = world.submitted(world.open(), 1)
    with reverts("NotAuthorized", getattr(who, role), who.creator):
        market.call("reject", claim_id, 1, REASON, sender=getattr(who, role), value=REJECT_FEE + ARBITER_FEE)


def test_reject__job_without_an_arbiter__reverts(world, market, who):
    """What nobody could appeal cannot be rejected."""
    job_id = world.open(arbiter=ZERO)
    with reverts("NoArbiter", job_id):
        market.call("reject", world.submitted(job_id, 1), 1, REASON, sender=who.creator)


def test_reject__submission_in_another_state__reverts(world, market, who):
    job_id = world.open()
    with reverts("WrongClaimState", job_id << 24, ClaimState.NONE):
        market.call("reject", job_id << 24, 1, REASON, sender=who.creator)
    claimed = world.claim(job_id, 1)
    with reverts("WrongClaimState", claimed, ClaimState.CLAIMED):
        market.call("reject", claimed, 1, REASON, sender=who.creator)
    done = world.submitted(job_id, 2)
    world.approve(done, 2)
    with reverts("WrongClaimState", done, ClaimState.DONE):
        market.call("reject", done, 2, REASON, sender=who.creator)


@pytest.mark.parametrize("mask", [0, 0b0001, 0b0010, 0b1110, FULL])
def test_reject__tasks_that_are_not_pending__revert(world, market, who, mask):
    claim_id = world.submitted(world.open(), 0b0110)
    world.approve(claim_id, 0b0010)
    with reverts("BadMask", mask, 0b0100):
        market.call("reject", claim_id, mask, REASON, sender=who.creator)


@pytest.mark.parametrize("off", [-1, 1])
def test_reject__native_coin_that_is_not_the_deposit__reverts(world, market, who, off):
    claim_id, due = world.submitted(world.open(), 0b11), 2 * REJECT_FEE + ARBITER_FEE
    with reverts("WrongValue", due, due + off):
        market.call("reject", claim_id, 0b11, REASON, sender=who.creator, value=due + off)


def test_reject__native_coin_in_a_token_job__reverts(world, market, who):
    """T9."""
    claim_id = world.submitted(world.open(token=world.system.token.address), 1)
    with reverts("WrongValue", 0, 1):
        market.call("reject", claim_id, 1, REASON, sender=who.creator, value=1)
