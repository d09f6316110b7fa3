"""What the indexer knows of jobs, claims and annotators."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from offchain.states import LIVE_DISPUTES, ClaimState, DisputeState, JobState, job_of
from offchain.terms import ZERO_HASH, JobTerms, solidity_name


@dataclass(frozen=True)
class MarketEvent:
    """A decoded event. `timestamp` is its block's in Unix seconds, (`block`, `index`) its place on the chain.

    Addresses have their checksum, structs are mappings by their Solidity names, bytes are bytes.
    """

    name: str
    args: Mapping[str, Any]
    timestamp: int
    block: int
    index: int
    emitter: str


@dataclass
class IndexedJob:
    """A job. `owed` is everything that the market holds for it, `free_funds` the part that belongs to open
    tasks, both in base units of the terms' token; `approved_weight` is in basis points.
    """

    job_id: int
    terms: JobTerms
    terms_hash: bytes
    open: int
    free_funds: int
    owed: int
    state: JobState = JobState.OPEN
    taken: int = 0
    approved: int = 0
    refunded: int = 0
    records: int = 0
    approved_weight: int = 0


@dataclass
class IndexedClaim:
    """A claim and the submission it became. `mask` awaits a submission or a review, `disputed` a decision;
    `accepted` was paid, `upheld` was rejected for good. Unlike the market, the indexer forgets nothing when a
    claim is done.
    """

    claim_id: int
    annotator: str
    word: int
    mask: int
    time: int
    state: ClaimState = ClaimState.CLAIMED
    dispute: DisputeState = DisputeState.NONE
    disputed: int = 0
    disputed_at: int = 0
    upheld: int = 0
    accepted: int = 0
    done: int = 0
    root: bytes = ZERO_HASH
    uri: str = ""
    reason_hash: bytes = ZERO_HASH

    @property
    def job_id(self) -> int:
        """The job that the claim belongs to."""
        return job_of(self.claim_id)

    def finish_if_empty(self) -> None:
        """Nothing waits for anything any more: done."""
        if self.mask == 0 and self.dispute not in LIVE_DISPUTES:
            self.state = ClaimState.DONE


@dataclass
class IndexedAccount:
    """An annotator's standing in a job: tasks, weight in basis points, pay in base units, rejected tasks."""

    open: int = 0
    approved: int = 0
    weight: int = 0
    earned: int = 0
    rejected: int = 0


def terms_of(args: Mapping[str, Any]) -> JobTerms:
    """The terms in a `JobCreated` event."""
    values = {**args["terms"], "creator": args["creator"], "wordClasses": tuple(args["wordClasses"])}
    names = {solidity_name(name): name for name in JobTerms.__dataclass_fields__}
    return JobTerms(**{names[key]: value for key, value in values.items()})
