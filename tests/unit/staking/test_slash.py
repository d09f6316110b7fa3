"""
slash
├── when the market may: it takes from its own lock, then from what is available, then from what is unbonding,
│   the latest request first; exactly payout, burn and fee (T38)
│   ├── one base unit is one base unit (T40)
│   ├── where there is less than that: the fee is cut first, then the burn, then the payout
│   ├── never another market's lock, nor what has finished unbonding
│   ├── a lock that is over and that nobody reclaimed is still within reach
│   └── whoever tried to leave before pays all the same (T39)
└── reverts when
    ├── it is nothing
    ├── it is more than the account allows, or than the market has locked where it is not listed
    └── the caller is somebody else
"""

import pytest

from offchain.reference.staking import MOST_LOCKED
from tests.support.calls import now, reverts
from tests.support.market import mine_at
from tests.support.staking import DAY, PERIOD, UNLIMITED


def spread(world) -> list[tuple[int, int]]:
    """300 locked, 200 available, 80 unbonding; returns the two requests."""
    world.locked(300, free=280)
    first = world.unbond(50)
    mine_at(now() + 1_000)
    return [(50, first), (30, world.unbond(30))]


@pytest.mark.parametrize(
    ("amount", "parts", "buckets", "queue"),
    [
        (1, (1, 0, 0), (200, 299, 80), (50, 30)),
        (300, (300, 0, 0), (200, 0, 80), (50, 30)),
        (301, (300, 1, 0), (199, 0, 80), (50, 30)),
        (500, (300, 200, 0), (0, 0, 80), (50, 30)),
        (501, (300, 200, 1), (0, 0, 79), (50, 29)),
        (530, (300, 200, 30), (0, 0, 50), (50,)),
        (531, (300, 200, 31), (0, 0, 49), (49,)),
        (580, (300, 200, 80), (0, 0, 0), ()),
    ],
)
def test_slash__some_of_it__takes_it_in_this_order(world, staking, who, amount, parts, buckets, queue):
    """T38, T40: to the base unit, however much is on its way out."""
    requests = spread(world)
    with world.moves() as moved:
        receipt = world.slash(amount)
    assert moved == {"payee": amount, "contract": -amount}
    slashed = dict(zip(("fromLock", "fromAvailable", "fromUnbonding"), parts, strict=True))
    slashed |= {"account": who.staker, "market": who.market, "payee": who.payee}
    slashed |= {"payout": amount, "burned": 0, "fee": 0}
    assert (receipt.value, receipt.of(staking)) == (amount, [("StakeSlashed", slashed)])
    assert world.buckets() == buckets
    assert world.queue() == [(left, until) for left, (_, until) in zip(queue, requests, strict=False)]
    assert world.bond()["locked"] == buckets[1]


@pytest.mark.parametrize(
    ("wanted", "done"),
    [
        ((300, 200, 80), (300, 200, 80)),
        ((300, 200, 81), (300, 200, 80)),
        ((300, 280, 900), (300, 280, 0)),
        ((300, 281, 900), (300, 280, 0)),
        ((580, 1, 1), (580, 0, 0)),
        ((581, 1, 1), (580, 0, 0)),
        ((0, 0, 581), (0, 0, 580)),
        ((0, 600, 1), (0, 580, 0)),
    ],
)
def test_slash__more_than_there_is__cuts_the_fee_then_the_burn_then_the_payout(world, staking, wanted, done):
    """T38: what was taken is what was split."""
    spread(world)
    with world.moves() as moved:
        receipt = world.slash(*wanted)
    told = receipt.of(staking)[0][1]
    assert (told["payout"], told["burned"], told["fee"]) == done
    payout, burned, fee = done
    expected = {"payee": payout, "nobody": burned, "sink's credit": fee, "contract": -payout - burned}
    assert moved == {name: amount for name, amount in expected.items() if amount}
    assert receipt.value == 580
    assert world.buckets() == (0, 0, 0)


def test_slash__nothing_there__takes_nothing_and_goes_on(world, staking, who):
    """A market that settles many accounts does not stop at one that has nothing left."""
    world.allow(500)
    receipt = world.slash(5, 4, 3)
    nothing = {"account": who.staker, "market": who.market, "payee": who.payee}
    nothing |= dict.fromkeys(("fromLock", "fromAvailable", "fromUnbonding", "payout", "burned", "fee"), 0)
    assert (receipt.value, receipt.of(staking)) == (0, [("StakeSlashed", nothing)])
    assert world.bond()["limit"] == 500


def test_slash__other_markets_lock__is_out_of_reach(world, staking, who):
    staking.send("setMarket", who.forum, True, sender=who.owner)
    world.ready(1_000, UNLIMITED)
    world.allow(UNLIMITED, market=who.forum)
    world.lock(600)
    assert world.slash(1_000, market=who.forum).value == 400
    assert (world.buckets(), world.bond()["locked"]) == ((0, 600, 0), 600)
    assert world.slash(1_000).value == 600


@pytest.mark.parametrize(("late", "within_reach"), [(0, 580), (1, 530)])
def test_slash__request_to_leave__is_within_reach_in_its_last_second(world, staking, who, late, within_reach):
    """T39: what can be slashed cannot be collected, and the other way round."""
    (_, first), _ = spread(world)
    mine_at(first + late)
    fine = world.split(1_000)
    assert staking.call("slash", who.staker, fine, sender=who.market) == within_reach


def test_slash__after_the_lock_is_over__takes_it_as_long_as_nobody_reclaims_it(world, staking, who):
    until = world.locked(600)
    staking.send("setMarket", who.market, False, sender=who.owner)
    mine_at(until + 100)
    world.slash(100)
    assert world.buckets() == (0, 500, 0)


def test_slash__account_that_leaves_in_every_way__pays_all_of_it(world, staking, who):
    """T39: a lower limit and requests to leave in the same block as the offence, up to the period's last
    second.
    """
    world.locked(600, free=400)
    started = world.allow(0).time
    world.unbond(399)
    world.unbond(1)
    for act, arguments in (("unlock", (who.staker, 1)), ("reclaim", (who.staker, who.market))):
        with pytest.raises(Exception, match=r"LockTooLow|StillLocked"):
            staking.call(act, *arguments, sender=who.staker)
    mine_at(started + PERIOD)
    assert staking.call("slash", who.staker, world.split(1_000), sender=who.market) == 1_000


def test_slash__rest_after_a_slash__can_be_taken_out(world, staking, who):
    """T38: slashed in all buckets, the rest leaves as it would have."""
    world.locked(300, free=280)
    until = world.unbond(80)
    world.slash(100)
    world.slash(150, 50)
    assert world.buckets() == (200, 0, 80)
    mine_at(until + 1)
    staking.send("collect", who.staker, sender=who.keeper)
    mine_at(world.unbond(200) + 1)
    with world.moves() as moved:
        staking.send("collect", who.staker, sender=who.keeper)
    assert (moved, world.buckets()) == ({"staker": 200, "contract": -200}, (0, 0, 0))


def test_slash__nothing__reverts(world, staking, who):
    world.locked(600)
    with reverts("NothingToMove"):
        staking.call("slash", who.staker, world.split(), sender=who.market)


def test_slash__more_than_the_limit__reverts(world, staking, who):
    world.ready(1_000, 500)
    world.lock(200)
    for parts in ((501, 0, 0), (0, 501, 0), (0, 0, 501), (300, 200, 1)):
        with reverts("LimitExceeded", who.staker, who.market, 500, 501):
            staking.call("slash", who.staker, world.split(*parts), sender=who.market)
    world.slash(300, 150, 50)


def test_slash__sum_that_no_limit_holds__reverts(world, staking, who):
    world.ready(1_000, UNLIMITED)
    most = world.split(UNLIMITED, UNLIMITED, UNLIMITED)
    with reverts("LimitExceeded", who.staker, who.market, MOST_LOCKED, 3 * UNLIMITED):
        staking.call("slash", who.staker, most, sender=who.market)


@pytest.mark.parametrize("role", ["staker", "owner", "sink", "forum", "stranger"])
def test_slash__by_anyone_else__reverts(world, staking, who, role):
    """T61: neither the owner nor another market lays hands on it."""
    world.locked(600, free=400)
    account = getattr(who, role)
    with reverts("LimitExceeded", who.staker, account, 0, 1):
        staking.call("slash", who.staker, world.split(1), sender=account)


def test_slash__one_account__leaves_the_others_alone(world, who):
    world.locked(600)
    world.ready(700, account=who.rival)
    world.slash(600)
    assert (world.buckets(), world.buckets(who.rival)) == ((0, 0, 0), (700, 0, 0))
    assert world.bond(who.rival)["limit"] == 700


def test_slash__lock__does_not_end_earlier_by_it(world):
    """T40."""
    until = world.locked(600, free=400)
    world.slash(700)
    world.lock(100, until=now() + DAY)
    assert world.bond()["until"] == until
