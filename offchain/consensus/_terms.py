"""The terms of a consensus job, and the life cycles of what it consists of, numbered as on chain."""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import IntEnum
from functools import cache, cached_property
from itertools import accumulate
from typing import Any

from offchain.hashing import address_bytes, keccak256
from offchain.terms import ZERO_ADDRESS, ZERO_HASH, solidity_name

WINDOWS = ("reveal", "gold", "challenge", "expert", "score", "settle")
"""The phases after the one in which seats are taken, in their order."""
WORD_SIZE = 32
"""Bytes."""


class ConsensusState(IntEnum):
    """None → Open → Closed."""

    NONE = 0
    OPEN = 1
    CLOSED = 2


class WordState(IntEnum):
    """Open → Scored → Settled; a word that nobody scored can be settled, too."""

    OPEN = 0
    SCORED = 1
    SETTLED = 2


class PanelKind(IntEnum):
    """Who the experts of a job are: nobody, an account, those on a list, or whom a contract names."""

    NONE = 0
    ACCOUNT = 1
    LIST = 2
    CONTRACT = 3


class Phase(IntEnum):
    """What the windows of a job are for."""

    REVEAL = 0
    GOLD = 1
    CHALLENGE = 2
    EXPERT = 3
    SCORE = 4
    SETTLE = 5


def account_panel(account: str) -> bytes:
    """A panel that is an account or a contract, as the terms name it."""
    return address_bytes(account).rjust(32, b"\0")


@dataclass(frozen=True, kw_only=True)
class ConsensusTerms:
    """What a job of `LabelConsensus` is opened with: see `JobTerms` in interfaces/IConsensusTypes.sol.

    `pay` and `stake` are for one label of difficulty 1.00, in base units of `token` and of the stake token;
    `windows` are the lengths of the phases in `WINDOWS`, in seconds; `seats_until` is in Unix seconds;
    everything that ends in `_bps` in basis points. `multipliers` and `word_classes` come from
    `offchain.terms.difficulty`.
    """

    token: str = ZERO_ADDRESS
    pay: int
    task_count: int
    redundancy: int = 3
    classes: int = 2
    min_seat: int = 256
    accept_bps: int = 5_000
    noise_bps: int = 0
    gold_bps: int = 1_000
    audit_bps: int = 0
    max_audit_bps: int = 0
    slope_bps: int = 30_000
    fee_bps: int = 0
    stake: int
    max_stake_bps: int = 10_000
    seats_until: int
    windows: tuple[int, int, int, int, int, int]
    rule: str
    hook: str = ZERO_ADDRESS
    panel_kind: PanelKind = PanelKind.NONE
    panel: bytes = ZERO_HASH
    expert_fee: int = 0
    expert_budget: int = 0
    challenge_bond: int = 0
    gold_root: bytes = ZERO_HASH
    domain: bytes = ZERO_HASH
    parent: int = 0
    data_root: bytes = ZERO_HASH
    data_length: int = 0
    instructions_hash: bytes = ZERO_HASH
    multipliers: int = 0
    word_classes: tuple[int, ...] = ()

    def __hash__(self) -> int:
        """Of all fields."""
        return self._hash

    @cached_property
    def _hash(self) -> int:
        return hash(tuple([getattr(self, field.name) for field in fields(self)]))

    def struct(self) -> dict[str, Any]:
        """The fields of the contract's struct by their Solidity names: all but the classes of the words."""
        return {told: getattr(self, name) for told, name in _told_names()}

    @cached_property
    def ends(self) -> tuple[int, ...]:
        """The last second of each phase."""
        return tuple(self.seats_until + total for total in accumulate(self.windows))

    def end(self, phase: Phase) -> int:
        """The last second of a phase."""
        return self.ends[phase]


@cache
def _told_names() -> tuple[tuple[str, str], ...]:
    """(name in Solidity, name here) of the fields of the contract's struct."""
    names = [field.name for field in fields(ConsensusTerms) if field.name != "word_classes"]
    return tuple((solidity_name(name), name) for name in names)


def consensus_terms_hash(creator: str, terms: ConsensusTerms) -> bytes:
    """What every signature over a seat covers, 32 bytes: `hashTerms` of the contract, which is the hash of
    `abi.encode(creator, terms, wordClasses)`.
    """
    head: list[int | str | bytes] = [creator]
    for value in terms.struct().values():
        head += value if isinstance(value, tuple) else (value,)
    classes = terms.word_classes
    words: list[int | str | bytes] = [*head, (len(head) + 1) * WORD_SIZE, len(classes), *classes]
    return keccak256(b"".join(map(_word, words)))


def _word(value: int | str | bytes) -> bytes:
    if isinstance(value, int):
        return value.to_bytes(WORD_SIZE)
    return account_panel(value) if isinstance(value, str) else value
