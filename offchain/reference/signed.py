"""Reference model of SignedActs: who consented to what, once."""

from __future__ import annotations

from offchain.reference.calls import Call, Consent, act
from offchain.reference.contract import ContractModel
from offchain.reference.journal import Journal, Table
from offchain.reference.revert import Revert
from offchain.terms import ZERO_ADDRESS


class SignedActs(ContractModel):
    """A contract at `address` that takes acts by signature. Contracts that call each other share a
    `journal`.
    """

    def __init__(self, address: str, journal: Journal | None = None) -> None:
        super().__init__(address, journal)
        self.nonces: Table[tuple[str, int], bool] = Table(self.journal, False)

    @act
    def cancel_nonce(self, call: Call, nonce: int) -> None:
        """Make signatures with this nonce worthless."""
        self._use_nonce(call.sender, nonce)

    def _authorize(self, call: Call, consent: Consent) -> None:
        self._use_nonce(consent.signer, consent.nonce)
        self._check_signature(call, consent.signer, consent.deadline, valid=consent.valid)

    def _check_signature(self, call: Call, signer: str, deadline: int, *, valid: bool) -> None:
        if call.now > deadline:
            raise Revert("SignatureExpired", deadline, call.now)
        if not valid or signer == ZERO_ADDRESS:
            raise Revert("InvalidSignature", signer)

    def _use_nonce(self, account: str, nonce: int) -> None:
        if self.nonces[account, nonce]:
            raise Revert("NonceAlreadyUsed", account, nonce)
        self.nonces[account, nonce] = True
        self._emit("NonceUsed", account=account, nonce=nonce)
