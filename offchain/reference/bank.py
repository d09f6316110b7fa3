"""The world that an escrow pays in and out of: balances, allowances, and who takes no money."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from offchain.reference.journal import Journal, Table
from offchain.reference.revert import Revert

UNLIMITED = 2**256 - 1


@dataclass(frozen=True)
class World:
    """What does not change while a model runs.

    `contracts` have code. `refusals` are the (token, account) pairs to which no payment gets through, each
    with the revert that a direct transfer ends in (`""` where the recipient reverts without data); a
    collection's address stands for its safe transfers, with the revert that they end in. `taxes`
    are tokens that keep a part of every transfer, with the part's divisor: 100 for one hundredth, rounded
    down. Of those only deposits are modelled, which must fail. `burnable` are tokens whose holders can
    destroy them.
    """

    contracts: frozenset[str] = frozenset()
    refusals: Mapping[tuple[str, str], Revert] = field(default_factory=dict)
    taxes: Mapping[str, int] = field(default_factory=dict)
    burnable: frozenset[str] = frozenset()


class Bank:
    """Balances by (token, account) and allowances by (token, owner, spender), in base units. The zero
    address as a token is the native coin. Errors are those of a standard ERC-20 with the errors of
    ERC-6093.
    """

    def __init__(self, journal: Journal, world: World) -> None:
        self.world, self.journal = world, journal
        self.balances: Table[tuple[str, str], int] = Table(journal, 0)
        self.allowances: Table[tuple[str, str, str], int] = Table(journal, 0)

    def refusal(self, token: str, payee: str) -> Revert | None:
        """Why a payment to `payee` does not get through, or None if it does."""
        return self.world.refusals.get((token, payee))

    def require_taker(self, token: str, payee: str) -> None:
        """Reverts as a direct transfer to somebody does who does not take it."""
        refusal = self.refusal(token, payee)
        if refusal is not None:
            raise Revert(refusal.error, *refusal.values)

    def pull(self, token: str, owner: str, spender: str, amount: int) -> None:
        """`transferFrom` by and to `spender`. Reverts as a standard ERC-20 does."""
        allowed = self.allowances[token, owner, spender]
        if allowed != UNLIMITED:
            if allowed < amount:
                raise Revert("ERC20InsufficientAllowance", spender, allowed, amount)
            self.allowances[token, owner, spender] = allowed - amount
        self.require_taker(token, spender)
        balance = self.balances[token, owner]
        if balance < amount:
            raise Revert("ERC20InsufficientBalance", owner, balance, amount)
        self.move(token, owner, spender, amount)

    def arriving(self, token: str, amount: int) -> int:
        """What is left of `amount` when the token has kept its part."""
        divisor = self.world.taxes.get(token)
        return amount - amount // divisor if divisor else amount

    def move(self, token: str, payer: str, payee: str, amount: int) -> None:
        """Move money that is there."""
        self.balances[token, payer] -= amount
        self.balances[token, payee] += amount
