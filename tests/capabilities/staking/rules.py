"""What must hold of a model of the staking contract at every step, in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from offchain.reference.calls import Effects
from offchain.reference.staking import MAX_LOCK, MAX_UNBONDINGS, Staking
from offchain.terms import ZERO_ADDRESS

Pair = tuple[str, str]
"""Account and market."""


class Watch:
    """One program's rules. It remembers when locks end, and what each market took since the account last set
    its limit.
    """

    def __init__(self, model: Staking) -> None:
        self.model = model
        self._ends: dict[Pair, int] = {}
        self._allowed: dict[Pair, int] = {}
        self._lost: dict[Pair, int] = {}

    def after_step(self, effects: Effects, now: int) -> Iterator[str]:
        """The sentences that a step with these effects broke."""
        yield from self._money()
        for name, values in effects.events:
            if name == "LimitSet":
                pair = (values["account"], values["market"])
                bond = self.model.bonds[pair]
                self._allowed[pair] = max(bond.reach(now), bond.locked)
                self._lost[pair] = 0
            elif name == "StakeLocked":
                yield from self._lock(values, now)
            elif name == "StakeSlashed":
                yield from self._slash(effects, values)

    def whole(self) -> Iterator[str]:
        """The sentences that do not hold."""
        yield from self._money()
        model = self.model
        amounts = (*model.bank.balances.items(), *model.credits.items(), *model.available.items())
        yield from (f"{key} is at {amount}, below zero" for key, amount in amounts if amount < 0)
        yield from (f"{pair}: {bond} is below zero" for pair, bond in model.bonds.items() if bond.locked < 0)
        if model.owner == ZERO_ADDRESS:
            yield "nobody owns the contract (T61)"
        for account, queue in model.unbondings.items():
            times = [one.until for one in queue]
            if len(queue) > MAX_UNBONDINGS or times != sorted(times):
                yield f"{account} has the requests {queue}"
            if any(one.amount <= 0 for one in queue):
                yield f"{account} has a request to take out nothing"

    def _money(self) -> Iterator[str]:
        """The contract holds what it owes, to the unit (T1)."""
        model, token = self.model, self.model.terms.token
        held, owed = model.bank.balances[token, model.address], model.liabilities(token)
        if held != owed:
            yield f"the contract holds {held} and owes {owed} (T1)"

    def _lock(self, values: Mapping[str, Any], now: int) -> Iterator[str]:
        """Within the limit, of a listed market, not too long, and no shorter than before (T40)."""
        pair = (values["account"], values["market"])
        bond = self.model.bonds[pair]
        if bond.locked > bond.limit or not self.model.listed[values["market"]]:
            yield f"{pair}: {bond.locked} are locked, though only {bond.limit} are allowed"
        if not self._ends.get(pair, 0) <= bond.until <= now + MAX_LOCK:
            yield f"{pair}: a lock until {self._ends.get(pair)} ends at {bond.until} (T40)"
        self._ends[pair] = bond.until

    def _slash(self, effects: Effects, values: Mapping[str, Any]) -> Iterator[str]:
        """What was taken is payout, burn and fee, which left or were credited; and no more than the account
        allowed (T38).
        """
        pair = (values["account"], values["market"])
        taken = values["fromLock"] + values["fromAvailable"] + values["fromUnbonding"]
        if values["payout"] + values["burned"] + values["fee"] != taken:
            yield f"{pair}: {taken} were slashed, but {values} were split (T38)"
        went = sum(paid.amount for paid in effects.payments)
        credited = sum(told["amount"] for name, told in effects.events if name == "Credited")
        if went + credited != taken:
            yield f"{pair}: {taken} were slashed, {went} left and {credited} were credited (T38)"
        self._lost[pair] = self._lost.get(pair, 0) + taken
        if self._lost[pair] > self._allowed.get(pair, 0):
            yield f"{pair}: {self._lost[pair]} were slashed, {self._allowed.get(pair, 0)} were allowed"
