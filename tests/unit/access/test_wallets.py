"""
Contract wallets (ERC-1271, T42, F22)
├── a wallet's owner signs for it; his signature for one wallet is worthless for his other one
├── an account with delegated code signs with its key all the same
├── a wallet that says yes to everything endangers itself only
├── a wallet that reverts, burns gas or answers anything but the magic word has not signed
└── whatever gas the relayer sends, a wallet is asked with its full allowance or the call reverts
"""

import pytest
from eth_utils import keccak

from tests.support.calls import deploy, reverts, rpc
from tests.support.market import World, now

YES, NO, NOTHING, SHORT, DIRTY, MORE, HUGE_NO, REVERTS, REVERTS_YES, BURNS, IF_ENOUGH = range(11)
INSUFFICIENT = keccak(text="InsufficientGas(uint256,uint256)")[:4].hex()
INVALID = keccak(text="InvalidSignature(address)")[:4].hex()
WALLET_GAS = 500_000


@pytest.fixture
def job_id(world: World) -> int:
    return world.open(bond_bps=0)


def claim(world: World, job_id: int, signer: str, signature: bytes | None = None, key: str | None = None):
    """The arguments of a signed claim of task 0."""
    message = {"termsHash": world.job(job_id)["termsHash"], "jobId": job_id, "word": 0, "mask": 1}
    *auth, made = world.auth("Claim", signer=signer, key=key or world.who.annotator, **message)
    return job_id, 0, 1, b"", [], (*auth, made if signature is None else signature)


def odd_wallet(world: World, answer: int):
    wallet = deploy("OddWallet", sender=world.who.stranger)
    wallet.send("setAnswer", answer, sender=world.who.stranger)
    world.people["wallet"] = wallet.address
    return wallet


def test_wallet__owners_signature__serves_for_the_wallet_that_it_names(world, market, who, job_id):
    """T42: the digest holds the wallet's address."""
    first, second = (deploy("MockWallet", who.annotator, sender=who.annotator) for _ in range(2))
    *arguments, (_, nonce, deadline, signature) = claim(world, job_id, first.address)
    with reverts("InvalidSignature", second.address):
        market.call("claimBySig", *arguments, (second.address, nonce, deadline, signature), sender=who.keeper)
    with reverts("InvalidSignature", who.annotator):
        market.call("claimBySig", *arguments, (who.annotator, nonce, deadline, signature), sender=who.keeper)
    auth = (first.address, nonce, deadline, signature)
    receipt = market.send("claimBySig", *arguments, auth, sender=who.keeper)
    assert world.record(receipt.value)["annotator"] == first.address
    world.people["wallet"] = first.address


def test_wallet__somebody_elses_signature__reverts(world, market, who, job_id):
    wallet = deploy("MockWallet", who.annotator, sender=who.annotator)
    arguments = claim(world, job_id, wallet.address, key=who.rival)
    with reverts("InvalidSignature", wallet.address):
        market.call("claimBySig", *arguments, sender=who.keeper)


def test_wallet__account_with_delegated_code__signs_with_its_key(world, market, who, job_id):
    """EIP-7702: the key comes first, whatever the code answers; without the key the code is asked."""
    code = rpc("eth_getCode", odd_wallet(world, NO).address, "latest")
    rpc("anvil_setCode", who.annotator, code)
    market.call("claimBySig", *claim(world, job_id, who.annotator), sender=who.keeper)
    forged = claim(world, job_id, who.annotator, key=who.rival)
    rpc("anvil_setStorageAt", who.annotator, "0x0", "0x" + NO.to_bytes(32, "big").hex())
    with reverts("InvalidSignature", who.annotator):
        market.call("claimBySig", *forged, sender=who.keeper)
    rpc("anvil_setStorageAt", who.annotator, "0x0", "0x" + bytes(32).hex())
    market.call("claimBySig", *forged, sender=who.keeper)
    rpc("anvil_setCode", who.annotator, "0x")


@pytest.mark.parametrize("answer", [YES, MORE])
def test_wallet__that_says_yes__may_be_used_by_anyone_and_harms_only_itself(
    world, market, who, job_id, answer
):
    wallet = odd_wallet(world, answer)
    arguments = claim(world, job_id, wallet.address, signature=b"anything")
    receipt = market.send("claimBySig", *arguments, sender=who.stranger)
    assert world.record(receipt.value)["annotator"] == wallet.address
    with reverts("NotAuthorized", who.stranger, wallet.address):
        market.call("release", receipt.value, sender=who.stranger)


@pytest.mark.parametrize("answer", [NO, NOTHING, SHORT, DIRTY, HUGE_NO, REVERTS, REVERTS_YES, BURNS])
def test_wallet__any_other_answer__is_no_signature(world, market, who, job_id, answer):
    wallet = odd_wallet(world, answer)
    arguments = claim(world, job_id, wallet.address)
    with reverts("InvalidSignature", wallet.address):
        market.call("claimBySig", *arguments, sender=who.keeper)


def test_wallet__arbiter_whose_wallet_burns_gas__cannot_be_named(world, who):
    wallet = odd_wallet(world, BURNS)
    terms = world.terms(arbiter=wallet.address)
    call = world.create_call(terms, until=now() + 60, signature=b"x")
    with reverts("InvalidSignature", wallet.address):
        world.market.call(*call, sender=who.creator, value=600 * terms.reward)


def test_wallet__any_amount_of_gas__never_makes_a_good_signature_bad(world, market, who, job_id):
    """F22: a relayer who sends too little is told so; he cannot have the signature refused."""
    wallet = odd_wallet(world, IF_ENOUGH)
    data = "0x" + market.data("claimBySig", *claim(world, job_id, wallet.address)).hex()
    call = {"from": who.keeper, "to": market.address, "data": data, "maxFeePerGas": "0x0"}
    found = []
    for gas in range(60_000, 900_000, 10_000):
        answer = rpc("eth_simulateV1", {"blockStateCalls": [{"calls": [call | {"gas": hex(gas)}]}]}, "latest")
        result = answer[0]["calls"][0]
        error = (result.get("error", {}).get("data") or result.get("returnData") or "")[2:10]
        found.append("done" if result["status"] == "0x1" else error)
    assert INVALID not in found
    assert INSUFFICIENT in found
    assert found[-1] == "done"


def test_wallet__too_little_gas__is_told_with_what_is_needed(world, market, who, job_id):
    arguments = claim(world, job_id, odd_wallet(world, IF_ENOUGH).address)
    required = WALLET_GAS * 64 // 63 + 1
    with pytest.raises(Exception, match=rf"InsufficientGas\({required}, \d+\)"):
        market.send("claimBySig", *arguments, sender=who.keeper, gas=400_000)


def test_account__without_code_and_without_signature__reverts_with_any_gas(world, market, who, job_id):
    arguments = claim(world, job_id, who.rival, signature=b"\x01" * 65)
    with reverts("InvalidSignature", who.rival):
        market.send("claimBySig", *arguments, sender=who.keeper, gas=200_000)
