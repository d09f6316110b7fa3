"""Everything that the staking contract tells, as its model tells it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from offchain.reference.calls import Effects
from offchain.reference.staking import BURN_ADDRESS, MAX_LOCK, MAX_UNBONDINGS, Staking
from offchain.signing import STAKING_NAME, Domain, domain_separator
from offchain.terms import ZERO_ADDRESS
from tests.capabilities.ownership import OWNERSHIP_EVENTS, ownership_of
from tests.capabilities.staking.stage import PERIOD, House, Stage
from tests.engine.program import View

LOCKED = bytes.fromhex("3ee5aeb5")
"""Selector of ReentrancyGuardReentrantCall(): what the contract says to those who call it while it pays."""


class StakingViews:
    """The views on the contract of one house and on the balances around it."""

    def __init__(self, stage: Stage, house: House, model: Staking, chain_id: int) -> None:
        self.stage, self.house, self.model, self.chain_id = stage, house, model, chain_id
        self._called = False

    # After a step

    def touched(self, effects: Effects, now: int) -> Iterator[View]:
        """Those that a step with these effects is about; always what the contract holds and owes (T1)."""
        told: dict[tuple[str, tuple[Any, ...]], Any] = {}
        moved = {account for paid in effects.payments for account in (paid.payer, paid.payee)}
        for name, values in effects.events:
            told |= self._of_event(name, values, now)
        yield from (self._view(name, *args, told=value) for (name, args), value in told.items())
        yield from self.of_money(sorted(moved))
        if self.house.hooked and effects.payments:
            self._called = True
            yield View(self.house.token, "calledBack", (), False)
            yield View(self.house.token, "answer", (), LOCKED)

    def _of_event(self, name: str, values: Mapping[str, Any], now: int) -> dict[Any, Any]:
        """What this one event is about."""
        if name in OWNERSHIP_EVENTS:
            return {(view, ()): told for view, told in ownership_of(self.model).items()}
        if name == "MarketSet":
            market = values["market"]
            bonds = [(account, of) for account, of in self.model.bonds if of == market]
            locks = {("lockOf", pair): self._lock(*pair, now) for pair in bonds}
            return {("isListed", (market,)): self.model.listed[market], **locks}
        if name == "NonceUsed":
            return {("isNonceUsed", (values["account"], values["nonce"])): True}
        if name in {"Credited", "CreditWithdrawn"}:
            pair = (values["token"], values["account"])
            return {("creditOf", pair): self.model.credits[pair]}
        if name == "Approval":
            return {}
        account = values["account"]
        told = self._of_account(account)
        if "market" in values:
            told["lockOf", (account, values["market"])] = self._lock(account, values["market"], now)
        return told

    def of_money(self, accounts: Iterable[str]) -> Iterator[View]:
        """What the contract holds and owes in the token, and what some accounts have."""
        token, address = self.house.token, self.house.staking.address
        yield self._view("liabilities", token.address, told=self.model.liabilities(token.address))
        for account in dict.fromkeys((address, *accounts)):
            if account != ZERO_ADDRESS:
                held = self.model.bank.balances[token.address, account]
                yield View(token, "balanceOf", (account,), held)

    # At the end

    def everything(self, now: int) -> Iterator[View]:
        """All there is, in a block of this second."""
        told: dict[tuple[str, tuple[Any, ...]], Any] = dict(self._constants())
        told |= {(view, ()): answer for view, answer in ownership_of(self.model).items()}
        for market, listed in self.model.listed.items():
            told["isListed", (market,)] = listed
        for account in self.stage.cast.payers:
            told |= self._of_account(account)
            for market in (*self.stage.cast.markets, self.stage.cast.outlaw):
                told["lockOf", (account, market)] = self._lock(account, market, now)
        for nonce, used in self.model.nonces.items():
            told["isNonceUsed", nonce] = used
        for credit, amount in self.model.credits.items():
            told["creditOf", credit] = amount
        yield from (self._view(name, *args, told=value) for (name, args), value in told.items())
        yield from self.of_money((*self.stage.cast.everybody, BURN_ADDRESS))
        if self.house.standard:
            balances = self.model.bank.balances.items()
            token = self.house.token
            exists = sum(held for (of, who), held in balances if of == token.address and who != ZERO_ADDRESS)
            yield View(token, "totalSupply", (), exists)
        if self.house.hooked:
            yield View(self.house.token, "answer", (), LOCKED if self._called else bytes(4))

    def _constants(self) -> Iterator[tuple[tuple[str, tuple[Any, ...]], Any]]:
        domain = Domain(self.chain_id, self.house.staking.address, STAKING_NAME)
        answers = {
            "domainSeparator": domain_separator(domain),
            "stakeToken": self.house.token.address,
            "feeRecipient": self.stage.cast.sink,
            "UNBONDING_PERIOD": PERIOD,
            "MAX_LOCK": MAX_LOCK,
            "MAX_UNBONDINGS": MAX_UNBONDINGS,
            "BURN_ADDRESS": BURN_ADDRESS,
        }
        for name, answer in answers.items():
            yield (name, ()), answer

    # Inside

    def _view(self, name: str, *args: Any, told: Any) -> View:
        return View(self.house.staking, name, args, told)

    def _of_account(self, account: str) -> dict[Any, Any]:
        model = self.model
        stake = {
            "available": model.available[account],
            "locked": model.locked(account),
            "unbonding": model.unbonding(account),
        }
        queue = [one.message() for one in model.unbondings[account]]
        return {("stakeOf", (account,)): stake, ("unbondingsOf", (account,)): queue}

    def _lock(self, account: str, market: str, now: int) -> dict[str, int]:
        bond = self.model.bonds[account, market]
        return {
            "locked": bond.locked,
            "limit": bond.limit,
            "slashable": self.model.slashable(account, market, now),
            "until": bond.until,
        }
