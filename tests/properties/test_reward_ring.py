"""A ring that pays itself on the real market: creator, annotators and whoever asks for rewards are one person
(T34, T64).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import ape
import pytest
from hypothesis import given
from hypothesis import strategies as st

from offchain.terms import difficulty
from tests.conftest import isolated
from tests.support import market as markets
from tests.support.calls import ZERO, Contract, balance, deploy, now
from tests.support.rewards import MAX_EPOCH_CAP, UNIT, next_epoch

FEE_BPS = 500
RATES = (10**17, UNIT, 7 * 10**18, 0)
"""Base units of reward for one of fee, times `UNIT`."""


@dataclass(frozen=True)
class Stage:
    """A market, the fees that it tells, and a distributor of rewards for them."""

    system: markets.System
    fees: Contract
    token: Contract
    distributor: Contract


@pytest.fixture(scope="module")
def stage() -> Stage:
    system = markets.deploy_system()
    owner = system.who.owner
    system.market.send("setFee", FEE_BPS, sender=owner)
    fees = deploy("ReviewedFees", system.market.address, sender=owner)
    token = deploy("MockToken", 18, sender=owner)
    distributor = deploy("RewardDistributor", owner, token.address, MAX_EPOCH_CAP, sender=owner)
    token.send("mint", distributor.address, MAX_EPOCH_CAP, sender=owner)
    distributor.send("setSource", system.market.address, fees.address, sender=owner)
    distributor.send("setRate", ZERO, UNIT, sender=owner)
    return Stage(system, fees, token, distributor)


@dataclass
class Ring:
    """What the ring does, and what it was rewarded: `assigned` in base units of the reward token, `value` in
    those of the fee, at the price `UNIT / rate` of the day.
    """

    stage: Stage
    rate: int = UNIT
    assigned: int = 0
    value: Fraction = Fraction(0)
    jobs: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.world = markets.World(self.stage.system)
        who = self.world.who
        self.accounts = (who.creator, who.annotator, who.rival, who.keeper)
        self.workers = (who.annotator, who.rival)
        self.money = self.wealth()

    def wealth(self) -> int:
        """What the ring has of the native coin, and all that is in the market but for the sink's."""
        purses = sum(balance(ZERO, account) for account in self.accounts)
        return purses + int(self.world.market.call("liabilities", ZERO)) - self.burnt()

    def burnt(self) -> int:
        """The fees that went to the sink."""
        return self.world.credit(self.world.who.sink)

    def rewards(self) -> int:
        """What the ring has, or can claim, of the reward token."""
        token, distributor = self.stage.token, self.stage.distributor
        credits_ = sum(distributor.call("creditOf", token.address, account) for account in self.accounts)
        return int(credits_) + sum(balance(token, account) for account in self.accounts)

    def open(self, reward: int, classes: tuple[int, ...]) -> None:
        """A job of the ring's, with nobody who could reject anything."""
        multipliers, words = difficulty(classes) if classes else (0, ())
        terms: dict[str, Any] = {"multipliers": multipliers, "word_classes": words, "arbiter": ZERO}
        deadline = now() + 700 * markets.DAY
        self.jobs.append(self.world.open(reward=reward, fee_bps=FEE_BPS, deadline=deadline, **terms))

    def work(self, pick: int, word: int, tasks: int) -> None:
        """One of the ring does tasks, and the ring approves them."""
        job_id, worker = self.jobs[pick % len(self.jobs)], self.workers[pick % 2]
        free = self.world.market.call("freeTasks", job_id, word)
        mask = 0
        for _ in range(tasks):
            lowest = free & -free
            free, mask = free & ~lowest, mask | lowest
        if mask:
            self.world.approve(self.world.submitted(job_id, mask, word=word, by=worker), mask)

    def ask(self, pick: int, again: int) -> None:
        """The ring asks for rewards, often, and takes them out or not."""
        job_id = self.jobs[pick % len(self.jobs)]
        who = self.world.who
        for _ in range(1 + again):
            args = self.world.market.address, job_id, [who.annotator, who.rival, who.creator] * (1 + again)
            receipt = self.stage.distributor.send("assign", *args, sender=who.keeper)
            if receipt.value:
                self.assigned += receipt.value
                self.value += Fraction(receipt.value * UNIT, self.rate)
        worker = self.workers[pick % 2]
        if self.stage.distributor.call("creditOf", self.stage.token.address, worker):
            self.stage.distributor.send("claim", who.keeper, sender=worker)

    def change(self, rate: int, cap: int) -> None:
        """The owner, who is not of the ring, follows the price."""
        self.rate = rate
        owner = self.world.who.owner
        self.stage.distributor.send("setRate", ZERO, rate, sender=owner)
        self.stage.distributor.send("setEpochCap", cap, sender=owner)
        next_epoch()


moves = st.one_of(
    st.tuples(
        st.just("open"),
        st.sampled_from([1, 19, 20, 1_000_003, 10**15]),
        st.sampled_from([(), (12_345, 10_001, 65_535), (10_000, 20_003, 10_007)]),
    ),
    st.tuples(st.just("work"), st.integers(0, 5), st.integers(0, 2), st.integers(1, 40)),
    st.tuples(st.just("work"), st.integers(0, 5), st.integers(0, 2), st.integers(1, 40)),
    st.tuples(st.just("ask"), st.integers(0, 5), st.integers(0, 2)),
    st.tuples(st.just("change"), st.sampled_from(RATES), st.sampled_from([MAX_EPOCH_CAP, 10**9 + 7, 77])),
)


@given(reward=st.sampled_from([20, 1_000_003, 10**15]), program=st.lists(moves, max_size=12))
def test_a_ring_that_pays_itself_is_rewarded_with_less_than_it_burnt(stage, reward, program):
    """T34, T64: whatever the ring does, in any order, with any difficulty, at rates that change: the fees
    that went to the sink are all that it lost, and what it was rewarded was worth no more.
    """
    with isolated(ape.chain):
        ring = Ring(stage)
        ring.change(UNIT, MAX_EPOCH_CAP)
        ring.open(reward, ())
        ring.work(0, 0, 30)
        for move, *args in program:
            getattr(ring, move)(*args)
        for job in range(len(ring.jobs)):
            ring.ask(job, 1)
        assert ring.money - ring.wealth() == ring.burnt()
        assert ring.rewards() == ring.assigned
        assert ring.value <= ring.burnt()
