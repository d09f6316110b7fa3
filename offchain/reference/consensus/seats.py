"""Reference model of the consensus market: seats, what they reveal, and what becomes of those who do not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from offchain.consensus import PanelKind, Phase, account_panel
from offchain.reference.calls import Call, Consent, act, nested
from offchain.reference.consensus.book import FOREVER, ConsensusBook
from offchain.reference.consensus.records import BPS, Job, Seat, SeatRequest, task_terms
from offchain.reference.reputation import risk
from offchain.reference.revert import Revert
from offchain.reference.staking import Staking
from offchain.terms import ZERO_ADDRESS, ZERO_HASH

AUDIT_UNIT = 256


class ConsensusSeats(ConsensusBook):
    """Acts of annotators before anything is known."""

    @act
    def seat(self, call: Call, request: SeatRequest, *, admitted: bool = True) -> None:
        """Take a seat; `admitted` is what the job's hook says, if it has one."""
        self._require_running()
        self._seat(call, call.sender, request, admitted=admitted)

    @act
    def seat_by_sig(
        self, call: Call, request: SeatRequest, consent: Consent, *, admitted: bool = True
    ) -> None:
        """The same in the signer's name."""
        self._require_running()
        self._authorize(call, consent)
        self._seat(call, consent.signer, request, admitted=admitted)

    @act
    def reveal(self, call: Call, job_id: int, word: int, seat: Seat) -> None:
        """Tell the labels; `seat` has labels and salt, and the commitment that follows from them."""
        job = self._open_job(job_id)
        self._require_in(job, Phase.REVEAL, call.now)
        if not any(seat.salt):
            raise Revert("SaltRequired")
        kept = self._require_seat(job_id, word, replace(seat, labels=None), revealed=False)
        labels = seat.labels or b""
        self._check_labels(labels, self._labels_length(job, word), job.terms.classes, seat.mask)
        self.seats[job_id, word, seat.annotator] = replace(kept, labels=labels, salt=seat.salt)
        self._emit(
            "LabelsRevealed", jobId=job_id, word=word, annotator=seat.annotator, labels=labels, salt=seat.salt
        )

    @act
    def slash_silent(self, call: Call, job_id: int, word: int, seats: Sequence[Seat]) -> None:
        """Burn the stakes of seats that were not revealed."""
        job = self._open_job(job_id)
        self._require_between(job.terms.end(Phase.REVEAL), FOREVER, call.now)
        if not seats:
            raise Revert("NothingToDo")
        locked = call.now <= self.lock_end(job)
        for seat in seats:
            self._require_seat(job_id, word, seat, revealed=False)
            self._finish_seats(job_id, word, [seat])
            slashed = seat.stake if locked else 0
            self._emit("SilentSlashed", jobId=job_id, word=word, annotator=seat.annotator, slashed=slashed)
        for seat in seats:
            self._release(call, job, seat.annotator, seat.stake, seat.stake)

    def security(self, job: Job, account: str, request: SeatRequest, now: int) -> tuple[int, int]:
        """The stake of a seat in base units, and its audit share in 1 / 256."""
        danger = 0
        terms = job.terms
        if terms.domain != ZERO_HASH and self.reputation is not None:
            danger = risk(self.reputation.standing_of(account, terms.domain, terms.classes, now))
        each, whole = task_terms(terms, request.word).stake, BPS * BPS
        factor = whole + danger * (terms.max_stake_bps - BPS)
        share = terms.audit_bps * BPS + danger * (terms.max_audit_bps - terms.audit_bps)
        return -(-each * request.mask.bit_count() * factor // whole), -(-share * AUDIT_UNIT // whole)

    def _seat(self, call: Call, annotator: str, request: SeatRequest, *, admitted: bool) -> None:
        job_id, word = request.job_id, request.word
        job = self._open_job(job_id)
        terms = job.terms
        self._require_between(0, terms.seats_until, call.now)
        expert = terms.panel_kind == PanelKind.ACCOUNT and terms.panel == account_panel(annotator)
        if expert or annotator in {job.creator, self.fee_recipient}:
            raise Revert("RoleConflict", annotator)
        free, tasks = self.free_tasks(job_id, word, request.layer), request.mask.bit_count()
        if not request.mask or request.mask & ~free:
            raise Revert("TasksNotAvailable", word, request.mask, free)
        if tasks < terms.min_seat and request.mask != free:
            raise Revert("SeatTooSmall", tasks, terms.min_seat)
        stake, audit = self.security(job, annotator, request, call.now)
        if stake > request.max_stake:
            raise Revert("StakeAboveMax", stake, request.max_stake)
        if any(self.seat_digest(job_id, word, annotator)):
            raise Revert("AlreadySeated", job_id, word, annotator)
        seat = Seat(annotator, request.mask, stake, audit, request.layer, request.commitment)
        self._sit(job, request, seat)
        if terms.hook != ZERO_ADDRESS and not admitted:
            raise Revert("NotEligible", job_id, annotator)
        market = Call(self.address, call.now)
        nested(self.effects, self.staking, Staking.lock, market, annotator, stake, self.lock_end(job))

    def _sit(self, job: Job, request: SeatRequest, seat: Seat) -> None:
        job_id, word = request.job_id, request.word
        self.seats[job_id, word, seat.annotator] = seat
        kept = self.words[job_id, word]
        annotators = sorted((*kept.annotators, seat.annotator), key=lambda account: int(account, 16))
        masks = (*kept.masks, (seat.layer, seat.mask))
        self._change_word(job_id, word, annotators=tuple(annotators), masks=masks)
        if not kept.annotators:
            self.jobs[job_id] = replace(job, words=(*job.words, word))
        self._emit(
            "SeatTaken",
            jobId=job_id,
            word=word,
            annotator=seat.annotator,
            layer=seat.layer,
            mask=seat.mask,
            stake=seat.stake,
            audit=seat.audit,
            commitment=seat.commitment,
        )
