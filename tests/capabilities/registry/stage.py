"""The stage of the data set registry: everything that is deployed once, and everybody who acts on it."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cached_property

from offchain.reference.bank import UNLIMITED, World
from offchain.reference.registry import Registry
from offchain.reference.revert import Revert
from tests.capabilities.registry.jobs import Jobs, do_jobs
from tests.engine.capability import NATIVE
from tests.engine.chain import PLENTY, Chain, Contract, Person

REFUSE, BURN_GAS, CALL_BACK = 1, 2, 3  # moods of a Puppet
MOVES_NOTHING = 1  # mood of a FalseToken


@dataclass(frozen=True)
class Cast:
    """Everybody who acts, by address.

    Contracts: `wallet`, an ERC-1271 wallet that takes money and writes storage when it does; `shy_wallet`,
    one that takes no native coin; `proud_publisher`, who refuses it, and licences that are handed over
    safely, too; `burner`, who burns all gas that a payment brings; `caller`, who calls the registry back when
    he is paid. `barred` is an account that one of the tokens refuses to pay.
    """

    owner: str
    sink: str
    publisher: str
    rival: str
    proud_publisher: str
    caller: str
    annotator: str
    wallet: str
    shy_wallet: str
    barred: str
    burner: str
    buyer: str
    keeper: str

    @property
    def publishers(self) -> tuple[str, ...]:
        return self.publisher, self.rival, self.proud_publisher, self.caller

    @property
    def annotators(self) -> tuple[str, ...]:
        return self.annotator, self.wallet, self.shy_wallet, self.barred, self.burner, self.caller

    @property
    def payers(self) -> tuple[str, ...]:
        """Who buys licences: an account, a wallet, a publisher perhaps of himself, an annotator."""
        return self.buyer, self.wallet, self.rival, self.annotator

    @cached_property
    def everybody(self) -> tuple[str, ...]:
        return tuple(getattr(self, item.name) for item in fields(self))


@dataclass(frozen=True)
class Stage:
    """The contracts, the cast, the jobs of the market, and who signs for whom, a wallet's owner for it.

    tokens: one that refuses to pay one account (6 decimals), one that returns nothing, one that calls back in
    the middle of every transfer. No data set can be paid in `taxed`, which keeps 1 % of every transfer, or in
    `liar`, which moves nothing and says so. `puppet` is the caller of the cast.
    """

    registry: Contract
    market: Contract
    tokens: tuple[Contract, ...]
    taxed: Contract
    liar: Contract
    cast: Cast
    jobs: Jobs
    signers: dict[str, Person]
    puppet: Contract

    @property
    def coins(self) -> tuple[str, ...]:
        """What money is there, the native coin first."""
        return NATIVE, *(token.address for token in self.tokens)

    @cached_property
    def world(self) -> World:
        """What the model has to know of the stage."""
        cast, registry, liar = self.cast, self.registry.address, self.liar.address
        contracts = (self.registry, self.taxed, self.liar, *self.tokens)
        refusals = {
            (NATIVE, cast.proud_publisher): Revert("Error", "no money, please"),
            (NATIVE, cast.shy_wallet): Revert("FailedCall"),
            (NATIVE, cast.burner): Revert("FailedCall"),
            (self.tokens[0].address, cast.barred): Revert("Blocked", cast.barred),
            (liar, registry): Revert("SafeERC20FailedOperation", liar),
            (registry, cast.proud_publisher): Revert("Error", "no token, please"),
            (registry, cast.wallet): Revert("ERC721InvalidReceiver", cast.wallet),
            (registry, cast.shy_wallet): Revert("ERC721InvalidReceiver", cast.shy_wallet),
            (registry, registry): Revert("ERC721InvalidReceiver", registry),
        }
        taxes = {self.taxed.address: 100}
        return World(frozenset(contract.address for contract in contracts), refusals, taxes)

    @cached_property
    def purses(self) -> dict[tuple[str, str], int]:
        """What everybody has, by (token, account)."""
        coins = (*self.coins, self.taxed.address, self.liar.address)
        return {(coin, account): PLENTY for coin in coins for account in self.cast.everybody}

    @cached_property
    def allowances(self) -> dict[tuple[str, str, str], int]:
        """What the registry may take of everybody, by (token, owner, spender)."""
        return {(*purse, self.registry.address): UNLIMITED for purse in self.purses}

    def model(self) -> Registry:
        """The registry as it is right after its deployment, with the balances of everybody."""
        cast = self.cast
        model = Registry(self.registry.address, cast.owner, cast.sink, self.world, jobs=self.jobs.facts)
        for held, amount in self.purses.items():
            model.bank.balances[held] = amount
        for allowed, amount in self.allowances.items():
            model.bank.allowances[allowed] = amount
        model.journal.keep()
        return model


def set_stage(chain: Chain) -> Stage:
    """Deploy everything, have the jobs done, and give everybody money."""
    guardian = Person("the wallets' owner")
    names = ("owner", "sink", "publisher", "rival", "annotator", "barred", "buyer", "keeper")
    people = {name: chain.person(name) for name in names}
    moods = {"proud_publisher": REFUSE, "burner": BURN_GAS, "caller": CALL_BACK}
    puppets = {name: chain.deploy("Puppet", known_as=name) for name in moods}
    wallets = {
        "wallet": chain.deploy("MockWallet", guardian.address, known_as="wallet"),
        "shy_wallet": chain.deploy("DemoWallet", guardian.address, known_as="shy_wallet"),
    }
    accounts = {name: account.address for name, account in (people | puppets | wallets).items()}
    cast = Cast(**accounts)
    market = chain.deploy("AnnotationMarket", cast.owner, cast.sink, known_as="market")
    jobs = do_jobs(chain, market, accounts)
    registry = chain.deploy("DatasetRegistry", cast.owner, cast.sink, market.address, known_as="registry")
    stage = Stage(
        registry=registry,
        market=market,
        tokens=(
            chain.deploy("BlacklistToken", known_as="dollar"),
            chain.deploy("SilentToken", known_as="silent token"),
            chain.deploy("HookToken", known_as="hook token"),
        ),
        taxed=chain.deploy("FeeToken", known_as="taxed token"),
        liar=chain.deploy("FalseToken", known_as="lying token"),
        cast=cast,
        jobs=jobs,
        signers={person.address: person for person in people.values()}
        | {wallet.address: guardian for wallet in wallets.values()},
        puppet=puppets["caller"],
    )
    for account in cast.everybody:
        chain.endow(account, registry, (*stage.tokens, stage.taxed, stage.liar))
    for name, mood in moods.items():
        chain.send(puppets[name], "setMood", mood)
    _make_odd(chain, stage)
    return stage


def _make_odd(chain: Chain, stage: Stage) -> None:
    """What is odd becomes as odd as it is."""
    chain.send(stage.tokens[0], "setBlocked", stage.cast.barred, True)
    chain.send(stage.liar, "setMood", MOVES_NOTHING)
    registry = stage.registry
    words = registry.interface.function("payRoyalty", 2).call((1, stage.cast.caller))
    for caller in (stage.puppet, stage.tokens[2]):
        chain.send(caller, "callBackWith", registry.address, words)
