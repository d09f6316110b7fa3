"""Sending: what a call costs in the RPC's unit, its receipt, and a link to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import click
from ape.api.accounts import AccountAPI

from offchain.indexer import MarketEvent
from scripts._chain.events import decoded, decoder
from scripts._chain.fees import confirmations
from scripts._chain.refusals import try_call
from scripts._chain.system import System
from scripts._networks import Coin


@dataclass(frozen=True)
class Sent:
    """A transaction that succeeded."""

    act: str
    tx: str
    block: int
    gas: int
    link: str | None
    events: tuple[MarketEvent, ...] = field(repr=False)

    def one(self, name: str) -> Any:
        """The values of the event of that name; ClickException if there is none."""
        for event in self.events:
            if event.name == name:
                return event.args
        raise click.ClickException(f"{self.act} was mined in {self.tx}, but emitted no {name}: look at it")

    def facts(self) -> dict[str, Any]:
        """For output."""
        return {"tx": self.tx, "block": self.block, "gas": self.gas, "explorer": self.link}


def rpc_value(coin: Coin, amount: int) -> int:
    """Base units of the contracts as the RPC counts them; on Hedera the two differ."""
    return int(amount * 10 ** (coin.rpc_decimals - coin.decimals))


def send(
    system: System,
    act: str,
    method: Any,
    *arguments: Any,
    sender: AccountAPI,
    value: int = 0,
    gas: int | None = None,
) -> Sent:
    """Call a contract's method in a transaction and wait for the network's confirmations.

    `value` is in base units of the contracts. `gas` is the limit, where Ape's own (on a local chain that of a
    block) would ask for more than the sender can be expected to have. Raises what Ape raises where the
    contract refuses; a sender who cannot pay the value gets a ClickException that names what is missing.
    """
    coin = system.network.coin
    value = rpc_value(coin, value)
    if value and (short := value - sender.balance) > 0:
        raise click.ClickException(
            f"{act} takes {coin.format_rpc(value)}, but {sender.address} is short of {coin.format_rpc(short)}"
        )
    try_call(system, sender.address, str(method.contract.address), method.encode_input(*arguments), value)
    receipt = method(
        *arguments,
        sender=sender,
        value=value,
        required_confirmations=confirmations(system.network, system.provider),
        **({} if gas is None else {"gas": gas}),
    )
    known = decoder(system)
    events = tuple(found for log in receipt.logs if (found := decoded(known, log, int(receipt.timestamp))))
    tx = str(receipt.txn_hash)
    link = system.network.transaction_link(tx)
    return Sent(act, tx, receipt.block_number, receipt.gas_used, link, events)
