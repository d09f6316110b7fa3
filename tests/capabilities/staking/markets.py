"""What markets do with the stakes of others, good ones and bad ones, and what the owner does with markets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from offchain.reference.stakes import Bond, Split
from offchain.reference.staking import MAX_LOCK
from tests.capabilities.ownership import Attempt
from tests.capabilities.staking.base import AMOUNTS, DAY, MOST, PERIOD, Cut
from tests.capabilities.staking.stakers import StakerActions
from tests.engine.capability import action
from tests.engine.dice import Dice

SPANS = (DAY, PERIOD, 3_600, 20, 10 * DAY, 0, MAX_LOCK)
"""Seconds for which a market locks."""


class MarketActions(StakerActions):
    """Stake is locked, given back and slashed; markets come and go."""

    @action(18, lambda self: self.rooms())
    def lock(self, dice: Dice) -> None:
        """Of what is available; at times for a shorter time than before (T40)."""
        account, market, most = dice.pick(self.rooms(), self._any_room())
        amount, at = self.part(dice, most, 0, most + 1), max(self.moment(dice), self.now)
        until = at + dice.pick(SPANS, (MAX_LOCK + 1, -1))
        self.act("lock", account, amount, until, sender=market, at=at)

    @action(9, lambda self: self.locks())
    def unlock(self, dice: Dice) -> None:
        account, market, bond = dice.choose(self.locks())
        amount = self.part(dice, bond.locked, 0, bond.locked + 1)
        self.act("unlock", account, amount, sender=self.sender(dice, market), at=self.moment(dice))

    @action(14, lambda self: self._reachable())
    def slash(self, dice: Dice) -> None:
        """For what somebody did, as much as the market may, or has reason to."""
        account, market, bond = dice.choose(self._reachable())
        at = self._slash_time(dice, account, bond)
        split = self._split(dice, self._fine(dice, account, market, at))
        self.act("slash", account, Cut(split), sender=self.sender(dice, market), at=at)

    @action(5, lambda self: self.escapable())
    def run_away(self, dice: Dice) -> None:
        """An account sees that it will be slashed and tries a way out; it pays what was locked (T39)."""
        account, market, bond = dice.choose(self.escapable())
        ways: list[tuple[str, tuple[Any, ...], str]] = [
            ("unbond", (max(self.model.available[account], 1),), account),
            ("allow", (market, 0), account),
            ("collect", (account,), account),
            ("reclaim", (account, market), account),
            ("stake", (account, 1), account),
        ]
        function, args, sender = dice.choose(ways)
        self.act(function, *args, sender=sender)
        split = self._split(dice, bond.locked)
        assert self.act("slash", account, Cut(split), sender=market), f"{function} is a way out"

    @action(4)
    def trespass(self, dice: Dice) -> None:
        """A market takes what nobody gave it: one that is not listed, one that nobody allowed, or one that
        takes more than it was allowed.
        """
        account = dice.choose(self.cast.stakers)
        market = dice.choose((self.cast.outlaw, self.cast.bazaar, *self.cast.markets))
        bond = self.model.bonds[account, market]
        beyond = max(self.model.slashable(account, market, self.now), bond.limit) + 1
        if beyond > MOST:
            market, beyond = self.cast.outlaw, dice.choose(AMOUNTS)
        attempts: list[tuple[str, tuple[Any, ...]]] = [
            ("lock", (account, beyond, self.now + DAY)),
            ("unlock", (account, bond.locked + 1)),
            ("slash", (account, Cut(Split(payout=beyond, payee=market)))),
        ]
        function, args = dice.choose(attempts)
        self.act(function, *args, sender=market)

    # The owner

    @action(5)
    def set_market(self, dice: Dice) -> None:
        """On the list, or off it; what is off comes back soon."""
        off = [market for market in self.cast.markets if not self.model.listed[market]]
        market = dice.choose(off or (*self.cast.markets, self.cast.outlaw))
        listed = bool(off) if dice.below(4) else not off
        self.act("setMarket", market, listed, sender=self.sender(dice, self.model.owner))

    def attempts(self, usurper: str) -> Iterator[Attempt]:
        """As of an owner; and the list."""
        yield from super().attempts(usurper)
        yield usurper, "setMarket", (usurper, True)
        yield usurper, "setMarket", (self.cast.guild, False)

    # Callers

    @action(12, lambda self: self.house.hooked)
    def call_back(self, dice: Dice) -> None:
        """The token that calls back when it moves gets words that would work if the contract let itself be
        called while it pays (T62).
        """
        account = dice.choose(self.cast.stakers)
        calls: list[tuple[str, tuple[Any, ...]]] = [
            ("collect", (account,)),
            ("reclaim", (account, self.cast.guild)),
            ("stake", (account, 1)),
            ("allow", (self.cast.guild, 1)),
            ("lock", (account, 1, self.now)),
            ("slash", (account, (1, 0, 0, account))),
        ]
        function, args = dice.choose(calls)
        self.say_when_called(self.house.token, function, *args)

    # Inside

    def _any_room(self) -> list[tuple[str, str, int]]:
        """Pairs of account and market that may or may not have to do with each other."""
        markets = (*self.cast.markets, self.cast.outlaw)
        return [(account, market, 100) for account in self.cast.stakers for market in markets]

    def _reachable(self) -> list[tuple[str, str, Bond]]:
        """Where a market may slash something that is there."""
        return [
            (account, market, bond)
            for account, market, bond in self.bonds()
            if self.model.slashable(account, market, self.now) and self._holding(account)
        ]

    def escapable(self) -> list[tuple[str, str, Bond]]:
        """Locks that are not over: nobody can take anything out of them."""
        return [lock for lock in self.locks() if lock[2].until >= self.now]

    def _holding(self, account: str) -> int:
        """All that an account has, base units."""
        model = self.model
        return model.available[account] + model.locked(account) + model.unbonding(account)

    def _slash_time(self, dice: Dice, account: str, bond: Bond) -> int:
        """Mostly soon; at times in the last second in which a limit or a request counts, or after it."""
        ends = [bond.former_until, *(one.until for one in self.model.unbondings[account])]
        ends = [end for end in ends if end >= self.now]
        if ends and dice.below(3) == 0:
            return dice.choose(ends) + dice.choose((0, 1))
        return self.moment(dice)

    def _fine(self, dice: Dice, account: str, market: str, at: int) -> int:
        """Base units to slash: some of what the market may and what is there, or more than is there; now and
        then nothing, or more than it may.
        """
        allowed = self.model.slashable(account, market, max(at, self.now))
        most = max(min(allowed, self._holding(account)), 1)
        right = (most, most // 2 or 1, 1, min(allowed, most + 5) or 1)
        return dice.pick(right, (0, min(allowed + 1, MOST)))

    def _split(self, dice: Dice, amount: int) -> Split:
        """Payout, burn and fee of a fine: a bit of each, or all of it one of them."""
        payee = dice.choose((self.cast.payee, self.cast.barred, self.cast.staker, self.cast.guild))
        shares = dice.choose(((2, 1), (1, 1), (4, 0), (0, 4), (0, 0)))
        payout, burn = (amount * share // 4 for share in shares)
        return Split(payout, burn, amount - payout - burn, payee)
