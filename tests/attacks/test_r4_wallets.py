"""R4: payment by `transfer` gives 2,300 gas, so the approval of work by a contract wallet that writes to
storage reverts. Here such a wallet is paid at once, and one that cannot be paid at all blocks nobody
but itself (T10).
"""

import pytest

from tests.support.calls import ZERO, Contract, balance, contract_at, deploy
from tests.support.market import FULL, REWARD, World, mine_at

REFUSES, BURNS_GAS = 1, 2


def wallet_of(world: World, job_id: int, mask: int) -> tuple[Contract, int]:
    """A wallet whose owner signed a claim and a submission, and the submission."""
    owner = world.who.stranger
    wallet = deploy("MockWallet", owner, sender=owner)
    world.people["wallet"] = wallet.address
    signer = {"signer": wallet.address, "key": owner}
    message = {"termsHash": world.job(job_id)["termsHash"], "jobId": job_id, "word": 0, "mask": mask}
    claim = (job_id, 0, mask, b"", [], world.auth("Claim", **message, **signer))
    claim_id = world.market.send("claimBySig", *claim, sender=world.who.keeper).value
    auth = world.auth("SubmitBatch", claimId=claim_id, root=b"\1" * 32, done=mask, uri="", **signer)
    world.market.send("submitBatchBySig", claim_id, b"\1" * 32, mask, "", auth, sender=world.who.keeper)
    return wallet, claim_id


def puppet_of(world: World, job_id: int, mask: int, mood: int) -> int:
    """A submission by a contract that takes no money."""
    puppet = deploy("Puppet", sender=world.who.stranger)
    world.people["puppet"] = puppet.address
    claim_id = job_id << 24 | world.job(job_id)["records"]
    for call in (("claim", job_id, 0, mask, b"", []), ("submitBatch", claim_id, b"\1" * 32, mask, "")):
        data = world.market.data(*call)
        puppet.send("execute", world.market.address, data, sender=world.who.stranger)
    puppet.send("setMood", mood, sender=world.who.stranger)
    return claim_id


def test_r4__wallet_that_writes_to_storage__is_paid_by_approval(world):
    job_id = world.open(bond_bps=0)
    wallet, claim_id = wallet_of(world, job_id, 0b1)
    world.approve(claim_id, 0b1)
    assert balance(ZERO, wallet.address) == wallet.call("received") == REWARD
    assert world.credit(wallet.address) == 0


def test_r4__wallet_that_writes_to_storage__is_paid_after_silence(world, market, who):
    job_id = world.open(bond_bps=0)
    wallet, claim_id = wallet_of(world, job_id, FULL)
    mine_at(world.record(claim_id)["time"] + 3 * 86_400 + 1)
    market.send("finalize", claim_id, sender=who.keeper)
    assert balance(ZERO, wallet.address) == 256 * REWARD


@pytest.mark.parametrize("mood", [REFUSES, BURNS_GAS])
def test_r4__annotator_who_cannot_be_paid__stops_neither_the_job_nor_others(world, market, who, mood):
    job_id = world.open(bond_bps=0, task_count=2)
    claim_id = puppet_of(world, job_id, 0b01, mood)
    other = world.submitted(job_id, 0b10)
    with world.moves() as moved:
        world.approve(claim_id, 0b01)
        world.approve(other, 0b10)
    assert moved == {"puppet's credit": REWARD, "annotator": REWARD, "market": -REWARD}
    assert world.job(job_id)["state"] == 3


@pytest.mark.parametrize("mood", [REFUSES, BURNS_GAS])
def test_r4__annotator_who_cannot_be_paid__loses_nothing(world, market, who, mood):
    job_id = world.open(bond_bps=0)
    world.approve(puppet_of(world, job_id, 0b11, mood), 0b11)
    puppet = contract_at("Puppet", world.people["puppet"])
    withdraw = market.data("withdraw", ZERO, who.keeper, 2 * REWARD)
    with world.moves() as moved:
        puppet.send("execute", market.address, withdraw, sender=who.stranger)
    assert moved == {"keeper": 2 * REWARD, "market": -2 * REWARD, "puppet's credit": -2 * REWARD}
