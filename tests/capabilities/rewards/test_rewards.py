"""Programs of many actors: the distributor does what its model says, and nobody is rewarded more than he paid
for.
"""

from __future__ import annotations

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.capabilities.rewards import RewardsPlay
from tests.engine.strategies import STEPS, programs

PROGRAMS = 6 * settings.default.max_examples
"""150 in the quick profile, 6,000 in the deep one."""

ROLES = ("owner", "creators", "annotators")
MONEY_ACTS = frozenset({"assign", "collect", "setRoot", "claim", "claimBySig", "claimFromTree", "withdraw"})
SEEN: Counter[tuple[str, str]] = Counter()
"""How often each function ended how."""


@settings(max_examples=PROGRAMS)
@given(tapes=programs(), silent=st.sets(st.sampled_from(ROLES)), after=st.integers(0, STEPS))
def test_distributor_does_what_its_model_says_and_rewards_no_more_than_fees(troupe, tapes, silent, after):
    """Whoever falls silent, and whenever:

    1. A call succeeds exactly when the model says so; if not, with the model's custom error and values. (T41,
       T42, T43, T59)
    2. Events are the model's, in order, with every value; so is every view.
    3. The distributor owes its credits and what the tree promises and has not paid, and holds that much.
       (T1, T12)
    4. In each fee token all rewards are at most the highest rate so far times the fees that were paid; in
       each job, what rewards were worth when they were handed out is at most its fees. (T34)
    5. No epoch hands out more than its cap.
    6. The tree pays at most its sum, its sum is at most its budget, its budget is what its jobs added. (T5)
    7. Fees are counted once, whichever source tells of them: for accounts, or in the tree for all of a job.
       (T64)
    8. There is always an owner, handover takes two steps, and no power takes back a credit. (T61)
    9. In the end an outsider's calls leave nothing that waits: jobs that no root counts on leave the tree,
       what cap and supply allow is assigned, every credit is taken out; what is owed then is what the tree
       still owes. (T13)
    """
    program, _ = troupe.check(tapes, silent=sorted(silent), after=after)
    SEEN.update((step.function, step.outcome) for step in program.steps)


def test_rewards_move_in_the_programs(troupe):
    """What the programs above were worth: each act that moves rewards succeeded in many of them."""
    done = {function: SEEN[function, "ok"] for function in MONEY_ACTS}
    assert min(done.values()) >= PROGRAMS // 10, done


@settings(max_examples=PROGRAMS // 6)
@given(tapes=programs(), after=st.integers(0, STEPS // 2))
def test_a_silent_owner_strands_nothing(troupe, tapes, after):
    """Liveness (T13): after the owner's last act, only others act, and in the end nothing waits for him."""
    program, _ = troupe.check(tapes, silent=("owner",), after=after)
    muted = troupe.capability.parties(troupe.stage)["owner"]
    last = [step for step in program.steps if step.action == "finish"]
    assert not {step.sender for step in last if step.function != "claim"} & set(muted)


def test_every_role_falls_silent_in_some_program(troupe):
    """A role that is added has to be silenced here, too (T13)."""
    assert set(ROLES) == set(RewardsPlay.parties(troupe.stage))
