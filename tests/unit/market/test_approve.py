"""
approve
├── when the creator approves: reward and bond go to the annotator at once, the fee to the sink as a credit
│   ├── part after part of a submission, each task once
│   ├── with the pay of the word's difficulty class, and the weight that royalties are shared by
│   └── at any time while tasks are pending, after the review window too
├── when it is the last task of the job: the job closes
├── given an annotator who cannot be paid: the pay becomes his credit
└── reverts when
    ├── the caller is not the creator
    ├── the submission is in another state
    └── the mask is empty, or names tasks that are not pending
"""

from itertools import permutations

import ape
import pytest

from offchain.states import ClaimState, JobState
from offchain.terms import difficulty
from tests.conftest import isolated
from tests.support.calls import ZERO, deploy, now, reverts
from tests.support.market import DAY, FULL, REWARD, mine_at
from tests.support.money import bounty, task_money

BOND = 100_001


@pytest.mark.parametrize("fee_bps", [0, 500])
def test_approve__part_after_part__pays_each_task_once(world, market, who, coin, fee_bps):
    """T2, T6: events, money and counts, to the unit."""
    market.send("setFee", fee_bps, sender=who.owner)
    job_id = world.open(token=coin, fee_bps=fee_bps)
    fee = REWARD * fee_bps // 10_000
    claim_id = world.submitted(job_id, 0b10111)
    with world.moves(coin) as moved:
        receipt = world.approve(claim_id, 0b10010)
    pay = 2 * (REWARD + BOND)
    credited = {"sink's credit": 2 * fee} if fee else {}
    assert moved == {"annotator": pay, "market": -pay} | credited
    told = {"jobId": job_id, "claimId": claim_id, "annotator": who.annotator, "mask": 0b10010}
    paid = ("RewardPaid", told | {"reward": 2 * REWARD, "bond": 2 * BOND, "fee": 2 * fee})
    credit = ("Credited", {"token": coin, "account": who.sink, "amount": 2 * fee})
    assert receipt.of(market) == [paid, credit] if fee else [paid]
    record = world.record(claim_id)
    assert (record["state"], record["mask"]) == (ClaimState.SUBMITTED, 0b00101)
    account = {"open": 2, "approved": 2, "weight": 20_000, "earned": 2 * REWARD, "rejected": 0}
    assert market.call("accountOf", job_id, who.annotator) == account

    world.approve(claim_id, 0b00101)
    assert world.record(claim_id)["state"] == ClaimState.DONE
    job = world.job(job_id)
    assert (job["open"], job["taken"], job["approved"]) == (596, 0, 4)
    assert market.call("approvedWeight", job_id) == 40_000
    with reverts("WrongClaimState", claim_id, ClaimState.DONE):
        market.call("approve", claim_id, 0b00101, sender=who.creator)


def test_approve__difficulty_classes__pays_and_weighs_each_word_by_its_own(world, market, who, coin):
    market.send("setFee", 500, sender=who.owner)
    multipliers, classes = difficulty((12_345, 1, 65_535))
    job_id = world.open(token=coin, multipliers=multipliers, word_classes=classes, fee_bps=500)
    earned = weight = 0
    for word, multiplier in enumerate((12_345, 1, 65_535)):
        money = task_money(world.terms_of[job_id], word)
        claim_id = world.submitted(job_id, 0b111, word=word)
        with world.moves(coin) as moved:
            world.approve(claim_id, 0b011)
        pay, fee = 2 * (money.reward + BOND), 2 * money.fee
        assert moved == {"annotator": pay, "market": -pay, "sink's credit": fee}
        earned, weight = earned + 2 * money.reward, weight + 2 * multiplier
    account = market.call("accountOf", job_id, who.annotator)
    assert (account["earned"], account["weight"], account["approved"]) == (earned, weight, 6)
    assert market.call("approvedWeight", job_id) == weight


def test_approve__last_task_of_the_job__closes_it(world, market, who, coin):
    job_id = world.open(token=coin, task_count=3)
    first, last = world.submitted(job_id, 0b011), world.submitted(job_id, 0b100, by=who.rival)
    world.approve(first, 0b011)
    assert world.job(job_id)["state"] == JobState.OPEN
    receipt = world.approve(last, 0b100)
    names = [name for name, _ in receipt.of(market)]
    assert names == ["JobClosed", "RewardPaid"]
    assert receipt.of(market)[0][1] == {"jobId": job_id, "approved": 3}
    assert world.job(job_id)["state"] == JobState.CLOSED
    assert market.call("liabilities", coin) == 0


def test_approve__last_taken_task_of_a_closing_job__closes_it(world, market, who):
    job_id = world.open()
    claim_id = world.submitted(job_id, 0b11)
    market.send("close", job_id, sender=who.creator)
    world.approve(claim_id, 0b01)
    assert world.job(job_id)["state"] == JobState.CLOSING
    world.approve(claim_id, 0b10)
    assert world.job(job_id)["state"] == JobState.CLOSED


def test_approve__after_the_review_window__still_pays(world, who):
    claim_id = world.submitted(world.open(), 1)
    mine_at(now() + 10 * DAY)
    world.approve(claim_id, 1)


@pytest.mark.parametrize("dispute", ["rejected", "appealed"])
def test_approve__with_a_live_dispute__pays_the_rest_and_keeps_the_record(world, market, who, dispute):
    """A submission is not done while its dispute lives."""
    claim_id = getattr(world, dispute)(world.open(), 0b0011, pending=0b1100)
    world.approve(claim_id, 0b1100)
    record = world.record(claim_id)
    assert (record["state"], record["mask"], record["disputed"]) == (ClaimState.SUBMITTED, 0, 0b0011)
    with reverts("BadMask", 0b0011, 0):
        market.call("approve", claim_id, 0b0011, sender=who.creator)
    with reverts("BadMask", 0, 0):
        market.call("approve", claim_id, 0, sender=who.creator)


@pytest.mark.parametrize("mood", [1, 2])
def test_approve__annotator_who_takes_no_coin__is_credited(world, market, who, mood):
    """T10: refusing or burning the gas hurts nobody else, and loses nothing."""
    puppet = deploy("Puppet", sender=who.stranger)
    world.people["puppet"] = puppet.address
    puppet.send("setMood", mood, sender=who.stranger)
    job_id = world.open(bond_bps=0)
    puppet.send("execute", market.address, market.data("claim", job_id, 0, 1, b"", []), sender=who.stranger)
    submit = market.data("submitBatch", job_id << 24, b"\x01" * 32, 1, "")
    puppet.send("execute", market.address, submit, sender=who.stranger)
    with world.moves() as moved:
        receipt = world.approve(job_id << 24, 1)
    assert moved == {"puppet's credit": REWARD}
    assert receipt.of(market)[-1] == (
        "Credited",
        {"token": ZERO, "account": puppet.address, "amount": REWARD},
    )


@pytest.mark.parametrize("role", ["annotator", "arbiter", "owner", "stranger"])
def test_approve__by_anyone_else__reverts(world, market, who, role):
    claim_id = world.submitted(world.open(), 1)
    with reverts("NotAuthorized", getattr(who, role), who.creator):
        market.call("approve", claim_id, 1, sender=getattr(who, role))


def test_approve__creator_of_another_job__reverts(world, market, who):
    """T2."""
    world.open(creator=who.rival)
    claim_id = world.submitted(world.open(), 1)
    with reverts("NotAuthorized", who.rival, who.creator):
        market.call("approve", claim_id, 1, sender=who.rival)


def test_approve__claim_in_another_state__reverts(world, market, who):
    job_id = world.open()
    with reverts("WrongClaimState", job_id << 24, ClaimState.NONE):
        market.call("approve", job_id << 24, 1, sender=who.creator)
    claim_id = world.claim(job_id, 1)
    with reverts("WrongClaimState", claim_id, ClaimState.CLAIMED):
        market.call("approve", claim_id, 1, sender=who.creator)


@pytest.mark.parametrize("mask", [0, 0b001, 0b111, FULL])
def test_approve__tasks_that_are_not_pending__revert(world, market, who, mask):
    claim_id = world.submitted(world.open(), 0b110)
    with reverts("BadMask", mask, 0b110):
        market.call("approve", claim_id, mask, sender=who.creator)


def test_approve__all_256_tasks_one_by_one_or_at_once__pay_the_same(world, market, who):
    """T5: no rounding depends on how a submission is split."""
    market.send("setFee", 333, sender=who.owner)
    job_id = world.open(fee_bps=333)
    claim_id = world.submitted(job_id, FULL)
    with world.moves() as split:
        for part in (1, 0b110, FULL & ~0b111):
            world.approve(claim_id, part)
    other = world.submitted(job_id, FULL, word=1)
    with world.moves() as whole:
        world.approve(other, FULL)
    assert split == whole
    assert bounty(world.terms_of[job_id]) == 600 * (REWARD + 33_300)


def test_approve__in_any_order__pays_everyone_the_same(world, market, who):
    """T4: two annotators, three words of different difficulty, every order of their approvals."""
    market.send("setFee", 333, sender=who.owner)
    multipliers, classes = difficulty((12_345, 1, 65_535))
    job_id = world.open(multipliers=multipliers, word_classes=classes, fee_bps=333)
    submissions = [
        (world.submitted(job_id, 0b111, word=word, by=by), 0b111)
        for word, by in enumerate((who.annotator, who.rival, who.annotator))
    ]
    outcomes = []
    for order in permutations(submissions):
        with isolated(ape.chain):
            with world.moves() as moved:
                for claim_id, mask in order:
                    world.approve(claim_id, mask)
            outcomes.append((moved, market.call("approvedWeight", job_id)))
    assert outcomes[0][1] == 3 * (12_345 + 1 + 65_535)
    assert all(outcome == outcomes[0] for outcome in outcomes)
