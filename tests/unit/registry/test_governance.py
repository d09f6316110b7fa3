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

from tests.behaviours import governed
from tests.support.calls import ZERO, Contract, deploy, reverts
from tests.support.registry import Roles, deploy_registry


def powers(registry: Contract, who: Roles) -> governed.Governed:
    return governed.Governed(registry, who.owner, who.rival, (who.stranger, who.publisher, who.sink))


def test_a_new_registry(registry, who):
    governed.starts_with_one_owner_and_no_fee(powers(registry, who), who.sink)
    assert (registry.call("name"), registry.call("symbol")) == ("Winnow Data Licence", "WINNOW")


def test_no_sink_reverts(who):
    with reverts("FeeRecipientRequired"):
        deploy("DatasetRegistry", who.owner, ZERO, ZERO, sender=who.owner)


def test_no_owner_reverts(who):
    with reverts("OwnableInvalidOwner", ZERO):
        deploy("DatasetRegistry", ZERO, who.sink, ZERO, sender=who.owner)


def test_the_fee_of_a_published_data_set_never_changes(world, registry, who):
    id_ = world.publish()
    registry.send("setFee", 500, sender=who.owner)
    assert registry.call("dataset", id_)["feeBps"] == 0


@pytest.mark.parametrize("behaves", governed.BEHAVIOURS, ids=lambda behaviour: behaviour.__name__)
def test_governed(registry, who, behaves):
    """T61: powers, their bounds and their handover."""
    behaves(powers(registry, who))


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
