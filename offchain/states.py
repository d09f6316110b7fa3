"""The life cycles of the contracts, numbered as they number them."""

from __future__ import annotations

from enum import IntEnum


class JobState(IntEnum):
    """None → Open → Closing → Closed; an open job whose last task is approved closes at once."""

    NONE = 0
    OPEN = 1
    CLOSING = 2
    CLOSED = 3


class ClaimState(IntEnum):
    """None → Claimed → Submitted → Done; a claim that is released or expires is done without submission."""

    NONE = 0
    CLAIMED = 1
    SUBMITTED = 2
    DONE = 3


class DisputeState(IntEnum):
    """None → Rejected → Ended, or None → Rejected → Appealed → Ended; at most once per submission."""

    NONE = 0
    REJECTED = 1
    APPEALED = 2
    ENDED = 3


LIVE_DISPUTES = frozenset({DisputeState.REJECTED, DisputeState.APPEALED})
SEQUENCE_BITS = 24
"""A claim's id is `job id << 24 | its number in the job`."""


def job_of(claim_id: int) -> int:
    """The job that a claim belongs to."""
    return claim_id >> SEQUENCE_BITS


class RewardMode(IntEnum):
    """None → Direct, or None → Tree, from where a job that no root counts on can come to Direct."""

    NONE = 0
    DIRECT = 1
    TREE = 2
