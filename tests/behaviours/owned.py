"""How every contract with an owner behaves who hands over in two steps, each time from a new one (T61)."""

from dataclasses import dataclass
from typing import Any

from tests.support.calls import ZERO, Contract, reverts


@dataclass(frozen=True)
class Owned:
    """A new contract, its owner, somebody who will get powers, and accounts that never have any. `power` is
    an act of the owner's, with arguments that work again and again.
    """

    contract: Contract
    owner: str
    heir: str
    others: tuple[str, ...]
    power: tuple[Any, ...] = ("setFee", 1)


def anyone_else_has_no_power(it: Owned) -> None:
    acts = (it.power, ("transferOwnership", it.heir), ("renounceOwnership",), ("acceptOwnership",))
    for account in (it.heir, *it.others):
        for act in acts:
            with reverts("OwnableUnauthorizedAccount", account):
                it.contract.call(*act, sender=account)


def ownership_moves_in_two_steps(it: Owned) -> None:
    """An heir who never accepts leaves the owner where he is."""
    call, send = it.contract.call, it.contract.send
    receipt = send("transferOwnership", it.heir, sender=it.owner)
    told = {"previousOwner": it.owner, "newOwner": it.heir}
    assert receipt.of(it.contract) == [("OwnershipTransferStarted", told)]
    assert (call("owner"), call("pendingOwner")) == (it.owner, it.heir)
    for early in (it.heir, it.others[0]):
        with reverts("OwnableUnauthorizedAccount", early):
            call(*it.power, sender=early)
    with reverts("OwnableUnauthorizedAccount", it.others[0]):
        call("acceptOwnership", sender=it.others[0])
    receipt = send("acceptOwnership", sender=it.heir)
    assert receipt.of(it.contract) == [("OwnershipTransferred", told)]
    assert (call("owner"), call("pendingOwner")) == (it.heir, ZERO)
    call(*it.power, sender=it.heir)
    with reverts("OwnableUnauthorizedAccount", it.owner):
        call(*it.power, sender=it.owner)


def ownership_cannot_be_given_up(it: Owned) -> None:
    with reverts("OwnerRequired"):
        it.contract.call("renounceOwnership", sender=it.owner)


BEHAVIOURS = (anyone_else_has_no_power, ownership_moves_in_two_steps, ownership_cannot_be_given_up)
