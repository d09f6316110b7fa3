"""
Re-entrancy: one lock for every act that touches rewards (T62)
├── wherever the reward token hands control away (claim, claimFromTree), every such act is refused by the lock
│   └── from the owner, too: here the token itself becomes the owner
└── what is outside of the lock moves no reward: nonces and the owner's switches
"""

import json

import ape
import pytest

from offchain.hashing import RewardTree
from tests.support.calls import ZERO, deploy
from tests.support.reentrancy import LOCKED, empty_call
from tests.support.rewards import UNIT, World, kept_books, system_with

OUTSIDE = {
    "cancelNonce",
    "setSource",
    "setRate",
    "setEpochCap",
    "useTree",
    "transferOwnership",
    "acceptOwnership",
}
OWNERS = ["collect", "setRoot"]
ACTS = ["assign", "leaveTree", "claim", "claimBySig", "claimFromTree", "withdraw", "withdrawBySig"]


def test_reentrancy__list_of_acts__is_complete():
    """A new act must join the matrix, or be added to what lies outside of the lock by a decision."""
    abi = json.loads(ape.project.RewardDistributor.contract_type.model_dump_json())["abi"]
    changing = {
        entry["name"]
        for entry in abi
        if entry["type"] == "function" and entry["stateMutability"] in {"nonpayable", "payable"}
    }
    assert changing == {*ACTS, *OWNERS, *OUTSIDE}


@pytest.mark.parametrize("act", [*ACTS, *OWNERS])
def test_reentrancy__from_every_move_of_the_token__is_refused(who, act):
    """T62."""
    token = deploy("HookToken", sender=who.owner)
    with kept_books(World(system_with(token, who))) as world:
        distributor = world.distributor
        world.own("setRate", ZERO, UNIT)
        world.rewarded(1_000, job=2)
        tree = RewardTree({who.annotator: world.collected(100)})
        world.publish(tree)
        world.own("transferOwnership", token.address)
        token.send("callBackWith", distributor.address, distributor.data("acceptOwnership"), sender=who.owner)
        token.send("transfer", who.stranger, 0, sender=who.owner)
        assert distributor.call("owner") == token.address
        token.send("callBackWith", distributor.address, empty_call(distributor, act), sender=who.owner)
        for move in (
            lambda: world.claim_from(tree, who.annotator),
            lambda: distributor.send("claim", who.rival, sender=who.annotator),
        ):
            token.send("transfer", who.stranger, 0, sender=who.owner)
            assert token.call("answer") != LOCKED  # whatever an unlocked distributor answers
            move()
            assert (token.call("calledBack"), token.call("answer")) == (False, LOCKED)
