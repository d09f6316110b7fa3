"""Everything that the distributor tells, as its model tells it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import astuple
from typing import Any

from offchain.reference.calls import Effects
from offchain.reference.rewards import EPOCH, MAX_ACCOUNTS, MAX_RATE, RATE_UNIT, ROOT_WINDOW, Rewards
from offchain.signing import DISTRIBUTOR_NAME, Domain, domain_separator
from offchain.terms import ZERO_ADDRESS
from tests.capabilities.ownership import OWNERSHIP_EVENTS, ownership_of
from tests.capabilities.rewards.stage import MAX_EPOCH_CAP, Stage
from tests.engine.capability import NATIVE
from tests.engine.program import View

Told = dict[tuple[str, tuple[Any, ...]], Any]
"""Answers of the distributor by function and arguments."""


class RewardViews:
    """The views on one distributor and on the balances around it."""

    def __init__(self, stage: Stage, model: Rewards, chain_id: int) -> None:
        self.stage, self.model, self.chain_id = stage, model, chain_id

    def touched(self, effects: Effects, now: int) -> Iterator[View]:
        """Those that a step with these effects, at this second, is about."""
        told: Told = {}
        for name, values in effects.events:
            for view in _TELL.get(name, ()):
                view(self, told, values)
        if effects.events or effects.payments:
            self._money(told, now)
        yield from self._views(told)
        accounts = {account for paid in effects.payments for account in (paid.payer, paid.payee)}
        yield from self._balances(sorted(accounts - {ZERO_ADDRESS}))

    def everything(self, now: int) -> Iterator[View]:
        """All there is, at this second."""
        model = self.model
        told: Told = {}
        self._constants(told)
        self._money(told, now)
        self._tree(told, {})
        self._owner(told, {})
        told["epochCap", ()] = model.epoch_cap
        tables: dict[str, Any] = {
            "sourceOf": model.sources,
            "rateOf": model.rates,
            "modeOf": model.modes,
            "countedFees": model.counted,
            "paidFromTree": model.paid_from_tree,
            "creditOf": model.credits,
            "isNonceUsed": model.nonces,
        }
        for function, table in tables.items():
            for key, value in table.items():
                told[function, key if isinstance(key, tuple) else (key,)] = value
        for job in self.stage.jobs:
            told["treeJob", job] = model.tree_jobs[job].message()
        yield from self._views(told)
        yield from self._balances(self.stage.cast.everybody)

    # What an event is about

    def _source(self, told: Told, values: dict[str, Any]) -> None:
        told["sourceOf", (values["origin"],)] = self.model.sources[values["origin"]]

    def _rate(self, told: Told, values: dict[str, Any]) -> None:
        told["rateOf", (values["feeToken"],)] = self.model.rates[values["feeToken"]]

    def _cap(self, told: Told, _values: dict[str, Any]) -> None:
        told["epochCap", ()] = self.model.epoch_cap

    def _job(self, told: Told, values: dict[str, Any]) -> None:
        job = values["origin"], values["jobId"]
        told["modeOf", job] = self.model.modes[job]
        told["treeJob", job] = self.model.tree_jobs[job].message()
        told["countedFees", (*job, ZERO_ADDRESS)] = self.model.counted[(*job, ZERO_ADDRESS)]

    def _account(self, told: Told, values: dict[str, Any]) -> None:
        key = values["origin"], values["jobId"], values["account"]
        told["countedFees", key] = self.model.counted[key]

    def _tree(self, told: Told, _values: dict[str, Any]) -> None:
        told["tree", ()] = astuple(self.model.tree)

    def _claim(self, told: Told, values: dict[str, Any]) -> None:
        told["paidFromTree", (values["account"],)] = self.model.paid_from_tree[values["account"]]

    def _credit(self, told: Told, values: dict[str, Any]) -> None:
        pair = values["token"], values["account"]
        told["creditOf", pair] = self.model.credits[pair]

    def _nonce(self, told: Told, values: dict[str, Any]) -> None:
        pair = values["account"], values["nonce"]
        told["isNonceUsed", pair] = self.model.nonces[pair]

    def _owner(self, told: Told, _values: dict[str, Any]) -> None:
        for view, answer in ownership_of(self.model).items():
            told[view, ()] = answer

    # Inside

    def _money(self, told: Told, now: int) -> None:
        """What is owed (T1), and what can be handed out."""
        for token in (self.model.token, NATIVE):
            told["liabilities", (token,)] = self.model.liabilities(token)
        told["available", ()] = self.model.available(now)

    def _constants(self, told: Told) -> None:
        contract = self.stage.distributor.address
        domain = Domain(self.chain_id, contract, DISTRIBUTOR_NAME)
        told["domainSeparator", ()] = domain_separator(domain)
        told["rewardToken", ()] = self.model.token
        told["MAX_EPOCH_CAP", ()] = MAX_EPOCH_CAP
        told["RATE_UNIT", ()] = RATE_UNIT
        told["MAX_RATE", ()] = MAX_RATE
        told["EPOCH", ()] = EPOCH
        told["ROOT_WINDOW", ()] = ROOT_WINDOW
        told["MAX_ACCOUNTS", ()] = MAX_ACCOUNTS

    def _views(self, told: Told) -> Iterator[View]:
        return (View(self.stage.distributor, name, args, value) for (name, args), value in told.items())

    def _balances(self, accounts: tuple[str, ...] | list[str]) -> Iterator[View]:
        for account in accounts:
            held = self.model.bank.balances[self.model.token, account]
            yield View(self.stage.token, "balanceOf", (account,), held)


_TELL = {
    "SourceSet": (RewardViews._source,),
    "RateSet": (RewardViews._rate,),
    "EpochCapSet": (RewardViews._cap,),
    "ModeSet": (RewardViews._job,),
    "RewardAssigned": (RewardViews._account, RewardViews._job),
    "RewardCollected": (RewardViews._job, RewardViews._tree),
    "RewardReturned": (RewardViews._job, RewardViews._tree),
    "RootSet": (RewardViews._tree,),
    "TreeClaimed": (RewardViews._tree, RewardViews._claim),
    "Credited": (RewardViews._credit,),
    "CreditWithdrawn": (RewardViews._credit,),
    "NonceUsed": (RewardViews._nonce,),
    **dict.fromkeys(OWNERSHIP_EVENTS, (RewardViews._owner,)),
}
"""What each event of the distributor is about."""
