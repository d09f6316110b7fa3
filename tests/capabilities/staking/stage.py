"""The stage of the staking contract: one for each of four tokens, and everybody who acts on them."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cached_property

from offchain.hashing import keccak256
from offchain.reference.bank import UNLIMITED, World
from offchain.reference.revert import Revert
from offchain.reference.staking import BURN_ADDRESS, Staking, Terms
from tests.engine.chain import PLENTY, Chain, Contract, Person

DAY = 86_400
PERIOD = 7 * DAY
CAP = 2**255
"""Of the reward token: more than all that is ever minted."""


@dataclass(frozen=True)
class Cast:
    """Everybody who acts, by address.

    Stakers: an account, its rival, `wallet`, which is an ERC-1271 wallet, and `barred`, whom one of the
    tokens refuses to pay. Markets: `guild` and `forum` are listed and allowed from the beginning on, `bazaar`
    is listed; of `outlaw` nobody knows anything. `payee` is paid out of slashes, as stakers and markets are
    at times.
    """

    owner: str
    sink: str
    staker: str
    rival: str
    wallet: str
    barred: str
    guild: str
    forum: str
    bazaar: str
    outlaw: str
    payee: str
    keeper: str

    @property
    def stakers(self) -> tuple[str, ...]:
        return self.staker, self.rival, self.wallet, self.barred

    @property
    def markets(self) -> tuple[str, ...]:
        """Those that the owner knows."""
        return self.guild, self.forum, self.bazaar

    @property
    def payers(self) -> tuple[str, ...]:
        """Who lets the contract take tokens: stakers, and one who stakes for others."""
        return *self.stakers, self.payee

    @cached_property
    def everybody(self) -> tuple[str, ...]:
        return tuple(getattr(self, item.name) for item in fields(self))


@dataclass(frozen=True, eq=False)
class House:
    """A staking contract and its token. `standard` is an ERC-20 with the errors of ERC-6093; `burnable` can
    be destroyed by who has it; `hooked` calls back in the middle of every transfer.
    """

    staking: Contract
    token: Contract
    standard: bool = True
    burnable: bool = False
    hooked: bool = False


@dataclass(frozen=True)
class Stage:
    """Houses, cast, and who signs for whom, a wallet's owner for the wallet."""

    houses: tuple[House, ...]
    cast: Cast
    signers: dict[str, Person]

    def house_of(self, contract: Contract) -> House | None:
        """The house whose staking contract this is."""
        return next((house for house in self.houses if house.staking is contract), None)

    @cached_property
    def world(self) -> World:
        """What the models have to know of the stage."""
        dollar, barred = self.houses[1].token.address, self.cast.barred
        contracts = (contract for house in self.houses for contract in (house.staking, house.token))
        return World(
            frozenset(contract.address for contract in contracts),
            {(dollar, barred): Revert("Blocked", barred)},
            burnable=frozenset(house.token.address for house in self.houses if house.burnable),
        )

    def model(self, house: House) -> Staking:
        """The contract of a house as it is right after its deployment, with the balances of everybody."""
        token, address = house.token.address, house.staking.address
        model = Staking(address, self.cast.owner, Terms(token, self.cast.sink, PERIOD), self.world)
        for account in self.cast.everybody:
            model.bank.balances[token, account] = PLENTY
            model.bank.allowances[token, account, address] = UNLIMITED
        model.journal.keep()
        return model


def set_stage(chain: Chain) -> Stage:
    """Deploy everything and give everybody money."""
    guardian = Person("the wallet's owner")
    people = {item.name: chain.person(item.name) for item in fields(Cast) if item.name != "wallet"}
    wallet = chain.deploy("MockWallet", guardian.address, known_as="wallet")
    cast = Cast(**{name: person.address for name, person in people.items()}, wallet=wallet.address)
    reward = ("Reward Token", "RWD", CAP, chain.deployer, 0)
    houses = (
        _house(chain, cast, "RewardToken", "reward", *reward, burnable=True),
        _house(chain, cast, "BlacklistToken", "dollar"),
        _house(chain, cast, "SilentToken", "silent", standard=False),
        _house(chain, cast, "HookToken", "hook", hooked=True),
    )
    chain.send(houses[1].token, "setBlocked", cast.barred, True)
    call = houses[3].staking.interface.function("collect", 1).call((cast.staker,))
    chain.send(houses[3].token, "callBackWith", houses[3].staking.address, call)
    signers = {person.address: person for person in people.values()} | {wallet.address: guardian}
    chain.names[BURN_ADDRESS] = "nobody"
    return Stage(houses, cast, signers)


def _house(chain: Chain, cast: Cast, kind: str, name: str, *args: object, **traits: bool) -> House:
    token = chain.deploy(kind, *args, known_as=f"{name} token")
    if kind == "RewardToken":
        chain.send(token, "grantRole", keccak256(b"MINTER_ROLE"), chain.deployer)
    staking = chain.deploy(
        "Staking", cast.owner, cast.sink, token.address, PERIOD, known_as=f"{name} staking"
    )
    for account in cast.everybody:
        chain.endow(account, staking, (token,))
    return House(staking, token, **traits)
