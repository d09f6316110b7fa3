"""
MarketLens
├── claimOf tells state, tasks, pay, and the second after which anyone may move things on
├── claimsOf lists an annotator's live claims, page by page
└── resultLeaf is the leaf that off-chain code makes (T30)
"""

import pytest

from offchain.hashing import batch_leaf
from offchain.states import ClaimState, DisputeState
from offchain.terms import difficulty
from tests.support.calls import ZERO
from tests.support.market import ANVIL_CHAIN, DAY, HOUR, REWARD
from tests.support.money import task_money

BOND = 100_001


@pytest.fixture
def lens(world):
    return world.lens


def test_claim_of__claim__unlocks_when_it_expires(world, lens, who):
    job_id = world.open()
    claim_id = world.claim(job_id, 0b1010, word=1)
    assert lens.call("claimOf", claim_id) == {
        "jobId": job_id,
        "annotator": who.annotator,
        "state": ClaimState.CLAIMED,
        "dispute": DisputeState.NONE,
        "word": 1,
        "mask": 0b1010,
        "disputed": 0,
        "unlocksAt": world.record(claim_id)["time"],
        "reviewEndsAt": 0,
        "pay": 2 * (REWARD + BOND),
    }


def test_claim_of__submission__unlocks_when_its_review_ends(world, lens):
    claim_id = world.submitted(world.open(), 0b11)
    seen = lens.call("claimOf", claim_id)
    end = world.record(claim_id)["time"] + 3 * DAY
    assert (seen["state"], seen["unlocksAt"], seen["reviewEndsAt"]) == (ClaimState.SUBMITTED, end, end)


def test_claim_of__dispute__unlocks_when_the_party_to_move_is_late(world, lens):
    job_id = world.open(appeal_window=HOUR, decision_window=7 * HOUR)
    claim_id = world.rejected(job_id, 0b001, pending=0b110)
    seen, record = lens.call("claimOf", claim_id), world.record(claim_id)
    assert (seen["dispute"], seen["mask"], seen["disputed"]) == (DisputeState.REJECTED, 0b110, 0b001)
    assert seen["unlocksAt"] == record["disputedAt"] + HOUR
    assert seen["reviewEndsAt"] == record["time"] + 3 * DAY
    assert seen["pay"] == 2 * (REWARD + BOND)
    world.appeal(claim_id)
    seen = lens.call("claimOf", claim_id)
    assert seen["unlocksAt"] == world.record(claim_id)["disputedAt"] + 7 * HOUR
    assert seen["reviewEndsAt"] == record["time"] + 3 * DAY


def test_claim_of__done_or_unknown__has_nothing(world, lens):
    job_id = world.open()
    claim_id = world.submitted(job_id, 1)
    world.approve(claim_id, 1)
    seen = lens.call("claimOf", claim_id)
    assert seen == seen | {"state": ClaimState.DONE, "annotator": ZERO, "mask": 0, "unlocksAt": 0, "pay": 0}
    assert lens.call("claimOf", claim_id + 1)["state"] == ClaimState.NONE
    assert lens.call("claimOf", 2**256 - 1)["state"] == ClaimState.NONE


def test_claim_of__task_of_a_class__pays_by_its_word(world, lens):
    multipliers, classes = difficulty((10_000, 33_333, 10_000))
    job_id = world.open(multipliers=multipliers, word_classes=classes)
    claim_id = world.claim(job_id, 0b111, word=1)
    assert lens.call("claimOf", claim_id)["pay"] == 3 * task_money(world.terms_of[job_id], 1).paid


def test_claims_of__several_annotators__lists_the_live_ones_by_page(world, lens, who):
    job_id = world.open()
    mine = [world.claim(job_id, 1 << bit) for bit in range(3)]
    theirs = world.claim(job_id, 1 << 3, by=who.rival)
    mine.append(world.submitted(job_id, 1 << 4))
    world.market.send("release", mine[1], sender=who.annotator)
    live = [mine[0], mine[2], mine[3]]
    assert lens.call("claimsOf", job_id, who.annotator, 0, 100) == live
    assert lens.call("claimsOf", job_id, who.annotator, 1, 3) == [mine[2]]
    assert lens.call("claimsOf", job_id, who.annotator, 0, 2) == [mine[0]]
    assert lens.call("claimsOf", job_id, who.rival, 0, 2**256 - 1) == [theirs]
    for start, end in ((5, 5), (7, 100), (3, 2), (2**256 - 1, 0)):
        assert lens.call("claimsOf", job_id, who.annotator, start, end) == []
    assert lens.call("claimsOf", job_id, ZERO, 0, 100) == []
    assert lens.call("claimsOf", 99, who.annotator, 0, 100) == []


def test_result_leaf__any_result__is_the_leaf_of_off_chain_code(world, lens, who):
    """T26, T30: bound to chain, market, job, task and annotator."""
    parts = {
        "job_id": 7,
        "task": 300,
        "annotator": who.annotator,
        "result_hash": b"\1" * 32,
        "salt": b"\2" * 32,
    }
    leaf = batch_leaf(chain_id=ANVIL_CHAIN, market=world.market.address, **parts)
    assert lens.call("resultLeaf", *parts.values()) == leaf
    assert lens.call("market") == world.market.address
