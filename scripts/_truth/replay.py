"""One draw of a set through the deployed contracts: real workers are annotators. Every label, payment and
slash is compared with the reference model, and labels with what the draw says without a chain.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any

from offchain.consensus import (
    WORD,
    ConsensusTerms,
    GoldTree,
    GoldWord,
    decode_labels,
    encode_labels,
)
from offchain.hashing import keccak256
from offchain.reference.consensus import LabelConsensus, Seat
from offchain.reference.consensus.terms import least_stake
from scripts._chain.consensus_job import JobPlace, openings
from scripts._truth.arrange import Arrangement, Place
from scripts._truth.crowd import Crowd
from scripts._truth.stage import DAY, Stage
from scripts._truth.trial import BPS, DEFAULTS, Trial

PAY = 1_000_003
"""Of a label, base units; odd, so that roundings are not all zero."""
RULE = "weighted"
OPENINGS = 8
"""Words whose gold is opened in one transaction."""


class Replay:
    """A job. `known` are the questions that are gold."""

    def __init__(
        self, stage: Stage, crowd: Crowd, arrangement: Arrangement, known: frozenset[int], seed: int
    ) -> None:
        self.stage, self.crowd, self.arrangement, self.known = stage, crowd, arrangement, known
        self.seed = f"{seed} {crowd.name}"
        self.accounts = {
            worker: stage.annotator(f"{self.seed} worker {worker}") for worker in range(crowd.workers)
        }
        self.job_id = 1
        self.place = JobPlace(stage.chain.chain_id, stage.market.address, self.job_id)

    def run(self, progress: Callable[[str], None]) -> dict[str, Any]:
        """All phases; what came out."""
        steps = (self.create, self.seat, self.reveal, self.open_gold, self.score, self.settle, self.close)
        for step in steps:
            progress(f"replaying {self.crowd.name}: {step.__name__.replace('_', ' ')}")
            step()
        self.compare()
        return self.report()

    # --- what the job consists of ---

    @cached_property
    def answers(self) -> tuple[dict[int, int], ...]:
        """The answers that have a seat."""
        found: list[dict[int, int]] = [{} for _ in self.crowd.answers]
        for place in self.arrangement.places:
            for bit, question in enumerate(self.arrangement.words[place.word]):
                if place.mask >> bit & 1:
                    found[question][place.worker] = self.crowd.answers[question][place.worker]
        return tuple(found)

    @cached_property
    def gold(self) -> GoldTree:
        """The creator's secret."""
        return GoldTree({word: self._gold_word(word) for word in range(len(self.arrangement.words))})

    @cached_property
    def terms(self) -> ConsensusTerms:
        """The defaults, but for gold: it is drawn from the whole set, so a word may have less than its
        share.
        """
        stage, words = self.stage, self.arrangement.words
        tasks = WORD * (len(words) - 1) + len(words[-1])
        share = min(
            gold.mask.bit_count() * BPS // min(WORD, tasks - WORD * word)
            for word, gold in self.gold.words.items()
        )
        common: dict[str, Any] = {
            "token": stage.token.address,
            "pay": PAY,
            "task_count": tasks,
            "redundancy": self.arrangement.redundancy,
            "classes": self.crowd.classes,
            "min_seat": self.arrangement.min_seat,
            "accept_bps": DEFAULTS.accept_bps,
            "gold_bps": share,
            "slope_bps": DEFAULTS.slope_bps,
            "seats_until": stage.now + 2 * DAY,
            "windows": (2 * DAY, 2 * DAY, 0, 0, 2 * DAY, 2 * DAY),
            "rule": stage.rules[RULE].address,
            "gold_root": self.gold.root,
            "data_root": keccak256(self.seed.encode()),
            "data_length": 123_456_789,
            "instructions_hash": keccak256(b"instructions"),
        }
        stake = least_stake(ConsensusTerms(**common, stake=0), stage.token.address)
        return ConsensusTerms(**common, stake=stake)

    @cached_property
    def seats(self) -> dict[int, list[Seat]]:
        """By word, the seats as they are revealed, in the order in which they are taken."""
        found: dict[int, list[Seat]] = defaultdict(list)
        for place in self.arrangement.places:
            found[place.word].append(self._seat(place))
        return found

    def _gold_word(self, word: int) -> GoldWord:
        questions = self.arrangement.words[word]
        bits = {bit: self.crowd.truth[one] for bit, one in enumerate(questions) if one in self.known}
        labels = encode_labels(bits, self._size(word), self.crowd.classes)
        return GoldWord(sum(1 << bit for bit in bits), labels, self._salt("gold", word))

    def _size(self, word: int) -> int:
        """Tasks of a word, those without question included."""
        last = len(self.arrangement.words) - 1
        return len(self.arrangement.words[word]) if word == last else WORD

    def _salt(self, *parts: object) -> bytes:
        return keccak256(" ".join(map(str, (self.seed, *parts))).encode())

    def _seat(self, place: Place) -> Seat:
        questions = self.arrangement.words[place.word]
        given = {
            bit: self.crowd.answers[question][place.worker]
            for bit, question in enumerate(questions)
            if place.mask >> bit & 1
        }
        labels = encode_labels(given, self._size(place.word), self.crowd.classes)
        account, salt = self.accounts[place.worker], self._salt(place.word, place.worker)
        stake = self.terms.stake * place.mask.bit_count()
        return self.place.seat(
            account, place.mask, labels, salt, word=place.word, layer=place.layer, stake=stake
        )

    # --- acts ---

    def create(self) -> None:
        """The job is opened."""
        stage, terms = self.stage, self.terms
        digest = stage.view("hashTerms", stage.creator, terms.struct(), [])
        stage.do(LabelConsensus.create_job, (terms, digest), stage.creator, "createJob", (terms.struct(), []))

    def seat(self) -> None:
        """Every worker takes his seats."""
        for word, seat in self._each_seat():
            asked = self.place.request(seat, word=word)
            self.stage.do(LabelConsensus.seat, (asked,), seat.annotator, "seat", (asked.struct(), b""))

    def reveal(self) -> None:
        """And tells his labels."""
        self.stage.wait_until(self.terms.seats_until + 1)
        for word, seat in self._each_seat():
            args = (self.job_id, word, seat.struct(), seat.labels, seat.salt)
            told = (self.job_id, word, seat)
            self.stage.do(LabelConsensus.reveal, told, seat.annotator, "reveal", args)

    def open_gold(self) -> None:
        """The creator opens all gold, some words at a time."""
        self._wait_for(1)
        every = openings(self.gold)
        for first in range(0, len(every), OPENINGS):
            some = every[first : first + OPENINGS]
            told, args = (self.job_id, some), (self.job_id, [one.struct() for one in some])
            self.stage.do(LabelConsensus.open_gold, told, self.stage.creator, "openGold", args)

    def score(self) -> None:
        """Gold counts in everybody's matrix."""
        self._wait_for(2)
        self._for_words(LabelConsensus.score, "score")

    def settle(self) -> None:
        """Labels, pay, slashes."""
        self._for_words(LabelConsensus.settle, "settle")

    def close(self) -> None:
        """The creator takes back what nobody earned for want of a seat."""
        stage = self.stage
        stage.wait_until(self.terms.seats_until + 9 * DAY)
        stage.do(LabelConsensus.close, (self.job_id,), stage.creator, "close", (self.job_id,))

    def _wait_for(self, windows: int) -> None:
        self.stage.wait_until(self.terms.seats_until + 2 * windows * DAY + 1)

    def _each_seat(self) -> Iterator[tuple[int, Seat]]:
        for word, seats in sorted(self.seats.items()):
            for seat in seats:
                yield word, seat

    def _for_words(self, act: Any, function: str) -> None:
        stage = self.stage
        for word in sorted(self.seats):
            truth = stage.model.words[self.job_id, word].truth
            seats = stage.model.revealed_seats(self.job_id, word)
            structs = [seat.revealed_struct() for seat in seats]
            args = (self.job_id, word, truth.struct(), structs)
            stage.do(act, (self.job_id, word, truth, seats), stage.owner, function, args)

    # --- what came out ---

    def compare(self) -> None:
        """What is not in the logs: matrices, money, and the labels that the draw has without a chain."""
        stage, token = self.stage, self.stage.token
        for account in (*self.accounts.values(), stage.creator, stage.sink, stage.market.address):
            kept = stage.model.matrix_of(self.job_id, account).pack()
            found = stage.view("matrixOf", self.job_id, account)
            stage.compare(f"matrix of {account}", list(found)[: len(kept)], list(kept))
            balance = stage.chain.read(token, "balanceOf", account)
            stage.compare(f"money of {account}", balance, stage.model.bank.balances[token.address, account])
        trial = Trial(self.crowd, self.arrangement.words, self.answers, self.known, DEFAULTS)
        stage.compare("labels", self.labels, trial.labels(RULE, DEFAULTS.accept_bps))

    @cached_property
    def labels(self) -> dict[int, int | None]:
        """By question, the class that the market accepted."""
        found: dict[int, int | None] = {}
        for word, questions in enumerate(self.arrangement.words):
            accepted = decode_labels(self.stage.model.words[self.job_id, word].labels)
            found |= {question: accepted.get(bit) for bit, question in enumerate(questions)}
        return found

    def report(self) -> dict[str, Any]:
        """For out/truth.json. Gas is of all the job's transactions, per revealed label."""
        stage = self.stage
        labels = sum(map(len, self.answers))
        asked = [question for question in self.labels if question not in self.known]
        accepted = [question for question in asked if self.labels[question] is not None]
        right = sum(self.labels[question] == self.crowd.truth[question] for question in accepted)
        gas = sum(stage.gas.values())
        return {
            "rule": RULE,
            "answers": labels,
            "dropped": self.arrangement.dropped,
            "layers": self.arrangement.redundancy,
            "least_seat": self.arrangement.min_seat,
            "words": len(self.arrangement.words),
            "seats": len(self.arrangement.places),
            "gold": len(self.known),
            "transactions": sum(stage.transactions.values()),
            "gas": gas,
            "gas_per_label": round(gas / labels, 1),
            "gas_by_act": dict(stage.gas),
            "accuracy": round(100 * right / max(1, len(accepted)), 2),
            "resolved": round(100 * len(accepted) / len(asked), 2),
            "differences": len(stage.differences),
            "first_differences": stage.differences[:5],
        }
