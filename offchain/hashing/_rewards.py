"""Trees of cumulative rewards, as the distributor pays them: standard trees (`_standard`) with the leaf
`keccak256(keccak256(abi.encode(account, cumulative)))`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from offchain.exceptions import InputError
from offchain.hashing._keccak import address_bytes, checksum_address, uint_word
from offchain.hashing._standard import StandardTree, standard_leaf, verify_standard_proof


def reward_leaf(account: str | bytes, cumulative: int) -> bytes:
    """The leaf of one account that is owed `cumulative` base units over all time, 32 bytes."""
    word = uint_word(cumulative, "the cumulative reward", 256)
    return standard_leaf(address_bytes(account).rjust(32, b"\0"), word)


def verify_reward_proof(root: bytes, account: str | bytes, cumulative: int, proof: Sequence[bytes]) -> bool:
    """Whether the tree with this root owes the account so much, as the contract decides it."""
    return verify_standard_proof(root, reward_leaf(account, cumulative), proof)


class RewardTree:
    """What each account is owed over all time, in base units. Raises InputError for no account, and for one
    that is named twice.
    """

    def __init__(self, shares: Mapping[str, int]) -> None:
        self.shares = {checksum_address(account): amount for account, amount in shares.items()}
        if not self.shares:
            raise InputError("a tree of rewards names at least one account")
        if len(self.shares) < len(shares):
            raise InputError("a tree of rewards names each account once: add up what belongs to the same one")
        self._tree = StandardTree(reward_leaf(*share) for share in self.shares.items())

    @property
    def root(self) -> bytes:
        """What the distributor stores, 32 bytes."""
        return self._tree.root

    @property
    def total(self) -> int:
        """The sum of all leaves, base units."""
        return sum(self.shares.values())

    def proof(self, account: str) -> list[bytes]:
        """The siblings from the bottom up; raises InputError for an account that is not in the tree."""
        account = checksum_address(account)
        if account not in self.shares:
            raise InputError(f"{account} is not in the tree of rewards")
        return self._tree.proof(reward_leaf(account, self.shares[account]))
