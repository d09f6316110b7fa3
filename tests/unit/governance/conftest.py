"""Every contract with an owner, and a timelock that owns them all."""

from __future__ import annotations

from dataclasses import dataclass, fields

import ape
import pytest

from tests.support.calls import Contract, deploy, now
from tests.support.consensus import deploy_market
from tests.support.market import mine_at

DELAY = 3_600
NOTHING = bytes(32)


@dataclass(frozen=True)
class Cast:
    """Who is who; `owner` was the owner of everything and is still its pauser."""

    owner: str
    sink: str
    proposer: str
    executor: str
    heir: str
    stranger: str


@dataclass(frozen=True)
class System:
    """Contracts by name, all of the timelock's; `fees` is a source of fees that counts nothing."""

    timelock: Contract
    contracts: dict[str, Contract]
    fees: Contract
    who: Cast

    def schedule(self, target: Contract, *act: object, salt: bytes = NOTHING) -> tuple:
        """Have the proposer schedule an act; returns what the timelock calls it by."""
        call = self.call(target, *act, salt=salt)
        self.timelock.send("schedule", *call, DELAY, sender=self.who.proposer)
        return call

    def call(self, target: Contract, *act: object, salt: bytes = NOTHING) -> tuple:
        """What every function of the timelock takes."""
        return target.address, 0, target.data(*act), NOTHING, salt

    def do(self, target: Contract, *act: object, salt: bytes = NOTHING) -> None:
        """The whole way: an act is scheduled, waited for, executed."""
        call = self.schedule(target, *act, salt=salt)
        mine_at(now() + DELAY)
        self.timelock.send("execute", *call, sender=self.who.executor)


def deploy_contracts(who: Cast) -> dict[str, Contract]:
    """Those that somebody has power over, as their owner deployed them."""
    token = deploy("RewardToken", "Reward", "RWD", 10**27, who.owner, 0, sender=who.owner)
    market = deploy("AnnotationMarket", who.owner, who.sink, sender=who.owner)
    staking = deploy("Staking", who.owner, who.sink, token.address, 86_400, sender=who.owner)
    reputation = deploy("Reputation", who.owner, sender=who.owner)
    return {
        "AnnotationMarket": market,
        "DatasetRegistry": deploy("DatasetRegistry", who.owner, who.sink, market.address, sender=who.owner),
        "RewardToken": token,
        "RewardDistributor": deploy("RewardDistributor", who.owner, token.address, 10**24, sender=who.owner),
        "Staking": staking,
        "Reputation": reputation,
        "LabelConsensus": deploy_market(who.owner, who.sink, staking.address, reputation.address),
    }


@pytest.fixture(scope="module")
def governed() -> System:
    people = [account.address for account in ape.accounts.test_accounts[: len(fields(Cast))]]
    who = Cast(*people)
    contracts = deploy_contracts(who)
    timelock = deploy("Timelock", DELAY, [who.proposer], [who.executor], sender=who.owner)
    system = System(timelock, contracts, deploy("MockFees", sender=who.owner), who)
    for name, contract in contracts.items():
        admin = name == "RewardToken"
        offer = "beginDefaultAdminTransfer" if admin else "transferOwnership"
        contract.send(offer, timelock.address, sender=who.owner)
        system.do(contract, "acceptDefaultAdminTransfer" if admin else "acceptOwnership")
    return system


@pytest.fixture
def who(governed: System) -> Cast:
    return governed.who


@pytest.fixture
def timelock(governed: System) -> Contract:
    return governed.timelock
