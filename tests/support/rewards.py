"""A reward distributor with a supply, a source that says what a test wants, and the people around it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from typing import Any

import ape

from offchain.hashing import RewardTree, keccak256
from offchain.signing import DISTRIBUTOR_NAME, Domain
from tests.support.calls import ZERO, Contract, Receipt, balance, deploy, now
from tests.support.market import DAY, mine_at
from tests.support.signing import ANVIL_CHAIN, Pen

EPOCH, ROOT_WINDOW = 7 * DAY, 30 * DAY
UNIT = 10**18
RATE = 3 * 10**17  # of the native coin: three base units for ten
TOKEN_RATE = 10**30 + 7  # of fees in the token of six decimals
MAX_RATE = 10**36
MAX_EPOCH_CAP = 10**24
EPOCH_CAP = 10**21
SUPPLY = 5 * 10**21
TOKEN_CAP = 10**27
ADMIN_DELAY = 3 * DAY
MINTER = keccak256(b"MINTER_ROLE")
NONE, DIRECT, TREE = range(3)


@dataclass(frozen=True)
class Cast:
    """Who is who; none of them is anybody else. The admin of the reward token is its minter, too."""

    owner: str
    admin: str
    creator: str
    annotator: str
    rival: str
    keeper: str
    stranger: str


@dataclass(frozen=True)
class System:
    """What is deployed once for many tests: `source` is a market, listed as
    the source of its own fees; fees in the native coin and in `coin` have a
    rate.
    """

    token: Contract
    distributor: Contract
    source: Contract
    coin: Contract
    who: Cast


def deploy_token(admin: str) -> Contract:
    """A reward token whose admin mints."""
    token = deploy("RewardToken", "Reward", "RWD", TOKEN_CAP, admin, ADMIN_DELAY, sender=admin)
    token.send("grantRole", MINTER, admin, sender=admin)
    return token


def deploy_system() -> System:
    who = Cast(*(account.address for account in ape.accounts.test_accounts[: len(fields(Cast))]))
    token = deploy_token(who.admin)
    return system_with(token, who)


def system_with(token: Contract, who: Cast, max_epoch_cap: int = MAX_EPOCH_CAP) -> System:
    """A distributor of this token, in which anybody named `admin` mints."""
    distributor = deploy("RewardDistributor", who.owner, token.address, max_epoch_cap, sender=who.owner)
    source, coin = deploy("MockFees", sender=who.owner), deploy("MockToken", 6, sender=who.owner)
    token.send("mint", distributor.address, SUPPLY, sender=who.admin)
    distributor.send("setSource", source.address, source.address, sender=who.owner)
    distributor.send("setRate", ZERO, RATE, sender=who.owner)
    distributor.send("setRate", coin.address, TOKEN_RATE, sender=who.owner)
    distributor.send("setEpochCap", EPOCH_CAP, sender=who.owner)
    return System(token, distributor, source, coin, who)


class World:
    """One test's view of a system."""

    def __init__(self, system: System) -> None:
        self.system, self.who = system, system.who
        self.token, self.distributor, self.source = system.token, system.distributor, system.source
        self.pen = Pen(Domain(ANVIL_CHAIN, self.distributor.address, DISTRIBUTOR_NAME))
        self.paid: dict[tuple[str, int, str], int] = {}

    # --- acts ---

    def pay(
        self,
        fees: int,
        account: str | None = None,
        job: int = 1,
        token: str = ZERO,
        source: Contract | None = None,
    ) -> None:
        """So many fees more were paid for what an account (the annotator by default) did."""
        source, account = source or self.source, account or self.who.annotator
        key = source.address, job, account
        self.paid[key] = self.paid.get(key, 0) + fees
        source.send("setFees", job, token, account, self.paid[key], sender=self.who.creator)

    def assign(self, *accounts: str, job: int = 1, source: Contract | None = None) -> Receipt:
        """Have accounts (the annotator by default) rewarded."""
        given = list(accounts) or [self.who.annotator]
        return self.distributor.send(
            "assign", (source or self.source).address, job, given, sender=self.who.keeper
        )

    def rewarded(self, fees: int, account: str | None = None, job: int = 1) -> int:
        """Fees are paid for an account, and it is rewarded; returns its reward."""
        account = account or self.who.annotator
        self.pay(fees, account, job)
        return int(self.assign(account, job=job).value)

    def own(self, function: str, *args: Any) -> Receipt:
        """An act of the owner."""
        return self.distributor.send(function, *args, sender=self.who.owner)

    def use_tree(self, job: int = 1) -> Receipt:
        return self.own("useTree", self.source.address, job)

    def collected(self, fees: int, job: int = 1) -> int:
        """A job in the tree is paid fees, which are collected; returns the reward."""
        if self.mode(job) == NONE:
            self.use_tree(job)
        self.pay(fees, job=job)
        return int(self.own("collect", self.source.address, job).value)

    def publish(self, tree: RewardTree, total: int | None = None) -> Receipt:
        return self.own("setRoot", tree.root, tree.total if total is None else total)

    def claim_from(self, tree: RewardTree, account: str) -> Receipt:
        return self.distributor.send("claimFromTree", *entry(tree, account), sender=self.who.keeper)

    # --- views ---

    def credit(self, account: str) -> int:
        return int(self.distributor.call("creditOf", self.token.address, account))

    def owed(self) -> int:
        return int(self.distributor.call("liabilities", self.token.address))

    def available(self) -> int:
        return int(self.distributor.call("available"))

    def counted(self, account: str, job: int = 1) -> int:
        return int(self.distributor.call("countedFees", self.source.address, job, account))

    def mode(self, job: int = 1) -> int:
        return int(self.distributor.call("modeOf", self.source.address, job))

    def tree_job(self, job: int = 1) -> dict[str, int]:
        return dict(self.distributor.call("treeJob", self.source.address, job))

    def tree(self) -> dict[str, Any]:
        names = ("root", "total", "paid", "budget", "roots")
        return dict(zip(names, self.distributor.call("tree"), strict=True))


def entry(tree: RewardTree, account: str) -> tuple[str, int, list[bytes]]:
    """The arguments of a claim from a tree."""
    return account, tree.shares[account], tree.proof(account)


def next_epoch() -> int:
    """Mine the first second of the next epoch, and return it."""
    start = (now() // EPOCH + 1) * EPOCH
    mine_at(start)
    return start


@contextmanager
def kept_books(world: World) -> Iterator[World]:
    """Hand out a world whose ledger must be in order when the body is done."""
    yield world
    assert_books(world)


def assert_books(world: World) -> None:
    """The distributor owes its credits and what the tree has promised, not paid; and has that much (T1)."""
    accounts = {getattr(world.who, item.name) for item in fields(Cast)} | {ZERO, world.distributor.address}
    accounts |= {account for _, _, account in world.paid}
    tree, owed = world.tree(), world.owed()
    assert owed == sum(map(world.credit, accounts)) + tree["total"] - tree["paid"]
    assert tree["paid"] <= tree["total"] <= tree["budget"]
    assert balance(world.token, world.distributor.address) >= owed
