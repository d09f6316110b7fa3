"""
release, releaseBySig
├── given an open job: the tasks reopen; the bond is forfeited in the proportion of the window that passed,
│   rounded up
│   ├── at once: nothing is forfeited
│   └── in the last second: everything is
├── given a closing job: the tasks' funds go back to the creator, and the last one closes the job
└── reverts when
    ├── the caller, or the signer, does not hold the claim
    ├── the claim expired (T23)
    └── it was submitted or ended before
"""

import pytest

from offchain.states import ClaimState, JobState
from tests.support.calls import reverts, rpc
from tests.support.market import FULL, REWARD, mine_at, next_at

BOND, WINDOW = 100_001, 1_800


def release_after(world, claim_id, elapsed):
    """Release when so many seconds of the window have passed."""
    next_at(world.record(claim_id)["time"] - WINDOW + elapsed)
    return world.market.send("release", claim_id, sender=world.who.annotator)


@pytest.mark.parametrize(
    ("elapsed", "forfeited"),
    [(1, 56), (900, 50_001), (1_000, 55_557), (1_799, 99_946), (1_800, 100_001)],
)
def test_release__after_part_of_the_window__forfeits_that_part_rounded_up(
    world, market, who, coin, elapsed, forfeited
):
    """T21, F12: 100,001 a task for 1,800 seconds, rounded per task."""
    job_id = world.open(token=coin)
    claim_id = world.claim(job_id, 0b10110)
    with world.moves(coin) as moved:
        receipt = release_after(world, claim_id, elapsed)
    back = BOND - forfeited
    expected = {"annotator": 3 * back, "market": -3 * back, "sink's credit": 3 * forfeited}
    assert moved == {name: amount for name, amount in expected.items() if amount}
    returned = {"jobId": job_id, "claimId": claim_id, "annotator": who.annotator, "mask": 0b10110}
    credited = {"token": coin, "account": who.sink, "amount": 3 * forfeited}
    assert receipt.of(market) == [
        ("TasksReturned", returned | {"forfeited": 3 * forfeited}),
        ("Credited", credited),
    ]
    job = world.job(job_id)
    assert (job["open"], job["taken"], market.call("freeFunds", job_id)) == (600, 0, 600 * REWARD)
    assert market.call("freeTasks", job_id, 0) == FULL
    assert market.call("accountOf", job_id, who.annotator)["open"] == 0
    assert world.record(claim_id)["state"] == ClaimState.DONE


def test_release__in_the_same_second__forfeits_nothing(world, market, who):
    job_id = world.open()
    claim_id = job_id << 24
    claim = (job_id, 0, 0b11, b"", [])
    with_release = [
        {"to": market.address, "from": who.annotator, "data": "0x" + market.data("claim", *claim).hex()}
        | {"value": hex(2 * BOND)},
        {"to": market.address, "from": who.annotator, "data": "0x" + market.data("release", claim_id).hex()},
    ]
    block = rpc("eth_simulateV1", {"blockStateCalls": [{"calls": with_release}]}, "latest")[0]
    assert [call["status"] for call in block["calls"]] == ["0x1", "0x1"]
    returned = block["calls"][1]["logs"][0]
    assert int(returned["data"][-64:], 16) == 0  # forfeited


def test_release__in_a_closing_job__refunds_the_creator_and_closes(world, market, who, coin):
    """T3, T20."""
    market.send("setFee", 100, sender=who.owner)
    job_id = world.open(token=coin, fee_bps=100)
    first, second = world.claim(job_id, 0b0011), world.claim(job_id, 0b1100)
    market.send("close", job_id, sender=who.creator)
    locked = REWARD + 10_000
    with world.moves(coin) as moved:
        receipt = release_after(world, first, 900)
    assert moved == {
        "annotator": 2 * 50_000,
        "creator": 2 * locked,
        "market": -2 * (locked + 50_000),
        "sink's credit": 2 * 50_001,
    }
    assert [name for name, _ in receipt.of(market)] == ["TasksReturned", "TasksRefunded", "Credited"]
    assert receipt.of(market)[1][1] == {"jobId": job_id, "tasks": 2, "refunded": 2 * locked}
    assert world.job(job_id)["state"] == JobState.CLOSING
    receipt = release_after(world, second, 950)
    assert receipt.of(market)[1:3] == [
        ("TasksRefunded", {"jobId": job_id, "tasks": 2, "refunded": 2 * locked}),
        ("JobClosed", {"jobId": job_id, "approved": 0}),
    ]
    job = world.job(job_id)
    assert (job["state"], job["open"], job["taken"]) == (JobState.CLOSED, 0, 0)


def test_release__tasks__can_be_claimed_again(world, who):
    job_id = world.open()
    release_after(world, world.claim(job_id, 0b101), 5)
    assert world.claim(job_id, 0b101, by=who.rival) == job_id << 24 | 1


def test_release__in_the_last_second__works_and_not_later(world, market, who):
    job_id = world.open()
    claim_id = world.claim(job_id, 1)
    expiry = world.record(claim_id)["time"]
    mine_at(expiry)
    market.call("release", claim_id, sender=who.annotator)
    mine_at(expiry + 1)
    with reverts("TooLate", expiry, expiry + 1):
        market.call("release", claim_id, sender=who.annotator)


@pytest.mark.parametrize("role", ["rival", "creator", "owner", "arbiter", "stranger"])
def test_release__by_anyone_else__reverts(world, market, who, role):
    claim_id = world.claim(world.open(), 1)
    with reverts("NotAuthorized", getattr(who, role), who.annotator):
        market.call("release", claim_id, sender=getattr(who, role))


def test_release__claim_in_another_state__reverts(world, market, who):
    job_id = world.open()
    with reverts("WrongClaimState", job_id << 24, ClaimState.NONE):
        market.call("release", job_id << 24, sender=who.annotator)
    delivered = world.submitted(job_id, 1)
    with reverts("WrongClaimState", delivered, ClaimState.SUBMITTED):
        market.call("release", delivered, sender=who.annotator)
    released = world.claim(job_id, 2)
    market.send("release", released, sender=who.annotator)
    with reverts("WrongClaimState", released, ClaimState.DONE):
        market.call("release", released, sender=who.annotator)


def test_release_by_sig__sent_by_a_keeper__pays_the_signer(world, market, who, coin):
    job_id = world.open(token=coin)
    claim_id = world.claim(job_id, 1)
    auth = world.auth("Release", claimId=claim_id)
    next_at(world.record(claim_id)["time"] - 900)
    with world.moves(coin) as moved:
        market.send("releaseBySig", claim_id, auth, sender=who.keeper)
    assert moved == {"annotator": 50_000, "sink's credit": 50_001, "market": -50_000}


def test_release_by_sig__another_claim_or_another_holder__reverts(world, market, who):
    job_id = world.open()
    first, second = world.claim(job_id, 1), world.claim(job_id, 2)
    with reverts("InvalidSignature", who.annotator):
        market.call("releaseBySig", second, world.auth("Release", claimId=first), sender=who.keeper)
    with reverts("NotAuthorized", who.rival, who.annotator):
        auth = world.auth("Release", claimId=first, signer=who.rival)
        market.call("releaseBySig", first, auth, sender=who.annotator)
