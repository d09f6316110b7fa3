"""
appeal, appealBySig
├── when the annotator appeals in time: he deposits the arbiter's fee, and the arbiter's time begins
│   └── in the last second too
├── by signature: the relayer brings a native deposit, a token deposit is pulled from the signer
└── reverts when
    ├── the caller, or the signer, is not the annotator
    ├── the annotator is the arbiter himself
    ├── the appeal window has passed (T23)
    ├── there is no rejection to appeal, or it was appealed or settled before
    └── the money is not exactly the deposit
"""

import pytest

from offchain.states import ClaimState, DisputeState
from tests.support.calls import ZERO, reverts
from tests.support.market import ARBITER_FEE, mine_at, next_at


def appeal_end(world, claim_id):
    return world.record(claim_id)["disputedAt"] + world.terms_of[claim_id >> 24].appeal_window


def test_appeal__in_time__calls_the_arbiter(world, market, who, coin):
    job_id = world.open(token=coin)
    claim_id = world.rejected(job_id, 0b0110, pending=0b1001)
    with world.moves(coin) as moved:
        receipt = world.appeal(claim_id)
    assert moved == {"annotator": -ARBITER_FEE, "market": ARBITER_FEE}
    told = {"jobId": job_id, "claimId": claim_id, "annotator": who.annotator, "arbiterFee": ARBITER_FEE}
    assert receipt.of(market) == [("RejectionAppealed", told)]
    record = world.record(claim_id)
    assert (record["state"], record["dispute"]) == (ClaimState.SUBMITTED, DisputeState.APPEALED)
    assert (record["mask"], record["disputed"], record["disputedAt"]) == (0b1001, 0b0110, receipt.time)


def test_appeal__in_the_last_second__is_in_time(world):
    claim_id = world.rejected(world.open(), 1)
    end = appeal_end(world, claim_id)
    next_at(end)
    assert world.appeal(claim_id).time == end


def test_appeal__after_the_window__reverts(world, market, who):
    """T23."""
    claim_id = world.rejected(world.open(), 1)
    end = appeal_end(world, claim_id)
    mine_at(end + 1)
    with reverts("TooLate", end, end + 1):
        market.call("appeal", claim_id, sender=who.annotator, value=ARBITER_FEE)


@pytest.mark.parametrize("role", ["creator", "arbiter", "rival", "stranger"])
def test_appeal__by_anyone_else__reverts(world, market, who, role):
    claim_id = world.rejected(world.open(), 1)
    with reverts("NotAuthorized", getattr(who, role), who.annotator):
        market.call("appeal", claim_id, sender=getattr(who, role), value=ARBITER_FEE)


def test_appeal__annotator_who_is_the_arbiter__reverts(world, market, who):
    """T34: nobody decides his own case."""
    claim_id = world.rejected(world.open(), 1, by=who.arbiter)
    with reverts("RoleConflict", who.arbiter):
        market.call("appeal", claim_id, sender=who.arbiter, value=ARBITER_FEE)


def test_appeal__nothing_to_appeal__reverts(world, market, who):
    job_id = world.open(review_window=20 * 86_400)
    claim_id = world.submitted(job_id, 0b11)
    with reverts("WrongDisputeState", claim_id, DisputeState.NONE):
        market.call("appeal", claim_id, sender=who.annotator, value=ARBITER_FEE)
    world.reject(claim_id, 0b01)
    world.appeal(claim_id)
    with reverts("WrongDisputeState", claim_id, DisputeState.APPEALED):
        market.call("appeal", claim_id, sender=who.annotator, value=ARBITER_FEE)
    market.send("decide", claim_id, 0, sender=who.arbiter)
    with reverts("WrongDisputeState", claim_id, DisputeState.ENDED):
        market.call("appeal", claim_id, sender=who.annotator, value=ARBITER_FEE)
    world.approve(claim_id, 0b10)
    with reverts("WrongClaimState", claim_id, ClaimState.DONE):
        market.call("appeal", claim_id, sender=who.annotator, value=ARBITER_FEE)


@pytest.mark.parametrize("off", [-1, 1])
def test_appeal__native_coin_that_is_not_the_deposit__reverts(world, market, who, off):
    claim_id = world.rejected(world.open(), 1)
    with reverts("WrongValue", ARBITER_FEE, ARBITER_FEE + off):
        market.call("appeal", claim_id, sender=who.annotator, value=ARBITER_FEE + off)


def test_appeal__native_coin_in_a_token_job__reverts(world, market, who):
    """T9."""
    claim_id = world.rejected(world.open(token=world.system.token.address), 1)
    with reverts("WrongValue", 0, ARBITER_FEE):
        market.call("appeal", claim_id, sender=who.annotator, value=ARBITER_FEE)


# --- by signature ---


def test_appeal_by_sig__sent_by_a_keeper__appeals_for_the_signer(world, market, who, coin):
    job_id = world.open(token=coin)
    claim_id = world.rejected(job_id, 0b11)
    auth = world.auth("Appeal", claimId=claim_id, nonce=9)
    with world.moves(coin) as moved:
        receipt = market.send(
            "appealBySig", claim_id, auth, sender=who.keeper, value=world.value(job_id, ARBITER_FEE)
        )
    payer = "keeper" if coin == ZERO else "annotator"
    assert moved == {payer: -ARBITER_FEE, "market": ARBITER_FEE}
    told = {"jobId": job_id, "claimId": claim_id, "annotator": who.annotator, "arbiterFee": ARBITER_FEE}
    assert receipt.of(market) == [
        ("NonceUsed", {"account": who.annotator, "nonce": 9}),
        ("RejectionAppealed", told),
    ]


def test_appeal_by_sig__keepers_deposit__becomes_the_annotators(world, market, who):
    """T43."""
    claim_id = world.rejected(world.open(bond_bps=0, reject_fee_bps=500), 1)
    auth = world.auth("Appeal", claimId=claim_id)
    market.send("appealBySig", claim_id, auth, sender=who.keeper, value=ARBITER_FEE)
    with world.moves() as moved:
        market.send("decide", claim_id, 0, sender=who.arbiter)
    money = world.money(claim_id)
    assert moved["annotator"] == money.reward + money.reject_fee + ARBITER_FEE
    assert "keeper" not in moved


def test_appeal_by_sig__another_claim_or_another_annotator__reverts(world, market, who):
    job_id = world.open()
    first, second = world.rejected(job_id, 1), world.rejected(job_id, 2)
    with reverts("InvalidSignature", who.annotator):
        auth = world.auth("Appeal", claimId=first)
        market.call("appealBySig", second, auth, sender=who.keeper, value=ARBITER_FEE)
    with reverts("NotAuthorized", who.rival, who.annotator):
        auth = world.auth("Appeal", claimId=first, signer=who.rival)
        market.call("appealBySig", first, auth, sender=who.keeper, value=ARBITER_FEE)


def test_appeal_by_sig__arbiter_who_annotated__is_named_though_another_sends_it(world, market, who):
    """T34"""
    claim_id = world.rejected(world.open(), 1, by=who.arbiter)
    auth = world.auth("Appeal", signer=who.arbiter, claimId=claim_id)
    with reverts("RoleConflict", who.arbiter):
        market.call("appealBySig", claim_id, auth, sender=who.keeper, value=ARBITER_FEE)
