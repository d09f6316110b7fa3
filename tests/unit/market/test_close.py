"""
close
├── when the creator closes an open job: its open tasks are refunded, taken ones run their course (T3, T22)
│   └── given nothing taken: the job is closed at once
├── when the deadline has passed: anyone may close it (T13)
├── given a creator who cannot be paid: the refund becomes his credit (T10)
└── reverts when
    ├── the caller is not the creator, before the deadline has passed
    └── the job is not open
"""

import pytest

from offchain.states import JobState
from offchain.terms import difficulty
from tests.support.calls import ZERO, deploy, reverts
from tests.support.market import REWARD, mine_at
from tests.support.money import bounty, task_money
from tests.support.registry import terms_struct

BOND = 100_001


@pytest.mark.parametrize("fee_bps", [0, 100])
def test_close__untouched_job__refunds_the_whole_bounty(world, market, who, coin, fee_bps):
    market.send("setFee", fee_bps, sender=who.owner)
    job_id = world.open(token=coin, fee_bps=fee_bps)
    whole = bounty(world.terms_of[job_id])
    with world.moves(coin) as moved:
        receipt = market.send("close", job_id, sender=who.creator)
    assert moved == {"creator": whole, "market": -whole}
    assert receipt.of(market) == [
        ("JobClosing", {"jobId": job_id, "tasks": 600, "refunded": whole}),
        ("JobClosed", {"jobId": job_id, "approved": 0}),
    ]
    job = world.job(job_id)
    assert (job["state"], job["open"], job["taskCount"]) == (JobState.CLOSED, 0, 600)
    assert (market.call("freeTasks", job_id, 0), market.call("freeFunds", job_id)) == (0, 0)


def test_close__claims_submissions_and_disputes__run_their_course(world, market, who, coin):
    """T3, T22, F11: what is taken stays reserved, to the unit."""
    job_id = world.open(token=coin)
    claimed, submitted = world.claim(job_id, 0b1), world.submitted(job_id, 0b10)
    disputed = world.appealed(job_id, 0b100)
    world.approve(world.submitted(job_id, 0b1000), 0b1000)
    with world.moves(coin) as moved:
        receipt = market.send("close", job_id, sender=who.creator)
    assert moved == {"creator": 596 * REWARD, "market": -596 * REWARD}
    assert receipt.of(market) == [("JobClosing", {"jobId": job_id, "tasks": 596, "refunded": 596 * REWARD})]
    job = world.job(job_id)
    assert (job["state"], job["open"], job["taken"], job["approved"]) == (JobState.CLOSING, 0, 3, 1)
    world.submit(claimed)
    world.approve(claimed, 0b1)
    world.approve(submitted, 0b10)
    market.send("decide", disputed, 0b100, sender=who.arbiter)
    job = world.job(job_id)
    assert (job["state"], job["open"], job["taken"], job["approved"]) == (JobState.CLOSED, 0, 0, 3)
    assert market.call("liabilities", coin) == world.credit(who.sink, coin)


def test_close__difficulty_classes__refunds_what_the_open_tasks_are_worth(world, market, who, coin):
    market.send("setFee", 500, sender=who.owner)
    multipliers, classes = difficulty((12_345, 1, 65_535))
    job_id = world.open(token=coin, multipliers=multipliers, word_classes=classes, fee_bps=500)
    terms = world.terms_of[job_id]
    claim_id = world.claim(job_id, 0b11, word=2)
    locked = 2 * task_money(terms, 2).locked
    with world.moves(coin) as moved:
        market.send("close", job_id, sender=who.creator)
    assert moved == {"creator": bounty(terms) - locked, "market": locked - bounty(terms)}
    assert market.call("freeFunds", job_id) == 0
    mine_at(world.record(claim_id)["time"] + 1)
    with world.moves(coin) as moved:
        market.send("releaseExpired", job_id, [claim_id], sender=who.keeper)
    assert moved == {"creator": locked, "market": -locked, "sink's credit": 2 * BOND}
    assert market.call("freeFunds", job_id) == 0


def test_close__by_anyone__only_after_the_deadline(world, market, who):
    job_id = world.open()
    deadline = world.terms_of[job_id].deadline
    mine_at(deadline)
    with reverts("TooEarly", deadline, deadline):
        market.call("close", job_id, sender=who.stranger)
    mine_at(deadline + 1)
    with world.moves() as moved:
        market.send("close", job_id, sender=who.stranger)
    assert moved == {"creator": 600 * REWARD, "market": -600 * REWARD}


@pytest.mark.parametrize("role", ["owner", "arbiter", "annotator", "stranger"])
def test_close__by_anyone_else__reverts(world, market, who, role):
    job_id = world.open()
    with pytest.raises(Exception, match="TooEarly"):
        market.call("close", job_id, sender=getattr(who, role))


def test_close__job_that_is_not_open__reverts(world, market, who):
    """T2, T6: the bounty is refunded once."""
    with reverts("WrongJobState", 1, JobState.NONE):
        market.call("close", 1, sender=who.creator)
    job_id = world.open()
    claim_id = world.claim(job_id, 1)
    market.send("close", job_id, sender=who.creator)
    with reverts("WrongJobState", job_id, JobState.CLOSING):
        market.call("close", job_id, sender=who.creator)
    market.send("release", claim_id, sender=who.annotator)
    with reverts("WrongJobState", job_id, JobState.CLOSED):
        market.call("close", job_id, sender=who.creator)


def test_close__creator_who_takes_no_coin__has_a_credit(world, market, who):
    puppet = deploy("Puppet", sender=who.stranger)
    world.people["puppet"] = puppet.address
    terms = world.terms(creator=puppet.address, arbiter=ZERO)
    data = market.data("createJob", terms_struct(terms), [], 0, b"")
    puppet.send("execute", market.address, data, sender=who.stranger, value=600 * REWARD)
    world.terms_of[1] = terms
    puppet.send("setMood", 1, sender=who.stranger)
    with world.moves() as moved:
        puppet.send("execute", market.address, market.data("close", 1), sender=who.stranger)
    assert moved == {"puppet's credit": 600 * REWARD}
