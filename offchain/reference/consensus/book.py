"""Reference model of the consensus market: what it keeps, the views on it, and the guards that its acts
share.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from offchain.consensus import (
    ConsensusState,
    Matrix,
    Phase,
    WordState,
    answered,
    audit_mask,
    audit_seed,
    padded_length,
    salt_part,
)
from offchain.consensus._commitments import SALT_BITS
from offchain.consensus._labels import CHUNK
from offchain.reference.calls import Call, nested
from offchain.reference.consensus.records import GRACE, Challenge, Job, Seat, Truth, Word, bounty, task_terms
from offchain.reference.governed import Governed
from offchain.reference.journal import Table
from offchain.reference.reputation import Reputation
from offchain.reference.revert import Revert
from offchain.reference.stakes import Split
from offchain.reference.staking import Staking
from offchain.terms import ZERO_HASH

FOREVER = 2**256 - 1


class ConsensusBook(Governed):
    """Jobs, words and seats, with the views on them. Staking and reputation share the model's journal."""

    def __init__(
        self, address: str, owner: str, fee_recipient: str, staking: Staking, reputation: Reputation | None
    ) -> None:
        super().__init__(address, owner, fee_recipient, staking.bank)
        self.staking, self.reputation = staking, reputation
        self.jobs: Table[int, Job | None] = Table(self.journal, None)
        self.words: Table[tuple[int, int], Word] = Table(self.journal, Word())
        self.seats: Table[tuple[int, int, str], Seat | None] = Table(self.journal, None)
        self.scored_words: Table[tuple[int, int], bool] = Table(self.journal, False)
        self.forgotten: Table[tuple[int, str], bool] = Table(self.journal, False)
        self.units: Table[str, int] = Table(self.journal, 0)
        self.fees: Table[tuple[int, str], int] = Table(self.journal, 0)

    # Views

    def job_of(self, job_id: int) -> Job:
        """A job that there is."""
        job = self.jobs[job_id]
        if job is None:
            raise KeyError(f"there is no job {job_id}")
        return job

    def seats_of(self, job_id: int, word: int) -> list[Seat]:
        """All seats that were ever taken on a word, in the order of their annotators."""
        found = [self.seats[job_id, word, annotator] for annotator in self.words[job_id, word].annotators]
        return [seat for seat in found if seat is not None]

    def revealed_seats(self, job_id: int, word: int) -> list[Seat]:
        """Those of them that were revealed."""
        return [seat for seat in self.seats_of(job_id, word) if seat.revealed]

    def live_seats(self, job_id: int, word: int) -> list[Seat]:
        """Those that are not done."""
        return [seat for seat in self.seats_of(job_id, word) if not seat.done]

    def free_tasks(self, job_id: int, word: int, layer: int) -> int:
        """Tasks of a layer that can be taken."""
        job = self.jobs[job_id]
        if job is None or job.state != ConsensusState.OPEN or layer >= job.terms.redundancy:
            return 0
        return job.tasks_in(word) & ~self.words[job_id, word].taken(layer)

    def gold(self, job_id: int) -> tuple[int, ...]:
        """Known tasks of a job's scored words by class."""
        job = self.jobs[job_id]
        counts = [0] * (job.terms.classes if job else 0)
        for word in job.words if job else ():
            truth = self.words[job_id, word].truth if self.scored_words[job_id, word] else None
            for label in truth.known().values() if truth else ():
                counts[label] += 1
        return tuple(counts)

    def opened(self, job: Job, job_id: int) -> int:
        """Words of a job whose gold is open."""
        return sum(self.words[job_id, word].truth is not None for word in job.words)

    def is_opened(self, job_id: int) -> bool:
        """Whether all gold is open that has to be."""
        job = self.job_of(job_id)
        return self.opened(job, job_id) == len(job.words)

    def scored(self, job: Job, job_id: int) -> int:
        """Words that were scored; a settled one only if it was scored before."""
        return sum(self.scored_words[job_id, word] for word in job.words)

    def matrix_of(self, job_id: int, account: str) -> Matrix:
        """How an account did in the words of a job that are scored, until the job's last seat is done."""
        job = self.job_of(job_id)
        matrix = Matrix(job.terms.classes)
        if self.forgotten[job_id, account]:
            return matrix
        for word in job.words:
            seat = self.seats[job_id, word, account]
            if self.scored_words[job_id, word] and seat is not None and seat.labels is not None:
                matrix = matrix.plus(self.marks(job_id, word, seat))
        return matrix

    def marks(self, job_id: int, word: int, seat: Seat) -> list[tuple[int, int | None]]:
        """Truth and answer of the known tasks of a revealed seat."""
        truth = self.words[job_id, word].truth
        labels = seat.labels or b""
        known = truth.known() if truth else {}
        return [
            (of, labels[task] - 1 if labels[task] else None)
            for task, of in known.items()
            if seat.mask >> task & 1
        ]

    def balance(self, job_id: int) -> int:
        """What is left of the creator's deposit for labels."""
        job = self.jobs[job_id]
        return bounty(job) - job.spent if job and job.state == ConsensusState.OPEN else 0

    def budget(self, job_id: int) -> int:
        """What is left for experts."""
        job = self.jobs[job_id]
        return job.terms.expert_budget - job.experts if job and job.state == ConsensusState.OPEN else 0

    def bonds(self, job_id: int) -> int:
        """What challengers of a job have deposited."""
        job = self.job_of(job_id)
        challenged = sum(
            challenge.mask.bit_count()
            for word in job.words
            for challenge in self.words[job_id, word].challenges
            if challenge.open
        )
        return challenged * job.terms.challenge_bond

    def owed(self) -> Iterator[tuple[str, int]]:
        """(token, base units) that each job holds."""
        for job_id, job in self.jobs.items():
            if job is not None:
                total = self.balance(job_id) + self.budget(job_id) + self.bonds(job_id)
                yield job.terms.token, total

    def locked(self, account: str) -> int:
        """The stakes of an account's seats that are not done, base units."""
        return sum(
            seat.stake
            for (_, _, annotator), seat in self.seats.items()
            if seat is not None and annotator == account and not seat.done
        )

    def salt_sum(self, job_id: int, word: int) -> int:
        """What a word keeps of the revealed salts."""
        revealed = self.revealed_seats(job_id, word)
        return sum(salt_part(seat.salt) for seat in revealed) % (1 << SALT_BITS)

    def audit_of(self, job_id: int, word: int, seat: Seat, gold_salt: bytes) -> int:
        """Tasks of a seat that are drawn for an audit."""
        salts = [revealed.salt for revealed in self.revealed_seats(job_id, word)]
        return audit_mask(audit_seed(gold_salt, salts), seat.annotator, seat.mask, seat.audit)

    def seat_digest(self, job_id: int, word: int, account: str) -> bytes:
        """What the contract keeps of an account's seat."""
        seat = self.seats[job_id, word, account]
        return ZERO_HASH if seat is None else seat.digest(self.job_of(job_id).terms.panel_kind)

    # Guards

    def _open_job(self, job_id: int) -> Job:
        job = self.jobs[job_id]
        if job is None or job.state != ConsensusState.OPEN:
            raise Revert("WrongJobState", job_id, ConsensusState.NONE if job is None else job.state)
        return job

    @staticmethod
    def _require_between(opens: int, closes: int, now: int) -> None:
        if not opens < now <= closes:
            raise Revert("OutsidePhase", opens, closes, now)

    def _require_in(self, job: Job, phase: Phase, now: int) -> None:
        opens = job.terms.seats_until if phase == Phase.REVEAL else job.terms.end(Phase(phase - 1))
        self._require_between(opens, job.terms.end(phase), now)

    def _require_opened(self, job_id: int) -> None:
        if not self.is_opened(job_id):
            job = self.job_of(job_id)
            raise Revert("GoldNotOpened", self.opened(job, job_id), len(job.words))

    def _require_truth(self, job_id: int, word: int, truth: Truth) -> None:
        kept = self.words[job_id, word]
        if kept.state == WordState.SETTLED or truth != kept.truth:
            raise Revert("WrongTruth", job_id, word)

    def _require_seat(self, job_id: int, word: int, seat: Seat, *, revealed: bool) -> Seat:
        """The kept seat that is like `seat` in everything that its digest tells."""
        kept = self.seats[job_id, word, seat.annotator]
        fits = kept is not None and not kept.done and kept.revealed == revealed
        if kept is None or not fits or not kept.same(seat) or kept.content != seat.content:
            raise Revert("WrongSeat", job_id, word, seat.annotator)
        return kept

    def _require_revealed_seats(self, job_id: int, word: int, seats: Sequence[Seat]) -> None:
        last = 0
        for index, seat in enumerate(seats):
            if int(seat.annotator, 16) <= last:
                raise Revert("SeatsNotSorted", index)
            last = int(seat.annotator, 16)
            self._require_seat(job_id, word, seat, revealed=True)

    def _require_all_revealed(self, job_id: int, word: int, seats: Sequence[Seat]) -> None:
        revealed = len(self.revealed_seats(job_id, word))
        if len(seats) != revealed:
            raise Revert("SeatsMissing", revealed, len(seats))
        self._require_revealed_seats(job_id, word, seats)

    @staticmethod
    def _check_labels(labels: bytes, size: int, classes: int) -> int:
        """The tasks that have a label; a wrong one is found among 32."""
        if len(labels) != size:
            raise Revert("BadLabels", len(labels))
        for task, label in enumerate(labels):
            if label > classes:
                raise Revert("BadLabels", task // CHUNK * CHUNK)
        return answered(labels)

    @staticmethod
    def _require_within(word: int, labelled: int, allowed: int) -> None:
        if labelled & ~allowed:
            raise Revert("TasksNotLabelled", word, labelled, allowed)

    @staticmethod
    def _require_exactly(word: int, labelled: int, mask: int) -> None:
        if labelled != mask:
            raise Revert("TasksNotLabelled", word, labelled, mask)

    def _labels_length(self, job: Job, word: int) -> int:
        left = job.terms.task_count - 256 * word
        return padded_length(min(left, 256))

    # Changes

    def _change_word(self, job_id: int, word: int, **changes: object) -> Word:
        changed = replace(self.words[job_id, word], **changes)  # type: ignore[arg-type]
        self.words[job_id, word] = changed
        return changed

    def _finish_seats(self, job_id: int, word: int, seats: Iterable[Seat]) -> None:
        for seat in seats:
            kept = self.seats[job_id, word, seat.annotator]
            if kept is not None:
                self.seats[job_id, word, seat.annotator] = replace(kept, done=True)

    def _put_challenge(self, job_id: int, word: int, index: int, challenge: Challenge) -> None:
        challenges = list(self.words[job_id, word].challenges)
        challenges[index:] = [challenge, *challenges[index + 1 :]]
        self._change_word(job_id, word, challenges=tuple(challenges))

    @staticmethod
    def lock_end(job: Job) -> int:
        """The last second for which the stakes of a job's seats are locked."""
        return job.terms.end(Phase.SETTLE) + GRACE

    def _release(self, call: Call, job: Job, annotator: str, stake: int, slashed: int) -> None:
        """End the lock of a seat that is done; after the end of all locks the stake is left alone."""
        if call.now > self.lock_end(job):
            return
        market = Call(self.address, call.now)
        if slashed:
            split = Split(burn=slashed, payee=self.address)
            nested(self.effects, self.staking, Staking.slash, market, annotator, split)
        if slashed != stake:
            nested(self.effects, self.staking, Staking.unlock, market, annotator, stake - slashed)

    def word_terms(self, job: Job, word: int) -> tuple[int, int, int]:
        """Full pay, fee and least stake of a task of the word."""
        return task_terms(job.terms, word)
