"""
submitBatch, submitBatchBySig
├── when all tasks of the claim are done: the claim becomes a submission, bonds stay
├── when some are done: the others go back as by release
│   └── given a closing job: their funds go back to the creator
├── it keeps a commitment to annotator, word, root and mask, and emits LabelsSubmitted
├── the hook is not asked again, whatever has become of it (T62)
└── reverts when
    ├── the caller, or the signer, does not hold the claim
    ├── the claim expired (T23), was submitted or ended before (T6)
    ├── the root is zero, or the URI longer than 256 bytes
    └── nothing is done, or a task that is not of the claim
"""

import pytest
from eth_abi import encode
from eth_utils import keccak

from offchain.states import ClaimState, JobState
from tests.support.calls import deploy, reverts
from tests.support.market import FULL, REWARD, ROOT, URI, mine_at, next_at

BOND, WINDOW = 100_001, 1_800


def commitment(annotator, word, root, done):
    return keccak(encode(["address", "uint256", "bytes32", "uint256"], [annotator, word, root, done]))


@pytest.mark.parametrize("mask", [0b1110, 0b1011])
def test_submit_batch__all_tasks__turns_the_claim_into_a_submission(world, market, who, coin, mask):
    job_id = world.open(token=coin)
    claim_id = world.claim(job_id, mask, word=1)
    with world.moves(coin) as moved:
        receipt = world.submit(claim_id, mask)
    assert moved == {}
    told = {"jobId": job_id, "claimId": claim_id, "annotator": who.annotator}
    assert receipt.of(market) == [("LabelsSubmitted", told | {"done": mask, "root": ROOT, "uri": URI})]
    assert world.record(claim_id) == {
        "annotator": who.annotator,
        "state": ClaimState.SUBMITTED,
        "dispute": 0,
        "word": 1,
        "time": receipt.time,
        "mask": mask,
        "disputed": 0,
        "disputedAt": 0,
        "commitment": commitment(who.annotator, 1, ROOT, mask),
    }
    job = world.job(job_id)
    assert (job["open"], job["taken"]) == (597, 3)


@pytest.mark.parametrize(
    ("mask", "done"), [(0b1111, 0b0110), (0b1111, 0b1001), (0b1011, 0b0011), (FULL, 1 << 255)]
)
def test_submit_batch__part_of_the_tasks__returns_the_others_as_release_does(
    world, market, who, coin, mask, done
):
    """T24, F12: from runs and scattered masks to either; half of the window has passed."""
    job_id = world.open(token=coin)
    claim_id = world.claim(job_id, mask)
    undone = (mask & ~done).bit_count()
    next_at(world.record(claim_id)["time"] - 900)
    with world.moves(coin) as moved:
        receipt = world.submit(claim_id, done)
    assert moved == {
        "annotator": undone * 50_000,
        "sink's credit": undone * 50_001,
        "market": -undone * 50_000,
    }
    told = {"jobId": job_id, "claimId": claim_id, "annotator": who.annotator}
    assert receipt.of(market) == [
        ("LabelsSubmitted", told | {"done": done, "root": ROOT, "uri": URI}),
        ("TasksReturned", told | {"mask": mask & ~done, "forfeited": undone * 50_001}),
        ("Credited", {"token": coin, "account": who.sink, "amount": undone * 50_001}),
    ]
    assert world.record(claim_id)["mask"] == done
    assert market.call("freeTasks", job_id, 0) == FULL & ~done
    assert market.call("accountOf", job_id, who.annotator)["open"] == done.bit_count()
    with reverts("TasksTaken", job_id, 0, done):
        market.call("claim", job_id, 0, mask, b"", [], sender=who.rival)


def test_submit_batch__in_a_closing_job__refunds_undone_tasks_to_the_creator(world, market, who, coin):
    """T3, T22: closing takes nothing from who holds a claim."""
    job_id = world.open(token=coin)
    claim_id = world.claim(job_id, 0b111)
    market.send("close", job_id, sender=who.creator)
    next_at(world.record(claim_id)["time"] - 900)
    with world.moves(coin) as moved:
        receipt = world.submit(claim_id, 0b010)
    assert moved == {
        "annotator": 2 * 50_000,
        "creator": 2 * REWARD,
        "sink's credit": 2 * 50_001,
        "market": -2 * (50_000 + REWARD),
    }
    assert receipt.of(market)[2] == ("TasksRefunded", {"jobId": job_id, "tasks": 2, "refunded": 2 * REWARD})
    assert world.job(job_id)["state"] == JobState.CLOSING
    world.approve(claim_id, 0b010)
    assert world.job(job_id)["state"] == JobState.CLOSED


def test_submit_batch__hook_that_turned_against_the_annotator__is_not_asked(world, who):
    """T62: a hook keeps claims out, never deliveries."""
    hook = deploy("MockHook", sender=who.owner)
    job_id = world.open(hook=hook.address)
    hook.send("expectQuestion", job_id, who.annotator, 2, b"", sender=who.owner)
    claim_id = world.claim(job_id, 0b11)
    hook.send("setMode", 1, sender=who.owner)
    world.submit(claim_id, 0b11)
    world.approve(claim_id, 0b11)


def test_submit_batch__last_second__is_the_annotators(world, market, who):
    """T23."""
    job_id = world.open()
    claim_id = world.claim(job_id, 0b11)
    expiry = world.record(claim_id)["time"]
    mine_at(expiry + 1)
    with reverts("TooLate", expiry, expiry + 1):
        market.call("submitBatch", claim_id, ROOT, 0b11, URI, sender=who.annotator)


def test_submit_batch__in_the_last_second__is_in_time(world):
    claim_id = world.claim(world.open(), 0b11)
    expiry = world.record(claim_id)["time"]
    next_at(expiry)
    assert world.submit(claim_id, 0b01).time == expiry


@pytest.mark.parametrize("role", ["rival", "creator", "stranger"])
def test_submit_batch__by_anyone_else__reverts(world, market, who, role):
    """T23, T25: a root that was seen in the mempool is worth nothing to anybody else."""
    claim_id = world.claim(world.open(), 1)
    with reverts("NotAuthorized", getattr(who, role), who.annotator):
        market.call("submitBatch", claim_id, ROOT, 1, URI, sender=getattr(who, role))


def test_submit_batch__twice__reverts(world, market, who):
    """T6."""
    claim_id = world.submitted(world.open(), 1)
    with reverts("WrongClaimState", claim_id, ClaimState.SUBMITTED):
        market.call("submitBatch", claim_id, ROOT, 1, URI, sender=who.annotator)
    world.approve(claim_id, 1)
    with reverts("WrongClaimState", claim_id, ClaimState.DONE):
        market.call("submitBatch", claim_id, ROOT, 1, URI, sender=who.annotator)
    with reverts("WrongClaimState", claim_id + 1, ClaimState.NONE):
        market.call("submitBatch", claim_id + 1, ROOT, 1, URI, sender=who.annotator)


def test_submit_batch__after_the_tasks_were_taken_over__reverts(world, market, who):
    """T23: the late one cannot submit over the new holder."""
    job_id = world.open()
    old = world.claim(job_id, 1)
    mine_at(world.record(old)["time"] + 1)
    world.claim(job_id, 1, by=who.rival, expired=[old])
    with reverts("WrongClaimState", old, ClaimState.DONE):
        market.call("submitBatch", old, ROOT, 1, URI, sender=who.annotator)


def test_submit_batch__without_a_root__reverts(world, market, who):
    claim_id = world.claim(world.open(), 1)
    with reverts("EmptyRoot"):
        market.call("submitBatch", claim_id, bytes(32), 1, URI, sender=who.annotator)


def test_submit_batch__uri__has_at_most_256_bytes(world, market, who):
    claim_id = world.claim(world.open(), 1)
    with reverts("TooMany", 257, 256):
        market.call("submitBatch", claim_id, ROOT, 1, "u" * 257, sender=who.annotator)
    market.call("submitBatch", claim_id, ROOT, 1, "u" * 256, sender=who.annotator)
    market.call("submitBatch", claim_id, ROOT, 1, "", sender=who.annotator)


@pytest.mark.parametrize("done", [0, 0b1000, 0b0001, 0b1110, FULL])
def test_submit_batch__tasks_that_were_not_claimed__revert(world, market, who, done):
    claim_id = world.claim(world.open(), 0b0110)
    with reverts("BadMask", done, 0b0110):
        market.call("submitBatch", claim_id, ROOT, done, URI, sender=who.annotator)


# --- by signature ---


def signed(world, claim_id, done=0b11, **how):
    message = {"claimId": claim_id, "root": ROOT, "done": done, "uri": URI} | how.pop("message", {})
    return claim_id, ROOT, done, URI, world.auth("SubmitBatch", **message, **how)


def test_submit_batch_by_sig__sent_by_a_keeper__submits_for_the_signer(world, market, who, coin):
    """Undone tasks' bonds go back to the signer, not to who sends it (T43)."""
    job_id = world.open(token=coin)
    claim_id = world.claim(job_id, 0b111)
    arguments = signed(world, claim_id, nonce=4)
    next_at(world.record(claim_id)["time"] - 900)
    with world.moves(coin) as moved:
        receipt = market.send("submitBatchBySig", *arguments, sender=who.keeper)
    assert moved == {"annotator": 50_000, "sink's credit": 50_001, "market": -50_000}
    assert receipt.of(market)[0] == ("NonceUsed", {"account": who.annotator, "nonce": 4})
    assert receipt.of(market)[1][0] == "LabelsSubmitted"
    assert world.record(claim_id)["commitment"] == commitment(who.annotator, 0, ROOT, 0b11)


@pytest.mark.parametrize(
    "change", [{"root": b"\x01" * 32}, {"done": 0b01}, {"uri": "ipfs://other"}, {"claimId": 1}]
)
def test_submit_batch_by_sig__something_else_was_signed__reverts(world, market, who, change):
    arguments = signed(world, world.claim(world.open(), 0b11), message=change)
    with reverts("InvalidSignature", who.annotator):
        market.call("submitBatchBySig", *arguments, sender=who.keeper)


def test_submit_batch_by_sig__somebody_elses_claim__reverts(world, market, who):
    """T25."""
    arguments = signed(world, world.claim(world.open(), 0b11), signer=who.rival)
    with reverts("NotAuthorized", who.rival, who.annotator):
        market.call("submitBatchBySig", *arguments, sender=who.annotator)


def test_submit_batch_by_sig__contract_wallet__submits_by_its_owners_signature(world, market, who):
    """T42, T43."""
    wallet = deploy("MockWallet", who.annotator, sender=who.annotator)
    world.people["wallet"] = wallet.address
    job_id = world.open()
    message = {"termsHash": world.job(job_id)["termsHash"], "jobId": job_id, "word": 0, "mask": 0b11}
    wallet_signs = {"signer": wallet.address, "key": who.annotator}
    auth = world.auth("Claim", **message, **wallet_signs)
    arguments = (job_id, 0, 0b11, b"", [], auth)
    claim_id = market.send("claimBySig", *arguments, sender=who.keeper, value=2 * BOND).value
    market.send("submitBatchBySig", *signed(world, claim_id, **wallet_signs), sender=who.keeper)
    with world.moves() as moved:
        world.approve(claim_id, 0b11)
    assert moved == {"wallet": 2 * (REWARD + BOND), "market": -2 * (REWARD + BOND)}
