"""What the indexer keeps, and the views on it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from offchain.indexer._base import ContractFold
from offchain.indexer._records import IndexedAccount, IndexedClaim, IndexedJob
from offchain.packaging import AcceptedBatch, JobReference
from offchain.reference.records import TaskPay, task_pay, tasks_in_word
from offchain.states import ClaimState, JobState


class MarketState(ContractFold):
    """The state of the market at `market`.

    `fees` are protocol fees and `forfeits` forfeited deposits, per token, in base units; both went to
    the sink.
    """

    def __init__(self, market: str) -> None:
        super().__init__(market)
        self.market = market
        self.jobs: dict[int, IndexedJob] = {}
        self.claims: dict[int, IndexedClaim] = {}
        self.accounts: dict[tuple[int, str], IndexedAccount] = {}
        self.fees: Counter[str] = Counter()
        self.forfeits: Counter[str] = Counter()

    def liabilities(self, token: str) -> int:
        """Everything that the market owes in a token, base units."""
        jobs = sum(job.owed for job in self.jobs.values() if job.terms.token == token)
        return jobs + sum(amount for (of, _), amount in self.credits.items() if of == token)

    def taken(self, job_id: int, word: int) -> int:
        """The tasks of a word that are claimed, under review, in dispute or paid."""
        mask = 0
        for claim in self.claims.values():
            if (claim.job_id, claim.word) == (job_id, word):
                mask |= claim.accepted
                mask |= 0 if claim.state == ClaimState.DONE else claim.mask | claim.disputed
        return mask

    def free_tasks(self, job_id: int, word: int) -> int:
        """The tasks of a word that can be claimed at once."""
        job = self.jobs[job_id]
        if job.state != JobState.OPEN:
            return 0
        return tasks_in_word(job.terms.task_count, word) & ~self.taken(job_id, word)

    def account(self, job_id: int, annotator: str) -> IndexedAccount:
        """An annotator's standing in a job; all zero for a stranger."""
        return self.accounts.get((job_id, annotator), IndexedAccount())

    def job_reference(self, job_id: int, chain_id: int) -> JobReference:
        """The job as an export names it."""
        terms = self.jobs[job_id].terms
        content = (terms.data_root, terms.data_length, terms.instructions_hash)
        return JobReference(chain_id, self.market, job_id, *content)

    def accepted_batches(
        self, job_id: int, payload_of: Callable[[IndexedClaim], bytes]
    ) -> list[AcceptedBatch]:
        """The submissions of a job of which something was paid, by claim id; `payload_of` fetches what was
        stored under a submission's `uri`.
        """
        return [
            AcceptedBatch(
                claim_id=claim.claim_id,
                annotator=claim.annotator,
                root=claim.root,
                done_mask=claim.done,
                accepted_mask=claim.accepted,
                word=claim.word,
                payload=payload_of(claim),
            )
            for _, claim in sorted(self.claims.items())
            if claim.job_id == job_id and claim.accepted
        ]

    # For the fold

    def _pay(self, claim: IndexedClaim) -> TaskPay:
        return task_pay(self.jobs[claim.job_id].terms, claim.word)

    def _account(self, job_id: int, annotator: str) -> IndexedAccount:
        return self.accounts.setdefault((job_id, annotator), IndexedAccount())

    def _forfeit(self, claim: IndexedClaim, amount: int) -> None:
        job = self.jobs[claim.job_id]
        job.owed -= amount
        self.forfeits[job.terms.token] += amount

    def _reopen(self, claim: IndexedClaim, mask: int) -> None:
        """In a closing job a `TasksRefunded` follows."""
        job, tasks = self.jobs[claim.job_id], mask.bit_count()
        job.taken -= tasks
        self._account(claim.job_id, claim.annotator).open -= tasks
        if job.state == JobState.OPEN:
            pay = self._pay(claim)
            job.open += tasks
            job.free_funds += tasks * (pay.reward + pay.fee)
