"""
pause
├── it stops createJob and claim, with and without signature, and nothing else (T17, F10)
├── every act with a deadline, every exit and withdrawal works while paused, at the same times as ever
└── no deadline moves: what was in time is in time, what was late is late
"""

import pytest

from offchain.states import JobState
from tests.support.calls import ZERO, reverts
from tests.support.market import DAY, HOUR, REASON, ROOT, URI, mine_at
from tests.support.money import bounty

BOND = 100_001


@pytest.fixture
def paused(market, who):
    """Pauses when called."""
    return lambda: market.send("pause", sender=who.owner)


def test_pause__new_business__is_refused(world, market, who, paused):
    job_id = world.open()
    create, terms_hash = world.create_call(world.terms()), world.job(job_id)["termsHash"]
    auth = world.auth("Claim", termsHash=terms_hash, jobId=job_id, word=0, mask=1)
    paused()
    with reverts("EnforcedPause"):
        market.call(*create, sender=who.creator, value=bounty(world.terms()))
    with reverts("EnforcedPause"):
        market.call("claim", job_id, 0, 1, b"", [], sender=who.annotator, value=BOND)
    with reverts("EnforcedPause"):
        market.call("claimBySig", job_id, 0, 1, b"", [], auth, sender=who.keeper, value=BOND)


def test_pause__annotators_acts__all_work(world, market, who, paused):
    job_id = world.open()
    claims = [world.claim(job_id, 1 << bit) for bit in range(5)]
    rejected = [world.rejected(job_id, 1 << bit) for bit in (5, 6)]
    signed = {
        "release": world.auth("Release", claimId=claims[3]),
        "submit": world.auth("SubmitBatch", claimId=claims[1], root=ROOT, done=0b10, uri=URI),
        "appeal": world.auth("Appeal", claimId=rejected[1]),
    }
    paused()
    market.send("submitBatch", claims[0], ROOT, 0b01, URI, sender=who.annotator)
    market.send("submitBatchBySig", claims[1], ROOT, 0b10, URI, signed["submit"], sender=who.keeper)
    market.send("release", claims[2], sender=who.annotator)
    market.send("releaseBySig", claims[3], signed["release"], sender=who.keeper)
    world.appeal(rejected[0])
    market.send("appealBySig", rejected[1], signed["appeal"], sender=who.keeper, value=77_777)
    mine_at(world.record(claims[4])["time"] + 1)
    market.send("releaseExpired", job_id, [claims[4]], sender=who.stranger)
    market.send("cancelNonce", 12_345, sender=who.annotator)


def test_pause__creators_arbiters_and_everyones_acts__all_work(world, market, who, paused):
    job_id = world.open()
    approved, rejected, silent = (world.submitted(job_id, 1 << bit) for bit in range(3))
    settled, decided, lapsed = (world.rejected(job_id, 1 << bit) for bit in range(3, 6))
    for claim_id in (decided, lapsed):
        world.appeal(claim_id)
    paused()
    world.approve(approved, 0b001)
    world.reject(rejected, 0b010)
    market.send("decide", decided, 0, sender=who.arbiter)
    market.send("close", job_id, sender=who.creator)
    mine_at(world.record(lapsed)["disputedAt"] + 5 * DAY + 1)
    market.send("finalize", silent, sender=who.stranger)
    market.send("settleRejection", settled, sender=who.stranger)
    market.send("settleRejection", rejected, sender=who.stranger)
    market.send("settleAppeal", lapsed, sender=who.stranger)
    assert world.job(job_id)["state"] == JobState.CLOSED
    amount = world.credit(who.sink)
    market.send("withdraw", ZERO, who.sink, 1, sender=who.sink)
    withdraw = world.auth("Withdraw", signer=who.sink, token=ZERO, to=who.sink, amount=amount - 1)
    market.send("withdrawBySig", ZERO, who.sink, amount - 1, withdraw, sender=who.keeper)


def test_pause__of_days__moves_no_deadline(world, market, who, paused):
    """T17: neither longer nor shorter, during the pause and after it."""
    job_id = world.open(review_window=HOUR, appeal_window=HOUR)
    claim_id, submission = world.claim(job_id, 0b1), world.submitted(job_id, 0b10)
    rejected = world.rejected(job_id, 0b100)
    expiry = world.record(claim_id)["time"]
    review_end = world.record(submission)["time"] + HOUR
    appeal_end = world.record(rejected)["disputedAt"] + HOUR
    paused()
    mine_at(expiry + 1)
    with reverts("TooLate", expiry, expiry + 1):
        market.call("submitBatch", claim_id, ROOT, 0b1, URI, sender=who.annotator)
    mine_at(appeal_end + 7 * DAY)
    market.send("unpause", sender=who.owner)
    mine_at(appeal_end + 8 * DAY)
    at = appeal_end + 8 * DAY
    with reverts("TooLate", review_end, at):
        market.call("reject", submission, 0b10, REASON, sender=who.creator, value=10**6)
    with reverts("TooLate", appeal_end, at):
        market.call("appeal", rejected, sender=who.annotator, value=77_777)
    market.call("finalize", submission, sender=who.stranger)
    market.call("settleRejection", rejected, sender=who.stranger)
