"""What the reference model of the consensus market keeps: facts only. Counts, balances and matrices are
derived
from them whenever they are asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from types import MappingProxyType
from typing import Any, NamedTuple

from offchain.consensus import ConsensusState, ConsensusTerms, GoldWord, Matrix, PanelKind, WordState
from offchain.hashing import keccak256
from offchain.reference.records import WORD, WORDS_PER_ELEMENT, tasks_in_word
from offchain.terms import ZERO_HASH, solidity_name, unpack_multipliers

BPS = 10_000
MAX_SEATS = 64
GRACE = 14 * 86_400
MAX_GENERATIONS = 8
"""Parents of a job that are asked which tasks they left."""
DONE_MARK = (1).to_bytes(32)
"""What is kept of a seat that is done in a job with experts."""


class TaskTerms(NamedTuple):
    """Full pay, fee and least stake for one label of a word, base units."""

    pay: int
    fee: int
    stake: int


@dataclass(frozen=True)
class SeatRequest:
    """What an annotator asks for."""

    job_id: int
    word: int
    layer: int
    mask: int
    commitment: bytes
    max_stake: int

    def struct(self) -> dict[str, Any]:
        """`SeatRequest` of the interface."""
        return {solidity_name(name): value for name, value in vars(self).items()}


@dataclass(frozen=True)
class Seat:
    """A seat. `labels` and `salt` are known once it is revealed; `done`: it is paid, slashed or expired."""

    annotator: str
    mask: int
    stake: int
    audit: int
    layer: int = 0
    commitment: bytes = ZERO_HASH
    labels: bytes | None = None
    salt: bytes = ZERO_HASH
    done: bool = False

    @property
    def revealed(self) -> bool:
        """Whether its labels are known."""
        return self.labels is not None

    @property
    def tasks(self) -> int:
        """How many tasks it has."""
        return self.mask.bit_count()

    @property
    def content(self) -> bytes:
        """What its digest has of the labels: the commitment, or their hash."""
        return self.commitment if self.labels is None else keccak256(self.labels)

    def digest(self, panel_kind: PanelKind) -> bytes:
        """What the contract keeps of it, 32 bytes."""
        if self.done:
            return ZERO_HASH if panel_kind == PanelKind.NONE else DONE_MARK
        stage = 2 if self.revealed else 1
        words = (self.mask, self.stake, self.audit, stage)
        return keccak256(b"".join(word.to_bytes(32) for word in words) + self.content)

    def struct(self) -> dict[str, Any]:
        """`Seat` of the interface."""
        return {"annotator": self.annotator, "mask": self.mask, "stake": self.stake, "audit": self.audit}

    def sealed_struct(self) -> dict[str, Any]:
        """`SealedSeat` of the interface."""
        return {"seat": self.struct(), "content": self.content}

    def revealed_struct(self) -> dict[str, Any]:
        """`RevealedSeat` of the interface."""
        return {"seat": self.struct(), "labels": self.labels or b""}

    def same(self, other: Seat) -> bool:
        """Whether both have the same digest, as far as it tells."""
        return (self.annotator, self.mask, self.stake, self.audit) == (
            other.annotator,
            other.mask,
            other.stake,
            other.audit,
        )


@dataclass(frozen=True)
class Truth:
    """What is known of a word: see `Truth` in interfaces/IConsensusTypes.sol."""

    gold: int
    labels: bytes
    salt: bytes
    challenged: int = 0
    decided: int = 0
    verdicts: bytes = b""

    def struct(self) -> dict[str, Any]:
        """`Truth` of the interface."""
        return dict(vars(self))

    def digest(self) -> bytes:
        """What the contract keeps of it, 32 bytes."""
        masks = b"".join(mask.to_bytes(32) for mask in (self.gold, self.challenged, self.decided))
        return keccak256(masks + keccak256(self.labels) + keccak256(self.verdicts) + self.salt)

    @property
    def undecided(self) -> int:
        """Challenged tasks of which experts have not said anything."""
        return self.challenged & ~self.decided

    def known(self) -> Mapping[int, int]:
        """The classes of the tasks whose truth is known."""
        return _known(self)


@lru_cache(maxsize=256)
def _known(truth: Truth) -> Mapping[int, int]:
    """Asked for again at every step, and for every seat of the word."""
    found = {}
    for task in range(len(truth.labels)):
        if truth.decided >> task & 1:
            label = truth.verdicts[task]
        else:
            label = truth.labels[task] if truth.gold & ~truth.challenged & 1 << task else 0
        if label:
            found[task] = label - 1
    return MappingProxyType(found)


@dataclass(frozen=True)
class Opening:
    """The gold of a word, as somebody opens it."""

    word: int
    gold: GoldWord
    proof: tuple[bytes, ...] = ()

    def struct(self) -> dict[str, Any]:
        """`GoldOpening` of the interface."""
        return {"word": self.word, **vars(self.gold), "proof": list(self.proof)}


@dataclass(frozen=True)
class Challenge:
    """A challenge of gold; `open` until its bond is settled."""

    challenger: str
    mask: int
    open: bool = True


@dataclass(frozen=True)
class Word:
    """A word of a job. `annotators` in ascending order, the `masks` that they took by layer, `labels` once it
    is settled.
    """

    annotators: tuple[str, ...] = ()
    masks: tuple[tuple[int, int], ...] = ()
    truth: Truth | None = None
    challenges: tuple[Challenge, ...] = ()
    state: WordState = WordState.OPEN
    labels: bytes = b""
    unresolved: int = 0

    def taken(self, layer: int) -> int:
        """The tasks of a layer that are taken."""
        union = 0
        for number, mask in self.masks:
            if number == layer:
                union |= mask
        return union

    @property
    def open_challenges(self) -> int:
        """Challenges whose bonds are held."""
        return sum(challenge.open for challenge in self.challenges)


@dataclass(frozen=True)
class Job:
    """A job. `tasks` are the masks of its words; `spent` is what revealed seats took out of it, `experts`
    what
    experts did, base units; `words` the numbers of those that ever had a seat.
    """

    terms: ConsensusTerms
    creator: str
    terms_hash: bytes
    tasks: tuple[int, ...]
    unit: int
    state: ConsensusState = ConsensusState.OPEN
    words: tuple[int, ...] = ()
    spent: int = 0
    experts: int = 0

    def plus(self, *, spent: int = 0, experts: int = 0) -> Job:
        """With more spent."""
        return replace(self, spent=self.spent + spent, experts=self.experts + experts)

    def tasks_in(self, word: int) -> int:
        """The mask of the tasks that it labels in a word."""
        return self.tasks[word] if word < len(self.tasks) else 0


def task_terms(terms: ConsensusTerms, word: int) -> TaskTerms:
    """What a label of the word is worth: pay and fee round down, the stake rounds up."""
    return _task_terms(terms, class_number(terms, word))


def class_number(terms: ConsensusTerms, word: int) -> int:
    """The difficulty class of a word."""
    element, nibble = divmod(word, WORDS_PER_ELEMENT)
    packed = terms.word_classes[element] if element < len(terms.word_classes) else 0
    return packed >> 4 * nibble & 0xF


@lru_cache(maxsize=256)
def _task_terms(terms: ConsensusTerms, number: int) -> TaskTerms:
    weight = BPS
    if terms.multipliers:
        multipliers = unpack_multipliers(terms.multipliers)
        weight = multipliers[number] if number < len(multipliers) else 0
    pay = terms.pay * weight // BPS
    return TaskTerms(pay, pay * terms.fee_bps // BPS, -(-terms.stake * weight // BPS))


def bounty(job: Job) -> int:
    """What all labels of the job can cost at most, base units."""
    return bounty_of(job.terms, job.tasks)


@lru_cache(maxsize=256)
def bounty_of(terms: ConsensusTerms, tasks: tuple[int, ...]) -> int:
    """The same of a job that is not open yet."""
    total = 0
    for word, mask in enumerate(tasks):
        each = task_terms(terms, word)
        total += mask.bit_count() * (each.pay + each.fee)
    return total * terms.redundancy


def all_tasks(terms: ConsensusTerms) -> tuple[int, ...]:
    """The masks of all words of a job without parent."""
    words = -(-terms.task_count // WORD)
    return tuple(tasks_in_word(terms.task_count, word) for word in range(words))


def inherited_tasks(
    terms: ConsensusTerms, parent_of: Callable[[int], int], left_of: Callable[[int, int], int | None]
) -> tuple[int, ...]:
    """The masks of all words: of each what the next of the job's parents that settled it left unaccepted,
    which `left_of(job_id, word)` tells, None where that one did not; whole where none did.
    """
    parents: list[int] = []
    parent = terms.parent
    while parent and len(parents) < MAX_GENERATIONS:
        parents.append(parent)
        parent = parent_of(parent)
    lines = ([left_of(one, word) for one in parents] for word in range(len(all_tasks(terms))))
    return tuple(
        next((left for left in line if left is not None), mask)
        for mask, line in zip(all_tasks(terms), lines, strict=True)
    )


NO_MATRIX = Matrix(2)
