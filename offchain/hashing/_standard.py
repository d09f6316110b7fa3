"""OpenZeppelin's standard Merkle tree: leaves are hashed twice and sorted, the two children of a node are
hashed in ascending order. Its proofs pass `MerkleProof.verify`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from offchain.hashing._keccak import keccak256


def standard_leaf(*words: bytes) -> bytes:
    """The leaf of values that are ABI-encoded in 32 bytes each."""
    return keccak256(keccak256(b"".join(words)))


def verify_standard_proof(root: bytes, leaf: bytes, proof: Sequence[bytes]) -> bool:
    """Whether the tree with this root has the leaf, as a contract decides it."""
    node = leaf
    for sibling in proof:
        node = _pair(node, sibling)
    return node == root


class StandardTree:
    """A tree over at least one leaf; neither order nor doubles of leaves matter."""

    def __init__(self, leaves: Iterable[bytes]) -> None:
        self._levels = [sorted(set(leaves))]
        self._index = {leaf: index for index, leaf in enumerate(self._levels[0])}
        while len(self._levels[-1]) > 1:
            self._levels.append(_above(self._levels[-1]))

    @property
    def root(self) -> bytes:
        """What a contract stores, 32 bytes."""
        return self._levels[-1][0]

    def __contains__(self, leaf: bytes) -> bool:
        return leaf in self._index

    def proof(self, leaf: bytes) -> list[bytes]:
        """The siblings from the bottom up; raises KeyError for a leaf that is not in the tree."""
        index, proof = self._index[leaf], []
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
