"""Everything that the hook tells, as its model tells it, and what the staking contract tells of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from offchain.reference.calls import Effects
from offchain.reference.stake_hook import PROOF_WINDOW
from offchain.signing import STAKE_HOOK_NAME, Domain, domain_separator
from offchain.terms import ZERO_ADDRESS
from tests.capabilities.stake_hook.base import StakeHookBase
from tests.capabilities.stake_hook.stage import WINDOWS
from tests.engine.program import View


def touched(play: StakeHookBase, effects: Effects) -> Iterator[View]:
    """Those that a step with these effects is about."""
    step, keys = play.steps[-1], ("annotator", "account")
    accounts = {values[key] for _, values in effects.events for key in keys if key in values}
    if step.contract is play.stage.jobs:
        accounts.add(step.told[1])
    for _, values in effects.events:
        if "jobId" in values:
            yield from _job(play, values["jobId"])
        if "claimId" in values:
            yield from _claims(play, [values["claimId"]])
        if "nonce" in values:
            pair = values["account"], values["nonce"]
            yield View(play.contract, "isNonceUsed", pair, play.model.nonces[pair])
    jobs = {values["jobId"] for _, values in effects.events if "jobId" in values} or WINDOWS
    for account in sorted(accounts):
        yield from _account(play, account, play.now, jobs)
    if effects.payments:
        paid = {who for payment in effects.payments for who in (payment.payer, payment.payee)}
        yield from _money(play, [who for who in sorted(paid) if int(who, 16)])


def everything(play: StakeHookBase, now: int) -> Iterator[View]:
    """All there is, at this second."""
    hook, stage = play.contract, play.stage
    domain = Domain(play.chain.chain_id, hook.address, STAKE_HOOK_NAME)
    constants = {
        "domainSeparator": domain_separator(domain),
        "market": stage.jobs.address,
        "staking": stage.staking.address,
        "PROOF_WINDOW": PROOF_WINDOW,
    }
    for name, value in constants.items():
        yield View(hook, name, (), value)
    for job_id in (*WINDOWS, 99):
        yield from _job(play, job_id)
    for account in play.cast.everybody:
        yield from _account(play, account, now, WINDOWS)
    yield from _claims(play, play.claims)
    for pair, used in play.model.nonces.items():
        yield View(hook, "isNonceUsed", pair, used)
    yield from _money(play, [stage.hook.address, stage.staking.address, *play.cast.everybody])


def _job(play: StakeHookBase, job_id: int) -> Iterator[View]:
    yield View(play.contract, "termsOf", (job_id,), play.model.terms[job_id].message())


def _claims(play: StakeHookBase, claim_ids: Iterable[int]) -> Iterator[View]:
    for claim_id in claim_ids:
        yield View(play.contract, "slashedTasks", (claim_id,), play.model.slashed[claim_id])


def _account(play: StakeHookBase, account: str, now: int, jobs: Iterable[int]) -> Iterator[View]:
    """Its pledges to these jobs, what is due, how many tasks it may claim, what is locked."""
    model, hook = play.model, play.contract
    for job_id in jobs:
        pledge = model.pledge_of(job_id, account, now)
        yield View(hook, "pledgeOf", (job_id, account), pledge.message())
        due = model.due_of(job_id, account)
        yield View(hook, "dueOf", (job_id, account), due)
        room = max(pledge.tasks - play.held_open(job_id, account) - due, 0)
        for tasks in {1, max(room, 1), room + 1}:
            answer = model.is_eligible(job_id, account, tasks, now)
            yield View(hook, "isEligible", (job_id, account, tasks, b"\x01"), answer)
    bond = play.bank.bonds[account, hook.address]
    told: dict[str, Any] = {
        "locked": bond.locked,
        "limit": bond.limit,
        "slashable": play.bank.slashable(account, hook.address, now),
        "until": bond.until,
    }
    yield View(play.stage.staking, "lockOf", (account, hook.address), told)


def _money(play: StakeHookBase, accounts: Iterable[str]) -> Iterator[View]:
    """What these accounts have: what was slashed is gone, and nobody has it."""
    stage, balances = play.stage, play.bank.bank.balances
    token = stage.token
    for account in accounts:
        yield View(token, "balanceOf", (account,), balances[token.address, account])
    alive = sum(held for (_, account), held in balances.items() if account != ZERO_ADDRESS)
    yield View(token, "totalSupply", (), alive)
