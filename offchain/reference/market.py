"""Reference model of AnnotationMarket: jobs, on top of claims (`claims`) and their review (`review`)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from offchain.reference.calls import NOT_ACCEPTED, Acceptance, Call, act, payable_act
from offchain.reference.guards import require_passed
from offchain.reference.records import Job, bounty
from offchain.reference.revert import Revert
from offchain.reference.review import Review
from offchain.reference.terms import check_classes, check_terms
from offchain.signing import terms_hash
from offchain.states import JobState
from offchain.terms import ZERO_ADDRESS, JobTerms


class Market(Review):
    """The whole market. Each act takes a `Call` and the contract's arguments, and returns `Effects` or raises
    `Revert` with the contract's custom error and its values, having changed nothing.
    """

    @payable_act
    def create_job(self, call: Call, terms: JobTerms, acceptance: Acceptance = NOT_ACCEPTED) -> int:
        """Open a job and lock its bounty; the effects' result is the job's id.

        `acceptance` is the arbiter's, if there is one. The caller is the creator, whatever the terms say.
        """
        self._require_running()
        terms = replace(terms, creator=call.sender)
        check_terms(terms, call.now, self.governance.fee_bps, self.bank.world)
        self._check_arbiter(call, terms, acceptance)
        check_classes(terms)
        job_id, digest, funds = len(self.jobs) + 1, terms_hash(terms), bounty(terms)
        self.jobs[job_id] = Job(terms, digest)
        self._emit(
            "JobCreated",
            jobId=job_id,
            creator=call.sender,
            termsHash=digest,
            terms=struct_of(terms),
            wordClasses=list(terms.word_classes),
            funded=funds,
        )
        self._receive(call, terms.token, call.sender, funds)
        return job_id

    @act
    def close(self, call: Call, job_id: int) -> None:
        """Stop new claims and refund open tasks: the creator at any time, anyone after the deadline."""
        job = self.jobs[job_id]
        if job is None or job.state != JobState.OPEN:
            raise Revert("WrongJobState", job_id, self.state_of(job_id))
        if call.sender != job.terms.creator:
            require_passed(job.terms.deadline, call.now)
        tasks, refund = self.counts(job_id)[0], self.free_funds(job_id)
        self.jobs[job_id] = replace(job, state=JobState.CLOSING, refunded=tasks)
        self._emit("JobClosing", jobId=job_id, tasks=tasks, refunded=refund)
        self._close_if_settled(job_id)
        self._pay(job.terms.token, job.terms.creator, refund)

    def _check_arbiter(self, call: Call, terms: JobTerms, acceptance: Acceptance) -> None:
        arbiter = terms.arbiter
        if call.sender == self.fee_recipient:
            raise Revert("RoleConflict", call.sender)
        if arbiter == ZERO_ADDRESS:
            return
        if arbiter in {call.sender, self.fee_recipient}:
            raise Revert("RoleConflict", arbiter)
        self._check_signature(call, arbiter, acceptance.deadline, valid=acceptance.valid)


def struct_of(terms: JobTerms) -> dict[str, Any]:
    """The terms as the contract's struct `JobTerms`: without creator and word classes."""
    return {name: value for name, value in terms.message().items() if name not in {"creator", "wordClasses"}}
