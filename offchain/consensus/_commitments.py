"""What is committed to before it is known: the labels of a seat, the gold of a word; and what audits follow
from both.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from offchain.exceptions import InputError
from offchain.hashing import address_bytes, batch_proof, batch_root, bytes32, keccak256
from offchain.hashing._keccak import uint_word
from offchain.hashing._standard import standard_leaf

COMMITMENT_TYPE = keccak256(
    b"Commitment(uint256 chainId,address market,uint256 jobId,uint256 word,address annotator,uint256 mask,"
    b"bytes32 labelsHash,bytes32 salt)"
)
SALT_BITS = 88
"""Of the sum of hashed salts that a word keeps."""
AUDIT_BITS = 8
"""A task is drawn for an audit with a chance of `audit / 2 ** AUDIT_BITS`."""


def commitment(  # noqa: PLR0913 - keyword-only: the eight values that a commitment binds
    *,
    chain_id: int,
    market: str,
    job_id: int,
    word: int,
    annotator: str,
    mask: int,
    labels: bytes,
    salt: bytes,
) -> bytes:
    """What an annotator commits to, 32 bytes; nobody else can reveal it, and it is good for nothing else.

    Raises InputError for a zero salt: with few classes the labels could be guessed.
    """
    if not any(bytes32(salt, "the salt")):
        raise InputError("a commitment needs a random salt of 32 bytes")
    return keccak256(
        COMMITMENT_TYPE
        + uint_word(chain_id, "chain_id")
        + _address_word(market)
        + uint_word(job_id, "job_id")
        + uint_word(word, "word")
        + _address_word(annotator)
        + uint_word(mask, "mask", 256)
        + keccak256(labels)
        + salt
    )


@dataclass(frozen=True)
class GoldWord:
    """The known tasks of one word: their mask, their labels, and the salt that hides both."""

    mask: int
    labels: bytes
    salt: bytes

    def leaf(self, word: int) -> bytes:
        """What the tree of the gold has for a word, 32 bytes."""
        return standard_leaf(
            uint_word(word, "word"), uint_word(self.mask, "mask", 256), keccak256(self.labels), self.salt
        )


class GoldTree:
    """A creator's gold: one salted leaf for every word of the job, also for those without any, in the place
    that the word's number says.
    """

    def __init__(self, words: Mapping[int, GoldWord]) -> None:
        if not words or set(words) != set(range(len(words))):
            raise InputError("gold has a leaf for every word of the job, from word 0 on")
        self.words = dict(sorted(words.items()))
        self._leaves = [gold.leaf(word) for word, gold in self.words.items()]

    @property
    def root(self) -> bytes:
        """What the terms of the job say, 32 bytes."""
        return batch_root(self._leaves)

    def proof(self, word: int) -> list[bytes]:
        """The siblings from the bottom up; raises InputError for a word that has no leaf."""
        if word not in self.words:
            raise InputError(f"there is no gold for word {word}")
        return batch_proof(self._leaves, word)


def salt_part(salt: bytes) -> int:
    """What a revealed salt adds to the sum of its word."""
    return int.from_bytes(keccak256(salt)) % (1 << SALT_BITS)


def audit_seed(gold_salt: bytes, salts: Iterable[bytes]) -> bytes:
    """The seed of a word's audits: nobody knew it when labels were committed, and nobody can change it but by
    not revealing.
    """
    total = sum(map(salt_part, salts)) % (1 << SALT_BITS)
    return keccak256(gold_salt + total.to_bytes(32))


def audit_mask(seed: bytes, annotator: str, mask: int, audit: int) -> int:
    """The tasks of a seat that are drawn, each with a chance of `audit / 256`.

    From the lowest bit of `audit` on, a one takes in half of what is still out, a zero throws out half of
    what is in.
    """
    if audit >> AUDIT_BITS:
        return mask
    drawn = 0
    for bit in range(AUDIT_BITS):
        half = int.from_bytes(keccak256(seed + _address_word(annotator) + bit.to_bytes(32)))
        drawn = drawn | half if audit >> bit & 1 else drawn & half
    return drawn & mask


def _address_word(address: str) -> bytes:
    return address_bytes(address).rjust(32, b"\0")
