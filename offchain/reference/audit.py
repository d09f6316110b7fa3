"""What must hold of a market model at every step, in sentences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from offchain.reference.jobs import JobBook
from offchain.reference.records import Job, task_pay, tasks_in_word
from offchain.states import LIVE_DISPUTES, ClaimState, JobState

LIVE = frozenset({ClaimState.CLAIMED, ClaimState.SUBMITTED})


def invariants(book: JobBook, job_ids: Iterable[int] | None = None) -> list[str]:
    """The sentences that do not hold; none, if all is well. With `job_ids` only those about these jobs."""
    violations = [*_money(book)] if job_ids is None else []
    for job_id in book.jobs if job_ids is None else job_ids:
        job = book.jobs[job_id]
        if job is not None:
            violations += [f"job {job_id}: {sentence}" for sentence in _job(book, job_id, job)]
    return violations


def _money(book: JobBook) -> Iterator[str]:
    tokens = {token for token, account in book.bank.balances if account == book.address}
    for token in tokens:
        held, owed = book.bank.balances[token, book.address], book.liabilities(token)
        if held != owed:
            yield f"the market holds {held} of {token} and owes {owed}"
    for key, amount in (*book.bank.balances.items(), *book.credits.items()):
        if amount < 0:
            yield f"{key} is at {amount}, below zero"


def _job(book: JobBook, job_id: int, job: Job) -> Iterator[str]:
    opened, taken, approved = book.counts(job_id)
    if opened + taken + approved + job.refunded != job.terms.task_count:
        yield (
            f"open {opened} + taken {taken} + approved {approved} + refunded {job.refunded} is not "
            f"{job.terms.task_count}"
        )
    if job.state == JobState.OPEN and job.refunded:
        yield f"{job.refunded} tasks of an open job were refunded"
    if job.state == JobState.CLOSED and (taken or opened or book.owed_by_job(job_id)):
        yield f"it is closed, yet {taken} tasks are taken and {book.owed_by_job(job_id)} is owed"
    if job.state != JobState.CLOSED and opened == 0 and taken == 0:
        yield "nothing is open or taken, yet it is not closed"
    yield from _words(book, job)
    yield from _claims(book, job)
    yield from _paid(book, job_id, job, approved)


def _words(book: JobBook, job: Job) -> Iterator[str]:
    """Each task of a word is in at most one of: a claim's tasks, its disputed tasks, approved."""
    parts: dict[int, list[int]] = {word: [mask] for word, mask in job.approved.items()}
    for claim in (book.claims[claim_id] for claim_id in job.live):
        parts.setdefault(claim.word, []).extend((claim.mask, claim.disputed))
    for word, masks in parts.items():
        union = 0
        for mask in masks:
            if union & mask:
                yield f"tasks {union & mask:#x} of word {word} are kept twice"
            union |= mask
        if union & ~tasks_in_word(job.terms.task_count, word):
            yield f"word {word} keeps tasks that do not exist"


def _claims(book: JobBook, job: Job) -> Iterator[str]:
    held: dict[str, int] = {}
    for claim_id in job.live:
        claim = book.claims[claim_id]
        if claim.state not in LIVE or claim.tasks == 0:
            yield f"claim {claim_id} is live in state {claim.state.name} with tasks {claim.tasks:#x}"
        if (claim.dispute in LIVE_DISPUTES) != bool(claim.disputed):
            yield f"claim {claim_id} has the dispute {claim.dispute.name} over {claim.disputed:#x}"
        held[claim.annotator] = held.get(claim.annotator, 0) + claim.tasks.bit_count()
    for annotator, tasks in held.items():
        if tasks > job.terms.max_open:
            yield f"{annotator} holds {tasks} tasks, more than {job.terms.max_open}"


def _paid(book: JobBook, job_id: int, job: Job, approved: int) -> Iterator[str]:
    tasks = weight = earned = 0
    for (of, _), paid in book.paid.items():
        if of == job_id:
            tasks, weight, earned = tasks + paid.tasks, weight + paid.weight, earned + paid.earned
    if tasks != approved:
        yield "the annotators' approved tasks are not the job's"
    if weight != book.approved_weight(job_id):
        yield "the annotators' weights are not the job's"
    if earned != sum(
        task_pay(job.terms, word).reward * mask.bit_count() for word, mask in job.approved.items()
    ):
        yield "the annotators did not earn what the approved tasks are worth"
