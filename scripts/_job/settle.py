"""What is due by the clock, for anyone to do; and taking credits out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
from ape.api.accounts import AccountAPI

from scripts._cli import facts, table
from scripts._job.claims import sign_claim_act
from scripts._job.common import JOB, command, report, sign_only_option

MAX_EXPIRED = 64  # claims that one call ends


@command()
@click.argument("job", type=int)
@click.option("--dry-run", is_flag=True, help="Only say what is due.")
def settle(system: Any, account: AccountAPI, as_json: bool, job: int, dry_run: bool) -> None:
    """Do whatever is due in JOB: expired claims, silent reviews, rejections and appeals that lapsed, its
    deadline.
    """
    from scripts._chain.events import market_state  # noqa: PLC0415
    from scripts._chain.transactions import send  # noqa: PLC0415

    rows = []
    for act, claims, arguments in _due(market_state(system, job), job, system.now):
        row: dict[str, Any] = {"act": act, "claims": claims}
        if not dry_run:
            row |= send(system, act, getattr(system.market, act), *arguments, sender=account).facts()
        rows.append(row)
    if not rows and not as_json:
        facts({"job": job, "due": "nothing", "next": f"{JOB} status {job}"}, title="Settle")
        return
    title = "Due" if dry_run else "Settled"
    table(
        rows,
        {"act": "Act", "claims": "Claims", "gas": "Gas", "tx": "Transaction"},
        title=title,
        as_json=as_json,
    )


def _due(state: Any, job_id: int, now: int) -> Iterator[tuple[str, list[int], tuple[Any, ...]]]:
    from offchain.states import ClaimState, DisputeState, JobState  # noqa: PLC0415
    from scripts._chain.jobs import expired, live_claims, moves_at, review_end  # noqa: PLC0415

    job, live = state.jobs[job_id], live_claims(state, job_id)
    late = [claim.claim_id for claim in live if expired(claim, now)]
    for start in range(0, len(late), MAX_EXPIRED):
        part = late[start : start + MAX_EXPIRED]
        yield "releaseExpired", part, (job_id, part)
    for claim in live:
        number = claim.claim_id
        if claim.state == ClaimState.SUBMITTED and claim.mask and now > review_end(job, claim):
            yield "finalize", [number], (number,)
        if claim.dispute == DisputeState.REJECTED and now > moves_at(job, claim):
            yield "settleRejection", [number], (number,)
        if claim.dispute == DisputeState.APPEALED and now > moves_at(job, claim):
            yield "settleAppeal", [number], (number,)
    if job.state == JobState.OPEN and now > job.terms.deadline and job.open:
        yield "close", [], (job_id,)


@command()
@click.option("--token", help="Address of the token; without it the native coin.")
@click.option("--to", help="Where it goes; without it to yourself.")
@click.option("--amount", help="Such as 0.25; without it everything.")
@click.option("--contract", type=click.Choice(["market", "registry"]), default="market", show_default=True)
@sign_only_option
def withdraw(
    system: Any,
    account: AccountAPI,
    as_json: bool,
    token: str | None,
    to: str | None,
    amount: str | None,
    contract: str,
    sign_only: Path | None,
) -> None:
    """Take out a credit: what could not be paid to you at once."""
    from offchain.hashing import address_bytes, checksum_address  # noqa: PLC0415
    from scripts._chain.amounts import coin_of, parse_amount, token_address  # noqa: PLC0415
    from scripts._chain.transactions import send  # noqa: PLC0415

    where = system.market if contract == "market" else system.registry
    address = token_address(token)
    coin, credit = coin_of(system, address), int(where.creditOf(address, account.address))
    wanted = credit if amount is None else parse_amount(coin, amount)
    if wanted == 0:
        facts({"credit": coin.format(credit), "note": "nothing to withdraw"}, title="Credit", as_json=as_json)
        return
    target = checksum_address(address_bytes(to)) if to else account.address
    if sign_only is not None:
        if contract != "market":
            raise click.UsageError("--sign-only works for the market's credits")
        values = {"token": address, "to": target, "amount": wanted}
        sign_claim_act(system, account, "Withdraw", values, sign_only, as_json)
        return
    sent = send(system, "withdraw", where.withdraw, address, target, wanted, sender=account)
    report({"to": target, "amount": coin.format(wanted)}, sent, title="Withdrawn", as_json=as_json)
