"""The fold of the consensus market's events: jobs, and what becomes of their words and seats."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from offchain.consensus import ConsensusState, ConsensusTerms, PanelKind, WordState, merged
from offchain.hashing import keccak256
from offchain.indexer._base import Args, ContractFold
from offchain.reference.consensus.records import Challenge, Seat, Truth, inherited_tasks
from offchain.terms import ZERO_HASH, solidity_name


@dataclass
class IndexedWord:
    """A word that has, or had, seats. `labels` and the mask `unresolved` are known once it is settled;
    `outcomes` are (paid, slashed) in base units by annotator, of seats that are done.
    """

    seats: dict[str, Seat] = field(default_factory=dict)
    truth: Truth | None = None
    challenges: list[Challenge] = field(default_factory=list)
    state: WordState = WordState.OPEN
    scored: bool = False
    labels: bytes = b""
    unresolved: int = 0
    outcomes: dict[str, tuple[int, int]] = field(default_factory=dict)

    def revealed(self) -> list[Seat]:
        """Revealed seats in the order that the market wants: ascending by annotator."""
        return [seat for seat in self._sorted() if seat.revealed]

    def live(self) -> list[Seat]:
        """Seats that are not done, in the same order."""
        return [seat for seat in self._sorted() if not seat.done]

    def open_challenges(self) -> Iterator[tuple[int, Challenge]]:
        """Challenges whose bonds are held, by their index."""
        return ((index, one) for index, one in enumerate(self.challenges) if one.open)

    def taken(self, layer: int) -> int:
        """The tasks of a layer that are taken."""
        union = 0
        for seat in self.seats.values():
            union |= seat.mask if seat.layer == layer else 0
        return union

    def digest(self) -> bytes:
        """What the market keeps of it, 32 bytes."""
        if self.state == WordState.SETTLED:
            return keccak256(self.labels)
        return ZERO_HASH if self.truth is None else self.truth.digest()

    def _sorted(self) -> list[Seat]:
        return sorted(self.seats.values(), key=lambda seat: int(seat.annotator, 16))


@dataclass
class IndexedConsensusJob:
    """A job. `tasks` are the masks of its words, `words` those that have, or had, seats; `funded` and
    `refunded` are base units of the terms' token.
    """

    job_id: int
    creator: str
    terms: ConsensusTerms
    terms_hash: bytes
    tasks: tuple[int, ...]
    funded: int
    state: ConsensusState = ConsensusState.OPEN
    refunded: int = 0
    words: dict[int, IndexedWord] = field(default_factory=dict)

    @property
    def is_opened(self) -> bool:
        """Whether all gold is open that has to be."""
        return all(word.truth is not None for word in self.words.values())

    def free_tasks(self, word: int, layer: int) -> int:
        """The tasks of a layer of a word that can be taken."""
        if self.state != ConsensusState.OPEN or word >= len(self.tasks) or layer >= self.terms.redundancy:
            return 0
        return self.tasks[word] & ~self.words.get(word, IndexedWord()).taken(layer)

    def seat_digest(self, word: int, account: str) -> bytes:
        """What the market keeps of an account's seat, 32 bytes."""
        seat = self.words.get(word, IndexedWord()).seats.get(account)
        return ZERO_HASH if seat is None else seat.digest(self.terms.panel_kind)


class ConsensusIndexer(ContractFold):
    """The state of a consensus market, rebuilt from its events alone."""

    def __init__(self, market: str) -> None:
        super().__init__(market)
        self.jobs: dict[int, IndexedConsensusJob] = {}
        self.units: dict[str, int] = {}
        self._handlers |= {
            "JobOpened": self._job_opened,
            "JobEnded": self._job_ended,
            "SeatTaken": self._seat_taken,
            "LabelsRevealed": self._labels_revealed,
            "GoldOpened": self._gold_opened,
            "GoldChallenged": self._gold_challenged,
            "TruthDecided": self._truth_decided,
            "ChallengeEnded": self._challenge_ended,
            "WordScored": self._word_scored,
            "SeatSettled": self._seat_settled,
            "SilentSlashed": self._silent_slashed,
            "WordSettled": self._word_settled,
            "TasksResolved": self._tasks_resolved,
            "UnitSet": self._unit_set,
        }

    # Jobs

    def _job_opened(self, args: Args) -> None:
        terms = consensus_terms_of(args)
        self.jobs[args["jobId"]] = IndexedConsensusJob(
            args["jobId"], args["creator"], terms, args["termsHash"], self.tasks_of(terms), args["funded"]
        )

    def tasks_of(self, terms: ConsensusTerms) -> tuple[int, ...]:
        """The masks of the words that a job with these terms would have: with a parent, what that left
        unresolved. Raises KeyError for a parent that there is not.
        """
        return inherited_tasks(terms, lambda job_id: self.jobs[job_id].terms.parent, self._left)

    def _left(self, job_id: int, word: int) -> int | None:
        kept = self.jobs[job_id].words.get(word)
        return kept.unresolved if kept and kept.state == WordState.SETTLED else None

    def _job_ended(self, args: Args) -> None:
        job = self.jobs[args["jobId"]]
        job.state, job.refunded = ConsensusState.CLOSED, args["refunded"]

    def _unit_set(self, args: Args) -> None:
        self.units[args["token"]] = args["unit"]

    # Seats

    def _seat_taken(self, args: Args) -> None:
        names = ("annotator", "mask", "stake", "audit", "layer", "commitment")
        seat = Seat(*(args[name] for name in names))
        word = self.jobs[args["jobId"]].words.setdefault(args["word"], IndexedWord())
        word.seats[seat.annotator] = seat

    def _labels_revealed(self, args: Args) -> None:
        self._change_seat(args, labels=args["labels"], salt=args["salt"])

    def _seat_settled(self, args: Args) -> None:
        self._change_seat(args, done=True)
        self._word(args).outcomes[args["annotator"]] = (args["paid"], args["slashed"])

    def _silent_slashed(self, args: Args) -> None:
        self._change_seat(args, done=True)
        self._word(args).outcomes[args["annotator"]] = (0, args["slashed"])

    # Truth

    def _gold_opened(self, args: Args) -> None:
        self._word(args).truth = Truth(args["mask"], args["labels"], args["salt"])

    def _gold_challenged(self, args: Args) -> None:
        word, truth = self._known(args)
        word.challenges.append(Challenge(args["challenger"], args["mask"]))
        word.truth = replace(truth, challenged=truth.challenged | args["mask"])

    def _truth_decided(self, args: Args) -> None:
        word, truth = self._known(args)
        verdicts = merged(truth.verdicts, args["verdicts"]) if truth.decided else args["verdicts"]
        word.truth = replace(truth, decided=truth.decided | args["mask"], verdicts=verdicts)

    def _challenge_ended(self, args: Args) -> None:
        challenges = self._word(args).challenges
        challenges[args["index"]] = replace(challenges[args["index"]], open=False)

    def _word_scored(self, args: Args) -> None:
        word = self._word(args)
        word.state, word.scored = WordState.SCORED, True

    # Labels

    def _word_settled(self, args: Args) -> None:
        word = self._word(args)
        word.state, word.labels, word.unresolved = WordState.SETTLED, args["labels"], args["unresolved"]

    def _tasks_resolved(self, args: Args) -> None:
        word = self._word(args)
        word.labels = merged(word.labels, args["labels"])
        word.unresolved &= ~args["mask"]

    # Inside

    def _word(self, args: Args) -> IndexedWord:
        return self.jobs[args["jobId"]].words[args["word"]]

    def _known(self, args: Args) -> tuple[IndexedWord, Truth]:
        word = self._word(args)
        if word.truth is None:
            raise KeyError(f"gold of word {args['word']}")
        return word, word.truth

    def _change_seat(self, args: Args, **changes: Any) -> None:
        seats = self._word(args).seats
        seats[args["annotator"]] = replace(seats[args["annotator"]], **changes)


def consensus_terms_of(args: Mapping[str, Any]) -> ConsensusTerms:
    """The terms in a `JobOpened` event."""
    names = {solidity_name(name): name for name in ConsensusTerms.__dataclass_fields__}
    values = {names[key]: value for key, value in args["terms"].items()}
    values["windows"] = tuple(values["windows"])
    values["panel_kind"] = PanelKind(values["panel_kind"])
    return ConsensusTerms(**values, word_classes=tuple(args["wordClasses"]))
