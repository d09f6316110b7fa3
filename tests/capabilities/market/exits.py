"""The way out of every state: what anyone may call, and after which second."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from offchain.reference.market import Market
from offchain.states import LIVE_DISPUTES, ClaimState, DisputeState, JobState, job_of

# The permissionless call that ends each state that somebody's silence could otherwise make last for ever.
JOB_EXITS = {JobState.OPEN: "close"}
CLAIM_EXITS = {ClaimState.CLAIMED: "releaseExpired", ClaimState.SUBMITTED: "finalize"}
DISPUTE_EXITS = {DisputeState.REJECTED: "settleRejection", DisputeState.APPEALED: "settleAppeal"}
# Ends by itself with the last of its claims, each of which has its own way out.
WAITS_FOR_ITS_CLAIMS = frozenset({JobState.CLOSING})


@dataclass(frozen=True)
class Exit:
    """A call that works for anyone, from the second after `deadline` on."""

    function: str
    args: tuple[Any, ...]
    deadline: int


def exits(model: Market) -> Iterator[Exit]:
    """The way out of everything that is not over; exactly one for each state that something is in."""
    for claim_id, claim in model.claims.items():
        job = model.jobs[job_of(claim_id)]
        assert job is not None
        terms = job.terms
        if claim.state == ClaimState.CLAIMED:
            yield Exit(CLAIM_EXITS[claim.state], (job_of(claim_id), (claim_id,)), claim.time)
        if claim.dispute in LIVE_DISPUTES:
            appealed = claim.dispute == DisputeState.APPEALED
            window = terms.decision_window if appealed else terms.appeal_window
            yield Exit(DISPUTE_EXITS[claim.dispute], (claim_id,), claim.disputed_at + window)
        if claim.state == ClaimState.SUBMITTED and claim.mask:
            yield Exit(CLAIM_EXITS[claim.state], (claim_id,), claim.time + terms.review_window)
    for job_id, job in model.jobs.items():
        if job is not None and job.state == JobState.OPEN:
            yield Exit(JOB_EXITS[job.state], (job_id,), job.terms.deadline)
