"""What the commands ask about jobs and claims, from events."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import click

from offchain.indexer import Duty, IndexedClaim, IndexedJob, Indexer
from offchain.states import LIVE_DISPUTES, ClaimState, DisputeState, JobState, job_of
from scripts._chain.events import market_state
from scripts._chain.system import System
from scripts._chain.tasks import parse_tasks, show_mask

WORD = 256
MAX_EXPIRED = 64
"""Claims that one call ends."""
JOB_NAMES = {state: state.name.capitalize() for state in JobState}


def claim_in(system: System, claim_id: int) -> tuple[Indexer, IndexedJob, IndexedClaim]:
    """A claim with its job. ClickException where there is none."""
    if claim_id >> 24 == 0:
        raise click.ClickException(
            f"{claim_id} is no claim's number (a job's?): `ape run job status JOB` lists the claims of a job"
        )
    state = market_state(system, job_of(claim_id))
    if claim_id not in state.claims:
        raise click.ClickException(f"there is no claim {claim_id} in job {job_of(claim_id)}")
    return state, state.jobs[job_of(claim_id)], state.claims[claim_id]


def live_claims(state: Indexer, job_id: int, annotator: str | None = None) -> list[IndexedClaim]:
    """Claims of a job that are not done, oldest first; of one annotator, where one is named."""
    return [
        claim
        for _, claim in sorted(state.claims.items())
        if claim.job_id == job_id
        and claim.state != ClaimState.DONE
        and (annotator is None or claim.annotator == annotator)
    ]


def moves_at(job: IndexedJob, claim: IndexedClaim) -> int:
    """Last second of the party whose turn it is; after it anyone may move the claim on. 0 when it is done."""
    if claim.dispute in LIVE_DISPUTES:
        appealed = claim.dispute == DisputeState.APPEALED
        return claim.disputed_at + (job.terms.decision_window if appealed else job.terms.appeal_window)
    if claim.state == ClaimState.CLAIMED:
        return claim.time
    return review_end(job, claim) if claim.state == ClaimState.SUBMITTED else 0


def review_end(job: IndexedJob, claim: IndexedClaim) -> int:
    """Last second in which the creator may reject a submission."""
    return claim.time + job.terms.review_window


def expired(claim: IndexedClaim, now: int) -> bool:
    """Whether a claim ran out without a submission."""
    return claim.state == ClaimState.CLAIMED and now > claim.time


def job_duties(job: IndexedJob, live: Sequence[IndexedClaim], now: int) -> Iterator[Duty]:
    """What anyone may do in a job in the second `now`; `live` are its claims that are not done."""
    late = [claim.claim_id for claim in live if expired(claim, now)]
    for start in range(0, len(late), MAX_EXPIRED):
        part = late[start : start + MAX_EXPIRED]
        yield _duty("releaseExpired", (job.job_id, part), f"claims {', '.join(map(str, part))}")
    for claim in live:
        one, about = (claim.claim_id,), f"claim {claim.claim_id}"
        if claim.state == ClaimState.SUBMITTED and claim.mask and now > review_end(job, claim):
            yield _duty("finalize", one, about)
        if claim.dispute == DisputeState.REJECTED and now > moves_at(job, claim):
            yield _duty("settleRejection", one, about)
        if claim.dispute == DisputeState.APPEALED and now > moves_at(job, claim):
            yield _duty("settleAppeal", one, about)
    if job.state == JobState.OPEN and now > job.terms.deadline and job.open:
        yield _duty("close", (job.job_id,), f"job {job.job_id}")


def _duty(act: str, arguments: tuple[Any, ...], about: str) -> Duty:
    return Duty("AnnotationMarket", act, arguments, about)


def chosen_mask(claim: IndexedClaim, tasks: str | None, allowed: int, what: str) -> int:
    """The mask of some tasks of a claim; all that are allowed, where none are named. ClickException."""
    from offchain.hashing import mask_of  # noqa: PLC0415

    if not allowed:
        raise click.ClickException(f"claim {claim.claim_id} has no tasks that {what}")
    if tasks is None:
        return allowed
    word, mask = mask_of(parse_tasks(tasks))
    if word != claim.word or mask & ~allowed:
        raise click.ClickException(
            f"claim {claim.claim_id}: the tasks that {what} are {show_mask(claim.word, allowed)}, not {tasks}"
        )
    return mask


def describe(job: IndexedJob, claim: IndexedClaim, now: int) -> str:
    """The state of a claim in words."""
    if claim.dispute in LIVE_DISPUTES:
        return (
            "rejected, may be appealed"
            if claim.dispute == DisputeState.REJECTED
            else "appealed, to be decided"
        )
    if claim.state == ClaimState.SUBMITTED:
        return "submitted, in review" if now <= review_end(job, claim) else "submitted, review over"
    if claim.state == ClaimState.CLAIMED:
        return "claimed" if now <= claim.time else "expired"
    return "done"


def pay_of(job: IndexedJob, word: int) -> Any:
    """Reward, fee and bond per task of a word, base units."""
    from offchain.reference.records import task_pay  # noqa: PLC0415

    return task_pay(job.terms, word)


def free_in(state: Indexer, job: IndexedJob, word: int, ending: Iterable[IndexedClaim] = ()) -> int:
    """Tasks of a word that can be claimed, those of claims that are ended first included."""
    mask = state.free_tasks(job.job_id, word)
    for claim in ending:
        mask |= claim.mask
    return mask


def words_of(job: IndexedJob) -> range:
    """The words of a job."""
    return range(-(-job.terms.task_count // WORD))
