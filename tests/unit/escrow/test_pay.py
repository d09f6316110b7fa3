"""
Money out: paid at once, or a credit, and nobody's failure is anybody else's (F20, T8, T10)
├── native coin
│   ├── a wallet that writes to storage is paid at once (R4)
│   └── who refuses or burns the gas has a credit
├── token, judged by what left the market and not by what the token says
│   ├── moved as asked, though it answers false or nothing: paid
│   ├── moved nothing (blacklist, false, all gas burnt): a credit
│   ├── given back on the spot, all or in part: a credit for that part
│   └── moved more than asked: the whole call reverts
└── gas: whatever the caller sends, a payment is made, or the call reverts (T10)
"""

import pytest
from eth_utils import keccak

from tests.support.calls import ZERO, Contract, deploy, reverts, rpc
from tests.support.market import REWARD, World, endow, next_at

BOND = 100_001
PAY = REWARD + BOND
CREDITED = "0x" + keccak(text="Credited(address,address,uint256)").hex()
GAS_TOO_LOW = keccak(text="PaymentGasTooLow(uint256,uint256)")[:4].hex()
NATIVE_GAS, TOKEN_GAS = 100_000 * 64 // 63 + 90_000, 200_000 * 64 // 63 + 90_000
EVERYTHING = 2**256 - 1


def with_token(world: World, name: str) -> Contract:
    token = deploy(name, sender=world.who.owner)
    endow(world.system, token)
    world.tokens.append(token)
    return token


def wallet_work(world: World) -> tuple[Contract, int]:
    """Work that a contract wallet delivered by its owner's signatures, in the native coin without a bond."""
    wallet = deploy("MockWallet", world.who.annotator, sender=world.who.annotator)
    world.people["wallet"] = wallet.address
    job_id = world.open(bond_bps=0)
    signer = {"signer": wallet.address, "key": world.who.annotator}
    auth = world.auth(
        "Claim", termsHash=world.job(job_id)["termsHash"], jobId=job_id, word=0, mask=1, **signer
    )
    claim_id = world.market.send("claimBySig", job_id, 0, 1, b"", [], auth, sender=world.who.keeper).value
    auth = world.auth("SubmitBatch", claimId=claim_id, root=b"\1" * 32, done=1, uri="", **signer)
    world.market.send("submitBatchBySig", claim_id, b"\1" * 32, 1, "", auth, sender=world.who.keeper)
    return wallet, claim_id


def outcomes(world: World, claim_id: int, gas: range) -> list[str]:
    """What becomes of an approval, for each amount of gas: "paid", "credited", "refused" or "reverted"."""
    data = "0x" + world.market.data("approve", claim_id, 1).hex()
    call = {"from": world.who.creator, "to": world.market.address, "data": data, "maxFeePerGas": "0x0"}
    found = []
    for amount in gas:
        answer = rpc(
            "eth_simulateV1", {"blockStateCalls": [{"calls": [call | {"gas": hex(amount)}]}]}, "latest"
        )
        found.append(outcome(answer[0]["calls"][0]))
    return found


def outcome(call: dict) -> str:
    if call["status"] == "0x1":
        return "credited" if any(log["topics"][0] == CREDITED for log in call["logs"]) else "paid"
    data = call.get("error", {}).get("data") or call.get("returnData") or ""
    return "refused" if data[2:10] == GAS_TOO_LOW else "reverted"


# --- the native coin ---


def test_pay__wallet_that_writes_to_storage__is_paid_at_once(world):
    """R4."""
    wallet, claim_id = wallet_work(world)
    with world.moves() as moved:
        world.approve(claim_id, 1)
    assert moved == {"wallet": REWARD, "market": -REWARD}
    assert wallet.call("received") == REWARD


def test_pay__callers_choice_of_gas__never_turns_a_payment_into_a_credit(world):
    """F20: the wallet needs some 70,000 gas to be paid; somebody might send just too little."""
    _, claim_id = wallet_work(world)
    found = outcomes(world, claim_id, range(30_000, 420_000, 3_000))
    assert set(found) == {"reverted", "refused", "paid"}
    assert found == sorted(found, key=["reverted", "refused", "paid"].index)


def test_pay__gas_limit_of_the_call__is_told(world, market, who):
    claim_id = world.submitted(world.open(), 1)
    with pytest.raises(Exception, match=rf"PaymentGasTooLow\({NATIVE_GAS}, \d+\)"):
        market.send("approve", claim_id, 1, sender=who.creator, gas=240_000)


# --- tokens ---


def test_pay__token_that_answers_false_but_moves__has_paid(world, who):
    """T8: what left the market decides."""
    token = with_token(world, "FalseToken")
    claim_id = world.submitted(world.open(token=token.address), 1)
    token.send("setMood", 2, sender=who.owner)
    with world.moves(token) as moved:
        world.approve(claim_id, 1)
    assert moved == {"annotator": PAY, "market": -PAY}


def test_pay__token_that_answers_false_and_moves_nothing__leaves_a_credit(world, market, who):
    token = with_token(world, "FalseToken")
    claim_id = world.submitted(world.open(token=token.address), 1)
    token.send("setMood", 1, sender=who.owner)
    with world.moves(token) as moved:
        receipt = world.approve(claim_id, 1)
    assert moved == {"annotator's credit": PAY}
    credit = {"token": token.address, "account": who.annotator, "amount": PAY}
    assert receipt.of(market)[-1] == ("Credited", credit)
    with reverts("SafeERC20FailedOperation", token.address):
        market.call("withdraw", token.address, who.annotator, PAY, sender=who.annotator)


def test_pay__recipient_on_the_tokens_blacklist__has_a_credit_for_another_address(world, market, who):
    """T10, R8."""
    token = with_token(world, "BlacklistToken")
    claim_id = world.submitted(world.open(token=token.address), 1)
    token.send("setBlocked", who.annotator, True, sender=who.owner)
    with world.moves(token) as moved:
        world.approve(claim_id, 1)
    assert moved == {"annotator's credit": PAY}
    with reverts("Blocked", who.annotator):
        market.call("withdraw", token.address, who.annotator, PAY, sender=who.annotator)
    market.send("withdraw", token.address, who.stranger, PAY, sender=who.annotator)
    assert token.call("balanceOf", who.stranger) == PAY


def test_pay__token_that_burns_all_its_gas__leaves_a_credit_and_some_gas(world, market, who):
    token = with_token(world, "BurnerToken")
    claim_id = world.submitted(world.open(token=token.address), 1)
    token.send("burnGasOf", market.address, EVERYTHING, sender=who.owner)
    with world.moves(token) as moved:
        receipt = world.approve(claim_id, 1)
    assert moved == {"annotator's credit": PAY}
    assert receipt.gas_used < 450_000  # the token got 200,000, not 63/64 of 15 million


def test_pay__token_that_needs_much_gas__is_never_starved(world, market, who):
    """F20."""
    token = with_token(world, "BurnerToken")
    claim_id = world.submitted(world.open(token=token.address), 1)
    token.send("burnGasOf", market.address, 140_000, sender=who.owner)
    found = outcomes(world, claim_id, range(30_000, 520_000, 4_000))
    assert set(found) == {"reverted", "refused", "paid"}
    assert found == sorted(found, key=["reverted", "refused", "paid"].index)
    with pytest.raises(Exception, match=rf"PaymentGasTooLow\({TOKEN_GAS}, \d+\)"):
        market.send("approve", claim_id, 1, sender=who.creator, gas=330_000)


def test_pay__token_that_takes_more_than_asked__reverts(world, market, who):
    """T8: a token that reaches into other people's money is stopped, and harms its own jobs only."""
    token = with_token(world, "GreedyToken")
    claim_id = world.submitted(world.open(token=token.address), 1)
    token.send("takeFrom", market.address, 1, sender=who.owner)
    with reverts("TransferMismatch", token.address, PAY, PAY + 1):
        market.call("approve", claim_id, 1, sender=who.creator)


@pytest.mark.parametrize("back", [1, PAY - 1, PAY, PAY + 1])
def test_pay__recipient_who_gives_back_on_the_spot__has_a_credit_for_it(world, market, who, back):
    """T10, T62: nobody can make a settlement revert by returning a unit of the pay in the token's hook."""
    token, claim_id = world_with_giver(world, back)
    with world.moves(token) as moved:
        world.approve(claim_id, 1)
    kept = max(0, PAY - back)
    expected = {"giver": PAY - back, "market": back - PAY, "giver's credit": PAY - kept}
    assert moved == {name: amount for name, amount in expected.items() if amount}
    if back > PAY:  # the surplus is a donation
        world.tokens.remove(token)
        assert market.call("liabilities", token.address) == 600 * REWARD + BOND


def world_with_giver(world: World, back: int) -> tuple[Contract, int]:
    """A delivery by a contract that hands so much of a token back while it is being paid."""
    token = with_token(world, "HookToken")
    giver = deploy("Puppet", sender=world.who.stranger)
    world.people["giver"] = giver.address
    token.send("mint", giver.address, 10 * BOND, sender=world.who.owner)
    job_id = world.open(token=token.address)

    def act(target: Contract, name: str, *args) -> None:
        giver.send("execute", target.address, target.data(name, *args), sender=world.who.stranger)

    act(token, "approve", world.market.address, EVERYTHING)
    act(world.market, "claim", job_id, 0, 1, b"", [])
    act(world.market, "submitBatch", job_id << 24, b"\1" * 32, 1, "")
    give = token.data("transfer", world.market.address, back)
    token.send(
        "callBackWith", giver.address, giver.data("execute", token.address, give), sender=world.who.owner
    )
    return token, job_id << 24


def test_pay__several_recipients_of_whom_one_fails__pays_the_others(world, market, who):
    """T10: in a closing job a release pays annotator and creator; the creator's wallet burns its gas."""
    puppet = deploy("Puppet", sender=who.stranger)
    world.people["puppet"] = puppet.address
    terms = world.terms(creator=puppet.address, arbiter=ZERO)
    create = market.data("createJob", *world.create_call(terms)[1:])
    puppet.send("execute", market.address, create, sender=who.stranger, value=600 * REWARD)
    world.terms_of[1] = terms
    claim_id = world.claim(1, 0b11)
    puppet.send("execute", market.address, market.data("close", 1), sender=who.stranger)
    puppet.send("setMood", 2, sender=who.stranger)
    next_at(world.record(claim_id)["time"] - 900)
    with world.moves() as moved:
        market.send("release", claim_id, sender=who.annotator)
    back, forfeited = 2 * 50_000, 2 * 50_001
    assert moved == {
        "annotator": back,
        "puppet's credit": 2 * REWARD,
        "sink's credit": forfeited,
        "market": -back,
    }
