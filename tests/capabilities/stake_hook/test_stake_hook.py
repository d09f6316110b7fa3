"""The stake hook against its model: random programs of many actors, and everybody's way out of them."""

from __future__ import annotations

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.capabilities.stake_hook import StakeHookPlay
from tests.engine.strategies import STEPS, programs

PROGRAMS = 6 * settings.default.max_examples
"""150 in the quick profile, 6,000 in the deep one."""

ROLES = ("owner", "creators", "annotators", "forum")
ACTS = frozenset(
    {"configure", "pledge", "pledgeBySig", "requestUnpledge", "requestUnpledgeBySig", "unpledge", "slash"}
    | {"take", "setRecord", "reclaim"}
)
SEEN: Counter[tuple[str, str]] = Counter()
"""How often each function ended how."""


@settings(max_examples=PROGRAMS)
@given(tapes=programs(), silent=st.sets(st.sampled_from(ROLES)), after=st.integers(0, STEPS))
def test_hook_does_what_its_model_says_and_pledges_come_back(troupe, tapes, silent, after):
    """Whoever falls silent, and whenever:

    1. A call succeeds exactly when the model says so; if not, with the model's custom error and values. (T41,
       T42, T43)
    2. Events are the model's, in order, those of the staking contract included; so is every view.
    3. What the hook has locked of an account is what its pledges are worth; the hook holds nothing. (T1)
    4. A pledge is for every task that is open or to be slashed for, from the claim on until the lock is over,
       which is no sooner than a proof may take. (T39, T40)
    5. Whoever sees that he will be slashed finds no way out: neither leaving, nor new claims on the same
       pledge, nor a lower limit, nor another market, nor the end of the listing. (T39)
    6. What is slashed is destroyed: nobody has more by it. (T34, T37)
    7. In the end an outsider's calls give back every pledge. (T13)
    """
    program, _ = troupe.check(tapes, silent=sorted(silent), after=after)
    SEEN.update((step.function, step.outcome) for step in program.steps)


def test_stake_moves_in_the_programs():
    """What the programs above were worth: each act succeeded in many of them."""
    done = {function: SEEN[function, "ok"] for function in ACTS}
    assert min(done.values()) >= PROGRAMS // 10, done


@settings(max_examples=PROGRAMS // 6)
@given(tapes=programs(), after=st.integers(0, STEPS // 2))
def test_silent_annotators_leave_nothing_behind(troupe, tapes, after):
    """Liveness (T13): after their last act only others act, and every pledge comes back."""
    program, _ = troupe.check(tapes, silent=("annotators",), after=after)
    last = [step for step in program.steps if step.action == "finish"]
    assert {step.sender for step in last} <= {troupe.stage.cast.keeper}


def test_every_role_falls_silent_in_some_program(troupe):
    """A role that is added has to be silenced here, too (T13)."""
    assert set(ROLES) == set(StakeHookPlay.parties(troupe.stage))
