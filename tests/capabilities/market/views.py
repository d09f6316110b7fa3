"""Everything that the market tells, as its model tells it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from offchain.reference.calls import Effects
from offchain.reference.market import Market
from offchain.reference.records import Claim, Job, task_pay
from offchain.terms import ZERO_ADDRESS, ZERO_HASH, solidity_name
from tests.capabilities.governance import GOVERNANCE_EVENTS, governance_of
from tests.capabilities.market.stage import NATIVE, Stage
from tests.engine.program import View

KEPT_TERMS = (
    "task_count",
    "claim_window",
    "review_window",
    "deadline",
    "max_open",
    "bond_bps",
    "reward",
    "token",
    "fee_bps",
    "reject_fee_bps",
    "royalty_bps",
    "appeal_window",
    "decision_window",
    "arbiter",
    "arbiter_fee",
    "hook",
    "creator",
)
SOLIDITY_NAMES = tuple((name, solidity_name(name)) for name in KEPT_TERMS)
ADDRESSES = frozenset({"token", "arbiter", "hook", "creator"})
NOTHING = {new: ZERO_ADDRESS if name in ADDRESSES else 0 for name, new in SOLIDITY_NAMES} | {
    "open": 0,
    "taken": 0,
    "approved": 0,
    "termsHash": ZERO_HASH,
    "records": 0,
    "state": 0,
    "flags": 0,
}


class MarketViews:
    """The views on one market and on the balances around it."""

    def __init__(self, stage: Stage, model: Market) -> None:
        self.stage, self.model = stage, model
        self._market = stage.market
        self._contracts = {token.address: token for token in stage.tokens}
        self._owed: dict[int, tuple[str, int]] = {}
        self._kept: dict[int, dict[str, Any]] = {}

    def everything(self) -> Iterator[View]:
        """All there is, and one job, word and claim more."""
        for job_id in self.model.jobs:
            self._reckon(job_id)
        yield self._view("jobCount", told=len(self.model.jobs))
        yield from self.governance()
        for job_id in range(1, len(self.model.jobs) + 2):
            job = self.model.jobs[job_id]
            words = range(-(-job.terms.task_count // 256) + 1 if job else 1)
            yield from self.of_job(job_id, words, self.stage.cast.annotators)
            yield self._view("freeFunds", job_id, told=self.model.free_funds(job_id))
            yield self._view("approvedWeight", job_id, told=self.model.approved_weight(job_id))
            for word in words:
                pay = task_pay(job.terms, word)[:3] if job else (0, 0, 0)
                yield self._view("taskPay", job_id, word, told=pay)
            for sequence in range(job.records + 1 if job else 1):
                yield self.of_claim(job_id << 24 | sequence)
        for token in self.stage.coins:
            yield from self.of_token(token, (self._market.address, *self.stage.cast.everybody))
            for account in self.stage.cast.everybody:
                yield self._credit(token, account)
        for account, nonce in self.model.nonces:
            yield self._view("isNonceUsed", account, nonce, told=self.model.nonces[account, nonce])

    def touched(self, effects: Effects) -> Iterator[View]:
        """Those that a step with these effects is about: its jobs, claims and accounts, and all money that it
        moves. The market's own balance of the native coin is always among them.
        """
        jobs: dict[int, tuple[set[int], set[str]]] = {}
        money: dict[str, set[str]] = {NATIVE: set()}
        for name, values in effects.events:
            if "jobId" in values:
                words, accounts = jobs.setdefault(values["jobId"], (set(), set()))
                if "claimId" in values:
                    claim = self.model.claims[values["claimId"]]
                    yield self.of_claim(values["claimId"])
                    words.add(claim.word)
                    accounts.add(claim.annotator)
            elif "token" in values:
                money.setdefault(values["token"], set())
            yield from self._of_event(name, values)
        for paid in effects.payments:
            money.setdefault(paid.token, set()).update((paid.payer, paid.payee))
        for job_id, (words, accounts) in jobs.items():
            yield from self.of_job(job_id, words, accounts)
            money.setdefault(self._reckon(job_id), set())
        for token, holders in money.items():
            yield from self.of_token(token, holders | {self._market.address})

    def _of_event(self, name: str, values: Mapping[str, Any]) -> Iterable[View]:
        """Views that this one event is about."""
        if name == "JobCreated":
            return [self._view("jobCount", told=len(self.model.jobs))]
        if name == "NonceUsed":
            return [self._view("isNonceUsed", *values.values(), told=True)]
        if name in GOVERNANCE_EVENTS:
            return self.governance(name)
        return [self._credit(values["token"], values["account"])] if "token" in values else []

    def _reckon(self, job_id: int) -> str:
        """What is owed by a job anew; returns its token."""
        token = self.model.jobs[job_id].terms.token  # type: ignore[union-attr]
        self._owed[job_id] = (token, self.model.owed_by_job(job_id))
        return token

    def governance(self, event: str = "") -> Iterator[View]:
        """Who may do what, and whether new business is open; what one event is about."""
        for view, answer in governance_of(self.model, event).items():
            yield self._view(view, told=answer)

    def of_job(self, job_id: int, words: Iterable[int], accounts: Iterable[str]) -> Iterator[View]:
        """A job, some of its words, some annotators' standing in it."""
        model = self.model
        yield self._view("job", job_id, told=self._job(job_id))
        for word in words:
            yield self._view("freeTasks", job_id, word, told=model.free_tasks(job_id, word))
        for account in accounts:
            told = model.account_of(job_id, account)._asdict()
            yield self._view("accountOf", job_id, account, told=told)

    def of_claim(self, claim_id: int) -> View:
        """A claim as the market keeps it."""
        return self._view("claimRecord", claim_id, told=record_of(self.model.claim_record(claim_id)))

    def of_token(self, token: str, accounts: Iterable[str]) -> Iterator[View]:
        """What the market owes in a token (T1), and what some accounts hold."""
        yield self._view("liabilities", token, told=self._liabilities(token))
        contract = self._contracts.get(token)
        for account in accounts:
            amount = self.model.bank.balances[token, account]
            yield View(contract, "balanceOf" if contract else "balance", (account,), amount)

    def _job(self, job_id: int) -> dict[str, Any]:
        job = self.model.jobs[job_id]
        if job is None:
            return NOTHING
        if job_id not in self._kept:
            self._kept[job_id] = kept_of(job)
        opened, taken, approved = self.model.counts(job_id)
        moving = {"open": opened, "taken": taken, "approved": approved, "records": job.records}
        return {**self._kept[job_id], **moving, "state": job.state}

    def _credit(self, token: str, account: str) -> View:
        return self._view("creditOf", token, account, told=self.model.credit_of(token, account))

    def _liabilities(self, token: str) -> int:
        """What the model owes, where only the jobs of the present step are reckoned anew."""
        credits_ = sum(amount for (of, _), amount in self.model.credits.items() if of == token)
        return credits_ + sum(amount for of, amount in self._owed.values() if of == token)

    def _view(self, function: str, *args: Any, told: Any) -> View:
        return View(self._market, function, args, told)


def kept_of(job: Job) -> dict[str, Any]:
    """What a job keeps of its terms, as the market tells it."""
    terms = job.terms
    present = [terms.hook, terms.multipliers, terms.token, terms.fee_bps]
    flags = sum(1 << bit for bit, value in enumerate(present) if value not in {0, ZERO_ADDRESS})
    kept = {new: getattr(terms, name) for name, new in SOLIDITY_NAMES}
    return {**kept, "termsHash": job.terms_hash, "flags": flags}


def record_of(claim: Claim) -> dict[str, Any]:
    """A claim as `claimRecord` tells it."""
    return {
        "annotator": claim.annotator,
        "state": claim.state,
        "dispute": claim.dispute,
        "word": claim.word,
        "time": claim.time,
        "mask": claim.mask,
        "disputed": claim.disputed,
        "disputedAt": claim.disputed_at,
        "commitment": claim.commitment,
    }
