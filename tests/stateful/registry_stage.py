"""What the registry's state machine plays with: jobs in every state, two coins, odd recipients."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from offchain.reference.bank import UNLIMITED, World
from offchain.reference.datasets import JobFacts
from offchain.reference.registry import Registry
from offchain.reference.revert import Revert
from offchain.terms import JobTerms, difficulty
from tests.support.calls import ZERO, Contract, balance, deploy
from tests.support.registry import (
    Roles,
    closed_job,
    deploy_market,
    deploy_registry,
    deploy_token,
    facts_of,
    job_terms,
    open_job,
    roles,
    work_on,
)

REFUSE = 1


@dataclass(frozen=True)
class Stage:
    """Everything that stands before the first step. `refuser` takes no native coin, `blocked` no token."""

    who: Roles
    registry: Contract
    token: Contract
    refuser: str
    blocked: str
    terms: Mapping[int, JobTerms]
    facts: Mapping[int, JobFacts]

    @property
    def accounts(self) -> tuple[str, ...]:
        """Everybody who acts, is paid or holds a licence."""
        who = self.who
        named = (who.owner, who.sink, who.publisher, who.rival, who.buyer, who.stranger)
        return (*named, *who.annotators, self.refuser)

    @property
    def workers(self) -> tuple[str, ...]:
        return (*self.who.annotators, self.refuser)

    def model(self) -> Registry:
        """The model of the registry as it stands, empty, with the balances of this moment."""
        refusals = {
            (ZERO, self.refuser): Revert("Error", "no money, please"),
            (self.token.address, self.blocked): Revert("Blocked", self.blocked),
        }
        world = World(contracts=frozenset({self.token.address, self.refuser}), refusals=refusals)
        address, who = self.registry.address, self.who
        model = Registry(address, who.owner, who.sink, world, jobs=self.facts)
        for account in (*self.accounts, address):
            model.bank.balances[ZERO, account] = balance(ZERO, account)
            model.bank.balances[self.token.address, account] = balance(self.token, account)
        for account in (who.publisher, who.rival, who.buyer):
            model.bank.allowances[self.token.address, account, address] = UNLIMITED
        model.journal.keep()
        return model


def build() -> Stage:
    who = roles()
    market = deploy_market(who)
    registry = deploy_registry(who, market.address)
    token = deploy_token([who.publisher, who.rival, who.buyer], [registry.address], "BlacklistToken")
    puppet = deploy("Puppet", sender=who.stranger)
    terms = _jobs(who, market, puppet)
    puppet.send("setMood", REFUSE, sender=who.stranger)
    blocked = who.annotators[1]
    token.send("setBlocked", blocked, True, sender=who.stranger)
    workers = (*who.annotators, puppet.address)
    facts = {job_id: facts_of(market, job_id, workers, one) for job_id, one in terms.items()}
    return Stage(who, registry, token, puppet.address, blocked, terms, facts)


def _jobs(who: Roles, market: Contract, puppet: Contract) -> dict[int, JobTerms]:
    """Jobs by their ids: two closed ones of the publisher, one of the rival, an empty and an open one."""
    first, second, third = who.annotators
    terms = {}
    plain = job_terms(who.publisher, royalty_bps=3_333)
    terms[closed_job(market, plain, {first: 1, second: 1, third: 1})] = plain
    with_puppet = job_terms(who.publisher, royalty_bps=9_000)
    job_id = open_job(market, with_puppet)
    for call in (("claim", job_id, 0, 1, b"", []), ("submitBatch", job_id << 24, b"\x01" * 32, 1, "")):
        puppet.send("execute", market.address, market.data(*call), sender=who.stranger)
    market.send("approve", job_id << 24, 1, sender=who.publisher)
    market.send("approve", work_on(market, job_id, first, 6), 6, sender=who.publisher)
    market.send("close", job_id, sender=who.publisher)
    terms[job_id] = with_puppet
    multipliers, classes = difficulty([12_345])
    hard = job_terms(who.rival, royalty_bps=1, multipliers=multipliers, word_classes=classes)
    job_id = open_job(market, hard, funds=10 * 1_234)
    market.send("approve", work_on(market, job_id, second, 1023), 1023, sender=who.rival)
    terms[job_id] = hard
    empty = job_terms(who.publisher)
    terms[closed_job(market, empty, {})] = empty
    running = job_terms(who.publisher)
    terms[open_job(market, running)] = running
    return terms
