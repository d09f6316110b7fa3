"""Silence has a safe outcome: every state that can last has one deadline and one way out, open to
everyone.
"""

from __future__ import annotations

import pytest

from offchain.states import ClaimState, DisputeState, JobState
from tests.stateful.chain import undone
from tests.stateful.drain import (
    CLAIM_EXITS,
    DISPUTE_EXITS,
    JOB_EXITS,
    WAITS_FOR_ITS_CLAIMS,
    assert_only_credits_are_owed,
    drain,
    exits,
)
from tests.stateful.story import Story

OVER = {JobState: {JobState.CLOSED}, ClaimState: {ClaimState.DONE}, DisputeState: {DisputeState.ENDED}}

# How to get into each state that can last, in a job of its own; returns nothing.
WAYS_IN = {
    "close": lambda *_: None,
    "releaseExpired": lambda story, job_id: story.claim(job_id, 0b111),
    "finalize": lambda story, job_id: story.submission(job_id, 0b111),
    "settleRejection": lambda story, job_id: story.rejection(job_id, 0b111, 0b111),
    "settleAppeal": lambda story, job_id: story.appeal(job_id, 0b111, 0b111),
}


@pytest.fixture
def story(stage, reader):
    with undone():
        yield Story(stage, reader)


@pytest.mark.parametrize(
    ("states", "with_exit"),
    [
        (JobState, {*JOB_EXITS, *WAITS_FOR_ITS_CLAIMS}),
        (ClaimState, set(CLAIM_EXITS)),
        (DisputeState, set(DISPUTE_EXITS)),
    ],
)
def test_every_state_that_can_last_has_an_exit(states, with_exit):
    """Invariant 13 (T13): by enumeration. A state that is added without a way out fails here."""
    assert set(states) - {states.NONE} - OVER[states] == with_exit


@pytest.mark.parametrize("function", WAYS_IN)
def test_an_exit_opens_the_second_after_its_deadline(story, function):
    """Invariant 14 (T13, T14, T15, T23): at the deadline the time is still the party's, a second later
    anyone's.
    """
    job_id = story.job()
    WAYS_IN[function](story, job_id)
    (way,) = [way for way in exits(story.twin.model) if way.function == function]
    keeper = story.cast.keeper
    assert not story.twin.act(function, *way.args, sender=keeper, time=way.deadline)
    assert story.twin.act(function, *way.args, sender=keeper, time=way.deadline + 1)
    assert way not in list(exits(story.twin.model))


@pytest.mark.parametrize("function", [name for name in WAYS_IN if name != "close"])
def test_no_other_exit_fits(story, function):
    """Invariant 13: what waits in one state is not moved by another state's exit, however late it is."""
    job_id = story.job()
    claim_id = WAYS_IN[function](story, job_id)
    late = max(way.deadline for way in exits(story.twin.model)) + 1
    for other in set(WAYS_IN) - {function, "close"}:
        args = (job_id, [claim_id]) if other == "releaseExpired" else (claim_id,)
        story.twin.now = max(story.twin.now, late)
        assert not story.twin.act(other, *args, sender=story.cast.keeper, time=story.twin.now + 1)


@pytest.mark.parametrize("closed", [False, True])
def test_a_market_in_every_state_at_once_drains(story, closed):
    """Invariant 12 (T13, T14, T15, T20; R2, R7): one call for each thing that waits, and nothing stays
    behind.
    """
    for way_in in WAYS_IN.values():
        job_id = story.job()
        way_in(story, job_id)
        if closed:
            story.act("close", job_id, sender=story.cast.creator)
    drain(story.twin)
    assert_only_credits_are_owed(story.twin)
