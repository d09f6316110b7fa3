"""What must hold of the hook's model at every step, in sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from offchain.reference.stake_hook import Key
from tests.capabilities.stake_hook.base import StakeHookBase


def after_step(play: StakeHookBase) -> Iterator[str]:
    """The sentences that do not hold now."""
    yield from _backing(play)
    yield from _cover(play)
    yield from _money(play)


def _backing(play: StakeHookBase) -> Iterator[str]:
    """What the hook has locked of an account is what its pledges are worth, until the lock is over."""
    model, hook = play.model, play.stage.hook.address
    worth: Counter[str] = Counter()
    for job_id, account, pledge in play.pledges():
        worth[account] += pledge.tasks * model.terms[job_id].stake_per_task
    for account in play.cast.annotators:
        locked = play.bank.bonds[account, hook].locked
        if play.now <= model.lock_end(account) and locked != worth[account]:
            yield f"{account} has pledged {worth[account]}, of which {locked} are locked"
        if worth[account] > locked:
            yield f"{account} has pledged {worth[account]}, though only {locked} are locked"


def _cover(play: StakeHookBase) -> Iterator[str]:
    """A pledge is for every task that is open or due, from a claim on until its lock is over, and for as long
    as a proof may take (T39). What is due of an account is what is left of its claims.
    """
    open_, due, bound = Counter[Key](), Counter[Key](), set[Key]()
    for held in play.claims.values():
        key = held.job_id, held.account
        tasks, left = 0 if held.settled else held.tasks, play.model.due(held.claim_id)
        open_[key], due[key] = open_[key] + tasks, due[key] + left
        if (tasks or left) and play.covered(held):
            bound.add(key)
    for key, tasks in due.items():
        if tasks != play.model.due_of(*key):
            yield f"{key} owes {play.model.due_of(*key)} tasks, its claims {tasks}"
    for key in bound:
        pledged = play.model.pledge_of(*key, play.now).tasks
        if open_[key] + due[key] > pledged:
            yield f"{key} has {open_[key]} tasks open, {due[key]} due, and a pledge for {pledged} (T39)"


def _money(play: StakeHookBase) -> Iterator[str]:
    """The staking contract holds what it owes; the hook holds nothing (T1)."""
    bank, token = play.bank, play.stage.token.address
    held, owed = bank.bank.balances[token, bank.address], bank.liabilities(token)
    if held != owed:
        yield f"the staking contract holds {held} and owes {owed} (T1)"
    if bank.bank.balances[token, play.model.address]:
        yield "the hook holds something"
