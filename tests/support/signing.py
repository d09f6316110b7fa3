"""Signatures of the test accounts, good ones and wrong ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import ape

from offchain.signing import Domain, signable, typed_data

ANVIL_CHAIN = 31_337
NEVER = 2**256 - 1

Authorization = tuple[str, int, int, bytes]
"""Signer, nonce, deadline, signature: as contracts take them."""


def sign(key: str, domain: Domain, primary: str, message: Mapping[str, Any]) -> bytes:
    """A test account's signature of one of the project's structs, 65 bytes."""
    return sign_document(key, typed_data(domain, primary, message))


def sign_document(key: str, document: Mapping[str, Any]) -> bytes:
    """A test account's signature of any typed data, 65 bytes."""
    account = next(one for one in ape.accounts.test_accounts if one.address == key)
    return bytes(account.sign_message(signable(document)).encode_rsv())


@dataclass
class Pen:
    """Signs acts of accounts on one contract, each with a new nonce."""

    domain: Domain
    nonces: int = 0

    def auth(  # the parts of an `Authorization`, each of which a test may want to be wrong
        self,
        primary: str,
        signer: str,
        *,
        key: str | None = None,
        nonce: int | None = None,
        deadline: int = NEVER,
        domain: Domain | None = None,
        role: str = "account",
        **message: Any,
    ) -> Authorization:
        """An authorization of one act by `signer`, the struct's `role`, signed with the key of `key`."""
        if nonce is None:
            self.nonces += 1
            nonce = self.nonces
        message = {role: signer, "nonce": nonce, "deadline": deadline} | message
        return signer, nonce, deadline, sign(key or signer, domain or self.domain, primary, message)
