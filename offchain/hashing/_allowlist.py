"""Allow lists of addresses, as standard trees (`_standard`) with the leaf
`keccak256(keccak256(abi.encode(address)))`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from offchain.exceptions import InputError
from offchain.hashing._keccak import address_bytes, checksum_address
from offchain.hashing._standard import StandardTree, standard_leaf, verify_standard_proof


def allow_list_leaf(address: str | bytes) -> bytes:
    """The leaf of one address, 32 bytes."""
    return standard_leaf(address_bytes(address).rjust(32, b"\0"))


def verify_allow_list_proof(root: bytes, address: str | bytes, proof: Sequence[bytes]) -> bool:
    """Whether the list with this root holds the address, as the contract decides it."""
    return verify_standard_proof(root, allow_list_leaf(address), proof)


class AllowList:
    """A set of addresses, its root and the proof of each; the order in which they are given does not
    matter.
    """

    def __init__(self, addresses: Iterable[str | bytes]) -> None:
        leaves = {allow_list_leaf(address) for address in addresses}
        if not leaves:
            raise InputError("an allow list names at least one address")
        self._tree = StandardTree(leaves)

    @property
    def root(self) -> bytes:
        """What the eligibility hook stores, 32 bytes."""
        return self._tree.root

    def __contains__(self, address: str | bytes) -> bool:
        return allow_list_leaf(address) in self._tree

    def proof(self, address: str | bytes) -> list[bytes]:
        """The siblings from the bottom up; raises InputError for an address that is not on the list."""
        if address not in self:
            raise InputError(f"{checksum_address(address)} is not on the allow list")
        return self._tree.proof(allow_list_leaf(address))
