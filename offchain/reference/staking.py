"""Reference model of Staking: the same calls, the same refusals, the same money, in plain Python.

The contract counts what is locked of an account; here it is the sum over the markets.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from offchain.reference.bank import World
from offchain.reference.calls import Call, Consent, Payment, act
from offchain.reference.escrow import Escrow
from offchain.reference.journal import Table
from offchain.reference.owned import Owned
from offchain.reference.revert import Revert
from offchain.reference.stakes import Bond, Split, Unbonding
from offchain.terms import ZERO_ADDRESS

DAY = 86_400
MAX_LOCK = 180 * DAY
MAX_UNBONDINGS = 8
BURN_ADDRESS = "0x000000000000000000000000000000000000dEaD"
UINT128 = 2**128
MOST_LOCKED = 2**104 - 1
"""The highest limit, base units; whoever allows more allows this."""
ARITHMETIC = 0x11  # the panic of the compiler's checked arithmetic


@dataclass(frozen=True)
class Terms:
    """What is fixed at deployment: the token, who gets the fees of slashes, the period in seconds."""

    token: str
    fee_recipient: str
    period: int


class Staking(Owned, Escrow):
    """The staking contract at `address`, in a world of balances that it shares with everybody else."""

    def __init__(self, address: str, owner: str, terms: Terms, world: World) -> None:
        Escrow.__init__(self, address, world)
        self._start_owned_by(owner)
        self.terms = terms
        self.listed: Table[str, bool] = Table(self.journal, False)
        self.available: Table[str, int] = Table(self.journal, 0)
        self.bonds: Table[tuple[str, str], Bond] = Table(self.journal, Bond())
        self.unbondings: Table[str, tuple[Unbonding, ...]] = Table(self.journal, ())

    # Views

    def owed(self) -> Iterator[tuple[str, int]]:
        """All buckets of everybody."""
        token = self.terms.token
        yield token, sum(amount for _, amount in self.available.items())
        yield token, sum(bond.locked for _, bond in self.bonds.items())
        yield token, sum(one.amount for _, queue in self.unbondings.items() for one in queue)

    def locked(self, account: str) -> int:
        """What all markets have locked of an account, base units."""
        return sum(bond.locked for (of, _), bond in self.bonds.items() if of == account)

    def unbonding(self, account: str) -> int:
        """What is on its way out, base units."""
        return sum(one.amount for one in self.unbondings[account])

    def slashable(self, account: str, market: str, now: int) -> int:
        """The most that the market may slash now, base units."""
        bond = self.bonds[account, market]
        return max(bond.reach(now), bond.locked) if self.listed[market] else bond.locked

    # The owner's act

    @act
    def set_market(self, call: Call, market: str, listed: bool) -> None:  # noqa: FBT001 - as declared
        """On or off the list."""
        self._only_owner(call)
        self.listed[market] = listed
        self._emit("MarketSet", market=market, listed=listed)

    # Acts of stakers

    @act
    def stake(self, call: Call, account: str, amount: int) -> None:
        """Add to anybody's stake."""
        self._stake(call, account, call.sender, amount)

    @act
    def stake_by_sig(self, call: Call, amount: int, consent: Consent) -> None:
        """Add to the signer's stake, out of his purse."""
        self._authorize(call, consent)
        self._stake(call, consent.signer, consent.signer, amount)

    @act
    def allow(self, call: Call, market: str, limit: int) -> None:
        """What a market may lock and slash."""
        self._allow(call, call.sender, market, limit)

    @act
    def allow_by_sig(self, call: Call, market: str, limit: int, consent: Consent) -> None:
        """The same in the signer's name."""
        self._authorize(call, consent)
        self._allow(call, consent.signer, market, limit)

    @act
    def unbond(self, call: Call, amount: int) -> None:
        """Start to take something out."""
        self._unbond(call, call.sender, amount)

    @act
    def unbond_by_sig(self, call: Call, amount: int, consent: Consent) -> None:
        """The same in the signer's name."""
        self._authorize(call, consent)
        self._unbond(call, consent.signer, amount)

    @act
    def collect(self, call: Call, account: str) -> int:
        """Pay what has finished unbonding; anyone may."""
        queue = self.unbondings[account]
        over = sum(one.amount for one in queue if call.now > one.until)
        _require_some(over)
        self.unbondings[account] = tuple(one for one in queue if call.now <= one.until)
        self._emit("UnbondingCollected", account=account, amount=over)
        self._pay(self.terms.token, account, over)
        return over

    @act
    def reclaim(self, call: Call, account: str, market: str) -> None:
        """Give back what a market has locked when its lock is over; anyone may."""
        bond = self.bonds[account, market]
        if call.now <= bond.until:
            raise Revert("StillLocked", bond.until, call.now)
        self._unlock(account, market, bond.locked)

    # Acts of markets

    @act
    def lock(self, call: Call, account: str, amount: int, until: int) -> None:
        """Take of what is available, at least until then."""
        market, latest = call.sender, call.now + MAX_LOCK
        if not self.listed[market]:
            raise Revert("NotListed", market)
        _require_some(amount)
        if until > latest:
            raise Revert("LockTooLong", until, latest)
        bond = self.bonds[account, market]
        wanted = bond.locked + amount
        if wanted > bond.limit:
            raise Revert("LimitExceeded", account, market, bond.limit, wanted)
        self._take_available(account, amount)
        until = max(until, bond.until)
        self.bonds[account, market] = replace(bond, locked=wanted, until=until)
        self._emit("StakeLocked", account=account, market=market, amount=amount, until=until)

    @act
    def unlock(self, call: Call, account: str, amount: int) -> None:
        """Give back some of what the caller has locked."""
        locked = self.bonds[account, call.sender].locked
        if amount > locked:
            raise Revert("LockTooLow", account, call.sender, locked, amount)
        self._unlock(account, call.sender, amount)

    @act
    def slash(self, call: Call, account: str, split: Split) -> int:
        """Take what the caller can reach: his lock, then what is available, then what is unbonding."""
        market, token = call.sender, self.terms.token
        _require_some(split.total)
        slashable = self.slashable(account, market, call.now)
        if split.total > slashable:
            raise Revert("LimitExceeded", account, market, slashable, split.total)
        parts = self._seize(call, account, market, split.total)
        done = split.cut_to(sum(parts))
        self._emit(
            "StakeSlashed",
            account=account,
            market=market,
            payee=split.payee,
            fromLock=parts[0],
            fromAvailable=parts[1],
            fromUnbonding=parts[2],
            payout=done.payout,
            burned=done.burn,
            fee=done.fee,
        )
        self._credit(token, self.terms.fee_recipient, done.fee)
        self._burn(done.burn)
        self._pay(token, done.payee, done.payout)
        return done.total

    # Inside

    def _stake(self, call: Call, account: str, payer: str, amount: int) -> None:
        _require_some(amount)
        if amount >= UINT128:
            raise Revert("SafeCastOverflowedUintDowncast", 128, amount)
        if self.available[account] + amount >= UINT128:
            raise Revert("Panic", ARITHMETIC)
        self.available[account] += amount
        self._emit("Staked", account=account, payer=payer, amount=amount)
        self._receive(call, self.terms.token, payer, amount)

    def _allow(self, call: Call, account: str, market: str, limit: int) -> None:
        limit = min(limit, MOST_LOCKED)
        bond = self.bonds[account, market]
        after = bond.limited(limit, call.now, self.terms.period)
        lower = limit < bond.reach(call.now)
        self.bonds[account, market] = after
        effective = after.former_until if lower else call.now
        self._emit("LimitSet", account=account, market=market, limit=limit, effectiveAt=effective)

    def _unbond(self, call: Call, account: str, amount: int) -> None:
        _require_some(amount)
        if len(self.unbondings[account]) >= MAX_UNBONDINGS:
            raise Revert("TooManyUnbondings", MAX_UNBONDINGS)
        self._take_available(account, amount)
        until = call.now + self.terms.period
        self.unbondings[account] = (*self.unbondings[account], Unbonding(amount, until))
        self._emit("UnbondingStarted", account=account, amount=amount, until=until)

    def _take_available(self, account: str, amount: int) -> None:
        available = self.available[account]
        if amount > available:
            raise Revert("StakeTooLow", account, available, amount)
        self.available[account] = available - amount

    def _unlock(self, account: str, market: str, amount: int) -> None:
        _require_some(amount)
        bond = self.bonds[account, market]
        self.bonds[account, market] = replace(bond, locked=bond.locked - amount)
        self.available[account] += amount
        self._emit("StakeUnlocked", account=account, market=market, amount=amount)

    def _seize(self, call: Call, account: str, market: str, wanted: int) -> tuple[int, int, int]:
        """What was taken from the lock, from what is available, and from what is unbonding."""
        bond = self.bonds[account, market]
        from_lock = min(wanted, bond.locked)
        from_available = min(wanted - from_lock, self.available[account])
        self.available[account] -= from_available
        from_unbonding = self._seize_unbonding(call, account, wanted - from_lock - from_available)
        slashed = from_lock + from_available + from_unbonding
        self.bonds[account, market] = bond.slashed(slashed, from_lock)
        return from_lock, from_available, from_unbonding

    def _seize_unbonding(self, call: Call, account: str, wanted: int) -> int:
        """The latest first; what is over is out of reach."""
        left, kept = wanted, []
        for one in reversed(self.unbondings[account]):
            part = min(left, one.amount) if call.now <= one.until else 0
            left -= part
            if part < one.amount:
                kept.append(replace(one, amount=one.amount - part))
        self.unbondings[account] = tuple(reversed(kept))
        return wanted - left

    def _burn(self, amount: int) -> None:
        token = self.terms.token
        if token not in self.bank.world.burnable:
            self._pay(token, BURN_ADDRESS, amount)
        elif amount:
            self.bank.move(token, self.address, ZERO_ADDRESS, amount)
            self.effects.payments.append(Payment(token, self.address, ZERO_ADDRESS, amount))


def _require_some(amount: int) -> None:
    if amount == 0:
        raise Revert("NothingToMove")
