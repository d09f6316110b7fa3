"""Pledges: stake that backs the tasks of a job in the annotation market, whose hook asks for it."""

from __future__ import annotations

from typing import Any

import click
from ape.api.accounts import AccountAPI

from scripts._cli import HINTS, facts
from scripts._job.common import command, report
from scripts._stake.common import STAKE, amount_staked, coin_staked

HEADINGS = {
    "job": "Job", "tasks": "Tasks", "stake": "Stake", "claims_until": "Claims until", "leaves": "Leaves",
}  # fmt: skip
DONE = "so already"

HINTS.update(
    {
        "NotCreator": "Only the job's creator says what it asks for: --account ALIAS.",
        "OtherHook": "Its terms name another hook, or none; a job asks for stake only where `hook` is the "
        "address of StakeHook (deployments/ has it).",
        "AlreadyConfigured": "What a job asks for is said once.",
        "NotConfigured": f"Its creator says first what it asks for: `{STAKE} ask JOB AMOUNT`.",
        "StakeRequired": "A job with this hook asks for more than nothing.",
        "NoPledge": f"`{STAKE} status` shows pledges; where the lock is over, `{STAKE} reclaim hook` is all.",
        "TasksOpen": "Submit or release them, and wait until they are decided: `ape run job status JOB`.",
    }
)

job_argument = click.argument("job", type=int)


@command()
@job_argument
@click.argument("amount")
def ask(system: Any, account: AccountAPI, as_json: bool, job: int, amount: str) -> None:
    """Say that JOB asks for AMOUNT (such as 0.5) of stake for each task that somebody holds. Its creator
    only, once; until then nobody can claim.
    """
    from scripts._chain.transactions import send  # noqa: PLC0415

    hook, wanted = system.contract("StakeHook"), amount_staked(system, amount)
    values = {"job": job, "stake per task": coin_staked(system).format(wanted)}
    if wanted and int(hook.termsOf(job).stakePerTask) == wanted:
        facts({**values, "note": DONE}, title="Asked for", as_json=as_json)
        return
    sent = send(system, "ask", hook.configure, job, wanted, sender=account)
    report(values, sent, title="Asked for", as_json=as_json)


@command()
@job_argument
@click.argument("tasks", type=click.IntRange(1, 2**24 - 1))
def pledge(system: Any, account: AccountAPI, as_json: bool, job: int, tasks: int) -> None:
    """Back up to TASKS tasks of JOB at a time with stake: locks what is missing to that.

    A pledge admits claims for a time, which `ape run stake status` says. After it, or once it leaves, one
    for more tasks than before renews it.
    """
    from scripts._chain.transactions import send  # noqa: PLC0415

    hook = system.contract("StakeHook")
    each, held = int(hook.termsOf(job).stakePerTask), hook.pledgeOf(job, str(account.address))
    values = {"job": job, "tasks": tasks, "stake": coin_staked(system).format(tasks * each)}
    missing = tasks - int(held.tasks)
    if missing <= 0:
        _require_admitting(system, job, held)
        facts({**values, "tasks": held.tasks, "note": DONE}, title="Pledged", as_json=as_json)
        return
    sent = send(system, "pledge", hook.pledge, job, missing, each, sender=account)
    report(values, sent, title="Pledged", as_json=as_json)


def _require_admitting(system: Any, job: int, held: Any) -> None:
    """ClickException where a pledge is large enough but admits no claims."""
    if int(held.claimsUntil) >= system.now:
        return
    raise click.ClickException(
        f"your pledge of {held.tasks} tasks to job {job} admits no claims any more; to renew it, pledge for "
        f"one more: `{STAKE} pledge {job} {int(held.tasks) + 1}`"
    )


@command()
@job_argument
def leave(system: Any, account: AccountAPI, as_json: bool, job: int) -> None:
    """Ask for your pledge to JOB back. It admits no claims from now on; a week later anyone gives it back
    with `ape run keeper --only pledges`.
    """
    from scripts._chain.amounts import when  # noqa: PLC0415
    from scripts._chain.transactions import send  # noqa: PLC0415

    hook = system.contract("StakeHook")
    leaves_at = int(hook.pledgeOf(job, str(account.address)).leavesAt)
    if leaves_at:
        values = {"job": job, "back after": when(leaves_at, system.now), "note": DONE}
        facts(values, title="Leaving", as_json=as_json)
        return
    sent = send(system, "leave", hook.requestUnpledge, job, sender=account)
    leaves_at = int(hook.pledgeOf(job, str(account.address)).leavesAt)
    values = {"job": job, "back after": when(leaves_at, system.now)}
    report(values, sent, title="Leaving", as_json=as_json)


def pledges_of(system: Any, account: str) -> list[dict[str, Any]]:
    """An account's pledges to jobs, from the hook's events; none where there is no hook."""
    from offchain.hashing import checksum_address  # noqa: PLC0415
    from offchain.indexer import PledgeIndexer  # noqa: PLC0415
    from scripts._chain.amounts import when  # noqa: PLC0415
    from scripts._chain.events import read_events  # noqa: PLC0415

    if "StakeHook" not in system.entries:
        return []
    fold = PledgeIndexer(checksum_address(system.entry("StakeHook")["address"]))
    coin, now = coin_staked(system), system.now
    for event in read_events(system, "StakeHook"):
        fold.apply(event)
    return [
        {
            "job": job_id,
            "tasks": pledged.tasks,
            "stake": coin.format(pledged.tasks * fold.stakes[job_id]),
            "claims_until": when(pledged.claims_until, now),
            "leaves": when(pledged.leaves_at, now),
        }
        for job_id, holder, pledged in fold.held(now)
        if holder == account
    ]
