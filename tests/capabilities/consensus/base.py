"""What all actions of the consensus market share: what there is to act on, and how moments, labels and seats
are drawn, now and then wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import wraps
from typing import Any, ClassVar, TypeVar

from offchain.consensus import (
    ConsensusState,
    GoldTree,
    PanelKind,
    Phase,
    commitment,
    consensus_terms_hash,
    padded_length,
)
from offchain.hashing import keccak256
from offchain.reference.calls import Effects
from offchain.reference.consensus import LabelConsensus, Seat, Truth
from offchain.reference.consensus.records import Job
from offchain.signing import CONSENSUS_NAME
from offchain.terms import ZERO_HASH
from tests.capabilities.consensus.stage import Stage, set_stage
from tests.capabilities.governance import GovernedActions
from tests.engine.chain import Chain, Contract
from tests.engine.codec import Item
from tests.engine.dice import Dice
from tests.engine.interface import Log
from tests.engine.words import tasks

MASKS = frozenset({"mask", "gold", "challenged", "decided", "unresolved", "allowed", "full", "partly"})
"""Parameters, fields and values whose bits are tasks of a word."""

Place = tuple[int, int]
"""Job and word."""


Found = TypeVar("Found")


def once_a_step(find: Callable[[Any], Found]) -> Callable[[Any], Found]:
    """What is found is the same until the next step, or until time goes on."""

    @wraps(find)
    def remembered(play: ConsensusBase) -> Found:
        if play.found_after != len(play.steps) or play.found_at != play.now:
            play.found_after, play.found_at, play.found = len(play.steps), play.now, {}
        try:
            return play.found[find]
        except KeyError:
            play.found[find] = found = find(play)
            return found

    return remembered


class ConsensusBase(GovernedActions):
    """A consensus market and its model from deployment on."""

    stage: Stage
    model: LabelConsensus
    found_after: int
    found_at: int
    found: dict[Any, Any]
    signing_name: ClassVar[str] = CONSENSUS_NAME

    @classmethod
    def deploy(cls, chain: Chain) -> Stage:
        return set_stage(chain)

    @classmethod
    def parties(cls, stage: Stage) -> dict[str, tuple[str, ...]]:
        cast = stage.cast
        return {
            "creators": cast.creators,
            "annotators": cast.annotators,
            "experts": cast.experts,
            "governance": (cast.owner, cast.sink),
        }

    def begin(self) -> tuple[Contract, Any]:
        self.cast = self.stage.cast
        self.golds: dict[int, GoldTree] = {}
        """What each creator knows."""
        self.secrets: dict[tuple[int, int, str], tuple[bytes, bytes]] = {}
        """Labels and salt of each seat, which its annotator keeps."""
        self.found_after, self.found_at, self.found = -1, 0, {}
        return self.stage.market, self.stage.model()

    @classmethod
    def phrase(cls, item: Item, value: Any) -> str | None:
        """A mask as its tasks."""
        if isinstance(value, bool) or not isinstance(value, int):
            return None
        return tasks(value) if item["name"] in MASKS and item["type"] == "uint256" else None

    def _logs(self, contract: Contract, effects: Effects) -> dict[str, list[Log]]:
        logs = super()._logs(contract, effects)
        emitters = self.stage.emitters()
        for address, (name, values) in effects.others:
            log = emitters[address].interface.log(address, name, values)
            logs.setdefault(log[0], []).append(log)
        return logs

    @property
    def standard_token(self) -> Contract | None:
        return self.stage.gem

    # What there is

    def jobs(self, *states: ConsensusState) -> list[int]:
        wanted = states or (ConsensusState.OPEN,)
        return [number for number, job in self.model.jobs.items() if job and job.state in wanted]

    def job(self, job_id: int) -> Job:
        return self.model.job_of(job_id)

    def in_phase(self, phase: Phase) -> list[int]:
        """Open jobs of which this is the phase."""
        return [job_id for job_id, of in self.phases().items() if of == phase]

    @once_a_step
    def phases(self) -> dict[int, Phase | None]:
        """The phases of all open jobs."""
        return {job_id: self.phase_of(job_id) for job_id in self.jobs()}

    def phase_of(self, job_id: int) -> Phase | None:
        """The present phase of a job; None while seats are taken, and after the last."""
        terms = self.job(job_id).terms
        if self.now <= terms.seats_until:
            return None
        return next((phase for phase, end in zip(Phase, terms.ends, strict=True) if self.now <= end), None)

    def places(self, jobs: Iterable[int], wanted: Callable[[int, int], Any]) -> list[Place]:
        """Words with seats of these jobs that are as wanted."""
        return [(job_id, word) for job_id in jobs for word in self.job(job_id).words if wanted(job_id, word)]

    def unrevealed(self, job_id: int, word: int) -> list[Seat]:
        return [seat for seat in self.model.live_seats(job_id, word) if not seat.revealed]

    def truth(self, job_id: int, word: int) -> Truth:
        """What is known of a word; where nothing is, something."""
        truth = self.model.words[job_id, word].truth
        return truth or Truth(1, bytes([1]).ljust(32, b"\0"), ZERO_HASH)

    # Drawing

    def moment(self, dice: Dice, *ends: int) -> int:
        """Now or soon; now and then the last second of something, or the one after."""
        ahead = [end for end in ends if end >= self.now]
        if ahead and dice.chance(10):
            return dice.choose(ahead)
        if ahead and dice.wrong():
            return dice.choose(ahead) + 1
        return self.now + dice.choose((0, 0, 1, 0, 20, 0, 2))

    def size_of(self, job_id: int, word: int) -> int:
        """How many tasks a word has."""
        return min(self.job(job_id).terms.task_count - 256 * word, 256)

    def labels_for(self, dice: Dice, job_id: int, word: int, mask: int) -> bytes:
        """Labels of a seat: mostly what the gold says, else something, at times nothing; now and then such as
        cannot be revealed.
        """
        job, gold = self.job(job_id), self.golds[job_id].words.get(word)
        known = gold.labels if gold else b""
        size, classes = self.size_of(job_id, word), job.terms.classes
        style, seed = dice.below(4), dice.below(1 << 16)
        noise = keccak256(seed.to_bytes(2)) * 8
        labels = bytearray(padded_length(size))
        for task in bits(mask & (1 << size) - 1):
            guess = noise[task] % (classes + 1)
            right = known[task] if task < len(known) and known[task] else task % classes + 1
            labels[task] = right if style < 2 or (style == 2 and noise[-task] < 180) else guess
        if dice.chance(16):
            labels[dice.below(len(labels))] = dice.choose((classes + 1, 255, 1))
        if dice.chance(48):
            return bytes(labels) + bytes(32)
        return bytes(labels)

    def commit(self, job_id: int, word: int, annotator: str, mask: int, labels: bytes, salt: bytes) -> bytes:
        """The commitment of a seat."""
        return commitment(
            chain_id=self.chain.chain_id,
            market=self.model.address,
            job_id=job_id,
            word=word,
            annotator=annotator,
            mask=mask,
            labels=labels,
            salt=salt,
        )

    def secret(self, job_id: int, word: int, seat: Seat) -> Seat:
        """A seat with what its annotator knows of it."""
        labels, salt = self.secrets[job_id, word, seat.annotator]
        return replace(seat, labels=labels, salt=salt)

    def verdicts(self, dice: Dice, job_id: int, word: int, mask: int, *, all_labelled: bool = False) -> bytes:
        """What experts say of the tasks: mostly what the gold says."""
        job, gold = self.job(job_id), self.golds[job_id].words.get(word)
        labels = bytearray(padded_length(self.size_of(job_id, word)))
        for task in bits(mask):
            if task >= len(labels):
                continue
            known = gold.labels[task] if gold and task < len(gold.labels) else 0
            other = 1 + dice.below(job.terms.classes) if dice.below(3) == 0 else 1 + task % job.terms.classes
            labels[task] = known if known and dice.below(3) else other
            if not all_labelled and dice.chance(10):
                labels[task] = 0
        if dice.wrong():
            labels[dice.below(len(labels))] = dice.choose((job.terms.classes + 1, 1, 0))
        return bytes(labels)

    def part_of(self, dice: Dice, mask: int) -> int:
        """Some of the tasks, mostly all; now and then others."""
        if dice.wrong():
            return dice.choose((0, mask | 1 << 255, mask << 1 & (1 << 256) - 1, ~mask & 0xFF))
        some = mask & dice.mask() if dice.below(3) == 0 else mask
        return some or mask

    def expert(self, dice: Dice, kind: PanelKind) -> str:
        """One of the job's experts; now and then somebody else."""
        right = [who for who in self.cast.everybody if self.stage.is_expert(kind, who)]
        return dice.pick(right, self.cast.everybody)

    def mistaken(self, dice: Dice, seat: Seat) -> Seat:
        """The seat, now and then not as it was taken."""
        if not dice.wrong():
            return seat
        return dice.choose(
            (
                replace(seat, stake=seat.stake + 1),
                replace(seat, mask=seat.mask ^ 1),
                replace(seat, audit=seat.audit + 1),
                replace(seat, annotator=self.cast.keeper),
            )
        )

    def some_seats(self, dice: Dice, seats: list[Seat]) -> tuple[Seat, ...]:
        """Some of the seats, in their order; now and then in another, one twice, or one that is wrong."""
        first = dice.below(len(seats))
        chosen = seats[: first + 1] if dice.below(3) == 0 else seats
        return self.all_seats(dice, chosen)

    def all_seats(self, dice: Dice, seats: list[Seat]) -> tuple[Seat, ...]:
        """All of the seats; now and then not all, in another order, one twice, or one that is wrong."""
        if dice.wrong() and seats:
            which = dice.below(5)
            spoilt = [
                (*seats, seats[-1]),
                tuple(reversed(seats)),
                tuple(seats[1:]),
                (self.mistaken_for_sure(dice, seats[0]), *seats[1:]),
                (),
            ]
            return tuple(spoilt[which])
        return tuple(seats)

    def mistaken_for_sure(self, dice: Dice, seat: Seat) -> Seat:
        """A seat that was not taken so."""
        labels = bytes(seat.labels or b"\0")
        other = bytes([labels[0] ^ 1]) + labels[1:]
        changes: list[dict[str, Any]] = [{"stake": seat.stake + 1}, {"mask": seat.mask ^ 2}]
        changes.append({"labels": other} if seat.revealed else {"commitment": keccak256(labels)})
        return replace(seat, **dice.choose(changes))

    def other_truth(self, dice: Dice, truth: Truth) -> Truth:
        """What is known, now and then something else."""
        if not dice.wrong():
            return truth
        changes: list[dict[str, Any]] = [
            {"gold": truth.gold ^ 1},
            {"challenged": truth.challenged ^ 1},
            {"decided": truth.decided ^ 1, "verdicts": truth.verdicts or bytes(len(truth.labels))},
            {"labels": bytes([truth.labels[0] ^ 1]) + truth.labels[1:]},
            {"salt": keccak256(truth.salt)},
        ]
        return replace(truth, **dice.choose(changes))

    @staticmethod
    def hash_terms(creator: str, terms: Any) -> bytes:
        """The hash of a job's terms."""
        return consensus_terms_hash(creator, terms)

    @staticmethod
    def run_of(first: int, size: int) -> int:
        """The mask of tasks in a row."""
        return (1 << size) - 1 << first


def bits(mask: int) -> list[int]:
    """The tasks of a mask."""
    return [task for task in range(mask.bit_length()) if mask >> task & 1]
