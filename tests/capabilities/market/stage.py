"""The stage of the annotation market: everything that is deployed once, and everybody who acts on it."""

from __future__ import annotations

from dataclasses import dataclass, fields

from eth_abi import encode

from offchain.hashing import AllowList
from offchain.reference.bank import UNLIMITED, World
from offchain.reference.market import Market
from offchain.reference.revert import Revert
from offchain.terms import ZERO_ADDRESS
from tests.engine.chain import PLENTY, Chain, Contract, Person

NATIVE = ZERO_ADDRESS
REFUSE, BURN_GAS, CALL_BACK = 1, 2, 3


@dataclass(frozen=True)
class Cast:
    """Everybody who acts, by address.

    Contracts: `wallet`, an ERC-1271 wallet that takes money and writes storage when it does; `shy_wallet`,
    one that takes no native coin; `proud_creator`, who refuses it; `burner`, who burns all gas that a payment
    brings; `caller`, who calls the market back when he is paid. `barred` is an account that one of the tokens
    refuses to pay.
    """

    owner: str
    sink: str
    creator: str
    proud_creator: str
    annotator: str
    wallet: str
    barred: str
    shy_wallet: str
    caller: str
    burner: str
    arbiter: str
    keeper: str

    @property
    def creators(self) -> tuple[str, ...]:
        return self.creator, self.proud_creator

    @property
    def annotators(self) -> tuple[str, ...]:
        return self.annotator, self.wallet, self.barred, self.shy_wallet, self.caller, self.burner

    @property
    def payers(self) -> tuple[str, ...]:
        """Those who let the market take tokens."""
        return *self.annotators, self.creator

    @property
    def everybody(self) -> tuple[str, ...]:
        return tuple(vars(self).values())


@dataclass(frozen=True)
class Stage:
    """The contracts, the cast, and who signs for whom (a wallet's owner for the wallet).

    tokens: one that refuses to pay one account (6 decimals), one that returns nothing, one that calls back in
    the middle of every transfer. `taxed` keeps 1 % of every transfer, so that no deposit arrives whole.
    """

    market: Contract
    lens: Contract
    hook: Contract
    tokens: tuple[Contract, ...]
    taxed: Contract
    cast: Cast
    signers: dict[str, Person]
    listed: AllowList

    @property
    def coins(self) -> tuple[str, ...]:
        """What money is there, the native coin first."""
        return NATIVE, *(token.address for token in self.tokens)

    def world(self) -> World:
        """What the model has to know of the stage."""
        cast = self.cast
        contracts = (self.market, self.hook, self.taxed, *self.tokens)
        refusals = {
            (NATIVE, cast.proud_creator): Revert("Error", "no money, please"),
            (NATIVE, cast.shy_wallet): Revert("FailedCall"),
            (NATIVE, cast.burner): Revert("FailedCall"),
            (self.tokens[0].address, cast.barred): Revert("Blocked", cast.barred),
        }
        taxes = {self.taxed.address: 100}
        return World(frozenset(contract.address for contract in contracts), refusals, taxes)

    def model(self) -> Market:
        """The market as it is right after its deployment, with the balances of everybody."""
        model = Market(self.market.address, self.cast.owner, self.cast.sink, self.world())
        model.hooks[self.hook.address] = lambda _job, annotator, _tasks, data: (
            data == self.pass_for(annotator)
        )
        for account in self.cast.everybody:
            for coin in (*self.coins, self.taxed.address):
                model.bank.balances[coin, account] = PLENTY
                model.bank.allowances[coin, account, self.market.address] = UNLIMITED
        model.journal.keep()
        return model

    def pass_for(self, annotator: str) -> bytes | None:
        """What an annotator hands to the eligibility hook; None for one who is not on its list."""
        if annotator not in self.listed:
            return None
        return _pass(self.listed, annotator)


_PASSES: dict[tuple[bytes, str], bytes] = {}


def _pass(listed: AllowList, annotator: str) -> bytes:
    key = (listed.root, annotator)
    if key not in _PASSES:
        _PASSES[key] = encode(["bytes32[]"], [listed.proof(annotator)])
    return _PASSES[key]


def set_stage(chain: Chain) -> Stage:
    """Deploy everything and give everybody money."""
    names = ("owner", "sink", "creator", "annotator", "barred", "arbiter", "keeper")
    people = {name: chain.person(name) for name in names}
    guardian = Person("the wallets' owner")
    contracts = {
        "wallet": chain.deploy("MockWallet", guardian.address, known_as="wallet"),
        "shy_wallet": chain.deploy("DemoWallet", guardian.address, known_as="shy_wallet"),
        "proud_creator": _puppet(chain, "proud_creator", REFUSE),
        "burner": _puppet(chain, "burner", BURN_GAS),
        "caller": _puppet(chain, "caller", CALL_BACK),
    }
    addresses = {name: person.address for name, person in people.items()}
    addresses |= {name: contract.address for name, contract in contracts.items()}
    cast = Cast(**{field.name: addresses[field.name] for field in fields(Cast)})
    signers = {person.address: person for person in people.values()}
    signers |= {contracts[name].address: guardian for name in ("wallet", "shy_wallet")}
    listed = AllowList([cast.annotator, cast.wallet, cast.barred])
    market = chain.deploy("AnnotationMarket", cast.owner, cast.sink, known_as="market")
    tokens = (
        chain.deploy("BlacklistToken", known_as="dollar"),
        chain.deploy("SilentToken", known_as="silent token"),
        chain.deploy("HookToken", known_as="hook token"),
    )
    taxed = chain.deploy("FeeToken", known_as="taxed token")
    for account in cast.everybody:
        chain.endow(account, market, (*tokens, taxed))
    chain.send(tokens[0], "setBlocked", cast.barred, True)
    # A gift, so that what a deposit falls short of could be taken from it.
    chain.send(taxed, "mint", market.address, PLENTY)
    return Stage(
        market=market,
        lens=chain.deploy("MarketLens", market.address, known_as="lens"),
        hook=chain.deploy("AllowlistHook", listed.root, known_as="hook"),
        tokens=tokens,
        taxed=taxed,
        cast=cast,
        signers=signers,
        listed=listed,
    )


def _puppet(chain: Chain, name: str, mood: int) -> Contract:
    puppet = chain.deploy("Puppet", known_as=name)
    chain.send(puppet, "setMood", mood)
    return puppet
