"""T37: a creator takes good work and rejects all of it, to keep the rewards.

With an honest arbiter he pays every reward, the rejection fees and the arbiter; with a silent one he pays
every reward; and he never sees the bonds or his own rejection fees again where nobody appeals (F8).
"""

import pytest

from tests.support.calls import ZERO
from tests.support.market import ARBITER_FEE, FULL, REWARD, mine_at

BOND, REJECT_FEE, TASKS = 100_001, 100_101, 256


def lapse(world, claim_id, window):
    mine_at(world.record(claim_id)["disputedAt"] + window + 1)


@pytest.fixture
def job_id(world, coin):
    return world.open(token=coin, task_count=TASKS)


def test_rejecting_everything__honest_arbiter__costs_more_than_approving(world, market, who, coin, job_id):
    claim_id = world.submitted(job_id, FULL)
    with world.moves(coin) as moved:
        world.reject(claim_id, FULL)
        world.appeal(claim_id)
        market.send("decide", claim_id, 0, sender=who.arbiter)
    assert moved["creator"] == -TASKS * REJECT_FEE - ARBITER_FEE
    assert moved["annotator"] == TASKS * (REWARD + BOND + REJECT_FEE)
    assert market.call("liabilities", coin) == 0  # all rewards were paid out of the bounty


def test_rejecting_everything__silent_arbiter__saves_nothing(world, market, who, coin, job_id):
    claim_id = world.submitted(job_id, FULL)
    with world.moves(coin) as moved:
        world.reject(claim_id, FULL)
        world.appeal(claim_id)
        lapse(world, claim_id, world.terms_of[job_id].decision_window)
        market.send("settleAppeal", claim_id, sender=who.stranger)
    assert moved == {"annotator": TASKS * (REWARD + BOND), "market": -TASKS * (REWARD + BOND)}


def test_rejecting_everything__nobody_appeals__still_costs_the_fee(world, market, who, coin, job_id):
    """Forfeits go to the sink, whom the creator cannot be: he gains no bond."""
    claim_id = world.submitted(job_id, FULL)
    with world.moves(coin) as moved:
        world.reject(claim_id, FULL)
        lapse(world, claim_id, world.terms_of[job_id].appeal_window)
        market.send("settleRejection", claim_id, sender=who.creator)
    assert moved["creator"] == -TASKS * REJECT_FEE
    assert moved["sink's credit"] == TASKS * (BOND + REJECT_FEE)


def test_bad_work_and_a_friendly_annotator__cannot_milk_a_silent_arbiter(world, market, who):
    """F9: of a silent arbiter the annotator gets his pay and deposit, nothing of the creator's."""
    claim_id = world.appealed(world.open(), 0b1111)
    lapse(world, claim_id, world.terms_of[claim_id >> 24].decision_window)
    with world.moves() as moved:
        market.send("settleAppeal", claim_id, sender=who.annotator)
    assert moved["annotator"] == 4 * (REWARD + BOND) + ARBITER_FEE
    assert moved["creator"] == 4 * REJECT_FEE + ARBITER_FEE
    assert world.credit(who.sink, ZERO) == 0
