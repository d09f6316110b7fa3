"""
constructor
├── when all is well: token, fee recipient and period are fixed, the owner is told
└── reverts when
    ├── there is no owner
    ├── there is no fee recipient
    ├── the token is the native coin
    └── the period is 0, or longer than the longest lock
"""

import ape
import pytest

from offchain.reference.staking import BURN_ADDRESS
from tests.support.calls import ZERO, decode_log, deploy, reverts, rpc
from tests.support.staking import LONGEST, PERIOD


def test_constructor__good_values__are_fixed(staking, token, who):
    call = staking.call
    assert (call("stakeToken"), call("feeRecipient")) == (token.address, who.sink)
    assert (call("owner"), call("pendingOwner")) == (who.owner, ZERO)
    assert (call("UNBONDING_PERIOD"), call("MAX_LOCK")) == (PERIOD, LONGEST)
    assert (call("MAX_UNBONDINGS"), call("BURN_ADDRESS")) == (8, BURN_ADDRESS)
    logs = rpc("eth_getLogs", {"address": staking.address, "fromBlock": "0x0", "toBlock": "latest"})
    first = decode_log(logs[0])
    assert (first.name, first.args) == (
        "OwnershipTransferred",
        {"previousOwner": ZERO, "newOwner": who.owner},
    )


@pytest.mark.parametrize("period", [1, LONGEST])
def test_constructor__period_at_its_bounds__is_fixed(token, who, period):
    staking = deploy("Staking", who.owner, who.sink, token.address, period, sender=who.owner)
    assert staking.call("UNBONDING_PERIOD") == period


def test_constructor__without_owner__reverts(token, who):
    with reverts("OwnableInvalidOwner", ZERO):
        deploy("Staking", ZERO, who.sink, token.address, PERIOD, sender=who.owner)


def test_constructor__without_fee_recipient__reverts(token, who):
    with reverts("BadConstruction"):
        deploy("Staking", who.owner, ZERO, token.address, PERIOD, sender=who.owner)


def test_constructor__native_coin__reverts(who):
    with reverts("BadConstruction"):
        deploy("Staking", who.owner, who.sink, ZERO, PERIOD, sender=who.owner)


@pytest.mark.parametrize("period", [0, LONGEST + 1])
def test_constructor__period_out_of_bounds__reverts(token, who, period):
    with reverts("BadConstruction"):
        deploy("Staking", who.owner, who.sink, token.address, period, sender=who.owner)


def test_these_functions_change_state_and_no_other():
    """A new door has to be tested for its lock and its role. (`renounceOwnership` only reverts, and is a
    view.) None takes the native coin.
    """
    entries = ape.project.Staking.contract_type.mutable_methods
    assert {entry.name for entry in entries} == {
        *("stake", "stakeBySig", "allow", "allowBySig", "unbond", "unbondBySig", "collect", "reclaim"),
        *("lock", "unlock", "slash", "setMarket", "transferOwnership", "acceptOwnership"),
        *("withdraw", "withdrawBySig", "cancelNonce"),
    }
    assert not any(entry.is_payable for entry in entries)
