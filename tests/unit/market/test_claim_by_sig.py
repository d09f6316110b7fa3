"""
claimBySig
├── when the signature is good: it claims in the signer's name, whoever sends it
│   ├── a native bond comes with the call and becomes the signer's
│   ├── a token bond is pulled from the signer
│   └── the relayer chooses hook data and expired claims
├── given a contract wallet: its owner's signature counts
└── reverts when
    ├── any part of what was signed is another (see the tests of signed acts for the rest)
    ├── the job has other terms than the ones that were signed
    └── whatever makes claim revert
"""

import pytest

from tests.support.calls import ZERO, deploy, now, reverts
from tests.support.market import FULL, mine_at, next_at

BOND = 100_001


def signed(world, job_id, mask=0b11, word=0, **how):
    """A claim's arguments with a signature of the annotator over them."""
    terms_hash = world.job(job_id)["termsHash"]
    message = {"termsHash": terms_hash, "jobId": job_id, "word": word, "mask": mask} | how.pop("message", {})
    return job_id, word, mask, b"", [], world.auth("Claim", **message, **how)


def test_claim_by_sig__sent_by_a_keeper__claims_for_the_signer(world, market, who, coin):
    job_id = world.open(token=coin)
    arguments = signed(world, job_id, nonce=513)
    with world.moves(coin) as moved:
        receipt = market.send("claimBySig", *arguments, sender=who.keeper, value=world.bond(job_id, 0b11))
    payer = "keeper" if coin == ZERO else "annotator"
    assert moved == {payer: -2 * BOND, "market": 2 * BOND}
    told = {"jobId": job_id, "claimId": job_id << 24, "annotator": who.annotator, "word": 0, "mask": 0b11}
    assert receipt.of(market) == [
        ("NonceUsed", {"account": who.annotator, "nonce": 513}),
        ("TasksClaimed", told | {"expiry": receipt.time + 1_800, "bond": 2 * BOND}),
    ]
    assert (receipt.value, world.record(receipt.value)["annotator"]) == (job_id << 24, who.annotator)


def test_claim_by_sig__native_bond_from_a_keeper__goes_back_to_the_signer(world, market, who):
    """T43: who pays a bond for somebody gives it away."""
    job_id = world.open()
    arguments = signed(world, job_id, mask=1)
    claim_id = market.send("claimBySig", *arguments, sender=who.keeper, value=BOND).value
    claimed_at = world.record(claim_id)["time"] - 1_800
    next_at(claimed_at + 900)
    with world.moves() as moved:
        market.send("release", claim_id, sender=who.annotator)
    assert moved == {"annotator": BOND // 2, "sink's credit": BOND - BOND // 2, "market": -(BOND // 2)}


def test_claim_by_sig__keepers_choice__takes_over_expired_claims(world, market, who):
    job_id = world.open()
    old = world.claim(job_id, 0b01, by=who.rival)
    mine_at(world.record(old)["time"] + 1)
    *arguments, _, auth = signed(world, job_id)
    market.send("claimBySig", *arguments, [old], auth, sender=who.keeper, value=2 * BOND)
    assert market.call("freeTasks", job_id, 0) == FULL - 0b11


def test_claim_by_sig__keepers_hook_data__is_handed_to_the_hook(world, market, who):
    hook = deploy("MockHook", sender=who.owner)
    job_id = world.open(hook=hook.address)
    hook.send("expectQuestion", job_id, who.annotator, 2, b"proof", sender=who.owner)
    _, word, mask, _, _, auth = signed(world, job_id)
    market.send("claimBySig", job_id, word, mask, b"proof", [], auth, sender=who.keeper, value=2 * BOND)


def test_claim_by_sig__contract_wallet__claims_by_its_owners_signature(world, market, who):
    """T42."""
    wallet = deploy("MockWallet", who.annotator, sender=who.annotator)
    world.people["wallet"] = wallet.address
    job_id = world.open()
    arguments = signed(world, job_id, signer=wallet.address, key=who.annotator)
    claim_id = market.send("claimBySig", *arguments, sender=who.keeper, value=2 * BOND).value
    assert world.record(claim_id)["annotator"] == wallet.address


@pytest.mark.parametrize("change", [{"word": 1}, {"mask": 0b111}, {"jobId": 2}, {"termsHash": b"\x01" * 32}])
def test_claim_by_sig__something_else_was_signed__reverts(world, market, who, change):
    job_id = world.open()
    arguments = signed(world, job_id, message=change)
    with reverts("InvalidSignature", who.annotator):
        market.call("claimBySig", *arguments, sender=who.keeper, value=2 * BOND)


def test_claim_by_sig__other_terms_than_signed__reverts(world, market, who):
    """Who signed for one set of terms is not bound by another, whatever the number of the job."""
    better, worse = world.open(), world.open(reward=1_000)
    message = {"termsHash": world.job(better)["termsHash"]}
    with reverts("InvalidSignature", who.annotator):
        market.call("claimBySig", *signed(world, worse, message=message), sender=who.keeper, value=200)


def test_claim_by_sig__by_the_creator__reverts(world, market, who):
    job_id = world.open()
    arguments = signed(world, job_id, signer=who.creator)
    with reverts("MayNotClaim", who.creator):
        market.call("claimBySig", *arguments, sender=who.keeper, value=2 * BOND)


def test_claim_by_sig__while_paused__reverts(world, market, who):
    job_id = world.open()
    arguments = signed(world, job_id)
    market.send("pause", sender=who.owner)
    with reverts("EnforcedPause"):
        market.call("claimBySig", *arguments, sender=who.keeper, value=2 * BOND)


def test_claim_by_sig__deadline__holds_through_its_last_second(world, market, who):
    job_id, until = world.open(), now() + 100
    arguments = signed(world, job_id, deadline=until)
    next_at(until)
    market.send("claimBySig", *arguments, sender=who.keeper, value=2 * BOND)
    late = signed(world, job_id, mask=0b1100, deadline=until)
    mine_at(until + 1)
    with reverts("SignatureExpired", until, until + 1):
        market.call("claimBySig", *late, sender=who.keeper, value=2 * BOND)
