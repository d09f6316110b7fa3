"""
constructor
└── market and staking contract are fixed
"""

import ape

from tests.support.pledges import PROOF


def test_constructor__good_values__are_fixed(world, hook, staking):
    assert (hook.call("market"), hook.call("staking")) == (world.market.address, staking.address)
    assert hook.call("PROOF_WINDOW") == PROOF


def test_these_functions_change_state_and_no_other():
    """A new door has to be tested for its role. None takes the native coin, none is an owner's (T61)."""
    entries = ape.project.StakeHook.contract_type.mutable_methods
    assert {entry.name for entry in entries} == {
        *("configure", "pledge", "pledgeBySig", "requestUnpledge", "requestUnpledgeBySig"),
        *("unpledge", "slash", "cancelNonce"),
    }
    assert not any(entry.is_payable for entry in entries)
