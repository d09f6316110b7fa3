"""Who plays, on what stage: the deployed market and everybody who acts on it, named by role."""

from __future__ import annotations

from dataclasses import dataclass

import ape
from eth_abi import encode
from eth_account import Account
from eth_account.signers.local import LocalAccount

from offchain.hashing import AllowList
from offchain.reference.bank import UNLIMITED, World
from offchain.reference.market import Market
from offchain.reference.revert import Revert
from offchain.terms import ZERO_ADDRESS
from tests.stateful.chain import prepare, rpc
from tests.support.calls import Contract, deploy, set_balance

NATIVE = ZERO_ADDRESS
PLENTY = 10**27
REFUSE = 1


@dataclass(frozen=True)
class Cast:
    """Everybody who acts; contract accounts are marked.

    proud_creator: a contract that refuses the native coin. wallet: an ERC-1271 wallet that takes money
    and writes storage when it does. shy_wallet: one that takes no native coin. barred: an account that
    the token refuses to pay.
    """

    owner: str
    sink: str
    creator: str
    proud_creator: str
    annotator: str
    wallet: str
    shy_wallet: str
    barred: str
    arbiter: str
    keeper: str

    @property
    def creators(self) -> tuple[str, ...]:
        return self.creator, self.proud_creator

    @property
    def annotators(self) -> tuple[str, ...]:
        return self.annotator, self.wallet, self.shy_wallet, self.barred

    @property
    def everybody(self) -> tuple[str, ...]:
        return tuple(vars(self).values())


@dataclass(frozen=True)
class Stage:
    """The contracts, the cast, and the keys that sign for accounts (a wallet's owner for the wallet)."""

    market: Contract
    token: Contract
    hook: Contract
    cast: Cast
    keys: dict[str, LocalAccount]
    listed: AllowList

    def world(self) -> World:
        """What the model has to know of the stage."""
        cast = self.cast
        contracts = (self.market, self.token, self.hook)
        refusals = {
            (NATIVE, cast.proud_creator): Revert("Error", "no money, please"),
            (NATIVE, cast.shy_wallet): Revert("FailedCall"),
            (self.token.address, cast.barred): Revert("Blocked", cast.barred),
        }
        return World(frozenset(contract.address for contract in contracts), refusals)

    def model(self) -> Market:
        """The market as it is right after its deployment, with the balances of everybody."""
        model = Market(self.market.address, self.cast.owner, self.cast.sink, self.world())
        model.hooks[self.hook.address] = lambda _job, annotator, _tasks, data: (
            data == self.pass_for(annotator)
        )
        for account in self.cast.everybody:
            model.bank.balances[NATIVE, account] = PLENTY
            model.bank.balances[self.token.address, account] = PLENTY
            model.bank.allowances[self.token.address, account, self.market.address] = UNLIMITED
        model.journal.keep()
        return model

    def pass_for(self, annotator: str) -> bytes | None:
        """What an annotator hands to the eligibility hook; None for one who is not on its list."""
        if annotator not in self.listed:
            return None
        return encode(["bytes32[]"], [self.listed.proof(annotator)])


def set_stage() -> Stage:
    """Deploy everything and give everybody money."""
    prepare()
    people = ape.accounts.test_accounts
    owner, sink, creator, annotator, barred, arbiter, keeper, wallet_owner = (p.address for p in people[:8])
    wallet = deploy("MockWallet", wallet_owner, sender=owner).address
    shy_wallet = deploy("DemoWallet", wallet_owner, sender=owner).address
    proud_creator = deploy("Puppet", sender=owner)
    proud_creator.send("setMood", REFUSE, sender=owner)
    cast = Cast(
        owner=owner,
        sink=sink,
        creator=creator,
        proud_creator=proud_creator.address,
        annotator=annotator,
        wallet=wallet,
        shy_wallet=shy_wallet,
        barred=barred,
        arbiter=arbiter,
        keeper=keeper,
    )
    signers = {p.address: Account.from_key(p.private_key) for p in people[:8]}
    keys = {**signers, wallet: signers[wallet_owner], shy_wallet: signers[wallet_owner]}
    listed = AllowList([annotator, wallet, barred])
    market = deploy("AnnotationMarket", owner, sink, sender=owner)
    token = deploy("BlacklistToken", sender=owner)
    _give_money(token, market, cast)
    return Stage(market, token, deploy("AllowlistHook", listed.root, sender=owner), cast, keys, listed)


def _give_money(token: Contract, market: Contract, cast: Cast) -> None:
    for account in cast.everybody:
        rpc("anvil_impersonateAccount", account)
        set_balance(account, PLENTY)
        token.send("mint", account, PLENTY, sender=account)
        token.send("approve", market.address, UNLIMITED, sender=account)
    token.send("setBlocked", cast.barred, True, sender=cast.owner)
