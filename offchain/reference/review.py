"""Reference model of what happens to submissions: approval, silence, rejection, appeal, decision."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace

from offchain.reference.calls import Call, Consent, act, payable_act
from offchain.reference.claims import Claims
from offchain.reference.guards import require_account, require_in_time, require_passed, require_subset
from offchain.reference.records import FULL, Claim, Paid, task_pay
from offchain.reference.revert import Revert
from offchain.states import ClaimState, DisputeState
from offchain.terms import ZERO_ADDRESS


@dataclass(frozen=True)
class Verdict:
    """Who gets what at the end of a dispute apart from pay and refunds, base units, named as in the event."""

    upheld: int
    overturned: int
    forfeited: int
    compensation: int
    toAnnotator: int  # noqa: N815 - the event's own name
    toCreator: int  # noqa: N815
    toArbiter: int  # noqa: N815


class Review(Claims):
    """The market's acts on submissions."""

    @act
    def approve(self, call: Call, claim_id: int, mask: int) -> None:
        """The creator pays tasks."""
        claim = self._claim_in(claim_id, ClaimState.SUBMITTED)
        require_account(call.sender, self._job(claim_id)[1].terms.creator)
        require_subset(mask, claim.mask)
        self._pay_pending(claim_id, mask)

    @act
    def finalize(self, call: Call, claim_id: int) -> None:
        """Anyone has the pending tasks paid after a silent review."""
        claim = self._claim_in(claim_id, ClaimState.SUBMITTED)
        require_passed(claim.time + self._job(claim_id)[1].terms.review_window, call.now)
        require_subset(claim.mask, FULL)
        self._pay_pending(claim_id, claim.mask)

    @payable_act
    def reject(self, call: Call, claim_id: int, mask: int, reason_hash: bytes) -> None:
        """The creator rejects tasks, once per submission, against deposits."""
        claim = self._claim_in(claim_id, ClaimState.SUBMITTED)
        job_id, job = self._job(claim_id)
        require_account(call.sender, job.terms.creator)
        if job.terms.arbiter == ZERO_ADDRESS:
            raise Revert("NoArbiter", job_id)
        self._require_dispute(claim_id, claim, DisputeState.NONE)
        require_in_time(claim.time + job.terms.review_window, call.now)
        require_subset(mask, claim.mask)
        rejected = replace(
            claim,
            mask=claim.mask & ~mask,
            disputed=mask,
            dispute=DisputeState.REJECTED,
            disputed_at=call.now,
        )
        self._put(claim_id, rejected)
        reject_fee = task_pay(job.terms, claim.word).reject_fee * mask.bit_count()
        self._emit(
            "LabelsRejected",
            jobId=job_id,
            claimId=claim_id,
            annotator=claim.annotator,
            mask=mask,
            reasonHash=reason_hash,
            rejectFee=reject_fee,
            arbiterFee=job.terms.arbiter_fee,
        )
        self._receive(call, job.terms.token, call.sender, reject_fee + job.terms.arbiter_fee)

    @payable_act
    def appeal(self, call: Call, claim_id: int) -> None:
        """The annotator calls the arbiter against a deposit."""
        self._appeal(call, call.sender, claim_id)

    @payable_act
    def appeal_by_sig(self, call: Call, claim_id: int, consent: Consent) -> None:
        """The same in the signer's name; a native deposit comes with the call."""
        self._authorize(call, consent)
        self._appeal(call, consent.signer, claim_id)

    @act
    def settle_rejection(self, call: Call, claim_id: int) -> None:
        """Anyone ends a rejection that was not appealed: it stands."""
        claim = self._disputed_claim(claim_id, DisputeState.REJECTED)
        job = self._job(claim_id)[1]
        require_passed(claim.disputed_at + job.terms.appeal_window, call.now)
        pay = task_pay(job.terms, claim.word)
        forfeited = (pay.reject_fee + pay.bond) * claim.disputed.bit_count()
        verdict = Verdict(claim.disputed, 0, forfeited, 0, 0, job.terms.arbiter_fee, 0)
        self._end_dispute(claim_id, claim, verdict)

    @act
    def decide(self, call: Call, claim_id: int, upheld: int) -> None:
        """The arbiter decides task by task. His fee is shared by what each side lost; the annotator's part
        rounds down, the creator bears the rest.
        """
        claim = self._disputed_claim(claim_id, DisputeState.APPEALED)
        terms = self._job(claim_id)[1].terms
        require_account(call.sender, terms.arbiter)
        require_in_time(claim.disputed_at + terms.decision_window, call.now)
        if upheld & ~claim.disputed:
            raise Revert("BadMask", upheld, claim.disputed)
        pay, all_tasks, lost = (
            task_pay(terms, claim.word),
            claim.disputed.bit_count(),
            upheld.bit_count(),
        )
        annotators_part = terms.arbiter_fee * lost // all_tasks
        verdict = Verdict(
            upheld=upheld,
            overturned=claim.disputed & ~upheld,
            forfeited=(pay.reject_fee + pay.bond) * lost,
            compensation=pay.reject_fee * (all_tasks - lost),
            toAnnotator=terms.arbiter_fee - annotators_part,
            toCreator=annotators_part,
            toArbiter=terms.arbiter_fee,
        )
        self._end_dispute(claim_id, claim, verdict)

    @act
    def settle_appeal(self, call: Call, claim_id: int) -> None:
        """Anyone ends an appeal that the arbiter let lapse: the annotator is paid, every deposit returns."""
        claim = self._disputed_claim(claim_id, DisputeState.APPEALED)
        terms = self._job(claim_id)[1].terms
        require_passed(claim.disputed_at + terms.decision_window, call.now)
        fees = task_pay(terms, claim.word).reject_fee * claim.disputed.bit_count()
        verdict = Verdict(0, claim.disputed, 0, 0, terms.arbiter_fee, terms.arbiter_fee + fees, 0)
        self._end_dispute(claim_id, claim, verdict)

    def _appeal(self, call: Call, annotator: str, claim_id: int) -> None:
        claim = self._disputed_claim(claim_id, DisputeState.REJECTED)
        job_id, job = self._job(claim_id)
        require_account(annotator, claim.annotator)
        if annotator == job.terms.arbiter:
            raise Revert("RoleConflict", annotator)
        require_in_time(claim.disputed_at + job.terms.appeal_window, call.now)
        self._put(claim_id, replace(claim, dispute=DisputeState.APPEALED, disputed_at=call.now))
        fee = job.terms.arbiter_fee
        self._emit("RejectionAppealed", jobId=job_id, claimId=claim_id, annotator=annotator, arbiterFee=fee)
        self._receive(call, job.terms.token, annotator, fee)

    def _end_dispute(self, claim_id: int, claim: Claim, verdict: Verdict) -> None:
        job_id, job = self._job(claim_id)
        terms = job.terms
        self._emit("DisputeEnded", jobId=job_id, claimId=claim_id, **asdict(verdict))
        ended = replace(
            claim,
            dispute=DisputeState.ENDED,
            disputed=verdict.upheld,
            disputed_at=0,
            upheld=verdict.upheld,
        )
        self._put(claim_id, ended)
        pay = self._settle(claim_id, claim, verdict.overturned)
        refund = 0
        if verdict.upheld:
            self._put(claim_id, replace(self.claims[claim_id], disputed=0))
            refund = self._give_back(job_id, claim.word, verdict.upheld.bit_count())
        self._credit(terms.token, self.fee_recipient, verdict.forfeited)
        self._pay(terms.token, claim.annotator, pay + verdict.compensation + verdict.toAnnotator)
        self._pay(terms.token, terms.creator, refund + verdict.toCreator)
        self._pay(terms.token, terms.arbiter, verdict.toArbiter)

    def _pay_pending(self, claim_id: int, mask: int) -> None:
        claim = self.claims[claim_id]
        self._put(claim_id, replace(claim, mask=claim.mask & ~mask))
        pay = self._settle(claim_id, claim, mask)
        self._pay(self._job(claim_id)[1].terms.token, claim.annotator, pay)

    def _settle(self, claim_id: int, claim: Claim, mask: int) -> int:
        """Tasks that the claim has let go of are approved; returns pay and bonds for the annotator."""
        if mask == 0:
            return 0
        job_id, job = self._job(claim_id)
        pay, tasks = task_pay(job.terms, claim.word), mask.bit_count()
        approved = {**job.approved, claim.word: job.approved.get(claim.word, 0) | mask}
        self.jobs[job_id] = replace(job, approved=approved)
        self._close_if_settled(job_id)
        paid = self.paid[job_id, claim.annotator]
        self.paid[job_id, claim.annotator] = Paid(
            paid.tasks + tasks, paid.weight + tasks * pay.weight, paid.earned + tasks * pay.reward
        )
        self._emit(
            "RewardPaid",
            jobId=job_id,
            claimId=claim_id,
            annotator=claim.annotator,
            mask=mask,
            reward=pay.reward * tasks,
            bond=pay.bond * tasks,
            fee=pay.fee * tasks,
        )
        self._credit(job.terms.token, self.fee_recipient, pay.fee * tasks)
        return (pay.reward + pay.bond) * tasks

    def _disputed_claim(self, claim_id: int, needed: DisputeState) -> Claim:
        claim = self._claim_in(claim_id, ClaimState.SUBMITTED)
        self._require_dispute(claim_id, claim, needed)
        return claim

    def _require_dispute(self, claim_id: int, claim: Claim, needed: DisputeState) -> None:
        if claim.dispute != needed:
            raise Revert("WrongDisputeState", claim_id, claim.dispute)
