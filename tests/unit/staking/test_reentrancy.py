"""
Re-entrancy: one lock for every act (T62, F21)
├── wherever the token hands control away, every state-changing act is refused with the lock's own error: when
│   stake comes in, when it is collected, when a slash is paid, when a credit is taken out
└── what is outside of the lock moves no money: nonces and the owner's list
"""

import ape
import pytest

from tests.support.calls import rpc
from tests.support.reentrancy import LOCKED, empty_call
from tests.support.staking import PERIOD, World, deploy_system, kept_ledger

OUTSIDE = {"cancelNonce", "setMarket", "transferOwnership", "acceptOwnership"}
ACTS = [
    "stake",
    "stakeBySig",
    "allow",
    "allowBySig",
    "unbond",
    "unbondBySig",
    "collect",
    "reclaim",
    "lock",
    "unlock",
    "slash",
    "withdraw",
    "withdrawBySig",
]


@pytest.fixture(scope="module")
def hooked():
    return deploy_system("HookToken")


def test_reentrancy__list_of_acts__is_complete():
    """A new act must join the matrix, or be added to what lies outside of the lock by a decision."""
    entries = ape.project.Staking.contract_type.mutable_methods
    assert {entry.name for entry in entries} == set(ACTS) | OUTSIDE


@pytest.mark.parametrize("act", ACTS)
def test_reentrancy__from_every_move_of_the_token__is_refused(hooked, act):
    """T62."""
    with kept_ledger(World(hooked)) as world:
        token, staking, who = world.token, world.staking, world.who

        def refused() -> bool:
            answer = (token.call("calledBack"), token.call("answer"))
            token.send("callBackWith", staking.address, empty_call(staking, act), sender=who.owner)
            token.send("transfer", who.keeper, 0, sender=who.staker)  # whatever an unlocked contract answers
            assert token.call("answer") != LOCKED
            return answer == (False, LOCKED)

        token.send("callBackWith", staking.address, empty_call(staking, act), sender=who.owner)
        world.ready(1_000)
        assert refused()
        world.slash(100, 0, 10)
        assert refused()
        world.slash(0, 100)
        assert refused()
        world.unbond(200)
        rpc("evm_increaseTime", PERIOD + 10)
        rpc("evm_mine")
        staking.send("collect", who.staker, sender=who.keeper)
        assert refused()
        staking.send("withdraw", token.address, who.keeper, 10, sender=who.sink)
        assert refused()
