"""Silence has a safe outcome: whoever falls silent, time and calls that anyone may make end everything."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from offchain.states import ClaimState, DisputeState, JobState
from tests.capabilities.market.exits import (
    CLAIM_EXITS,
    DISPUTE_EXITS,
    JOB_EXITS,
    WAITS_FOR_ITS_CLAIMS,
    exits,
)
from tests.capabilities.market.story import Story
from tests.engine.strategies import STEPS, programs

ROLES = ("creators", "annotators", "arbiter", "governance")
SILENCES = [silent for size in range(len(ROLES) + 1) for silent in combinations(ROLES, size)]
PROGRAMS = settings.default.max_examples
"""For each of the 16 silences: 25 in the quick profile, 1,000 in the deep one."""

OVER = {JobState: {JobState.CLOSED}, ClaimState: {ClaimState.DONE}, DisputeState: {DisputeState.ENDED}}

# How to get into each state that can last, in a job of its own.
WAYS_IN = {
    "close": lambda *_: None,
    "releaseExpired": lambda story, job_id: story.claim(job_id, 0b111),
    "finalize": lambda story, job_id: story.submission(job_id, 0b111),
    "settleRejection": lambda story, job_id: story.rejection(job_id, 0b111, 0b111),
    "settleAppeal": lambda story, job_id: story.appeal(job_id, 0b111, 0b111),
}


def test_every_role_falls_silent_in_some_program(troupe):
    """Liveness (T13): a role that is added has to be silenced here, too."""
    assert set(ROLES) == set(troupe.capability.parties(troupe.stage))


@pytest.mark.parametrize("silent", SILENCES, ids="+".join)
@settings(max_examples=PROGRAMS)
@given(tapes=programs(), after=st.integers(0, STEPS // 2))
def test_whoever_falls_silent_the_market_drains(troupe, silent, tapes, after):
    """Invariant 12 (T13, T14, T15, T20; R2, R7): whichever parties fall silent, and whenever they do, the
    others go on; in the end a keeper's calls drain the market to nothing owed, and every credit can be taken
    out.
    """
    program, _ = troupe.check(tapes, silent=silent, after=after)
    muted = {account for role in silent for account in troupe.capability.parties(troupe.stage)[role]}
    early = [step.sender for step in program.steps if step.action not in {"open", "finish"}]
    assert after > 0 or not muted & set(early)
    exits_taken = [step for step in program.steps if step.action == "finish" and step.function != "withdraw"]
    assert {step.sender for step in exits_taken} <= {troupe.stage.cast.keeper}


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


@pytest.mark.parametrize("paused", [False, True])
@pytest.mark.parametrize("function", WAYS_IN)
def test_an_exit_opens_the_second_after_its_deadline(troupe, function, paused):
    """Invariants 14 and 15 (T13, T14, T15, T17, T23): at the deadline the time is still the party's, a second
    later anyone's, paused or not; and there is exactly one such call.
    """
    story = Story(troupe)
    WAYS_IN[function](story, story.job())
    if paused:
        story.act("pause", sender=story.cast.owner)
    keeper = story.cast.keeper
    (way,) = [way for way in exits(story.model) if way.function == function]
    story.refused(way.function, *way.args, sender=keeper, at=way.deadline, error="TooEarly")
    story.act(way.function, *way.args, sender=keeper, at=way.deadline + 1)
    assert way not in list(exits(story.model))
    story.run()


@pytest.mark.parametrize("function", [name for name in WAYS_IN if name != "close"])
def test_no_other_exit_fits(troupe, function):
    """Invariant 13 (T13): what waits in one state is not moved by another state's exit, however late."""
    story = Story(troupe)
    job_id = story.job()
    claim_id = WAYS_IN[function](story, job_id)
    late = max(way.deadline for way in exits(story.model)) + 1
    for other in sorted(set(WAYS_IN) - {function, "close"}):
        args = (job_id, (claim_id,)) if other == "releaseExpired" else (claim_id,)
        assert not story.play.act(other, *args, sender=story.cast.keeper, at=late), f"{other} works"
    story.run()


@pytest.mark.parametrize("closed", [False, True])
def test_a_market_in_every_state_at_once_drains(troupe, closed):
    """Invariant 12 (T13, T14, T15, T20; R2, R7): one call for each thing that waits, and nothing stays
    behind.
    """
    story = Story(troupe)
    for way_in in WAYS_IN.values():
        job_id = story.job()
        way_in(story, job_id)
        if closed:
            story.act("close", job_id, sender=story.cast.creator)
    story.play.finish()
    story.run()
