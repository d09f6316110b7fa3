"""Reference model of Escrow: money in, money out, credits.

What is owed is never counted along the way here: `owed` derives it from what the model knows of jobs,
claims and disputes, so that the contract's running total is compared with something else than itself.
"""

from __future__ import annotations

from collections.abc import Iterator

from offchain.reference.bank import Bank, World
from offchain.reference.calls import Call, Consent, Payment, act
from offchain.reference.journal import Journal, Table
from offchain.reference.revert import Revert
from offchain.reference.signed import SignedActs
from offchain.terms import ZERO_ADDRESS

NATIVE = ZERO_ADDRESS


class Escrow(SignedActs):
    """An escrow at `address`, in a world of balances that it shares with everybody else; contracts that call
    each other share a bank.
    """

    def __init__(self, address: str, world: World | Bank) -> None:
        bank = world if isinstance(world, Bank) else Bank(Journal(), world)
        super().__init__(address, bank.journal)
        self.bank = bank
        self.credits: Table[tuple[str, str], int] = Table(self.journal, 0)

    # Views

    def credit_of(self, token: str, account: str) -> int:
        """What the account can withdraw, base units."""
        return self.credits[token, account]

    def liabilities(self, token: str) -> int:
        """Everything that is owed in the token: credits and whatever the inheriting model reserves."""
        withdrawable = sum(amount for (of, _), amount in self.credits.items() if of == token)
        return withdrawable + sum(amount for of, amount in self.owed() if of == token)

    def owed(self) -> Iterator[tuple[str, int]]:
        """(token, base units) of everything owed apart from credits; an inheriting model has something."""
        yield from ()

    # Acts

    @act
    def withdraw(self, call: Call, token: str, to: str, amount: int) -> None:
        """Take a credit out to any address."""
        self._withdraw(call.sender, token, to, amount)

    @act
    def withdraw_by_sig(self, call: Call, token: str, to: str, amount: int, consent: Consent) -> None:
        """The same in the signer's name."""
        self._authorize(call, consent)
        self._withdraw(consent.signer, token, to, amount)

    # For inheriting models

    def _receive(self, call: Call, token: str, payer: str, amount: int) -> None:
        """Take exactly `amount`: the native coin comes with the call, tokens are pulled from `payer`."""
        expected = amount if token == NATIVE else 0
        if call.value != expected:
            raise Revert("WrongValue", expected, call.value)
        if amount == 0:
            return
        if token == NATIVE:
            payer = call.sender
            self.bank.move(NATIVE, payer, self.address, amount)
        else:
            self.bank.pull(token, payer, self.address, amount)
            received = self.bank.arriving(token, amount)
            if received < amount:
                raise Revert("DepositShort", token, amount, received)
        self.effects.payments.append(Payment(token, payer, self.address, amount))

    def _pay(self, token: str, payee: str, amount: int) -> None:
        """Pay at once where the payee takes it, as a credit where not."""
        if amount == 0:
            return
        if self.bank.refusal(token, payee) is None:
            self._send(token, payee, amount)
        else:
            self._credit(token, payee, amount)

    def _credit(self, token: str, account: str, amount: int) -> None:
        if amount == 0:
            return
        self.credits[token, account] += amount
        self._emit("Credited", token=token, account=account, amount=amount)

    def _send(self, token: str, payee: str, amount: int) -> None:
        self.bank.move(token, self.address, payee, amount)
        self.effects.payments.append(Payment(token, self.address, payee, amount))

    def _withdraw(self, account: str, token: str, to: str, amount: int) -> None:
        credit = self.credits[token, account]
        if not 0 < amount <= credit:
            raise Revert("CreditTooLow", token, account, credit, amount)
        if to in {ZERO_ADDRESS, self.address}:
            raise Revert("BadRecipient", to)
        self.credits[token, account] = credit - amount
        self._emit("CreditWithdrawn", token=token, account=account, to=to, amount=amount)
        self.bank.require_taker(token, to)
        self._send(token, to, amount)
