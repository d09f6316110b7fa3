"""Where things stand: all jobs, one job, one annotator's claims, what is owed and when money unlocks."""

from __future__ import annotations

from typing import Any

import click
from ape.api.accounts import AccountAPI

from scripts._cli import facts, table
from scripts._job.common import JOB, command

ZERO = "0x" + "0" * 40
CLAIM_HEADINGS = {
    "claim": "Claim",
    "annotator": "Annotator",
    "state": "State",
    "tasks": "Tasks",
    "pay": "Pay and bond",
    "unlocks": "Unlocks",
}


@command(signs=False)
@click.argument("job", type=int, required=False)
@click.option("--mine", is_flag=True, help="Only what is yours.")
@click.option("--of", "whose", help="Only what is this address's.")
def status(
    system: Any, account: AccountAPI | None, as_json: bool, job: int | None, mine: bool, whose: str | None
) -> None:
    """Show JOB with its claims, or all jobs and your credit."""
    from offchain.hashing import address_bytes, checksum_address  # noqa: PLC0415
    from scripts._chain.events import market_state  # noqa: PLC0415

    me = account.address if account else None
    if mine and me is None:
        raise click.UsageError("--mine needs to know who you are: pass --account")
    only = checksum_address(address_bytes(whose)) if whose else me if mine else None
    state = market_state(system, job)
    if job is None:
        _all_jobs(system, state, only or me, bool(only), as_json)
    else:
        _one_job(system, state, job, only, as_json)


def _all_jobs(system: Any, state: Any, who: str | None, only: bool, as_json: bool) -> None:
    rows = [
        _job_row(system, job)
        for job in state.jobs.values()
        if not only or who == job.terms.creator or (job.job_id, who) in state.accounts
    ]
    owed = [
        {"token": token, "amount": str(amount)}
        for (token, account), amount in state.credits.items()
        if account == who and amount
    ]
    if as_json:
        facts({"jobs": rows, "credits": owed, "paused": state.paused}, as_json=True)
        return
    headings = {
        "job": "Job", "state": "State", "open": "Open", "taken": "Taken", "approved": "Approved",
        "tasks": "Tasks", "reward": "Reward", "deadline": "Deadline", "creator": "Creator",
    }  # fmt: skip
    table(rows, headings, title=f"Jobs on {system.network.name}")
    if owed:
        table(owed, {"token": "Token", "amount": "Base units"}, title="Your credit: `ape run job withdraw`")


def _job_row(system: Any, job: Any) -> dict[str, Any]:
    from scripts._chain.amounts import coin_of, when  # noqa: PLC0415
    from scripts._chain.jobs import JOB_NAMES  # noqa: PLC0415

    return {
        "job": job.job_id,
        "state": JOB_NAMES[job.state],
        "open": job.open,
        "taken": job.taken,
        "approved": job.approved,
        "tasks": job.terms.task_count,
        "reward": coin_of(system, job.terms.token).format(job.terms.reward),
        "deadline": when(job.terms.deadline, system.now),
        "creator": job.terms.creator,
    }


def _one_job(system: Any, state: Any, job_id: int, only: str | None, as_json: bool) -> None:
    from scripts._chain.amounts import coin_of  # noqa: PLC0415
    from scripts._chain.jobs import live_claims  # noqa: PLC0415

    job = state.jobs[job_id]
    coin = coin_of(system, job.terms.token)
    live = live_claims(state, job_id, only)
    claims = [_claim_row(coin, job, claim, system.now) for claim in live]
    people = [
        {
            "annotator": who,
            "open": account.open,
            "approved": account.approved,
            "earned": coin.format(account.earned),
        }
        for (of, who), account in state.accounts.items()
        if of == job_id and only in {None, who}
    ]
    about = {**_job_row(system, job), **_more(system, job, coin)}
    if as_json:
        facts({**about, "claims": claims, "annotators": people}, as_json=True)
        return
    facts(about, title=f"Job {job_id}")
    if claims:
        table(claims, CLAIM_HEADINGS, title="Live claims and submissions")
    if people:
        headings = {"annotator": "Annotator", "open": "Open", "approved": "Approved", "earned": "Earned"}
        table(people, headings, title="Annotators")
    if any(row["due"] for row in claims):
        click.echo(f"Something is due: `{JOB} settle {job_id}`", err=True)


def _more(system: Any, job: Any, coin: Any) -> dict[str, Any]:
    terms = job.terms
    shown = {
        "refunded": job.refunded,
        "held_for_it": coin.format(job.owed),
        "of_that_free": coin.format(job.free_funds),
        "bond_bps": terms.bond_bps,
        "royalty_bps": terms.royalty_bps,
        "fee_bps": terms.fee_bps,
        "review_window_s": terms.review_window,
        "data_root": terms.data_root,
        "data_length": terms.data_length,
        "instructions_hash": terms.instructions_hash,
        "terms_hash": job.terms_hash,
        "market": system.network.address_link(str(system.market.address)) or str(system.market.address),
    }
    if terms.arbiter == ZERO:
        return {**shown, "arbiter": "none: nothing can be rejected"}
    return {**shown, "arbiter": terms.arbiter, "arbiter_fee": coin.format(terms.arbiter_fee)}


def _claim_row(coin: Any, job: Any, claim: Any, now: int) -> dict[str, Any]:
    from offchain.states import ClaimState  # noqa: PLC0415
    from scripts._chain.amounts import when  # noqa: PLC0415
    from scripts._chain.jobs import describe, moves_at, pay_of, review_end  # noqa: PLC0415
    from scripts._chain.tasks import show_mask  # noqa: PLC0415

    pay, last = pay_of(job, claim.word), moves_at(job, claim)
    tasks = claim.mask | claim.disputed
    silent = claim.state == ClaimState.SUBMITTED and bool(claim.mask) and now > review_end(job, claim)
    return {
        "claim": claim.claim_id,
        "annotator": claim.annotator,
        "state": describe(job, claim, now),
        "tasks": show_mask(claim.word, tasks),
        "pay": coin.format((pay.reward + pay.bond) * tasks.bit_count()),
        "unlocks": when(last + 1, now),
        "unlocks_at": last + 1,
        "due": silent or now > last,
        "uri": claim.uri,
    }
