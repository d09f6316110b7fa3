"""What must hold of a distributor's model at every step, in sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from offchain.reference.calls import Effects
from offchain.reference.rewards import EPOCH, RATE_UNIT, Job, Rewards
from offchain.states import RewardMode
from offchain.terms import ZERO_ADDRESS

EMISSIONS = frozenset({"RewardAssigned", "RewardCollected"})


class Books:
    """What was handed out, added up from events alone.

    rewards: by fee token, base units of the reward token; what went back from the tree is taken off. value:
    by job, what its rewards were worth when they were handed out, in base units of the fee, at the highest
    price at which a rate promises that nobody gains (`RATE_UNIT / rate`).
    """

    def __init__(self, model: Rewards) -> None:
        self.model = model
        self.highest = dict(model.rates)
        self.rewards: Counter[str] = Counter()
        self.value: dict[Job, Fraction] = {}
        self.epochs: Counter[int] = Counter()

    def note(self, effects: Effects, now: int) -> Iterator[str]:
        """Add a step; the sentences about it that do not hold."""
        for name, values in effects.events:
            if name == "RateSet":
                token, rate = values["feeToken"], values["rate"]
                self.highest[token] = max(rate, self.highest.get(token, 0))
            if name in EMISSIONS:
                yield from self._emission(values, now)
            if name == "RewardReturned":
                self.rewards[self.model.fees.token_of(_job(values))] -= values["reward"]
                self.value[_job(values)] = Fraction(0)

    def _emission(self, values: dict[str, Any], now: int) -> Iterator[str]:
        job, reward, rate = _job(values), values["reward"], self.model.rates[values["feeToken"]]
        self.rewards[values["feeToken"]] += reward
        self.epochs[now // EPOCH] += reward
        self.value[job] = self.value.get(job, Fraction(0)) + Fraction(reward * RATE_UNIT, rate)
        if self.epochs[now // EPOCH] > self.model.epoch_cap:
            yield f"epoch {now // EPOCH} hands out {self.epochs[now // EPOCH]}, more than its cap"
        if self.value[job] > self.model.fees.of_job(job):
            yield f"job {job} was paid fees of {self.model.fees.of_job(job)}, rewards worth {self.value[job]}"

    def whole(self) -> Iterator[str]:
        """The sentences about all that was handed out that do not hold."""
        paid: Counter[str] = Counter()
        for (origin, job_id, _), fees in self.model.fees.paid.items():
            paid[self.model.fees.token_of((origin, job_id))] += fees
        for token, rewards in self.rewards.items():
            if rewards * RATE_UNIT > self.highest.get(token, 0) * paid[token]:
                yield f"{rewards} for fees of {paid[token]} in {token}, more than the highest rate gives"


def after_step(model: Rewards) -> Iterator[str]:
    """The sentences that do not hold of the distributor as it is."""
    tree, token = model.tree, model.token
    held, owed = model.bank.balances[token, model.address], model.liabilities(token)
    if held < owed:
        yield f"it holds {held} and owes {owed} (T1)"
    credited = sum(amount for _, amount in model.credits.items())
    if owed != credited + tree.total - tree.paid:
        yield f"it owes {owed}, which is not what the tree and the credits say"
    claimed = sum(amount for _, amount in model.paid_from_tree.items())
    if not claimed == tree.paid <= tree.total <= tree.budget:
        yield f"the tree paid {claimed} ({tree.paid}) of {tree.total} out of {tree.budget} (T5)"


def whole(model: Rewards) -> Iterator[str]:
    """The sentences that do not hold, those that take long included."""
    yield from after_step(model)
    yield from _no_negatives(model)
    if model.owner == ZERO_ADDRESS:
        yield "nobody owns the distributor (T61)"
    budget = 0
    for job, mode in model.modes.items():
        budget += model.tree_jobs[job].budget
        counted = {who: fees for (*of, who), fees in model.counted.items() if tuple(of) == job and fees}
        if counted and (mode == RewardMode.TREE) != (set(counted) == {ZERO_ADDRESS}):
            yield f"fees of job {job} are counted for {set(counted)} in mode {mode.name} (T64)"
    if budget != model.tree.budget:
        yield f"the tree has a budget of {model.tree.budget}, its jobs of {budget}"


def _no_negatives(model: Rewards) -> Iterator[str]:
    for key, amount in (*model.bank.balances.items(), *model.credits.items()):
        if amount < 0 and key[1] != ZERO_ADDRESS:
            yield f"{key} is at {amount}, below zero"
    for key, counted in model.counted.items():
        origin, job_id, account = key
        paid = model.fees.of_account((origin, job_id), account)
        if account == ZERO_ADDRESS:
            paid = model.fees.of_job((origin, job_id))
        if counted > paid:
            yield f"{counted} of {paid} fees are counted for {key}"


def _job(values: dict[str, Any]) -> Job:
    return values["origin"], values["jobId"]
