"""The stage of the stake hook: it, the staking contract, a market of which everybody can say what became of
claims, and everybody who acts on them.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cached_property

from offchain.hashing import keccak256
from offchain.reference.bank import UNLIMITED, World
from offchain.reference.stake_hook import Job, Jobs, StakeHook
from offchain.reference.staking import Staking, Terms
from offchain.terms import ZERO_ADDRESS
from tests.engine.chain import PLENTY, Chain, Contract, Person

DAY = 86_400
PERIOD = 2 * DAY
CAP = 2**255
"""Of the reward token: more than all that is ever minted."""

WINDOWS = {1: DAY, 2: 30 * DAY, 3: 7 * DAY, 4: DAY}
"""Each of the four windows of a job, in seconds. Job 4 has another hook."""

HOOKED = (1, 2, 3)


@dataclass(frozen=True)
class Cast:
    """Everybody who acts, by address. `creator` has jobs 1, 2 and 4, `rival` has job 3, in which `creator`
    can work; `wallet` is an ERC-1271 wallet. `forum` is another market, which annotators allow, too.
    """

    owner: str
    sink: str
    creator: str
    rival: str
    annotator: str
    helper: str
    wallet: str
    forum: str
    keeper: str

    @property
    def annotators(self) -> tuple[str, ...]:
        return self.annotator, self.helper, self.wallet

    @cached_property
    def everybody(self) -> tuple[str, ...]:
        return tuple(getattr(self, item.name) for item in fields(self))


@dataclass(frozen=True)
class Stage:
    """Contracts, cast, and who signs for whom, a wallet's owner for the wallet."""

    hook: Contract
    staking: Contract
    jobs: Contract
    token: Contract
    cast: Cast
    signers: dict[str, Person]

    def creator_of(self, job_id: int) -> str:
        return self.cast.rival if job_id == HOOKED[-1] else self.cast.creator

    def hook_of(self, job_id: int) -> str:
        return self.hook.address if job_id in HOOKED else self.token.address

    def model(self) -> StakeHook:
        """The hook as the stage leaves it."""
        token, address = self.token.address, self.staking.address
        world = World(
            frozenset({token, address, self.hook.address, self.jobs.address}), burnable=frozenset({token})
        )
        staking = Staking(address, self.cast.owner, Terms(token, self.cast.sink, PERIOD), world)
        for account in self.cast.everybody:
            staking.bank.balances[token, account] = PLENTY
            staking.bank.allowances[token, account, address] = UNLIMITED
        for market in (self.hook.address, self.cast.forum):
            staking.listed[market] = True
        jobs = Jobs({0: Job(ZERO_ADDRESS, ZERO_ADDRESS, 0)})
        for job_id, window in WINDOWS.items():
            jobs.jobs[job_id] = Job(self.creator_of(job_id), self.hook_of(job_id), 4 * window)
        staking.journal.keep()
        return StakeHook(self.hook.address, staking, jobs)


def set_stage(chain: Chain) -> Stage:
    """Deploy everything, give everybody money, open the jobs."""
    guardian = Person("the wallet's owner")
    people = {item.name: chain.person(item.name) for item in fields(Cast) if item.name != "wallet"}
    wallet = chain.deploy("MockWallet", guardian.address, known_as="wallet")
    cast = Cast(**{name: person.address for name, person in people.items()}, wallet=wallet.address)
    token = chain.deploy("RewardToken", "Reward Token", "RWD", CAP, chain.deployer, 0, known_as="token")
    chain.send(token, "grantRole", keccak256(b"MINTER_ROLE"), chain.deployer)
    staking = chain.deploy("Staking", cast.owner, cast.sink, token.address, PERIOD, known_as="staking")
    jobs = chain.deploy("MockJobs", known_as="market")
    hook = chain.deploy("StakeHook", jobs.address, staking.address, known_as="hook")
    signers = {person.address: person for person in people.values()} | {wallet.address: guardian}
    stage = Stage(hook, staking, jobs, token, cast, signers)
    for account in cast.everybody:
        chain.endow(account, staking, (token,))
    for market in (hook.address, cast.forum):
        chain.send(staking, "setMarket", market, True, sender=cast.owner)
    for job_id, window in WINDOWS.items():
        chain.send(jobs, "setJob", job_id, stage.creator_of(job_id), stage.hook_of(job_id), window)
    return stage
