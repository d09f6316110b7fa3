"""
constructor
├── when all is well: market and staking contract are fixed
└── reverts where no staking contract says how long a lock may be
"""

import ape

from tests.support.calls import deploy, reverts
from tests.support.pledges import PROOF


def test_constructor__good_values__are_fixed(world, hook, staking):
    assert (hook.call("market"), hook.call("staking")) == (world.market.address, staking.address)
    assert hook.call("PROOF_WINDOW") == PROOF


def test_constructor__no_staking_contract__reverts(world, who):
    with reverts(""):
        deploy("StakeHook", world.market.address, who.stranger, sender=who.owner)


def test_these_functions_change_state_and_no_other():
    """A new door has to be tested for its role. None takes the native coin, none is an owner's (T61)."""
    entries = ape.project.StakeHook.contract_type.mutable_methods
    assert {entry.name for entry in entries} == {
        *("configure", "pledge", "pledgeBySig", "requestUnpledge", "requestUnpledgeBySig"),
        *("unpledge", "slash", "cancelNonce"),
    }
    assert not any(entry.is_payable for entry in entries)
