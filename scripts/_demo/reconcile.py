"""Draws up the books: for every address, what it had, what came in, what went out, and what it must have now.

The expectation is computed from receipts and the opening balances alone, the closing balances only confirm
it. A difference of one base unit anywhere is a difference.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from scripts._demo.errors import BooksError
from scripts._demo.ledger import NATIVE, Fee, Movement
from scripts._demo.ledger import address as normal

Balances = Mapping[tuple[str, str], int]  # (token, address) -> base units


@dataclass(frozen=True)
class Row:
    """One address in one token, in base units. `expected = opening + received - sent - gas`."""

    token: str
    address: str
    opening: int
    received: int
    sent: int
    gas: int
    actual: int

    @property
    def expected(self) -> int:
        """What the books say that the address holds now; negative where they are wrong."""
        return self.opening + self.received - self.sent - self.gas

    @property
    def difference(self) -> int:
        """What it really holds less what it must hold."""
        return self.actual - self.expected


@dataclass(frozen=True)
class Backing:
    """What a contract owes in a token against what it holds, in base units."""

    token: str
    contract: str
    liabilities: int
    balance: int

    @property
    def difference(self) -> int:
        """The surplus; a contract that got no donations holds exactly what it owes."""
        return self.balance - self.liabilities


@dataclass(frozen=True)
class Reconciliation:
    """All rows of the books, sorted by token and address, and what contracts owe."""

    rows: tuple[Row, ...]
    backings: tuple[Backing, ...]

    def differences(self, name: Callable[[str], str] = str) -> tuple[str, ...]:
        """One sentence for everything that is off; empty where the books balance.

        `name` puts a name to an address, those of tokens included.
        """
        wrong = [
            f"{name(r.address)} holds {_off(r.difference, name(r.token))}" for r in self.rows if r.difference
        ]
        unbacked = [
            f"{name(b.contract)} holds {_off(b.difference, name(b.token))} for what it owes"
            for b in self.backings
            if b.difference
        ]
        return tuple(wrong + unbacked)

    @property
    def balanced(self) -> bool:
        """The verdict."""
        return not self.differences()


def reconcile(
    movements: Iterable[Movement],
    fees: Iterable[Fee],
    opening: Balances,
    closing: Balances,
    liabilities: Balances,
    *,
    outside: Iterable[str] = (),
) -> Reconciliation:
    """Checks closing balances against opening balances, movements and fees.

    `opening` and `closing` must know the same (token, address) pairs, and all that money moved at.
    `liabilities` is keyed by (token, contract). `outside` are addresses that are not followed, such as the
    zero address from which a token is minted. Addresses are compared without regard to case. Raises
    BooksError where a balance is missing.
    """
    before, after, owed = _normal(opening), _normal(closing), _normal(liabilities)
    ignored = {normal(address) for address in outside}
    received, sent, gas = _sums(movements, fees)
    touched = {key for key in received | sent | gas if key[1] not in ignored} | owed.keys()
    if unknown := sorted(
        (touched - before.keys()) | (before.keys() ^ after.keys()) | (touched - after.keys())
    ):
        token, address = unknown[0]
        raise BooksError(
            f"{len(unknown)} balance(s) were not read, the first is that of {address} in {token}: "
            "read every address before and after the run"
        )
    rows = tuple(
        Row(*key, before[key], received.get(key, 0), sent.get(key, 0), gas.get(key, 0), after[key])
        for key in sorted(before)
    )
    return Reconciliation(rows, tuple(Backing(*key, owed[key], after[key]) for key in sorted(owed)))


def as_summary(books: Reconciliation, name: Callable[[str], str]) -> dict[str, object]:
    """The `reconciliation` part of a summary; amounts become decimal strings. `name` puts a name to an
    address, those of tokens included.
    """
    return {
        "balanced": books.balanced,
        "differences": list(books.differences(name)),
        "rows": [
            {
                "token": row.token,
                "address": row.address,
                "name": name(row.address),
                "opening": str(row.opening),
                "received": str(row.received),
                "sent": str(row.sent),
                "gas": str(row.gas),
                "expected": str(row.expected),
                "actual": str(row.actual),
                "difference": str(row.difference),
            }
            for row in books.rows
        ],
        "backings": [
            {
                "token": backing.token,
                "contract": backing.contract,
                "name": name(backing.contract),
                "liabilities": str(backing.liabilities),
                "balance": str(backing.balance),
                "difference": str(backing.difference),
            }
            for backing in books.backings
        ],
    }


def flows(movements: Iterable[Movement]) -> list[dict[str, str]]:
    """Movements added up by (token, sender, recipient), for the picture of the money, in a stable order."""
    sums: dict[tuple[str, str, str], int] = {}
    for movement in movements:
        key = (normal(movement.token), normal(movement.sender), normal(movement.recipient))
        sums[key] = sums.get(key, 0) + movement.amount
    return [
        {"token": token, "sender": sender, "recipient": recipient, "amount": str(amount)}
        for (token, sender, recipient), amount in sorted(sums.items())
        if amount
    ]


def _sums(
    movements: Iterable[Movement], fees: Iterable[Fee]
) -> tuple[dict[tuple[str, str], int], dict[tuple[str, str], int], dict[tuple[str, str], int]]:
    received: dict[tuple[str, str], int] = {}
    sent: dict[tuple[str, str], int] = {}
    gas: dict[tuple[str, str], int] = {}
    for movement in movements:
        token = normal(movement.token)
        _add(received, (token, normal(movement.recipient)), movement.amount)
        _add(sent, (token, normal(movement.sender)), movement.amount)
    for fee in fees:
        _add(gas, (NATIVE, normal(fee.payer)), fee.amount)
    return received, sent, gas


def _add(sums: dict[tuple[str, str], int], key: tuple[str, str], amount: int) -> None:
    sums[key] = sums.get(key, 0) + amount


def _normal(balances: Balances) -> dict[tuple[str, str], int]:
    return {(normal(token), normal(address)): amount for (token, address), amount in balances.items()}


def _off(difference: int, token: str) -> str:
    units = "1 base unit" if abs(difference) == 1 else f"{abs(difference)} base units"
    return f"{units} of {token} too {'much' if difference > 0 else 'little'}"
