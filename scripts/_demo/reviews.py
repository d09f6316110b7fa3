"""Review and payment: approvals, rejections with their reasons, appeals, decisions, and silence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from offchain.hashing import canonical_json, keccak256
from scripts._demo.annotators import Review
from scripts._demo.cast import Actor
from scripts._demo.jobs import Job, Submission, tasks_text
from scripts._demo.stage import Note
from scripts._demo.world import World


@dataclass(frozen=True)
class Dispute:
    """Tasks of a submission that were rejected, with what is wrong with each."""

    submission: Submission
    problems: Mapping[int, Sequence[str]]


def approve(world: World, job: Job, submission: Submission, tasks: Sequence[int]) -> None:
    """The creator pays some tasks of a submission."""
    if not tasks:
        return
    name = submission.claim.annotator.name
    what = f"approves {tasks_text(len(tasks))} of {name}"
    note = Note(f"job{job.id}.approve", what, job.id, len(tasks), "good")
    world.stage.send(job.creator, world.market.approve, submission.claim.id, _mask(tasks), note=note)


def review(world: World, job: Job, submission: Submission, found: Mapping[int, Review]) -> Dispute | None:
    """The creator pays what is good and rejects the rest, with reasons that are stored under their hash."""
    approve(world, job, submission, [task for task in found if found[task].good])
    problems = {task: list(found[task].problems) for task in found if not found[task].good}
    if not problems:
        return None
    reasons = canonical_json(
        {"claim": submission.claim.id, "problems": {str(t): p for t, p in problems.items()}}
    )
    world.store.put(reasons)
    fee = -(-job.terms.reward * job.terms.reject_fee_bps // 10_000)
    deposit = fee * len(problems) + job.terms.arbiter_fee
    name = submission.claim.annotator.name
    what = f"rejects {tasks_text(len(problems))} of {name}: {next(iter(problems.values()))[0]}"
    if len(problems) > 1:
        what += ", and more"
    note = Note(f"job{job.id}.reject", what, job.id, len(problems), "bad")
    call = (submission.claim.id, _mask(problems), keccak256(reasons))
    world.stage.send(job.creator, world.market.reject, *call, note=note, value=deposit)
    return Dispute(submission, problems)


def appeal(world: World, job: Job, dispute: Dispute) -> None:
    """The annotator calls the arbiter and deposits his fee."""
    held = dispute.submission.claim
    what = "appeals and deposits the arbiter's fee"
    note = Note(f"job{job.id}.appeal", what, job.id)
    world.stage.send(held.annotator, world.market.appeal, held.id, note=note, value=job.terms.arbiter_fee)


def decide(world: World, job: Job, dispute: Dispute) -> tuple[int, ...]:
    """The arbiter lets the rejection of the worse half stand, at least of one, and has the rest paid; returns
    what stands.
    """
    worst_first = sorted(dispute.problems, key=lambda task: (-len(dispute.problems[task]), task))
    upheld = tuple(sorted(worst_first[: max(1, len(worst_first) // 2)]))
    overturned = len(dispute.problems) - len(upheld)
    name = dispute.submission.claim.annotator.name
    what = f"decides: {_stand(len(upheld))}"
    if overturned:
        what += f", {tasks_text(overturned)} of {name} must be paid"
    note = Note(f"job{job.id}.decide", what, job.id, len(dispute.problems), "good" if overturned else "bad")
    arbiter = world.cast["Orsolya"]
    world.stage.send(arbiter, world.market.decide, dispute.submission.claim.id, _mask(upheld), note=note)
    return upheld


def settle(world: World, job: Job, dispute: Dispute) -> None:
    """Anyone ends a rejection that nobody appealed."""
    name, count = dispute.submission.claim.annotator.name, len(dispute.problems)
    what = f"settles: {name} did not appeal, so {_stand(count)}"
    note = Note(f"job{job.id}.settleRejection", what, job.id, count)
    world.stage.send(
        world.cast["Quinn"], world.market.settleRejection, dispute.submission.claim.id, note=note
    )


def finalize(world: World, job: Job, submission: Submission) -> None:
    """Anyone has a submission paid whose review window ended in silence."""
    name, count = submission.claim.annotator.name, submission.claim.mask.bit_count()
    what = f"finalizes: nobody reviewed {tasks_text(count)} of {name} in time, so they are paid"
    note = Note(f"job{job.id}.finalize", what, job.id, count, "good")
    world.stage.send(world.cast["Quinn"], world.market.finalize, submission.claim.id, note=note)


def withdraw(world: World, contract: Any, account: Actor, to: Actor, token: str) -> None:
    """Takes a credit out, by the account's signature where it is a contract or has no coin."""
    credit = int(contract.creditOf(token, account.address))
    if not credit:
        return
    where = "" if to == account else f" to {to.name}"
    note = Note("withdraw", f"withdraws a credit{where}", actor=account)
    if account.sender is not None:
        world.stage.send(account, contract.withdraw, token, to.address, credit, note=note)
        return
    signed = {"token": token, "to": to.address, "amount": credit}
    consent = world.authorization(account, "Withdraw", contract, **signed)
    world.stage.send(world.cast["Quinn"], contract.withdrawBySig, *signed.values(), consent, note=note)


def _mask(tasks: Sequence[int] | Mapping[int, object]) -> int:
    return sum(1 << task % 256 for task in tasks)


def _stand(count: int) -> str:
    return f"{count} rejection{'s stand' if count > 1 else ' stands'}"
