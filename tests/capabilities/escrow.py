"""What all contracts that hold money have in common: credits, signed acts, who calls back."""

from __future__ import annotations

from typing import Any

from offchain.reference.calls import Call, Effects
from offchain.reference.escrow import Escrow
from offchain.terms import ZERO_ADDRESS
from tests.capabilities.signing import SigningActions
from tests.engine.capability import NATIVE, action
from tests.engine.chain import UNLIMITED, Contract
from tests.engine.dice import Dice

DEPLOYMENT = "said by the constructor alone, before there is anything to play"
GAS = "needs a call that is sent with little gas, where every step has plenty"

UNREACHABLE = {
    "InsufficientBalance": "the contract would have to owe more than it holds (T1)",
    "InsufficientGas": f"{GAS}: unit/access/test_wallets.py",
    "InvalidShortString": "OpenZeppelin's answer to an EIP-712 name that is not short",
    "OwnableInvalidOwner": DEPLOYMENT,
    "ReentrancyGuardReentrantCall": "said to those who call back while they are paid, and who go on all the "
    "same: views compare what they were answered",
    "StringTooLong": "OpenZeppelin's answer to an EIP-712 name that is not short",
    "TransferMismatch": "needs a token that takes more than it is asked to: unit/escrow/test_pay.py",
}
"""Errors of every escrow that no program reaches, each with the reason."""


class EscrowActions(SigningActions):
    """An escrow. Its stage's `cast` has an `owner` and `payers`, too."""

    model: Escrow

    @property
    def escrow(self) -> Contract:
        """The contract that holds the money."""
        return self.contract

    @property
    def signed_for(self) -> Contract:
        return self.escrow

    @property
    def standard_token(self) -> Contract | None:
        """A standard ERC-20 that the contract takes, if it takes one."""
        token: Contract = self.stage.tokens[0]
        return token

    # Drawing

    @staticmethod
    def value_for(dice: Dice, token: str, amount: int) -> int:
        """The native coin that has to come with a call that takes `amount` of the token; now and then
        another.
        """
        right = amount if token == NATIVE else 0
        return max(right + dice.choose((1, -1)), 0) if dice.wrong() else right

    def credits(self) -> list[tuple[str, str]]:
        """(token, account) of everything that can be withdrawn."""
        return [key for key, amount in self.model.credits.items() if amount]

    def signable_credits(self) -> list[tuple[str, str]]:
        """Those of them whose accounts can sign."""
        return [(token, account) for token, account in self.credits() if account in self.stage.signers]

    # Credits

    @action(8, lambda self: self.credits())
    def withdraw(self, dice: Dice) -> None:
        token, account, to, amount = self._withdrawal(dice, self.credits())
        self.act("withdraw", token, to, amount, sender=account, at=self.moment(dice))

    @action(8, lambda self: self.signable_credits())
    def withdraw_by_sig(self, dice: Dice) -> None:
        token, account, to, amount = self._withdrawal(dice, self.signable_credits())
        time = self.moment(dice)
        message = {"token": token, "to": to, "amount": amount}
        consent = self.signed(dice, "Withdraw", account, time, role="account", **message)
        if dice.chance(8):  # a relayer changes what he was given (T43)
            other = dice.choose(({"to": self.stage.cast.owner}, {"amount": amount + 1}, {"token": account}))
            consent = self.misused(consent, message | other)
        self.act("withdrawBySig", token, to, amount, consent, sender=self.stage.cast.keeper, at=time)

    def _withdrawal(self, dice: Dice, owed: list[tuple[str, str]]) -> tuple[str, str, str, int]:
        """(token, account, recipient, base units)."""
        token, account = dice.choose(owed)
        credit = self.model.credit_of(token, account)
        amount = dice.pick([credit, credit // 2 or 1], [0, credit + 1])
        refusing = [who for of, who in self.model.bank.world.refusals if of == token]
        takes_it = [self.stage.cast.keeper, *([account] if account not in refusing else [])]
        strange = [*refusing, self.escrow.address, ZERO_ADDRESS]
        return token, account, dice.pick(strange if dice.chance(6) else takes_it, strange), amount

    @action(2)
    def cancel_nonce(self, dice: Dice) -> None:
        self.cancel_some_nonce(dice)

    @action(3, lambda self: self.standard_token)
    def set_allowance(self, dice: Dice) -> None:
        """An account lets the contract take more or less of a token."""
        token, account = self.standard_token, dice.choose(self.stage.cast.payers)
        amount = dice.choose((UNLIMITED, 2_000, UNLIMITED, 0))
        self.act("approve", self.escrow.address, amount, sender=account, contract=token, model=self.allow)

    def allow(self, call: Call, spender: str, amount: int) -> Effects:
        """What `approve` of the standard ERC-20 does."""
        assert self.standard_token is not None
        self.model.bank.allowances[self.standard_token.address, call.sender, spender] = amount
        self.model.journal.keep()
        values = {"owner": call.sender, "spender": spender, "value": amount}
        return Effects(events=[("Approval", values)])

    # Callers

    def say_when_called(self, puppet: Contract, function: str, *args: Any) -> None:
        """Whoever calls back in the middle of a payment gets new words to say to the contract."""
        words = (self.escrow.address, self.escrow.interface.function(function, len(args)).call(args))
        self.act("callBackWith", *words, sender=self.stage.cast.keeper, contract=puppet, model=nothing)


def nothing(_call: Call, *_args: Any) -> Effects:
    """What a call does that the contract's model knows nothing of."""
    return Effects()
