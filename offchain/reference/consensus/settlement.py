"""Reference model of the consensus market: labels, pay and slashes, and the end of a job."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from offchain.consensus import (
    WHOLE,
    Ballot,
    ConsensusState,
    Merit,
    PanelKind,
    Phase,
    Rule,
    WordState,
    answered,
    is_measured,
    merged,
    merit_of,
)
from offchain.reference.calls import Call, Consent, act, nested
from offchain.reference.consensus.book import FOREVER
from offchain.reference.consensus.records import BPS, Job, Seat, Truth, task_terms
from offchain.reference.consensus.truth import ConsensusTruth
from offchain.reference.reputation import CLASSES, Reputation, pack
from offchain.reference.revert import Revert
from offchain.terms import ZERO_HASH


@dataclass(frozen=True)
class Due:
    """What a seat gets, what it loses, and what it takes out of the job, base units."""

    paid: int
    slashed: int
    whole: int


class ConsensusSettlement(ConsensusTruth):
    """The last acts. `rules` are the rules' contracts by address."""

    rules: dict[str, Rule]

    @act
    def settle(self, call: Call, job_id: int, word: int, truth: Truth, seats: Sequence[Seat]) -> None:
        """Decide a word, and pay for it."""
        self._settle(call, job_id, word, truth, seats)

    @act
    def score_and_settle(
        self, call: Call, job_id: int, word: int, truth: Truth, seats: Sequence[Seat]
    ) -> None:
        """Both at once."""
        self._score(call, job_id, word, truth, seats)
        self._settle(call, job_id, word, truth, seats)

    @act
    def expire(self, call: Call, job_id: int, word: int, seats: Sequence[Seat]) -> None:
        """Pay seats in full that nobody settled."""
        job = self._open_job(job_id)
        self._require_between(job.terms.end(Phase.SETTLE), FOREVER, call.now)
        self._require_revealed_seats(job_id, word, seats)
        dues, _ = self._bill(job, job_id, word, seats, [WHOLE] * len(seats))
        self._disburse(call, job, job_id, seats, dues)

    @act
    def resolve(  # noqa: PLR0913, PLR0917 - as declared
        self,
        call: Call,
        job_id: int,
        word: int,
        mask: int,
        verdicts: bytes,
        labels: bytes,
        *,
        expert: bool = True,
    ) -> None:
        """Label what annotators left open."""
        self._resolve(call, call.sender, job_id, word, mask, verdicts, labels, expert=expert)

    @act
    def resolve_by_sig(  # noqa: PLR0913, PLR0917 - as declared
        self,
        call: Call,
        job_id: int,
        word: int,
        mask: int,
        verdicts: bytes,
        labels: bytes,
        consent: Consent,
        *,
        expert: bool = True,
    ) -> None:
        """The same in the signer's name."""
        self._authorize(call, consent)
        self._resolve(call, consent.signer, job_id, word, mask, verdicts, labels, expert=expert)

    @act
    def close(self, call: Call, job_id: int) -> None:
        """End a job in which no seat is live."""
        job = self._open_job(job_id)
        live = sum(bool(self.live_seats(job_id, word)) for word in job.words)
        if live:
            raise Revert("SeatsLive", job_id, live)
        if call.sender != job.creator or job.words:
            self._require_between(self.close_time(job_id), FOREVER, call.now)
        refund = self.balance(job_id) + self.budget(job_id)
        self.jobs[job_id] = replace(job, state=ConsensusState.CLOSED)
        self._emit("JobEnded", jobId=job_id, refunded=refund)
        self._pay(job.terms.token, job.creator, refund)

    def close_time(self, job_id: int) -> int:
        """The last second at which a job with nothing live is not over yet."""
        job = self.job_of(job_id)
        unresolved = any(self.words[job_id, word].unresolved for word in job.words)
        if unresolved and job.terms.panel_kind != PanelKind.NONE:
            return self.resolve_end(job)
        return job.terms.seats_until

    @staticmethod
    def resolve_end(job: Job) -> int:
        """The last second in which experts can label."""
        return job.terms.end(Phase.SETTLE) + job.terms.windows[Phase.EXPERT]

    def settle_start(self, job: Job, job_id: int) -> int:
        """The last second before a word can be settled."""
        if not self.is_opened(job_id):
            return job.terms.end(Phase.GOLD)
        if self.scored(job, job_id) == len(job.words):
            return job.terms.end(Phase.EXPERT)
        return job.terms.end(Phase.SCORE)

    # Inside

    def _settle(self, call: Call, job_id: int, word: int, truth: Truth, seats: Sequence[Seat]) -> None:
        job = self._open_job(job_id)
        self._require_settling(call, job, job_id)
        kept = self.words[job_id, word]
        if kept.state == WordState.SETTLED:
            raise Revert("WrongWordState", job_id, word, kept.state)
        if kept.open_challenges:
            raise Revert("ChallengesOpen", job_id, word, kept.open_challenges)
        self._require_all_revealed(job_id, word, seats)
        gold = self.gold(job_id)
        measured = kept.state == WordState.SCORED and is_measured(gold)
        recorded = measured and job.terms.domain != ZERO_HASH
        if recorded:
            self._require_truth(job_id, word, truth)
        matrices = [self.matrix_of(job_id, seat.annotator) for seat in seats]
        merits = [merit_of(matrix, gold, job.terms.slope_bps) if measured else WHOLE for matrix in matrices]
        dues, withheld = self._bill(job, job_id, word, seats, merits)
        ballot = Ballot(
            job.terms.classes,
            job.terms.accept_bps,
            gold,
            tuple(matrices),
            tuple(seat.labels or b"" for seat in seats),
        )
        self._decide_labels(job, job_id, word, ballot, withheld)
        if recorded:
            self._record(call, job, job_id, word, seats)
        self._disburse(call, job, job_id, seats, dues)

    def _require_settling(self, call: Call, job: Job, job_id: int) -> None:
        self._require_between(self.settle_start(job, job_id), job.terms.end(Phase.SETTLE), call.now)

    def _bill(
        self, job: Job, job_id: int, word: int, seats: Sequence[Seat], merits: Sequence[Merit]
    ) -> tuple[list[Due], int]:
        """What every seat is due, and what goes to the sink."""
        if not seats:
            raise Revert("NothingToDo")
        pay, fee, _ = task_terms(job.terms, word)
        dues = []
        for seat, merit in zip(seats, merits, strict=True):
            due = Due(merit.pay(seat.tasks * pay), merit.slash(seat.stake), seat.tasks * (pay + fee))
            dues.append(due)
            self.fees[job_id, seat.annotator] += merit.pay(seat.tasks * fee)
            self._emit(
                "SeatSettled",
                jobId=job_id,
                word=word,
                annotator=seat.annotator,
                paid=due.paid,
                slashed=due.slashed,
            )
        self._finish_seats(job_id, word, seats)
        whole = sum(due.whole for due in dues)
        withheld = whole - sum(due.paid for due in dues)
        self.jobs[job_id] = self.job_of(job_id).plus(spent=whole)
        self._credit(job.terms.token, self.fee_recipient, withheld)
        return dues, withheld

    def _decide_labels(self, job: Job, job_id: int, word: int, ballot: Ballot, withheld: int) -> None:
        verdict = self.rules[job.terms.rule](ballot)
        labels, tasks = verdict.labels, job.tasks_in(word)
        accepted = answered(labels)
        noisy = accepted.bit_count() * BPS < verdict.voted.bit_count() * job.terms.noise_bps
        if noisy:
            labels, accepted = bytes(len(labels)), 0
        unresolved = tasks & ~accepted
        self._change_word(job_id, word, state=WordState.SETTLED, labels=labels, unresolved=unresolved)
        self._emit(
            "WordSettled",
            jobId=job_id,
            word=word,
            labels=labels,
            unresolved=unresolved,
            noisy=noisy,
            withheld=withheld,
        )

    def _record(self, call: Call, job: Job, job_id: int, word: int, seats: Sequence[Seat]) -> None:
        reputation = self.reputation
        if not job.unit or reputation is None or not reputation.writers[self.address]:
            return
        fee = task_terms(job.terms, word).fee
        for seat in seats:
            marks = self.marks(job_id, word, seat)
            if not marks or len(marks) * job.unit > seat.tasks * fee:
                continue
            asked = [sum(of == number for of, _ in marks) for number in range(CLASSES)]
            right = [sum(of == answer == number for of, answer in marks) for number in range(CLASSES)]
            answers = pack(zip(right, asked, strict=True))
            writer = Call(self.address, call.now)
            args = (seat.annotator, job.terms.domain, answers)
            nested(self.effects, reputation, Reputation.record, writer, *args)

    def _disburse(
        self, call: Call, job: Job, job_id: int, seats: Sequence[Seat], dues: Sequence[Due]
    ) -> None:
        # The model has no gas: nobody in it burns so much that the pay of others becomes a credit.
        over = not any(self.live_seats(job_id, word) for word in job.words)
        for seat, due in zip(seats, dues, strict=True):
            if over:
                self.forgotten[job_id, seat.annotator] = True
            self._release(call, job, seat.annotator, seat.stake, due.slashed)
            self._pay(job.terms.token, seat.annotator, due.paid)

    def _resolve(  # noqa: PLR0913, PLR0917 - as declared
        self,
        call: Call,
        account: str,
        job_id: int,
        word: int,
        mask: int,
        verdicts: bytes,
        labels: bytes,
        *,
        expert: bool,
    ) -> None:
        job, kept = self._open_job(job_id), self.words[job_id, word]
        self._require_between(0, self.resolve_end(job), call.now)
        if kept.state != WordState.SETTLED:
            raise Revert("WrongWordState", job_id, word, kept.state)
        self._require_expert(job, job_id, word, account, expert=expert)
        if labels != kept.labels:
            raise Revert("WrongTruth", job_id, word)
        if not mask or mask & ~kept.unresolved:
            raise Revert("TasksNotAvailable", word, mask, kept.unresolved)
        labelled = self._check_labels(verdicts, len(labels), job.terms.classes)
        self._require_exactly(word, labelled, mask)
        fee = self._take_fee(job, job_id, mask)
        self._change_word(job_id, word, labels=merged(labels, verdicts), unresolved=kept.unresolved & ~mask)
        self._emit(
            "TasksResolved", jobId=job_id, word=word, expert=account, mask=mask, labels=verdicts, fee=fee
        )
        self._pay(job.terms.token, account, fee)
