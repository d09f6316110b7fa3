"""Allow lists of addresses whose proofs OpenZeppelin's `MerkleProof.verify` accepts.

A leaf is `keccak256(keccak256(abi.encode(address)))`; the two children of a node are hashed in ascending
order.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from offchain.exceptions import InputError
from offchain.hashing._keccak import address_bytes, checksum_address, keccak256


def allow_list_leaf(address: str | bytes) -> bytes:
    """The leaf of one address, 32 bytes."""
    return keccak256(keccak256(address_bytes(address).rjust(32, b"\0")))


def verify_allow_list_proof(root: bytes, address: str | bytes, proof: Sequence[bytes]) -> bool:
    """Whether the list with this root holds the address, as the contract decides it."""
    node = allow_list_leaf(address)
    for sibling in proof:
        node = _pair(node, sibling)
    return node == root


class AllowList:
    """A set of addresses, its root and the proof of each; the order in which they are given does not
    matter.
    """

    def __init__(self, addresses: Iterable[str | bytes]) -> None:
        leaves = sorted({allow_list_leaf(address) for address in addresses})
        if not leaves:
            raise InputError("an allow list names at least one address")
        self._levels = [leaves]
        while len(self._levels[-1]) > 1:
            self._levels.append(_above(self._levels[-1]))

    @property
    def root(self) -> bytes:
        """What the eligibility hook stores, 32 bytes."""
        return self._levels[-1][0]

    def __contains__(self, address: str | bytes) -> bool:
        return allow_list_leaf(address) in self._levels[0]

    def proof(self, address: str | bytes) -> list[bytes]:
        """The siblings from the bottom up; raises InputError for an address that is not on the list."""
        leaf = allow_list_leaf(address)
        if leaf not in self._levels[0]:
            raise InputError(f"{checksum_address(address)} is not on the allow list")
        index, proof = self._levels[0].index(leaf), []
        for level in self._levels[:-1]:
            if index ^ 1 < len(level):
                proof.append(level[index ^ 1])
            index //= 2
        return proof


def _pair(one: bytes, other: bytes) -> bytes:
    return keccak256(min(one, other) + max(one, other))


def _above(level: list[bytes]) -> list[bytes]:
    above = [_pair(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
    return above + level[len(above) * 2 :]
