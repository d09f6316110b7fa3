"""The terms of a job as the market hashes them, and the difficulty classes inside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import cache, cached_property, lru_cache
from typing import Any

from offchain.exceptions import InputError

ZERO_ADDRESS = "0x" + "0" * 40
ZERO_HASH = b"\0" * 32
UNIT = 10_000  # basis points: difficulty 1.00
CLASSES = 8
CLASS_BITS = 16
WORDS_PER_ELEMENT = 64  # a class takes 4 bits of a uint256


@dataclass(frozen=True, kw_only=True)
class JobTerms:
    """What a job is opened with and what every claim signature covers.

    Amounts (`reward`, `arbiter_fee`) are in base units of `token`, whose zero address is the native coin.
    Windows are in seconds, `deadline` in Unix seconds, everything that ends in `_bps` in basis points.
    `data_length` is in bytes. `multipliers` and `word_classes` come from `difficulty`.
    """

    creator: str
    token: str = ZERO_ADDRESS
    reward: int
    task_count: int
    claim_window: int = 1_800
    review_window: int
    appeal_window: int = 0
    decision_window: int = 0
    deadline: int
    max_open: int
    bond_bps: int = 0
    fee_bps: int = 0
    reject_fee_bps: int = 0
    royalty_bps: int = 0
    arbiter: str = ZERO_ADDRESS
    arbiter_fee: int = 0
    hook: str = ZERO_ADDRESS
    data_root: bytes
    data_length: int
    instructions_hash: bytes
    multipliers: int = 0
    word_classes: tuple[int, ...] = ()

    def __hash__(self) -> int:
        """Of all fields; what a task pays is looked up by it, over and over."""
        return self._hash

    @cached_property
    def _hash(self) -> int:
        return hash(tuple([getattr(self, field.name) for field in fields(self)]))

    def message(self) -> dict[str, Any]:
        """The fields by their Solidity names, in the order of the typed data."""
        return {solidity_name(field.name): getattr(self, field.name) for field in fields(self)}


@cache
def solidity_name(name: str) -> str:
    """`snake_case` to `mixedCase`."""
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)


def pack_multipliers(multipliers: Sequence[int]) -> int:
    """Up to 8 difficulties in basis points, class i in bits 16i to 16i + 15. Raises InputError."""
    if len(multipliers) > CLASSES or not all(0 < value < 1 << CLASS_BITS for value in multipliers):
        raise InputError(
            f"at most {CLASSES} difficulties, each from 1 to 65,535 basis points, not {multipliers}"
        )
    return sum(value << CLASS_BITS * i for i, value in enumerate(multipliers))


@lru_cache(maxsize=256)
def unpack_multipliers(packed: int) -> tuple[int, ...]:
    """The difficulties of all 8 classes in basis points; 0 where a class is not used."""
    return tuple(packed >> CLASS_BITS * i & 0xFFFF for i in range(CLASSES))


def pack_word_classes(classes: Sequence[int]) -> tuple[int, ...]:
    """The class of each word, 4 bits each: bits 4i to 4i + 3 of element j are those of word 64j + i. Raises
    InputError.
    """
    if not all(0 <= value < CLASSES for value in classes):
        raise InputError(f"a class is a number from 0 to {CLASSES - 1}")
    runs = [classes[i : i + WORDS_PER_ELEMENT] for i in range(0, len(classes), WORDS_PER_ELEMENT)]
    return tuple(sum(value << 4 * i for i, value in enumerate(run)) for run in runs)


def class_of_word(word_classes: Sequence[int], word: int) -> int:
    """The class of a word of 256 tasks; raises InputError for a word that has none."""
    element, nibble = divmod(word, WORDS_PER_ELEMENT)
    if word < 0 or element >= len(word_classes):
        raise InputError(f"word {word} has no class: {len(word_classes)} elements cover 64 words each")
    return word_classes[element] >> 4 * nibble & 0xF


def difficulty(per_word: Sequence[int]) -> tuple[int, tuple[int, ...]]:
    """(multipliers, word_classes) for a difficulty in basis points per word; (0, ()) where each is 1.00.

    Raises InputError for more than 8 different values.
    """
    if all(value == UNIT for value in per_word):
        return 0, ()
    values = sorted(set(per_word))
    return pack_multipliers(values), pack_word_classes([values.index(value) for value in per_word])
