"""What a reference model of a small contract is made of. The models in offchain/reference bring their own."""

from __future__ import annotations

from typing import Any

from offchain.reference.calls import Effects, Payment
from offchain.reference.journal import Journal, Table
from offchain.reference.revert import Revert
from tests.engine.capability import NATIVE
from tests.engine.chain import PLENTY


def require(condition: object, error: str, *values: Any) -> None:
    """As in Solidity: the act reverts with this custom error and these values unless the condition holds."""
    if not condition:
        raise Revert(error, *values)


class Model:
    """A contract in plain Python: its state in tables, its functions as acts (`act`, `payable_act`) that are
    named as in the contract, but in snake case. An act takes a `Call` and the arguments, and returns what the
    contract returns. When it reverts, all tables are as they were before.

    `coins` are native balances in wei: of everybody whom the chain introduced, and of the contract.
    """

    def __init__(self, address: str) -> None:
        self.address = address
        self.journal, self.effects = Journal(), Effects()
        self.coins: Table[str, int] = self.table(PLENTY)
        self.coins[address] = 0
        self.journal.keep()

    @property
    def held(self) -> int:
        """What the contract has of the native coin, in wei."""
        return self.coins[self.address]

    def table(self, default: Any) -> Table[Any, Any]:
        """State by key: `default` until it is written. A single value has the key None."""
        return Table(self.journal, default)

    def emit(self, event: str, **values: Any) -> None:
        """The contract logs an event."""
        self.effects.events.append((event, values))

    def take(self, payer: str, amount: int) -> None:
        """The native coin comes in, in wei."""
        self._move(payer, self.address, amount)

    def pay(self, payee: str, amount: int) -> None:
        """It goes out."""
        self._move(self.address, payee, amount)

    def _move(self, payer: str, payee: str, amount: int) -> None:
        self.coins[payer] -= amount
        self.coins[payee] += amount
        self.effects.payments.append(Payment(NATIVE, payer, payee, amount))
