"""What all contracts have in common that take acts by signature: good signatures, bad ones, nonces."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from offchain.reference.calls import Consent
from offchain.reference.signed import SignedActs
from tests.capabilities.cast import CastActions
from tests.engine.chain import Contract
from tests.engine.dice import Dice
from tests.engine.signing import FLAWS, Flaw, Signed


@dataclass(frozen=True)
class Misused(Signed):
    """An authorisation of something else than what it is used for."""

    def in_model(self) -> tuple[Any, ...]:
        return (Consent(self.signer, self.nonce, self.deadline, valid=False),)


class SigningActions(CastActions):
    """A contract that takes acts by signature. Its stage has a `cast` (with `keeper`, `everybody`) and
    `signers`: who signs for whom.
    """

    signing_name: ClassVar[str]
    """The name in the contract's EIP-712 domain."""

    model: SignedActs
    nonces = 0
    """How many nonces were drawn."""

    @property
    def signed_for(self) -> Contract:
        """The contract that takes the signatures."""
        return self.contract

    def signed(
        self, dice: Dice, kind: str, signer: str, time: int, role: str = "annotator", **message: Any
    ) -> Signed:
        """An authorisation of one act, to be sent at `time`: mostly good; at times used, too late or for
        something else. A silent party signs nothing.
        """
        self.require_vocal(signer)
        nonce = self._fresh_nonce(dice, signer)
        lasts = -1 if dice.wrong() or dice.chance(12) else dice.choose((10_000, 10_000, 0))
        flaw = dice.choose(FLAWS) if dice.wrong() or dice.chance(8) else Flaw.NONE
        person = self.stage.signers.get(signer)
        if person is None:
            person, flaw = self.stage.signers[self.stage.cast.keeper], flaw or Flaw.OTHER_KEY
        return Signed(
            contract=self.signed_for.address,
            name=self.signing_name,
            kind=kind,
            message=message,
            signer=signer,
            person=person,
            nonce=nonce,
            deadline=time + lasts,
            role=role,
            flaw=flaw,
        )

    @staticmethod
    def misused(consent: Signed, message: Mapping[str, Any]) -> Misused:
        """The same authorisation, but of this message, for a call that says something else."""
        return Misused(**vars(replace(consent, message=message)))

    def _fresh_nonce(self, dice: Dice, signer: str) -> int:
        """A nonce that the signer has not used; now and then one that he has."""
        used = [nonce for account, nonce in self.model.nonces if account == signer]
        if used and dice.wrong():
            return dice.choose(used)
        self.nonces += 1
        return _nonce(self.nonces)

    def cancel_some_nonce(self, dice: Dice) -> None:
        """A nonce that was never used, the latest one, or one that the next signature will want."""
        nonce = dice.choose((7, _nonce(self.nonces), _nonce(self.nonces + 1)))
        self.act("cancelNonce", nonce, sender=dice.choose(sorted(self.stage.signers)))


def _nonce(number: int) -> int:
    """The nonces of a program: two of them in each word of 256."""
    return number // 2 << 8 | 7 + number % 2
