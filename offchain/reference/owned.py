"""Reference model of Ownable2Step as this project uses it: one owner, who hands over in two steps and never
gives up.
"""

from __future__ import annotations

from dataclasses import dataclass

from offchain.reference.calls import Call, act
from offchain.reference.contract import ContractModel
from offchain.reference.journal import Table
from offchain.reference.revert import Revert
from offchain.terms import ZERO_ADDRESS


@dataclass(frozen=True)
class Ownership:
    """Who decides. `heir` is the owner to be; the zero address is nobody."""

    owner: str
    heir: str = ZERO_ADDRESS


class Owned(ContractModel):
    """A contract with an owner; an inheriting model says who is the first (`_start_owned_by`)."""

    _ownership: Table[None, Ownership]

    @property
    def owner(self) -> str:
        """Who has the powers now."""
        return self._ownership[None].owner

    @property
    def heir(self) -> str:
        """Who may take them over; the zero address is nobody."""
        return self._ownership[None].heir

    @act
    def transfer_ownership(self, call: Call, heir: str) -> None:
        """Name the next owner, who has to accept."""
        self._only_owner(call)
        self._ownership[None] = Ownership(self.owner, heir)
        self._emit("OwnershipTransferStarted", previousOwner=call.sender, newOwner=heir)

    @act
    def accept_ownership(self, call: Call) -> None:
        """Become the owner."""
        if call.sender != self.heir:
            raise Revert("OwnableUnauthorizedAccount", call.sender)
        previous = self.owner
        self._ownership[None] = Ownership(call.sender)
        self._emit("OwnershipTransferred", previousOwner=previous, newOwner=call.sender)

    @act
    def renounce_ownership(self, call: Call) -> None:
        """Never: there is always an owner."""
        self._only_owner(call)
        raise Revert("OwnerRequired")

    def _start_owned_by(self, owner: str) -> None:
        self._ownership = Table(self.journal, Ownership(owner))

    def _only_owner(self, call: Call) -> None:
        if call.sender != self.owner:
            raise Revert("OwnableUnauthorizedAccount", call.sender)
