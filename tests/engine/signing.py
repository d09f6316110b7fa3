"""Signed arguments, right ones and wrong ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from typing import Any

from offchain.hashing import keccak256
from offchain.reference.calls import Consent
from offchain.signing import Domain, domain_separator, struct_hash
from tests.engine.capability import Argument
from tests.engine.chain import Chain, Person

SECP256K1_ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141


class Flaw(IntEnum):
    """What can be wrong with a signature. None of them may hold (T41)."""

    NONE = 0
    OTHER_KEY = 1
    OTHER_NONCE = 2
    OTHER_CHAIN = 3
    OTHER_CONTRACT = 4
    OTHER_VERSION = 5
    MALLEABLE = 6
    COMPACT = 7
    EMPTY = 8


FLAWS = tuple(Flaw)[1:]

FLAWS_TOLD = {
    Flaw.OTHER_KEY: "with another key",
    Flaw.OTHER_NONCE: "for another nonce",
    Flaw.OTHER_CHAIN: "for another chain",
    Flaw.OTHER_CONTRACT: "for another contract",
    Flaw.OTHER_VERSION: "for another version",
    Flaw.MALLEABLE: "with the other s",
    Flaw.COMPACT: "in the compact form",
    Flaw.EMPTY: "by no bytes at all",
}


@lru_cache(maxsize=64)
def _separator(domain: Domain) -> bytes:
    return domain_separator(domain)


def digest_of(domain: Domain, kind: str, message: Mapping[str, Any]) -> bytes:
    """The 32 bytes that are signed (EIP-712)."""
    return keccak256(b"\x19\x01" + _separator(domain) + struct_hash(kind, message))


def signature_of(
    person: Person, domain: Domain, kind: str, message: Mapping[str, Any], flaw: Flaw = Flaw.NONE
) -> bytes:
    """A signature of the message with the flaw."""
    chain_id, contract, version = domain.chain_id, domain.contract, domain.version
    if flaw == Flaw.OTHER_KEY:
        person = Person(f"{person.name}'s impostor")
    elif flaw == Flaw.OTHER_CHAIN:
        chain_id += 1
    elif flaw == Flaw.OTHER_CONTRACT:
        contract = person.address
    elif flaw == Flaw.OTHER_VERSION:
        version = "2"
    if flaw == Flaw.OTHER_NONCE:
        field = "nonce" if "nonce" in message else "deadline"
        message = {**message, field: message[field] + 1}
    signature = person.sign(digest_of(Domain(chain_id, contract, domain.name, version), kind, message))
    if flaw == Flaw.MALLEABLE:
        s = SECP256K1_ORDER - int.from_bytes(signature[32:64], "big")
        return signature[:32] + s.to_bytes(32, "big") + bytes([55 - signature[64]])
    if flaw == Flaw.COMPACT:  # EIP-2098: the parity in the highest bit of s
        odd = signature[64] - 27
        return signature[:32] + (int.from_bytes(signature[32:64], "big") | odd << 255).to_bytes(32, "big")
    return b"" if flaw == Flaw.EMPTY else signature


def flaw_told(flaw: Flaw) -> str:
    """What is wrong with a signature, as a remark; nothing for a good one."""
    return f" ({FLAWS_TOLD[flaw]})" if flaw else ""


@dataclass(frozen=True)
class Signed(Argument):
    """An `Authorization` struct: `signer` authorises one act; `person` has the key, the signer's own or that
    of the owner of the wallet which signs. `message` is the act's own part of the typed data, `role` the name
    of its field for the signer.
    """

    contract: str
    name: str
    kind: str
    message: Mapping[str, Any]
    signer: str
    person: Person
    nonce: int
    deadline: int
    role: str = "annotator"
    flaw: Flaw = Flaw.NONE

    def on_chain(self, chain: Chain) -> tuple[Any, ...]:
        """The struct as the contract takes it."""
        message = {**self.message, self.role: self.signer, "nonce": self.nonce, "deadline": self.deadline}
        domain = Domain(chain.chain_id, self.contract, self.name)
        signature = signature_of(self.person, domain, self.kind, message, self.flaw)
        return (
            {"signer": self.signer, "nonce": self.nonce, "deadline": self.deadline, "signature": signature},
        )

    def in_model(self) -> tuple[Any, ...]:
        """A consent that is valid where nothing is wrong with it."""
        return (Consent(self.signer, self.nonce, self.deadline, self.flaw == Flaw.NONE),)

    def tell(self, name_of: Callable[[str], str]) -> str:
        """Who signed, and what is wrong with it."""
        return f"signed by {name_of(self.signer)}{flaw_told(self.flaw)}"
