"""
allow, allowBySig
├── when the limit is higher than before: it holds at once
├── when it is lower
│   ├── for locks it holds at once
│   └── for slashes it holds after the period, counted from the latest lowering (T39)
├── when it is raised again in the meantime: the higher limit of before ends when it would have ended
├── when it is more than a market can lock of an account: it is that
├── a limit below what is locked lets nothing out
├── by signature: the signer's limit for the market that he named, whoever sends it
└── whatever a market slashes counts against its limit
"""

import pytest

from offchain.reference.staking import MOST_LOCKED
from tests.support.calls import now, reverts
from tests.support.market import mine_at
from tests.support.staking import DAY, PERIOD, UNLIMITED


def limit_set(world, limit, effective_at):
    values = {"account": world.who.staker, "market": world.who.market, "limit": limit}
    return [("LimitSet", values | {"effectiveAt": effective_at})]


def reach(world):
    """Limit for locks and limit for slashes."""
    bond = world.bond()
    return bond["limit"], bond["slashable"]


def test_allow__higher_limit__holds_at_once(world, staking):
    for limit in (300, 500, MOST_LOCKED):
        receipt = world.allow(limit)
        assert receipt.of(staking) == limit_set(world, limit, receipt.time)
        assert reach(world) == (limit, limit)


@pytest.mark.parametrize("limit", [MOST_LOCKED + 1, 2**105 + 7, UNLIMITED])
def test_allow__more_than_can_be_locked__is_the_highest_limit(world, staking, limit):
    """Cut off, and not what is left of it in 104 bits."""
    receipt = world.allow(limit)
    assert receipt.of(staking) == limit_set(world, MOST_LOCKED, receipt.time)
    assert reach(world) == (MOST_LOCKED, MOST_LOCKED)


def test_lock__of_a_stake_above_the_highest_limit__stops_there(world, staking, token, who):
    token.send("mint", who.staker, 2**105, sender=who.owner)
    world.stake(MOST_LOCKED + 1_000)
    world.allow(UNLIMITED)
    with reverts("LimitExceeded", who.staker, who.market, MOST_LOCKED, MOST_LOCKED + 1):
        staking.call("lock", who.staker, MOST_LOCKED + 1, now() + DAY, sender=who.market)
    world.lock(MOST_LOCKED)
    assert world.buckets()[:2] == (1_000, MOST_LOCKED)


def test_allow__market__has_no_power_before(world, staking, who):
    world.stake(1_000)
    with reverts("LimitExceeded", who.staker, who.market, 0, 1):
        staking.call("lock", who.staker, 1, now() + DAY, sender=who.market)
    with reverts("LimitExceeded", who.staker, who.market, 0, 1):
        staking.call("slash", who.staker, world.split(1), sender=who.market)


def test_allow__one_market__gives_others_nothing(world, who):
    world.allow(UNLIMITED)
    assert world.bond(market=who.forum)["limit"] == 0
    assert world.bond(account=who.rival)["limit"] == 0


def test_allow__lower_limit__holds_for_locks_at_once_and_for_slashes_after_the_period(world, staking, who):
    """T39: who sees an offence coming cannot lower his limit before it is slashed."""
    world.ready(1_000)
    receipt = world.allow(200)
    until = receipt.time + PERIOD
    assert receipt.of(staking) == limit_set(world, 200, until)
    assert reach(world) == (200, 1_000)
    with reverts("LimitExceeded", who.staker, who.market, 200, 201):
        staking.call("lock", who.staker, 201, now() + DAY, sender=who.market)
    mine_at(until)
    assert reach(world) == (200, 1_000)
    staking.call("slash", who.staker, world.split(1_000), sender=who.market)
    mine_at(until + 1)
    assert reach(world) == (200, 200)
    with reverts("LimitExceeded", who.staker, who.market, 200, 201):
        staking.call("slash", who.staker, world.split(201), sender=who.market)


def test_allow__lowered_twice__counts_from_the_second_time(world, staking):
    world.ready(1_000)
    first = world.allow(500).time
    mine_at(first + PERIOD - 10)
    receipt = world.allow(100)
    assert receipt.of(staking) == limit_set(world, 100, receipt.time + PERIOD)
    mine_at(receipt.time + PERIOD)
    assert reach(world) == (100, 1_000)
    mine_at(receipt.time + PERIOD + 1)
    assert reach(world) == (100, 100)


def test_allow__lowered_again_much_later__forgets_the_first_limit(world, staking):
    world.ready(1_000)
    mine_at(world.allow(500).time + PERIOD + 1)
    receipt = world.allow(100)
    assert receipt.of(staking) == limit_set(world, 100, receipt.time + PERIOD)
    assert reach(world) == (100, 500)


def test_allow__raised_a_little_in_the_meantime__does_not_prolong_the_limit_of_before(world, staking):
    """Regression: to raise a limit from 0 to 50 prolonged what was 1,000 by another period."""
    world.ready(1_000)
    until = world.allow(0).time + PERIOD
    mine_at(until - 5)
    receipt = world.allow(50)
    assert receipt.of(staking) == limit_set(world, 50, until)
    assert reach(world) == (50, 1_000)
    mine_at(until + 1)
    assert reach(world) == (50, 50)


def test_allow__the_same_limit_again__changes_nothing(world, staking):
    world.ready(1_000)
    until = world.allow(50).time + PERIOD
    assert world.allow(50).of(staking) == limit_set(world, 50, until)
    mine_at(until + 1)
    assert reach(world) == (50, 50)


def test_allow__raised_beyond_the_limit_of_before__holds_at_once(world, staking):
    world.ready(1_000)
    world.allow(0)
    receipt = world.allow(1_000)
    assert receipt.of(staking) == limit_set(world, 1_000, receipt.time)
    receipt = world.allow(2_000)
    assert receipt.of(staking) == limit_set(world, 2_000, receipt.time)
    assert reach(world) == (2_000, 2_000)


def test_allow__nothing__leaves_what_is_locked_locked(world, staking, who):
    """T39: after the period, too."""
    world.locked(600, free=400)
    mine_at(world.allow(0).time + PERIOD + 1)
    assert reach(world) == (0, 600)
    with reverts("LimitExceeded", who.staker, who.market, 600, 601):
        staking.call("slash", who.staker, world.split(601), sender=who.market)
    world.slash(600)
    assert world.buckets() == (400, 0, 0)


def test_allow__what_is_slashed__counts_against_both_limits(world, staking, who):
    """A limit is the most that can be lost until it is raised again."""
    world.ready(1_000, 500)
    world.allow(300)
    world.slash(100)
    assert reach(world) == (200, 400)
    world.slash(350)
    assert reach(world) == (0, 50)
    world.slash(50)
    with reverts("LimitExceeded", who.staker, who.market, 0, 1):
        staking.call("slash", who.staker, world.split(1), sender=who.market)
    assert world.buckets() == (500, 0, 0)
    world.allow(10)
    assert reach(world) == (10, 10)


# --- by signature ---


def test_allow_by_sig__sent_by_a_keeper__sets_the_signers_limit(world, staking, who):
    auth = world.pen.auth("Allow", who.staker, nonce=9, market=who.market, limit=77)
    receipt = staking.send("allowBySig", who.market, 77, auth, sender=who.keeper)
    used = ("NonceUsed", {"account": who.staker, "nonce": 9})
    assert receipt.of(staking) == [used, *limit_set(world, 77, receipt.time)]
    assert (reach(world), world.bond(who.keeper)["limit"]) == ((77, 77), 0)


@pytest.mark.parametrize("change", ["market", "limit"])
def test_allow_by_sig__changed_by_the_relayer__reverts(world, staking, who, change):
    """T43."""
    signed = {"market": who.market, "limit": 77}
    auth = world.pen.auth("Allow", who.staker, **signed)
    other = {"market": who.forum, "limit": 78}
    with reverts("InvalidSignature", who.staker):
        staking.call("allowBySig", *(signed | {change: other[change]}).values(), auth, sender=who.keeper)
