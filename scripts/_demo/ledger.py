"""Turns receipts and logs into movements of money, without asking the chain for anything else.

Native coin moves in three ways: as the value of a transaction, as gas, and inside a contract. The last leaves
no log of its own, so it is derived from the contract's events: an event says what fell due to whom, and where
a payment became a credit instead, a `Credited` event in the same transaction says so and cancels it. ERC-20
money leaves a `Transfer` log.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

NATIVE = "0x0000000000000000000000000000000000000000"
# The first topic of an ERC-20 Transfer event: its signature, hashed.
TRANSFER_TOPIC = "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef"


@dataclass(frozen=True)
class Movement:
    """`amount` base units of `token` went from `sender` to `recipient` because of `why`, in transaction
    `tx`.
    """

    token: str
    sender: str
    recipient: str
    amount: int
    why: str
    tx: str

    def __post_init__(self) -> None:
        if self.amount < 0:
            raise ValueError(f"a movement cannot be negative: {self}")


@dataclass(frozen=True)
class Fee:
    """Gas that `payer` paid for transaction `tx`, in base units of the native coin."""

    payer: str
    amount: int
    tx: str


def fee_of(receipt: Mapping[str, Any]) -> Fee:
    """What a transaction cost its sender, failed transactions included; takes a JSON-RPC or web3 receipt."""
    used, price = number(receipt["gasUsed"]), number(receipt["effectiveGasPrice"])
    return Fee(address(receipt["from"]), used * price, text(receipt["transactionHash"]))


def value_of(transaction: Mapping[str, Any], receipt: Mapping[str, Any], why: str) -> list[Movement]:
    """The native coin sent with a transaction: nothing where it is 0 or the transaction failed."""
    value = number(transaction["value"])
    if value == 0 or number(receipt["status"]) == 0:
        return []
    recipient = receipt.get("to") or receipt["contractAddress"]
    sender = address(transaction["from"])
    return [Movement(NATIVE, sender, address(recipient), value, why, text(receipt["transactionHash"]))]


def token_transfers(receipt: Mapping[str, Any], tokens: Iterable[str], why: str) -> list[Movement]:
    """The ERC-20 `Transfer` logs of the given tokens in a receipt (an ERC-721 transfer has a fourth
    topic).
    """
    wanted = {address(token) for token in tokens}
    found = []
    for log in receipt["logs"]:
        topics = [text(topic) for topic in log["topics"]]
        if len(topics) == 3 and topics[0] == TRANSFER_TOPIC and address(log["address"]) in wanted:
            amount = int(text(log["data"]), 16)
            token, tx = address(log["address"]), text(receipt["transactionHash"])
            found.append(Movement(token, _from_topic(topics[1]), _from_topic(topics[2]), amount, why, tx))
    return found


def without_credits(due: Sequence[Movement], credited: Iterable[Movement]) -> list[Movement]:
    """What was really paid of what fell due: a credit (same contract, token, account and transaction) was
    not.

    `credited` are the `Credited` events as movements from the contract to the account that did not happen.
    Raises ValueError for a credit of more than fell due, as the events then contradict each other.
    """
    kept: dict[tuple[str, str, str, str], int] = {}
    for credit in credited:
        key = _route(credit)
        kept[key] = kept.get(key, 0) + credit.amount
    paid = []
    for movement in due:
        held = min(movement.amount, kept.get(_route(movement), 0))
        if held:
            kept[_route(movement)] -= held
        if movement.amount > held:
            rest = movement.amount - held
            paid.append(
                Movement(movement.token, movement.sender, movement.recipient, rest, movement.why, movement.tx)
            )
    if over := {key: amount for key, amount in kept.items() if amount}:
        raise ValueError(f"credits without a payment that fell due: {over}")
    return paid


def address(value: object) -> str:
    """An address in lower case, the form in which the books compare addresses."""
    found = text(value).lower()
    if len(found) != 42:
        raise ValueError(f"{value!r} is not an address")
    return found


def number(value: object) -> int:
    """A quantity as JSON-RPC ("0x2a") or web3 (42) gives it."""
    return int(value, 16) if isinstance(value, str) else int(value)  # type: ignore[call-overload]


def text(value: object) -> str:
    """Bytes or a hex string as a lower-case hex string with 0x."""
    if isinstance(value, bytes):
        return "0x" + value.hex()
    return str(value).lower()


def _from_topic(topic: str) -> str:
    return "0x" + topic[-40:]


def _route(movement: Movement) -> tuple[str, str, str, str]:
    return (movement.token, movement.sender, movement.recipient, movement.tx)
