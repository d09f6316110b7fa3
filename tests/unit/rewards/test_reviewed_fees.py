"""
ReviewedFees
├── feesOf, feesOfJob: what the sink was credited for approved tasks, in the job's token
│   ├── without difficulty classes to the unit, with a hook, too
│   ├── with classes never more, and at most two units a task less
│   └── of tasks that are claimed, under review, in dispute or rejected: nothing
└── of a job without fee, and of one that does not exist: nothing
"""

from __future__ import annotations

from fractions import Fraction

import pytest

from offchain.terms import difficulty
from tests.conftest import AtEnd
from tests.support import market as markets
from tests.support.calls import ZERO, Contract, deploy
from tests.support.ledger import assert_ledger
from tests.support.market import DAY, REWARD, mine_at

FEE = REWARD * 333 // 10_000
WORST, MULTIPLIER = 1_005, 10_169  # lose 1.03 units of fee a task by rounding


@pytest.fixture(scope="module")
def market_system() -> markets.System:
    return markets.deploy_system()


@pytest.fixture
def world(market_system: markets.System, at_end: AtEnd) -> markets.World:
    """A market with a fee of 3.33 %."""
    fresh = markets.World(market_system)
    at_end(lambda: assert_ledger(fresh))
    fresh.market.send("setFee", 333, sender=fresh.who.owner)
    return fresh


@pytest.fixture
def who(world: markets.World) -> markets.Cast:
    return world.who


@pytest.fixture(params=["native", "token"])
def coin(request: pytest.FixtureRequest, market_system: markets.System) -> str:
    return ZERO if request.param == "native" else market_system.token.address


@pytest.fixture
def fees(world: markets.World) -> Contract:
    return deploy("ReviewedFees", world.market.address, sender=world.who.owner)


def test_fees__plain_job__are_what_the_sink_was_credited(world, who, fees, coin):
    job_id = world.open(fee_bps=333, token=coin)
    world.approve(world.submitted(job_id, 0b111), 0b111)
    world.approve(world.submitted(job_id, 0b11000, by=who.rival), 0b01000)
    assert fees.call("market") == fees.call("origin") == world.market.address
    assert fees.call("feesOf", job_id, who.annotator) == (coin, 3 * FEE)
    assert fees.call("feesOf", job_id, who.rival) == (coin, FEE)
    assert fees.call("feesOf", job_id, who.creator) == (coin, 0)
    assert fees.call("feesOfJob", job_id) == (coin, 4 * FEE) == (coin, world.credit(who.sink, coin))


def test_fees__hook_and_no_classes__are_told_to_the_unit(world, who, fees):
    """The market keeps both in one byte of flags."""
    hook = deploy("MockHook", sender=who.owner)
    job_id = world.open(fee_bps=333, hook=hook.address)
    hook.send("expectQuestion", job_id, who.annotator, 3, b"", sender=who.owner)
    world.approve(world.submitted(job_id, 0b111), 0b111)
    assert fees.call("feesOf", job_id, who.annotator) == (ZERO, 3 * FEE)
    assert fees.call("feesOfJob", job_id) == (ZERO, 3 * FEE) == (ZERO, world.credit(who.sink))


def test_fees__of_tasks_that_are_not_final__are_none(world, who, fees):
    job_id = world.open(fee_bps=333)
    world.claim(job_id, 0b1)
    world.submitted(job_id, 0b10)
    rejected = world.rejected(job_id, 0b100)
    world.appealed(job_id, 0b1000)
    mine_at(world.record(rejected)["disputedAt"] + 2 * DAY + 1)
    world.market.send("settleRejection", rejected, sender=who.keeper)
    assert fees.call("feesOf", job_id, who.annotator)[1] == fees.call("feesOfJob", job_id)[1] == 0


def test_fees__of_a_job_without_fee_or_without_being__are_none(world, who, fees):
    world.market.send("setFee", 0, sender=who.owner)
    job_id = world.open()
    world.approve(world.submitted(job_id, 0b111), 0b111)
    assert fees.call("feesOf", job_id, who.annotator) == (ZERO, 0)
    assert fees.call("feesOfJob", job_id) == fees.call("feesOfJob", job_id + 1) == (ZERO, 0)


@pytest.mark.parametrize("reward", [1, 3, 29, 1_000, REWARD, 10**15 + 7])
def test_fees__difficulty_classes__are_never_too_high(world, who, fees, coin, reward):
    """Rounding takes at most two units a task off (T34)."""
    multipliers, classes = difficulty((12_345, 10_001, 65_535))
    job_id = world.open(
        fee_bps=333, reward=reward, token=coin, arbiter_fee=0, multipliers=multipliers, word_classes=classes
    )
    tasks = {who.annotator: 0, who.rival: 0}
    paid = dict(tasks)
    for word, mask in enumerate((0b111, 0b1, 0b11011)):
        for account in tasks:
            claim = world.submitted(
                job_id, mask if account == who.annotator else mask << 8, word=word, by=account
            )
            before = world.credit(who.sink, coin)
            world.approve(claim, world.record(claim)["mask"])
            paid[account] += world.credit(who.sink, coin) - before
            tasks[account] += mask.bit_count()
    for account, count in tasks.items():
        told, amount = fees.call("feesOf", job_id, account)
        assert (told, paid[account] - 2 * count <= amount <= paid[account]) == (coin, True)
    whole = fees.call("feesOfJob", job_id)[1]
    assert sum(paid.values()) - 2 * sum(tasks.values()) <= whole <= sum(paid.values())


def test_fees__rounding_of_both_kinds_at_its_worst__is_taken_off(world, who, fees):
    """T34: a task of which pay and fee are both rounded down loses more than one unit of fee."""
    multipliers, classes = difficulty((MULTIPLIER, MULTIPLIER, MULTIPLIER))
    job_id = world.open(
        fee_bps=333, reward=WORST, arbiter=ZERO, multipliers=multipliers, word_classes=classes
    )
    money = world.money(job_id)
    exact = 256 * Fraction(WORST * MULTIPLIER * 333, 10**8)
    assert exact - 256 * money.fee > 256 + 1
    world.approve(world.submitted(job_id, markets.FULL), markets.FULL)
    assert world.credit(who.sink) == 256 * money.fee
    assert fees.call("feesOf", job_id, who.annotator)[1] <= 256 * money.fee
