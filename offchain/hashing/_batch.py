"""Merkle trees over the results of one batch, equal to the contract's.

A leaf is a double hash, so that no inner node (a single hash of 64 bytes) can pose as one; it binds chain,
market, job, task and annotator, so that a copied result is worth nothing to anybody else. Inner nodes are
`keccak256(left ‖ right)` in place, an odd last node rises unchanged. A proof is checked against the index and
the size of the tree, which the contract derives from the mask of the tasks that were done.
"""

from __future__ import annotations

from collections.abc import Sequence

from offchain.exceptions import InputError
from offchain.hashing._keccak import HASH_LENGTH, address_bytes, bytes32, keccak256, uint_word


def batch_leaf(  # noqa: PLR0913 - keyword-only: the seven values that a leaf binds
    *,
    chain_id: int,
    market: str | bytes,
    job_id: int,
    task: int,
    annotator: str | bytes,
    result_hash: str | bytes,
    salt: str | bytes,
) -> bytes:
    """The leaf of one result, 32 bytes. Raises InputError for a value out of range."""
    words = (
        uint_word(chain_id, "chain_id"),
        address_bytes(market).rjust(32, b"\0"),
        uint_word(job_id, "job_id"),
        uint_word(task, "task"),
        address_bytes(annotator).rjust(32, b"\0"),
        bytes32(result_hash, "the result hash"),
        bytes32(salt, "the salt"),
    )
    return keccak256(keccak256(b"".join(words)))


def batch_root(leaves: Sequence[bytes]) -> bytes:
    """The root over leaves in ascending order of their tasks. Raises InputError for none or for one twice."""
    return _levels(leaves)[-1][0]


def batch_proof(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """The siblings of leaf `index`, from the bottom up; raises InputError for an index that is not in the
    tree.
    """
    if not 0 <= index < len(leaves):
        raise InputError(f"there is no leaf {index} in a batch of {len(leaves)}")
    proof: list[bytes] = []
    for level in _levels(leaves)[:-1]:
        sibling = index ^ 1
        if sibling < len(level):
            proof.append(level[sibling])
        index //= 2
    return proof


def verify_batch_proof(root: bytes, leaf: bytes, index: int, size: int, proof: Sequence[bytes]) -> bool:
    """Whether `leaf` is number `index` of the `size` leaves under `root`; every sibling must be used, none be
    missing.
    """
    if not 0 <= index < size or len(leaf) != HASH_LENGTH or any(len(node) != HASH_LENGTH for node in proof):
        return False
    node, used = leaf, 0
    while size > 1:
        if index % 2 == 1 or index + 1 < size:  # else the node is the odd last one and rises
            if used == len(proof):
                return False
            sibling = proof[used]
            node = keccak256(sibling + node if index % 2 else node + sibling)
            used += 1
        index, size = index // 2, (size + 1) // 2
    return used == len(proof) and node == root


def _levels(leaves: Sequence[bytes]) -> list[list[bytes]]:
    if not leaves:
        raise InputError(
            "a batch without results has no root: leave out what was not done, but not everything"
        )
    if any(len(leaf) != HASH_LENGTH for leaf in leaves):
        raise InputError("every leaf has 32 bytes: make them with batch_leaf")
    if len(set(leaves)) != len(leaves):
        raise InputError("a leaf occurs twice: each task has one result in a batch")
    levels = [list(leaves)]
    while len(levels[-1]) > 1:
        below = levels[-1]
        above = [keccak256(below[i] + below[i + 1]) for i in range(0, len(below) - 1, 2)]
        levels.append(above + below[len(above) * 2 :])
    return levels
