"""Reference model of licence tokens: ERC-721 with a count of licences per data set and holder."""

from __future__ import annotations

from offchain.reference.bank import World
from offchain.reference.calls import Call, act
from offchain.reference.datasets import Licence
from offchain.reference.governed import Governed
from offchain.reference.journal import Table
from offchain.reference.revert import Revert
from offchain.terms import ZERO_ADDRESS


class Licences(Governed):
    """A governed escrow that issues licence tokens; ids count from 1 in the order of sale."""

    def __init__(self, address: str, owner: str, fee_recipient: str, world: World) -> None:
        super().__init__(address, owner, fee_recipient, world)
        self.licences: Table[int, Licence | None] = Table(self.journal, None)
        self.owners: Table[int, str] = Table(self.journal, ZERO_ADDRESS)
        self.approvals: Table[int, str] = Table(self.journal, ZERO_ADDRESS)
        self.operators: Table[tuple[str, str], bool] = Table(self.journal, False)

    # Views

    def licence_count(self, dataset_id: int, account: str) -> int:
        """How many licences for a data set the account holds."""
        held = [self.licences[licence_id] for licence_id, owner in self.owners.items() if owner == account]
        return sum(licence is not None and licence.dataset_id == dataset_id for licence in held)

    def balance_of(self, account: str) -> int:
        """How many licences the account holds in all."""
        return sum(owner == account for _, owner in self.owners.items())

    # Acts

    @act
    def approve(self, call: Call, spender: str, licence_id: int) -> None:
        """Let `spender` transfer one licence; by its owner or his operator."""
        owner = self._owner(licence_id)
        if call.sender != owner and not self.operators[owner, call.sender]:
            raise Revert("ERC721InvalidApprover", call.sender)
        self.approvals[licence_id] = spender
        self._emit("Approval", owner=owner, approved=spender, tokenId=licence_id)

    @act
    def set_approval_for_all(self, call: Call, operator: str, approved: bool) -> None:  # noqa: FBT001 - as declared
        """Let `operator` transfer everything that the caller holds, or no longer."""
        if operator == ZERO_ADDRESS:
            raise Revert("ERC721InvalidOperator", operator)
        self.operators[call.sender, operator] = approved
        self._emit("ApprovalForAll", owner=call.sender, operator=operator, approved=approved)

    @act
    def transfer_from(self, call: Call, giver: str, recipient: str, licence_id: int) -> None:
        """Hand a licence on, with the standard's checks in the contract's order."""
        self._transfer(call, giver, recipient, licence_id)

    @act
    def safe_transfer_from(
        self,
        call: Call,
        giver: str,
        recipient: str,
        licence_id: int,
        data: bytes = b"",  # noqa: ARG002 - for the recipient
    ) -> None:
        """The same, to somebody who has to agree if he is a contract."""
        self._transfer(call, giver, recipient, licence_id)
        self.bank.require_taker(self.address, recipient)

    # Inside

    def _transfer(self, call: Call, giver: str, recipient: str, licence_id: int) -> None:
        if recipient == ZERO_ADDRESS:
            raise Revert("ERC721InvalidReceiver", recipient)
        owner = self._owner(licence_id)
        allowed = call.sender in {owner, self.approvals[licence_id]} or self.operators[owner, call.sender]
        if not allowed:
            raise Revert("ERC721InsufficientApproval", call.sender, licence_id)
        if giver != owner:
            raise Revert("ERC721IncorrectOwner", giver, licence_id, owner)
        self.owners[licence_id] = recipient
        self.approvals[licence_id] = ZERO_ADDRESS
        self._emit("Transfer", **{"from": giver, "to": recipient, "tokenId": licence_id})

    def _mint(self, recipient: str, licence: Licence) -> int:
        if recipient == ZERO_ADDRESS:
            raise Revert("ERC721InvalidReceiver", recipient)
        licence_id = len(self.licences) + 1
        self.licences[licence_id] = licence
        self.owners[licence_id] = recipient
        self._emit("Transfer", **{"from": ZERO_ADDRESS, "to": recipient, "tokenId": licence_id})
        return licence_id

    def _owner(self, licence_id: int) -> str:
        if licence_id not in self.owners:
            raise Revert("ERC721NonexistentToken", licence_id)
        return self.owners[licence_id]
