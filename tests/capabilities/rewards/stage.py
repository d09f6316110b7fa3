"""The stage of the reward distributor: everything that is deployed once, and everybody who acts on it."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cached_property

from offchain.hashing import keccak256
from offchain.reference.bank import World
from offchain.reference.rewards import Fees, Job, Rewards, Source
from tests.engine.capability import NATIVE
from tests.engine.chain import PLENTY, Chain, Contract, Person

DAY = 86_400
MAX_EPOCH_CAP = 10**24
EPOCH_CAP = 10**21
SUPPLY = 7 * 10**21
JOBS = range(1, 5)
LESS = 3
"""Base units that an adapter tells less of each amount."""


@dataclass(frozen=True)
class Cast:
    """Everybody who acts, by address. Creators pay fees for the work of annotators, of whom `wallet` is an
    ERC-1271 wallet; `minter` fills the supply up.
    """

    owner: str
    minter: str
    creator: str
    rival: str
    annotator: str
    wallet: str
    helper: str
    keeper: str

    @property
    def creators(self) -> tuple[str, ...]:
        return self.creator, self.rival

    @property
    def annotators(self) -> tuple[str, ...]:
        """Whoever works; creators do at times."""
        return self.annotator, self.wallet, self.helper, self.rival

    @cached_property
    def everybody(self) -> tuple[str, ...]:
        return tuple(getattr(self, item.name) for item in fields(self))


@dataclass(frozen=True)
class Stage:
    """Contracts, cast, and who signs for whom, a wallet's owner for the wallet.

    markets: two that are listed from the beginning on as sources of their own fees, and one that is not.
    adapters: another source for each, which tells a little less, as one does that rounds. dollar: has a rate
    from the beginning on, as the native coin has; silver: has none.
    """

    distributor: Contract
    token: Contract
    markets: tuple[Contract, ...]
    adapters: tuple[Contract, ...]
    dollar: Contract
    silver: Contract
    cast: Cast
    signers: dict[str, Person]

    @cached_property
    def rates(self) -> dict[str, int]:
        """The rates of the beginning, by fee token: less than one base unit for one, and 10^12."""
        return {NATIVE: 3 * 10**17, self.dollar.address: 10**30 + 7}

    @cached_property
    def jobs(self) -> tuple[Job, ...]:
        return tuple((market.address, job_id) for market in self.markets for job_id in JOBS)

    @cached_property
    def sources(self) -> dict[str, Source]:
        """Whose fees each source tells."""
        own = {market.address: Source(market.address) for market in self.markets}
        pairs = zip(self.adapters, self.markets, strict=True)
        return own | {adapter.address: Source(market.address, LESS) for adapter, market in pairs}

    def token_of(self, job: Job) -> str:
        """The token that a job's fees are paid in: the same for jobs of one number."""
        return (NATIVE, self.dollar.address, NATIVE, self.silver.address)[job[1] % len(JOBS)]

    def market(self, address: str) -> Contract:
        return next(market for market in self.markets if market.address == address)

    def model(self) -> Rewards:
        """The distributor as the stage leaves it."""
        address, token = self.distributor.address, self.token.address
        model = Rewards(address, self.cast.owner, token, MAX_EPOCH_CAP, World(), Fees(sources=self.sources))
        model.bank.balances[token, address] = SUPPLY
        for market in self.markets[:2]:
            model.sources[market.address] = market.address
        for fee_token, rate in self.rates.items():
            model.rates[fee_token] = rate
        model.epoch_caps[None] = EPOCH_CAP
        model.journal.keep()
        return model


def set_stage(chain: Chain) -> Stage:
    """Deploy everything; the owner lists two markets and sets rates and cap."""
    guardian = Person("the wallet's owner")
    people = {item.name: chain.person(item.name) for item in fields(Cast) if item.name != "wallet"}
    wallet = chain.deploy("MockWallet", guardian.address, known_as="wallet")
    cast = Cast(**{name: person.address for name, person in people.items()}, wallet=wallet.address)
    token = chain.deploy("RewardToken", "Reward", "RWD", PLENTY, chain.deployer, 0, known_as="reward token")
    chain.send(token, "grantRole", keccak256(b"MINTER_ROLE"), cast.minter)
    distributor = chain.deploy(
        "RewardDistributor", cast.owner, token.address, MAX_EPOCH_CAP, known_as="distributor"
    )
    markets = tuple(chain.deploy("MockFees", known_as=name) for name in ("guild", "forum", "bazaar"))
    stage = Stage(
        distributor=distributor,
        token=token,
        markets=markets,
        adapters=tuple(
            chain.deploy("MockAdapter", market.address, LESS, known_as=f"adapter {number}")
            for number, market in enumerate(markets)
        ),
        dollar=chain.deploy("MockToken", 6, known_as="dollar"),
        silver=chain.deploy("MockToken", 18, known_as="silver"),
        cast=cast,
        signers={person.address: person for person in people.values()} | {wallet.address: guardian},
    )
    chain.send(token, "mint", distributor.address, SUPPLY, sender=cast.minter)
    for market in stage.markets[:2]:
        chain.send(distributor, "setSource", market.address, market.address, sender=cast.owner)
    for fee_token, rate in stage.rates.items():
        chain.send(distributor, "setRate", fee_token, rate, sender=cast.owner)
    chain.send(distributor, "setEpochCap", EPOCH_CAP, sender=cast.owner)
    return stage
