"""The staking contract against its model: random programs of many actors, and everybody's way out of them."""

from __future__ import annotations

from collections import Counter
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.capabilities.staking import StakingPlay
from tests.engine.dice import TAPE
from tests.engine.regression import regression
from tests.engine.strategies import STEPS, programs

PROGRAMS = 6 * settings.default.max_examples
"""150 in the quick profile, 6,000 in the deep one."""

ROLES = ("stakers", "markets", "governance")
SILENCES = [silent for size in range(1, len(ROLES) + 1) for silent in combinations(ROLES, size)]
ACTS = frozenset(
    {"stake", "allow", "unbond", "lock", "unlock", "slash", "collect", "reclaim", "withdraw"}
    | {"stakeBySig", "allowBySig", "unbondBySig"}
)
SEEN: Counter[tuple[str, str]] = Counter()
"""How often each function ended how."""


@settings(max_examples=PROGRAMS)
@given(tapes=programs())
def test_staking_does_what_its_model_says_and_everybody_gets_his(troupe, tapes):
    """Invariants of the staking contract in tests/capabilities/README.md:

    1. A call succeeds exactly when the model says so; if not, with the model's custom error and values. (T9,
       T41, T42, T43)
    2. Events are the model's, in order, with every value; so is every view.
    3. The contract holds exactly what it owes: all buckets of everybody, and credits; an account's locked
       bucket is the sum of what its markets have locked. (T1, T38)
    4. A slash takes payout, burn and fee, to the unit, from the market's lock, then from what is available,
       then from what is unbonding, and from nothing else; what is left stays withdrawable. (T38)
    5. A market takes no more than the account allowed it, until the account allows more.
    6. Who sees that he will be slashed finds no way out: neither leaving, nor a lower limit, nor more stake.
       (T39)
    7. A lock never gets shorter, and is never longer than the longest lock. (T40)
    8. Whoever is refused by the token gets a credit and hinders nobody; a token that calls back finds every
       door locked. (T10, T62)
    9. There is always an owner, handover takes two steps, and no power of his moves stakes. (T61)
    10. In the end a keeper's calls give back every lock and every request to leave; owners take out what is
        available, and nothing is left. (T13, T38)
    """
    program, _ = troupe.check(tapes)
    SEEN.update((step.function, step.outcome) for step in program.steps)


@pytest.mark.parametrize("silent", SILENCES, ids="+".join)
@settings(max_examples=settings.default.max_examples)
@given(tapes=programs(), after=st.integers(0, STEPS // 2))
def test_whoever_falls_silent_everything_comes_back(troupe, silent, tapes, after):
    """Invariant 10 (T13, T38): whichever parties fall silent, and whenever they do."""
    program, _ = troupe.check(tapes, silent=silent, after=after)
    permissionless = {"reclaim", "collect"}
    exits = [step for step in program.steps if step.action == "finish" and step.function in permissionless]
    assert {step.sender for step in exits} <= {troupe.stage.cast.keeper}


def test_money_moves_in_the_programs():
    """What the programs above were worth: each act succeeded in many of them."""
    done = {function: SEEN[function, "ok"] for function in ACTS}
    assert min(done.values()) >= PROGRAMS // 10, done


@pytest.mark.parametrize("house", range(4))
def test_a_program_of_any_house_can_be_told_again(troupe, house):
    """A failure is written down as a test, step by step, and so each step says in which house it is."""
    opening = bytes([0, 64 * house]) + bytes(TAPE - 2)
    program = troupe.write([opening, *(bytes([0, move]) + bytes(TAPE - 2) for move in range(0, 256, 16))])
    name = troupe.chain.names[troupe.stage.houses[house].staking.address]
    assert {step.contract for step in program.steps} >= {troupe.stage.houses[house].staking}
    assert (f'contract=troupe.chain.contracts["{name}"]' in regression(troupe, program)) is (house > 0)


def test_every_role_falls_silent_in_some_program(troupe):
    """A role that is added has to be silenced here, too (T13)."""
    assert set(ROLES) == set(StakingPlay.parties(troupe.stage))
