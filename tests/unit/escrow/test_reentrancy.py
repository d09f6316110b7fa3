"""
Re-entrancy: one lock for every act (T62, F21)
├── wherever the market hands control away, every state-changing act is refused with the lock's own error
│   ├── native payment, native withdrawal
│   └── token deposit, token payment, token withdrawal
├── what is outside of the lock moves no money: nonces and the owner's switches
└── the act that was interrupted goes through, and the ledger is in order
"""

import json

import ape
import pytest

from tests.support.calls import ZERO, Contract, deploy, rpc
from tests.support.market import World, endow
from tests.support.reentrancy import LOCKED, empty_call

OUTSIDE = {"cancelNonce", "setFee", "setPauser", "pause", "unpause", "transferOwnership", "acceptOwnership"}
ACTS = [
    "createJob",
    "close",
    "claim",
    "claimBySig",
    "release",
    "releaseBySig",
    "releaseExpired",
    "submitBatch",
    "submitBatchBySig",
    "approve",
    "finalize",
    "reject",
    "appeal",
    "appealBySig",
    "settleRejection",
    "decide",
    "settleAppeal",
    "withdraw",
    "withdrawBySig",
]


def test_reentrancy__list_of_acts__is_complete():
    """A new act must join the matrix, or be added to what lies outside of the lock by a decision."""
    abi = json.loads(ape.project.AnnotationMarket.contract_type.model_dump_json())["abi"]
    changing = {
        entry["name"]
        for entry in abi
        if entry["type"] == "function" and entry["stateMutability"] in {"nonpayable", "payable"}
    }
    assert changing == set(ACTS) | OUTSIDE


@pytest.fixture
def caller(world, who) -> Contract:
    """A contract that calls the market when it is paid, and holds work and a credit there."""
    puppet = deploy("Puppet", sender=who.stranger)
    world.people["puppet"] = puppet.address
    rpc("anvil_setBalance", puppet.address, hex(10**9))
    return puppet


@pytest.mark.parametrize("act", ACTS)
def test_reentrancy__from_a_native_payment__is_refused(world, market, who, caller, act):
    job_id = world.open(bond_bps=0)
    for data in (
        market.data("claim", job_id, 0, 1, b"", []),
        market.data("submitBatch", job_id << 24, b"\1" * 32, 1, ""),
    ):
        caller.send("execute", market.address, data, sender=who.stranger)
    caller.send("callBackWith", market.address, empty_call(market, act), sender=who.stranger)
    world.approve(job_id << 24, 1)
    assert (caller.call("calledBack"), caller.call("answer")) == (False, LOCKED)


@pytest.mark.parametrize("act", ACTS)
def test_reentrancy__from_a_native_withdrawal__is_refused(world, market, who, caller, act):
    job_id = world.open()
    claim_id = world.claim(job_id, 1)
    rpc("evm_increaseTime", 2_000)
    rpc("evm_mine")
    market.send("releaseExpired", job_id, [claim_id], sender=who.keeper)
    caller.send("callBackWith", market.address, empty_call(market, act), sender=who.stranger)
    market.send("withdraw", ZERO, caller.address, 100_001, sender=who.sink)
    assert (caller.call("calledBack"), caller.call("answer")) == (False, LOCKED)


@pytest.mark.parametrize("act", ACTS)
def test_reentrancy__from_every_move_of_a_token__is_refused(world, market, who, act):
    token = deploy("HookToken", sender=who.owner)
    endow(world.system, token)
    world.tokens.append(token)

    def refused() -> bool:
        answer = (token.call("calledBack"), token.call("answer"))
        token.send("callBackWith", market.address, empty_call(market, act), sender=who.owner)
        token.send("transfer", who.stranger, 0, sender=who.creator)  # whatever an unlocked market answers
        assert token.call("answer") != LOCKED
        return answer == (False, LOCKED)

    token.send("callBackWith", market.address, empty_call(market, act), sender=who.owner)
    job_id = world.open(token=token.address)
    assert refused()
    claim_id = world.claim(job_id, 0b111)
    assert refused()
    world.submit(claim_id)
    world.reject(claim_id, 0b011)
    assert refused()
    world.appeal(claim_id)
    assert refused()
    world.approve(claim_id, 0b100)
    assert refused()
    market.send("decide", claim_id, 0b001, sender=who.arbiter)
    assert refused()
    market.send("withdraw", token.address, who.keeper, world.credit(who.sink, token), sender=who.sink)
    assert refused()


def test_reentrancy__nonces__are_outside_of_the_lock_and_harm_nobody(world, market, who, caller):
    job_id = world.open(bond_bps=0)
    for data in (
        market.data("claim", job_id, 0, 1, b"", []),
        market.data("submitBatch", job_id << 24, b"\1" * 32, 1, ""),
    ):
        caller.send("execute", market.address, data, sender=who.stranger)
    caller.send("callBackWith", market.address, market.data("cancelNonce", 5), sender=who.stranger)
    world.approve(job_id << 24, 1)
    assert caller.call("calledBack")
    assert market.call("isNonceUsed", caller.address, 5)
    assert not market.call("isNonceUsed", who.annotator, 5)


def test_reentrancy__hook_of_a_job__cannot_change_anything(world, market, who):
    """The hook is asked by a static call; the worst that it can do is refuse, or burn the claimant's gas."""
    assert type(world) is World
    job_id = world.open(hook=deploy("MockHook", sender=who.owner).address)
    call = {"from": who.annotator, "to": market.address, "value": hex(100_001), "gas": hex(2_000_000)}
    data = "0x" + market.data("claim", job_id, 0, 1, b"", []).hex()
    trace = rpc("debug_traceCall", call | {"data": data}, "latest", {"tracer": "callTracer"})
    assert [inner["type"] for inner in trace["calls"]] == ["STATICCALL"]
