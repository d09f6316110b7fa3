"""A staking contract, the people around it, and short names for what they do with good values; whatever a
test wants to see fail, it calls on `World.staking`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from typing import Any

import ape

from offchain.reference.stakes import Split
from offchain.reference.staking import BURN_ADDRESS
from offchain.signing import STAKING_NAME, Domain
from tests.support.calls import Contract, Receipt, balance, deploy, now
from tests.support.signing import ANVIL_CHAIN, NEVER, Pen

DAY = 86_400
PERIOD = 7 * DAY
LONGEST = 180 * DAY
UNLIMITED = 2**128 - 1


@dataclass(frozen=True)
class Cast:
    """Who is who; `market` and `forum` are markets, of which only the first is listed."""

    owner: str
    sink: str
    staker: str
    rival: str
    market: str
    forum: str
    payee: str
    keeper: str
    stranger: str


@dataclass(frozen=True)
class System:
    """What is deployed once for many tests; everyone has plenty of the token, which the contract may take."""

    staking: Contract
    token: Contract
    who: Cast


def deploy_system(kind: str, *args: Any) -> System:
    """A staking contract for a new token of this kind."""
    return system_for(deploy(kind, *args, sender=ape.accounts.test_accounts[0].address))


def system_for(token: Contract) -> System:
    """A staking contract for a token that the first account may mint, with one market on its list."""
    who = Cast(*(account.address for account in ape.accounts.test_accounts[: len(fields(Cast))]))
    staking = deploy("Staking", who.owner, who.sink, token.address, PERIOD, sender=who.owner)
    for account in (who.staker, who.rival, who.stranger):
        token.send("mint", account, 10**24, sender=who.owner)
        token.send("approve", staking.address, NEVER, sender=account)
    staking.send("setMarket", who.market, True, sender=who.owner)
    return System(staking, token, who)


@dataclass
class World:
    """One test's view of a system."""

    system: System
    people: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.staking, self.token, self.who = self.system.staking, self.system.token, self.system.who
        self.pen = Pen(Domain(ANVIL_CHAIN, self.staking.address, STAKING_NAME))
        self.people |= vars(self.who) | {"contract": self.staking.address, "nobody": BURN_ADDRESS}

    # --- acts ---

    def stake(self, amount: int, account: str | None = None) -> Receipt:
        account = account or self.who.staker
        return self.staking.send("stake", account, amount, sender=account)

    def allow(self, limit: int, account: str | None = None, market: str | None = None) -> Receipt:
        arguments = (market or self.who.market, limit)
        return self.staking.send("allow", *arguments, sender=account or self.who.staker)

    def ready(self, amount: int, limit: int | None = None, account: str | None = None) -> None:
        """An account stakes, and allows the market to lock it, all of it by default."""
        self.stake(amount, account)
        self.allow(amount if limit is None else limit, account)

    def lock(
        self, amount: int, *, until: int | None = None, account: str | None = None, market: str | None = None
    ) -> Receipt:
        """Lock for 30 days."""
        until = now() + 30 * DAY if until is None else until
        arguments = (account or self.who.staker, amount, until)
        return self.staking.send("lock", *arguments, sender=market or self.who.market)

    def locked(self, amount: int, *, free: int = 0) -> int:
        """The staker has so much locked and so much available; returns when the lock ends."""
        self.ready(amount + free, UNLIMITED)
        self.lock(amount)
        return int(self.bond()["until"])

    def unbond(self, amount: int, account: str | None = None) -> int:
        """Returns the last second of the period."""
        receipt = self.staking.send("unbond", amount, sender=account or self.who.staker)
        return receipt.time + PERIOD

    def split(self, payout: int = 0, burn: int = 0, fee: int = 0, payee: str | None = None) -> dict[str, Any]:
        return Split(payout, burn, fee, payee or self.who.payee).message()

    def slash(
        self, payout: int = 0, burn: int = 0, fee: int = 0, *, payee: str | None = None, **how: Any
    ) -> Receipt:
        arguments = (how.get("account", self.who.staker), self.split(payout, burn, fee, payee))
        return self.staking.send("slash", *arguments, sender=how.get("market", self.who.market))

    # --- views ---

    def buckets(self, account: str | None = None) -> tuple[int, int, int]:
        """What is available, locked, unbonding."""
        return tuple(self.staking.call("stakeOf", account or self.who.staker).values())

    def bond(self, account: str | None = None, market: str | None = None) -> dict[str, int]:
        arguments = (account or self.who.staker, market or self.who.market)
        return dict(self.staking.call("lockOf", *arguments))

    def queue(self, account: str | None = None) -> list[tuple[int, int]]:
        """(amount, until) of an account's requests to leave."""
        found = self.staking.call("unbondingsOf", account or self.who.staker)
        return [(one["amount"], one["until"]) for one in found]

    def credit(self, account: str) -> int:
        return int(self.staking.call("creditOf", self.token.address, account))

    @contextmanager
    def moves(self) -> Iterator[dict[str, int]]:
        """Fills its target, on leaving, with what each of `people` gained or lost of the token in the body,
        credits apart as "<name>'s credit"; whoever is not in it gained and lost nothing.
        """
        before, moved = self._holdings(), {}
        yield moved
        after = self._holdings()
        moved |= {name: after[name] - before[name] for name in after if after[name] != before[name]}

    def _holdings(self) -> dict[str, int]:
        held = {name: balance(self.token, account) for name, account in self.people.items()}
        return held | {f"{name}'s credit": self.credit(account) for name, account in self.people.items()}


@contextmanager
def kept_ledger(world: World) -> Iterator[World]:
    """Hand out a world whose ledger must be in order when the body is done."""
    yield world
    assert_ledger(world)


def assert_ledger(world: World) -> None:
    """The contract holds what it owes: all buckets of all people, and their credits; and each locked bucket
    is the sum of what the markets have locked (T1, T38).
    """
    owed = 0
    for account in dict.fromkeys(world.people.values()):
        available, locked, unbonding = world.buckets(account)
        assert locked == sum(world.bond(account, market)["locked"] for market in world.people.values())
        assert unbonding == sum(amount for amount, _ in world.queue(account))
        owed += available + locked + unbonding + world.credit(account)
    liabilities = world.staking.call("liabilities", world.token.address)
    assert (liabilities, balance(world.token, world.staking.address)) == (owed, owed)
