"""
Signatures
├── a key's 65 bytes over the digest are valid for its address, and for nothing else
└── the zero address never signed, whatever recovers to it
"""

import ape
from hypothesis import given
from hypothesis import strategies as st

from tests.support.calls import ZERO


def signed(account, digest: bytes) -> bytes:
    return bytes(account.sign_raw_msghash(digest).encode_rsv())


@given(st.binary(min_size=32, max_size=32), st.integers(0, 2))
def test_is_valid__a_keys_signature__is_valid_for_it_alone(library, digest, number):
    signer, other = ape.accounts.test_accounts[number], ape.accounts.test_accounts[number + 1]
    signature = signed(signer, digest)
    assert library.call("isValid", signer.address, digest, signature)
    assert not library.call("isValid", other.address, digest, signature)
    assert not library.call("isValid", ZERO, digest, signature)
    wrong = bytes([digest[0] ^ 1]) + digest[1:]
    assert not library.call("isValid", signer.address, wrong, signature)


@given(st.binary(max_size=70))
def test_is_valid__any_bytes__are_nobodys_signature(library, signature):
    for signer in (ZERO, ape.accounts.test_accounts[0].address):
        assert not library.call("isValid", signer, b"\1" * 32, signature)
