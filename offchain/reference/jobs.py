"""Reference model of what the annotation market keeps, and of its views.

Kept are only facts that cannot be derived: the terms, what was approved and refunded, and each claim with its
tasks. What is taken, open, held, owed is computed from them whenever it is asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from offchain.reference.bank import World
from offchain.reference.governed import Governed
from offchain.reference.journal import Table
from offchain.reference.records import (
    NO_CLAIM,
    Account,
    Claim,
    Job,
    Paid,
    bounty,
    task_pay,
    task_weight,
    tasks_in_word,
)
from offchain.reference.revert import Revert
from offchain.states import LIVE_DISPUTES, SEQUENCE_BITS, ClaimState, DisputeState, JobState


class JobBook(Governed):
    """The market's jobs and claims, with the views on them."""

    def __init__(self, address: str, owner: str, fee_recipient: str, world: World) -> None:
        super().__init__(address, owner, fee_recipient, world)
        self.jobs: Table[int, Job | None] = Table(self.journal, None)
        self.claims: Table[int, Claim] = Table(self.journal, NO_CLAIM)
        self.paid: Table[tuple[int, str], Paid] = Table(self.journal, Paid())

    # Views

    def state_of(self, job_id: int) -> JobState:
        """The job's state; None for an id that was not given out."""
        job = self.jobs[job_id]
        return JobState.NONE if job is None else job.state

    def free_tasks(self, job_id: int, word: int) -> int:
        """The tasks of a word that can be claimed at once."""
        job = self.jobs[job_id]
        if job is None or job.state != JobState.OPEN:
            return 0
        return tasks_in_word(job.terms.task_count, word) & ~self.unavailable(job, word)

    def account_of(self, job_id: int, annotator: str) -> Account:
        """An annotator's standing in a job."""
        paid = self.paid[job_id, annotator]
        held, rejected = self.held(job_id, annotator), self.rejected(job_id, annotator)
        return Account(held, paid.tasks, paid.weight, paid.earned, rejected)

    def approved_weight(self, job_id: int) -> int:
        """Approved tasks, each with its difficulty in basis points."""
        job = self.jobs[job_id]
        if job is None:
            return 0
        return sum(mask.bit_count() * task_weight(job.terms, word) for word, mask in job.approved.items())

    def free_funds(self, job_id: int) -> int:
        """The funds of open tasks, base units."""
        job = self.jobs[job_id]
        if job is None or job.state != JobState.OPEN:
            return 0
        words = set(job.approved) | {self.claims[claim].word for claim in job.live}
        used = sum(self.unavailable(job, word).bit_count() * self.funds_per_task(job, word) for word in words)
        return bounty(job.terms) - used

    def counts(self, job_id: int) -> tuple[int, int, int]:
        """How many tasks of a job are open, taken and approved."""
        job = self.jobs[job_id]
        if job is None:
            return 0, 0, 0
        taken = sum(self.claims[claim].tasks.bit_count() for claim in job.live)
        approved = sum(mask.bit_count() for mask in job.approved.values())
        is_open = job.state == JobState.OPEN
        return (job.terms.task_count - taken - approved if is_open else 0), taken, approved

    def claim_record(self, claim_id: int) -> Claim:
        """A claim as the market keeps it: of one that is done, only state, commitment and upheld
        rejection.
        """
        claim = self.claims[claim_id]
        if claim.state != ClaimState.DONE:
            shown = claim.disputed if claim.dispute in LIVE_DISPUTES else claim.upheld
            return replace(claim, disputed=shown)
        return replace(NO_CLAIM, state=ClaimState.DONE, disputed=claim.upheld, commitment=claim.commitment)

    # Derived

    def held(self, job_id: int, annotator: str) -> int:
        """How many tasks an annotator keeps from others."""
        return sum(claim.tasks.bit_count() for claim in self.live(job_id) if claim.annotator == annotator)

    def rejected(self, job_id: int, annotator: str) -> int:
        """How many tasks of an annotator were rejected for good, in all claims that he ever had."""
        job, first = self.jobs[job_id], job_id << SEQUENCE_BITS
        if job is None:
            return 0
        claims = (self.claims[claim_id] for claim_id in range(first, first + job.records))
        return sum(claim.upheld.bit_count() for claim in claims if claim.annotator == annotator)

    def live(self, job_id: int) -> Iterator[Claim]:
        """The job's claims that are not done."""
        job = self.jobs[job_id]
        if job is not None:
            yield from (self.claims[claim] for claim in job.live)

    def unavailable(self, job: Job, word: int) -> int:
        """The tasks of a word that are claimed, under review, in dispute or paid."""
        mask = job.approved.get(word, 0)
        for claim in (self.claims[claim] for claim in job.live):
            if claim.word == word:
                mask |= claim.tasks
        return mask

    def funds_per_task(self, job: Job, word: int) -> int:
        """What the creator locked for one task of a word."""
        pay = task_pay(job.terms, word)
        return pay.reward + pay.fee

    def deposits(self, job: Job, claim: Claim) -> int:
        """What both sides have deposited in the claim's live dispute."""
        if claim.dispute not in LIVE_DISPUTES:
            return 0
        sides = 2 if claim.dispute == DisputeState.APPEALED else 1
        fees = task_pay(job.terms, claim.word).reject_fee * claim.disputed.bit_count()
        return fees + sides * job.terms.arbiter_fee

    def owed_by_job(self, job_id: int) -> int:
        """The ledger of a job in its token: funds of open and taken tasks, bonds of taken ones, deposits."""
        job = self.jobs[job_id]
        if job is None:
            return 0
        total = self.free_funds(job_id)
        for claim in self.live(job_id):
            bond = task_pay(job.terms, claim.word).bond
            total += claim.tasks.bit_count() * (self.funds_per_task(job, claim.word) + bond)
            total += self.deposits(job, claim)
        return total

    def owed(self) -> Iterator[tuple[str, int]]:
        """(token, base units) that each job holds."""
        for job_id, job in self.jobs.items():
            if job is not None:
                yield job.terms.token, self.owed_by_job(job_id)

    # For inheriting models

    def _job(self, claim_id: int) -> tuple[int, Job]:
        """The job of a claim that is known to exist."""
        job = self.jobs[claim_id >> SEQUENCE_BITS]
        if job is None:
            raise KeyError(claim_id)
        return claim_id >> SEQUENCE_BITS, job

    def _claim_in(self, claim_id: int, needed: ClaimState) -> Claim:
        claim = self.claims[claim_id]
        if claim.state != needed:
            raise Revert("WrongClaimState", claim_id, claim.state)
        return claim

    def _put(self, claim_id: int, claim: Claim) -> Claim:
        """Write a claim; it is done when it keeps nothing from others."""
        job_id, job = self._job(claim_id)
        if claim.tasks == 0 and claim.state != ClaimState.DONE:
            claim = replace(claim, state=ClaimState.DONE)
        if claim.state == ClaimState.DONE:
            self.jobs[job_id] = replace(job, live=job.live - {claim_id})
        self.claims[claim_id] = claim
        return claim

    def _give_back(self, job_id: int, word: int, tasks: int) -> int:
        """Tasks that nobody holds any more are open again, or, in a job that takes no claims, refunded:
        returns what is to be paid to the creator.
        """
        job = self.jobs[job_id]
        if job is None or job.state == JobState.OPEN:
            return 0
        refund = tasks * self.funds_per_task(job, word)
        self.jobs[job_id] = replace(job, refunded=job.refunded + tasks)
        self._emit("TasksRefunded", jobId=job_id, tasks=tasks, refunded=refund)
        self._close_if_settled(job_id)
        return refund

    def _close_if_settled(self, job_id: int) -> None:
        """Nothing is taken, and nothing can be."""
        job = self.jobs[job_id]
        opened, taken, approved = self.counts(job_id)
        if job is not None and opened == 0 and taken == 0:
            self.jobs[job_id] = replace(job, state=JobState.CLOSED)
            self._emit("JobClosed", jobId=job_id, approved=approved)
