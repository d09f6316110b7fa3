"""The stage of the consensus market: everything that is deployed once, and everybody who acts on it."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cached_property

from eth_abi import encode

from offchain.consensus import RULES, PanelKind, account_panel
from offchain.hashing import AllowList
from offchain.reference.bank import UNLIMITED, World
from offchain.reference.consensus import LabelConsensus
from offchain.reference.reputation import Reputation
from offchain.reference.revert import Revert
from offchain.reference.stakes import Bond
from offchain.reference.staking import Staking, Terms
from offchain.terms import ZERO_HASH
from tests.engine.capability import NATIVE
from tests.engine.chain import PLENTY, Chain, Contract, Person
from tests.engine.interface import Interface

DAY = 86_400
PERIOD = 21 * DAY
STAKE = 10**24
LIMIT = 2**104 - 1
UNIT = 3
"""Fees in dollars for each answer that counts for reputation."""
REFUSE, BURN_GAS, CALL_BACK = 1, 2, 3
RULE_CONTRACTS = {"majority": "MajorityRule", "weighted": "WeightedRule", "expert": "ExpertRule"}


@dataclass(frozen=True)
class Cast:
    """Everybody who acts, by address.

    Annotators: `wallet` is an ERC-1271 wallet; `miser` refuses the native coin, `burner` burns all gas that a
    payment brings, `caller` calls back when he is paid, the dollar refuses to pay `barred`; `pauper` has no
    stake. `expert` is a panel of his own, `judge` and `referee` stand on a list, and the panel's contract
    knows `judge`.
    """

    owner: str
    sink: str
    creator: str
    rival: str
    annotator: str
    helper: str
    wallet: str
    barred: str
    miser: str
    burner: str
    caller: str
    pauper: str
    expert: str
    judge: str
    referee: str
    keeper: str

    @property
    def creators(self) -> tuple[str, ...]:
        return self.creator, self.rival

    @property
    def annotators(self) -> tuple[str, ...]:
        """Whoever has stake; creators work in each other's jobs, and so does an expert."""
        return (
            self.annotator,
            self.helper,
            self.wallet,
            self.barred,
            self.miser,
            self.burner,
            self.caller,
            self.rival,
            self.referee,
        )

    @property
    def experts(self) -> tuple[str, ...]:
        return self.expert, self.judge, self.referee

    @property
    def payers(self) -> tuple[str, ...]:
        """Who lets the contract take tokens."""
        return *self.annotators, self.creator

    @cached_property
    def everybody(self) -> tuple[str, ...]:
        return tuple(getattr(self, item.name) for item in fields(self))


@dataclass(frozen=True)
class Stage:
    """The contracts, the cast, and who signs for whom (a wallet's owner for the wallet).

    tokens: the dollar, which refuses to pay one account, and one that calls back in the middle of every
    transfer. `gem` is what is staked; jobs are paid in it, too.
    """

    market: Contract
    staking: Contract
    reputation: Contract
    rules: dict[str, Contract]
    panel: Contract
    hook: Contract
    gem: Contract
    tokens: tuple[Contract, ...]
    cast: Cast
    signers: dict[str, Person]
    listed: AllowList
    judges: AllowList

    @property
    def coins(self) -> tuple[str, ...]:
        """What jobs are paid in, the native coin first."""
        return NATIVE, *(token.address for token in self.tokens), self.gem.address

    def emitters(self) -> dict[str, Contract]:
        """The contracts that the market calls, and that log something."""
        return {contract.address: contract for contract in (self.staking, self.reputation)}

    def panels(self) -> dict[PanelKind, bytes]:
        """What terms say of a panel, by its kind."""
        return {
            PanelKind.NONE: ZERO_HASH,
            PanelKind.ACCOUNT: account_panel(self.cast.expert),
            PanelKind.LIST: self.judges.root,
            PanelKind.CONTRACT: account_panel(self.panel.address),
        }

    def panel_pass(self, kind: PanelKind, account: str) -> bytes:
        """What an expert hands over."""
        if kind != PanelKind.LIST:
            return b""
        proof = self.judges.proof(account) if account in self.judges else []
        return encode(["bytes32[]"], [proof])

    def is_expert(self, kind: PanelKind, account: str) -> bool:
        """Whether the panel knows the account."""
        cast = self.cast
        known = {
            PanelKind.NONE: (),
            PanelKind.ACCOUNT: (cast.expert,),
            PanelKind.LIST: (cast.judge, cast.referee, cast.rival),
            PanelKind.CONTRACT: (cast.judge,),
        }
        return account in known[kind]

    def hook_pass(self, account: str) -> bytes:
        """What an annotator hands to the hook."""
        return self._hook_passes[account]

    @cached_property
    def _hook_passes(self) -> dict[str, bytes]:
        proofs = {who: self.listed.proof(who) if who in self.listed else [] for who in self.cast.everybody}
        return {who: encode(["bytes32[]"], [proof]) for who, proof in proofs.items()}

    @cached_property
    def world(self) -> World:
        """What the models have to know of the stage."""
        cast = self.cast
        contracts = (
            *(self.market, self.staking, self.panel, self.hook, self.gem),
            *self.tokens,
            *self.rules.values(),
        )
        refusals = {
            (NATIVE, cast.miser): Revert("Error", "no money, please"),
            (NATIVE, cast.burner): Revert("FailedCall"),
            (self.tokens[0].address, cast.barred): Revert("Blocked", cast.barred),
        }
        return World(frozenset(contract.address for contract in contracts), refusals)

    def model(self) -> LabelConsensus:
        """Market, staking and reputation as they are after the deployment."""
        cast, gem = self.cast, self.gem.address
        staking = Staking(self.staking.address, cast.owner, Terms(gem, cast.sink, PERIOD), self.world)
        reputation = Reputation(self.reputation.address, cast.owner, staking.journal)
        rules = {contract.address: RULES[name] for name, contract in self.rules.items()}
        model = LabelConsensus(self.market.address, cast.owner, cast.sink, staking, reputation, rules)
        staking.listed[model.address] = reputation.writers[model.address] = True
        for account in cast.everybody:
            for coin in self.coins:
                model.bank.balances[coin, account] = PLENTY
                model.bank.allowances[coin, account, model.address] = UNLIMITED
        for account in cast.annotators:
            model.bank.move(gem, account, staking.address, STAKE)
            staking.available[account] = STAKE
            staking.bonds[account, model.address] = Bond(limit=LIMIT)
        model.units[self.tokens[0].address] = UNIT
        model.journal.keep()
        return model


def set_stage(chain: Chain) -> Stage:
    """Deploy everything, give everybody money, and annotators stake."""
    contracts = {"wallet", "miser", "burner", "caller"}
    guardian = Person("the wallet's owner")
    people = {item.name: chain.person(item.name) for item in fields(Cast) if item.name not in contracts}
    wallet = chain.deploy("MockWallet", guardian.address, known_as="wallet")
    moods = {"miser": REFUSE, "burner": BURN_GAS, "caller": CALL_BACK}
    addresses = {name: person.address for name, person in people.items()} | {"wallet": wallet.address}
    for name, mood in moods.items():
        puppet = chain.deploy("Puppet", known_as=name)
        chain.send(puppet, "setMood", mood)
        addresses[name] = puppet.address
    cast = Cast(**addresses)
    tokens = (
        chain.deploy("BlacklistToken", known_as="dollar"),
        chain.deploy("HookToken", known_as="hook token"),
    )
    gem = chain.deploy("MockToken", 18, known_as="gem")
    staking = chain.deploy("Staking", cast.owner, cast.sink, gem.address, PERIOD, known_as="staking")
    reputation = chain.deploy("Reputation", cast.owner, known_as="reputation")
    market = _market(chain, cast, staking, reputation)
    listed = AllowList([cast.annotator, cast.helper, cast.wallet, cast.caller])
    stage = Stage(
        market=market,
        staking=staking,
        reputation=reputation,
        rules={name: chain.deploy(kind, known_as=kind) for name, kind in RULE_CONTRACTS.items()},
        panel=chain.deploy("MockPanel", known_as="panel"),
        hook=chain.deploy("AllowlistHook", listed.root, known_as="hook"),
        gem=gem,
        tokens=tokens,
        cast=cast,
        signers={person.address: person for person in people.values()} | {wallet.address: guardian},
        listed=listed,
        judges=AllowList([cast.judge, cast.referee, cast.rival]),
    )
    _endow(chain, stage)
    return stage


def _market(chain: Chain, cast: Cast, staking: Contract, reputation: Contract) -> Contract:
    """The market, with the functions of both of its halves."""
    extension = chain.deploy("ConsensusExtension", cast.sink, known_as="extension")
    args = (cast.owner, cast.sink, staking.address, reputation.address, extension.address)
    market = chain.deploy("LabelConsensus", *args, known_as="")
    seen, abi = set(), []
    for entry in (*market.interface.abi, *extension.interface.abi):
        key = (entry["type"], entry.get("name"), str(entry.get("inputs")))
        if key not in seen and entry["type"] != "fallback":
            seen.add(key)
            abi.append(entry)
    whole = Contract(market.address, Interface("LabelConsensus", abi))
    chain.names[whole.address] = "market"
    chain.contracts["market"] = whole
    return whole


def _endow(chain: Chain, stage: Stage) -> None:
    cast, market, staking = stage.cast, stage.market, stage.staking
    chain.send(staking, "setMarket", market.address, True, sender=cast.owner)
    chain.send(stage.reputation, "setWriter", market.address, True, sender=cast.owner)
    chain.send(market, "setUnit", stage.tokens[0].address, UNIT, sender=cast.owner)
    for account in cast.everybody:
        chain.endow(account, market, (*stage.tokens, stage.gem))
    for account in cast.annotators:
        chain.send(stage.gem, "approve", staking.address, STAKE, sender=account)
        chain.send(staking, "stake", account, STAKE, sender=account)
        chain.send(staking, "allow", market.address, LIMIT, sender=account)
    chain.send(stage.tokens[0], "setBlocked", cast.barred, True)
    for job_id in range(1, 8):
        chain.send(stage.panel, "setExpert", job_id, cast.judge, True)
    back = market.interface.function("close", 1).call((1,))
    for caller in (chain.contracts["caller"], stage.tokens[1]):
        chain.send(caller, "callBackWith", market.address, back)
