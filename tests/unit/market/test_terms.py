"""
createJob: which terms are admitted
├── each field from its lower to its upper bound, both included (T19)
├── dispute terms with an arbiter only, and an arbiter's fee that annotators can deposit
└── reverts when
    ├── a field is out of bounds
    ├── the fee is not the one of the day (T18)
    ├── creator, arbiter and sink are not three (T34)
    └── token or hook have no code
"""

from dataclasses import replace

import pytest

from tests.support.calls import ZERO, field32, now, reverts, rpc
from tests.support.market import DAY, HOUR, REWARD

BOUNDS = [
    ("reward", 1, 2**96 - 1),
    ("task_count", 1, 1 << 20),
    ("claim_window", 60, 30 * DAY),
    ("review_window", HOUR, 30 * DAY),
    ("max_open", 1, 65_535),
    ("bond_bps", 0, 10_000),
    ("royalty_bps", 0, 9_000),
    ("appeal_window", HOUR, 30 * DAY),
    ("decision_window", HOUR, 30 * DAY),
    ("reject_fee_bps", 500, 5_000),
]
LIMITS_OF_TYPES = {"reward": 2**96 - 1, "max_open": 65_535}


def solidity(name: str) -> bytes:
    first, *rest = name.split("_")
    return field32(first + "".join(part.capitalize() for part in rest))


def rich(world, name, terms):
    """The creator can pay for whatever a bound asks."""
    rpc("anvil_setBalance", world.who.creator, hex(2**120))
    return replace(terms, task_count=1, arbiter_fee=0) if name == "reward" else terms


@pytest.mark.parametrize(("name", "least", "most"), BOUNDS)
def test_create_job__term_below_its_bounds__reverts(world, name, least, most):
    if least == 0:
        assert world.try_open(rich(world, name, world.terms(**{name: 0}))) == 1
        return
    assert world.try_open(rich(world, name, world.terms(**{name: least}))) == 1
    with reverts("TermOutOfBounds", solidity(name), least - 1, least, most):
        world.try_open(world.terms(**{name: least - 1}))


@pytest.mark.parametrize(("name", "least", "most"), BOUNDS)
def test_create_job__term_above_its_bounds__reverts(world, name, least, most):
    assert world.try_open(rich(world, name, world.terms(**{name: most}))) == 1
    if most == LIMITS_OF_TYPES.get(name):
        return
    with reverts("TermOutOfBounds", solidity(name), most + 1, least, most):
        world.try_open(rich(world, name, world.terms(**{name: most + 1})))


def test_create_job__deadline__is_between_one_claim_and_two_years_away(world):
    """T19: the first moment at which a claim could be made must leave its whole window; no job for ever."""
    at = now()
    first, last = at + 1_800, at + 730 * DAY
    assert world.try_open(world.terms(deadline=first)) == world.try_open(world.terms(deadline=last)) == 1
    for deadline in (first - 1, last + 1):
        with reverts("TermOutOfBounds", field32("deadline"), deadline, first, last):
            world.try_open(world.terms(deadline=deadline))


@pytest.mark.parametrize("name", ["appeal_window", "decision_window", "reject_fee_bps", "arbiter_fee"])
def test_create_job__dispute_terms_without_an_arbiter__revert(world, name):
    with reverts("TermOutOfBounds", solidity(name), 1, 0, 0):
        world.try_open(world.terms(arbiter=ZERO, **{name: 1}))


@pytest.mark.parametrize("stated", [0, 99, 101])
def test_create_job__another_fee_than_that_of_the_day__reverts(world, market, stated):
    """T18: a fee that changes while the creator's transaction is under way does not surprise him."""
    market.send("setFee", 100, sender=world.who.owner)
    with reverts("FeeChanged", stated, 100):
        world.try_open(world.terms(fee_bps=stated))


@pytest.mark.parametrize("name", ["token", "hook"])
def test_create_job__token_or_hook_without_code__reverts(world, name):
    with reverts("NotAContract", world.who.stranger):
        world.try_open(world.terms(**{name: world.who.stranger}))


def test_create_job__roles_in_conflict__revert(world, who):
    """T34: nobody is the judge of his own case, and nobody gains by a forfeit that he can bring about."""
    with reverts("RoleConflict", who.creator):
        world.try_open(world.terms(arbiter=who.creator))
    with reverts("RoleConflict", who.sink):
        world.try_open(world.terms(arbiter=who.sink))
    with reverts("RoleConflict", who.sink):
        world.try_open(world.terms(creator=who.sink))
    with reverts("RoleConflict", who.sink):
        world.try_open(world.terms(creator=who.sink, arbiter=ZERO))


@pytest.mark.parametrize("reward", [1, REWARD])
def test_create_job__arbiter_fee__is_at_most_100_rewards(world, reward):
    """T37: a fee that no annotator can deposit would make every rejection stand."""
    terms = world.terms(reward=reward, arbiter_fee=100 * reward)
    assert world.try_open(terms) == 1
    with reverts("TermOutOfBounds", field32("arbiterFee"), 100 * reward + 1, 0, 100 * reward):
        world.try_open(replace(terms, arbiter_fee=100 * reward + 1))
