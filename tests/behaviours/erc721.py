"""How every ERC-721 contract with the errors of ERC-6093 behaves.

Each function of `BEHAVIOURS` takes a `Collection` in which `holder` has token `token_id`, and may change it.
"""

from dataclasses import dataclass

import pytest

from tests.support.calls import ZERO, CallReverted, Contract, reverts

MISSING = 2**200
ANSWER = bytes.fromhex("150b7a02")  # of onERC721Received
REFUSE = 1


@dataclass(frozen=True)
class Collection:
    """The contract under test and the accounts that play; `puppet` is a contract of the kind `Puppet`."""

    contract: Contract
    token_id: int
    holder: str
    other: str
    operator: str
    puppet: Contract

    def owner(self) -> str:
        return str(self.contract.call("ownerOf", self.token_id))

    def balances(self) -> tuple[int, int]:
        return self.contract.call("balanceOf", self.holder), self.contract.call("balanceOf", self.other)

    def transfer(self, *, sender: str, giver: str | None = None, to: str | None = None, safe: bool = False):
        name = "safeTransferFrom" if safe else "transferFrom"
        arguments = (giver or self.holder, to or self.other, self.token_id)
        return self.contract.send(name, *arguments, sender=sender)


def the_holder_transfers(tokens: Collection) -> None:
    mine, theirs = tokens.balances()
    receipt = tokens.transfer(sender=tokens.holder)
    moved = {"from": tokens.holder, "to": tokens.other, "tokenId": tokens.token_id}
    assert receipt.of(tokens.contract) == [("Transfer", moved)]
    assert (tokens.owner(), tokens.balances()) == (tokens.other, (mine - 1, theirs + 1))


def who_gave_it_away_has_no_say_any_more(tokens: Collection) -> None:
    tokens.transfer(sender=tokens.holder)
    with reverts("ERC721InsufficientApproval", tokens.holder, tokens.token_id):
        tokens.transfer(sender=tokens.holder, giver=tokens.other, to=tokens.holder)


def a_transfer_to_oneself_changes_nothing(tokens: Collection) -> None:
    before = tokens.balances()
    tokens.transfer(sender=tokens.holder, to=tokens.holder)
    assert (tokens.owner(), tokens.balances()) == (tokens.holder, before)


def a_stranger_transfers_nothing(tokens: Collection) -> None:
    for sender in (tokens.other, tokens.operator):
        with reverts("ERC721InsufficientApproval", sender, tokens.token_id):
            tokens.transfer(sender=sender)


def an_approved_account_transfers_once(tokens: Collection) -> None:
    receipt = tokens.contract.send("approve", tokens.operator, tokens.token_id, sender=tokens.holder)
    approved = {"owner": tokens.holder, "approved": tokens.operator, "tokenId": tokens.token_id}
    assert receipt.of(tokens.contract) == [("Approval", approved)]
    assert tokens.contract.call("getApproved", tokens.token_id) == tokens.operator
    tokens.transfer(sender=tokens.operator)
    assert tokens.contract.call("getApproved", tokens.token_id) == ZERO
    with reverts("ERC721InsufficientApproval", tokens.operator, tokens.token_id):
        tokens.transfer(sender=tokens.operator, giver=tokens.other, to=tokens.operator)


def an_approval_can_be_taken_back(tokens: Collection) -> None:
    for spender in (tokens.operator, ZERO):
        tokens.contract.send("approve", spender, tokens.token_id, sender=tokens.holder)
    with reverts("ERC721InsufficientApproval", tokens.operator, tokens.token_id):
        tokens.transfer(sender=tokens.operator)


def an_operator_transfers_and_approves_until_dismissed(tokens: Collection) -> None:
    contract = tokens.contract
    receipt = contract.send("setApprovalForAll", tokens.operator, True, sender=tokens.holder)
    named = {"owner": tokens.holder, "operator": tokens.operator, "approved": True}
    assert receipt.of(contract) == [("ApprovalForAll", named)]
    assert contract.call("isApprovedForAll", tokens.holder, tokens.operator) is True
    contract.send("approve", tokens.other, tokens.token_id, sender=tokens.operator)
    tokens.transfer(sender=tokens.operator, to=tokens.holder)
    contract.send("setApprovalForAll", tokens.operator, False, sender=tokens.holder)
    with reverts("ERC721InsufficientApproval", tokens.operator, tokens.token_id):
        tokens.transfer(sender=tokens.operator)


def only_holder_and_operator_approve(tokens: Collection) -> None:
    tokens.contract.send("approve", tokens.operator, tokens.token_id, sender=tokens.holder)
    for sender in (tokens.other, tokens.operator):
        with reverts("ERC721InvalidApprover", sender):
            tokens.contract.send("approve", sender, tokens.token_id, sender=sender)


def nobody_is_no_operator(tokens: Collection) -> None:
    with reverts("ERC721InvalidOperator", ZERO):
        tokens.contract.send("setApprovalForAll", ZERO, True, sender=tokens.holder)


def nobody_receives_nothing(tokens: Collection) -> None:
    with reverts("ERC721InvalidReceiver", ZERO):
        tokens.transfer(sender=tokens.holder, to=ZERO)


def the_giver_must_be_the_owner(tokens: Collection) -> None:
    with reverts("ERC721IncorrectOwner", tokens.other, tokens.token_id, tokens.holder):
        tokens.transfer(sender=tokens.holder, giver=tokens.other)


def what_is_not_there_has_no_owner(tokens: Collection) -> None:
    contract = tokens.contract
    for view in ("ownerOf", "getApproved", "tokenURI"):
        with reverts("ERC721NonexistentToken", MISSING):
            contract.call(view, MISSING)
    with reverts("ERC721NonexistentToken", MISSING):
        contract.send("transferFrom", tokens.holder, tokens.other, MISSING, sender=tokens.holder)
    with reverts("ERC721InvalidOwner", ZERO):
        contract.call("balanceOf", ZERO)


def a_safe_transfer_asks_contracts_only(tokens: Collection) -> None:
    tokens.transfer(sender=tokens.holder, safe=True)
    assert tokens.owner() == tokens.other
    tokens.contract.send(
        "safeTransferFrom",
        *(tokens.other, tokens.puppet.address, tokens.token_id, b"some data"),
        sender=tokens.other,
    )
    assert tokens.owner() == tokens.puppet.address


def a_safe_transfer_ends_where_the_receiver_says_no(tokens: Collection) -> None:
    puppet, to = tokens.puppet, tokens.puppet.address
    puppet.send("setTokenAnswer", b"\x15\x0b\x7a\x03", sender=tokens.other)
    with reverts("ERC721InvalidReceiver", to):
        tokens.transfer(sender=tokens.holder, to=to, safe=True)
    puppet.send("setTokenAnswer", ANSWER, sender=tokens.other)
    puppet.send("setMood", REFUSE, sender=tokens.other)
    with reverts("Error", "no token, please"):
        tokens.transfer(sender=tokens.holder, to=to, safe=True)
    tokens.transfer(sender=tokens.holder, to=to)  # the plain one does not ask
    assert tokens.owner() == to


def a_safe_transfer_to_a_contract_without_hook_reverts(tokens: Collection) -> None:
    with pytest.raises(CallReverted):
        tokens.transfer(sender=tokens.holder, to=tokens.contract.address, safe=True)
    assert tokens.owner() == tokens.holder


BEHAVIOURS = (
    the_holder_transfers,
    who_gave_it_away_has_no_say_any_more,
    a_transfer_to_oneself_changes_nothing,
    a_stranger_transfers_nothing,
    an_approved_account_transfers_once,
    an_approval_can_be_taken_back,
    an_operator_transfers_and_approves_until_dismissed,
    only_holder_and_operator_approve,
    nobody_is_no_operator,
    nobody_receives_nothing,
    the_giver_must_be_the_owner,
    what_is_not_there_has_no_owner,
    a_safe_transfer_asks_contracts_only,
    a_safe_transfer_ends_where_the_receiver_says_no,
    a_safe_transfer_to_a_contract_without_hook_reverts,
)
