"""
What the owner and the pauser may do to a registry, and what not (F10, T18, T61)
├── constructor: owner and pauser are the first owner, fee 0, the sink is required
├── setFee: by the owner, up to 5 %, for what is published later
├── setPauser: by the owner
├── pause: by pauser or owner; unpause: by the owner
├── ownership: in two steps, never given up
└── nobody but the publisher changes a data set; nobody moves anybody's money
"""

import ape
import pytest

from tests.support.calls import ZERO, deploy, reverts
from tests.support.registry import deploy_registry


def test_a_new_registry(registry, who):
    assert registry.call("owner") == registry.call("pauser") == who.owner
    assert registry.call("feeRecipient") == who.sink
    assert (registry.call("feeBps"), registry.call("MAX_FEE_BPS"), registry.call("paused")) == (0, 500, False)
    assert (registry.call("name"), registry.call("symbol")) == ("Winnow Data Licence", "WINNOW")


def test_no_sink_reverts(who):
    with reverts("FeeRecipientRequired"):
        deploy("DatasetRegistry", who.owner, ZERO, ZERO, sender=who.owner)


def test_no_owner_reverts(who):
    with reverts("OwnableInvalidOwner", ZERO):
        deploy("DatasetRegistry", ZERO, who.sink, ZERO, sender=who.owner)


@pytest.mark.parametrize("fee", [1, 500, 0])
def test_the_owner_sets_the_fee(registry, who, fee):
    receipt = registry.send("setFee", fee, sender=who.owner)
    assert receipt.of(registry) == [("FeeSet", {"feeBps": fee})]
    assert registry.call("feeBps") == fee


def test_a_fee_above_the_cap_reverts(registry, who):
    with reverts("FeeAboveCap", 501, 500):
        registry.send("setFee", 501, sender=who.owner)


def test_the_fee_of_a_published_data_set_never_changes(world, registry, who):
    id_ = world.publish()
    registry.send("setFee", 500, sender=who.owner)
    assert registry.call("dataset", id_)["feeBps"] == 0


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("setFee", (1,)),
        ("setPauser", (ZERO,)),
        ("unpause", ()),
        ("transferOwnership", (ZERO,)),
        ("renounceOwnership", ()),
    ],
)
def test_what_is_the_owners_alone(registry, who, name, arguments):
    registry.send("setPauser", who.rival, sender=who.owner)
    for caller in (who.rival, who.sink, who.stranger):
        with reverts("OwnableUnauthorizedAccount", caller):
            registry.send(name, *arguments, sender=caller)


def test_the_pauser_pauses_and_the_owner_unpauses(registry, who):
    set_ = registry.send("setPauser", who.rival, sender=who.owner)
    assert set_.of(registry) == [("PauserSet", {"pauser": who.rival})]
    for caller in (who.rival, who.owner):
        paused = registry.send("pause", sender=caller)
        assert paused.of(registry) == [("Paused", {"account": caller})]
        assert registry.call("paused") is True
        unpaused = registry.send("unpause", sender=who.owner)
        assert unpaused.of(registry) == [("Unpaused", {"account": who.owner})]


def test_nobody_else_pauses(registry, who):
    for caller in (who.sink, who.publisher, who.stranger):
        with reverts("NotPauser", caller):
            registry.send("pause", sender=caller)


def test_pausing_twice_and_unpausing_what_runs_revert(registry, who):
    with reverts("ExpectedPause"):
        registry.send("unpause", sender=who.owner)
    registry.send("pause", sender=who.owner)
    with reverts("EnforcedPause"):
        registry.send("pause", sender=who.owner)


def test_ownership_moves_in_two_steps(registry, who):
    registry.send("transferOwnership", who.rival, sender=who.owner)
    assert (registry.call("owner"), registry.call("pendingOwner")) == (who.owner, who.rival)
    with reverts("OwnableUnauthorizedAccount", who.stranger):
        registry.send("acceptOwnership", sender=who.stranger)
    registry.send("acceptOwnership", sender=who.rival)
    assert registry.call("owner") == who.rival
    with reverts("OwnableUnauthorizedAccount", who.owner):
        registry.send("setFee", 1, sender=who.owner)


def test_ownership_cannot_be_given_up(registry, who):
    with reverts("OwnerRequired"):
        registry.send("renounceOwnership", sender=who.owner)


def test_these_functions_change_state_and_no_other():
    """A new door to the registry has to be tested for its lock, its role and its pause. (`renounceOwnership`
    only reverts, and is a view.)
    """
    entries = ape.project.DatasetRegistry.contract_type.mutable_methods
    assert {entry.name for entry in entries} == {
        *("publish", "publishFromJob", "addVersion", "setPrice", "setLicence", "setForSale"),
        *("purchase", "payRoyalty", "withdraw", "withdrawBySig", "cancelNonce"),
        *("approve", "setApprovalForAll", "transferFrom", "safeTransferFrom"),
        *("setFee", "setPauser", "pause", "unpause"),
        *("transferOwnership", "acceptOwnership"),
    }


def test_purchase_alone_takes_the_native_coin(who):
    registry = deploy_registry(who)
    with reverts(""):
        registry.send("setFee", 1, sender=who.owner, value=1)
    methods = ape.project.DatasetRegistry.contract_type.mutable_methods
    assert [entry.name for entry in methods if entry.is_payable] == ["purchase"]
