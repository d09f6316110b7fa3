"""What is due by the clock, for anyone to do; and taking credits out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from ape.api.accounts import AccountAPI

from scripts._cli import facts, table
from scripts._job.common import JOB, command, report, sign_only_option
from scripts._job.signed import sign_to_file

HOLDERS = {"market": "AnnotationMarket", "registry": "DatasetRegistry", "consensus": "LabelConsensus"}


@command()
@click.argument("job", type=int)
@click.option("--dry-run", is_flag=True, help="Only say what is due.")
def settle(system: Any, account: AccountAPI, as_json: bool, job: int, dry_run: bool) -> None:
    """Do whatever is due in JOB: expired claims, silent reviews, rejections and appeals that lapsed, its
    deadline.
    """
    from scripts._chain.duties import perform  # noqa: PLC0415
    from scripts._chain.events import market_state  # noqa: PLC0415
    from scripts._chain.jobs import job_duties, live_claims  # noqa: PLC0415

    rows, state = [], market_state(system, job)
    for duty in job_duties(state.jobs[job], live_claims(state, job), system.now):
        row: dict[str, Any] = {"act": duty.act, "about": duty.about}
        rows.append(row if dry_run else row | perform(system, account, duty).facts())
    if not rows and not as_json:
        facts({"job": job, "due": "nothing", "next": f"{JOB} status {job}"}, title="Settle")
        return
    title = "Due" if dry_run else "Settled"
    table(
        rows,
        {"act": "Act", "about": "About", "gas": "Gas", "tx": "Transaction"},
        title=title,
        as_json=as_json,
    )


@command()
@click.option("--token", help="Address of the token; without it the native coin.")
@click.option("--to", help="Where it goes; without it to yourself.")
@click.option("--amount", help="Such as 0.25; without it everything.")
@click.option("--contract", type=click.Choice(list(HOLDERS)), default="market", show_default=True)
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
    take_credit(system, account, as_json, HOLDERS[contract], token, to, amount, sign_only)


def take_credit(
    system: Any,
    account: AccountAPI,
    as_json: bool,
    contract: str,
    token: str | None,
    to: str | None,
    amount: str | None,
    sign_only: Path | None,
) -> None:
    """Send, or sign, a withdrawal from a contract, named as in the manifest."""
    from offchain.hashing import address_bytes, checksum_address  # noqa: PLC0415
    from scripts._chain.amounts import coin_of, parse_amount, token_address  # noqa: PLC0415
    from scripts._chain.transactions import send  # noqa: PLC0415

    where = system.contract(contract)
    address = token_address(token)
    coin, credit = coin_of(system, address), int(where.creditOf(address, account.address))
    wanted = credit if amount is None else parse_amount(coin, amount)
    if wanted == 0:
        facts({"credit": coin.format(credit), "note": "nothing to withdraw"}, title="Credit", as_json=as_json)
        return
    target = checksum_address(address_bytes(to)) if to else account.address
    if sign_only is not None:
        values = {"token": address, "to": target, "amount": wanted}
        sign_to_file(system, account, "Withdraw", values, sign_only, as_json, contract)
        return
    sent = send(system, "withdraw", where.withdraw, address, target, wanted, sender=account)
    report({"to": target, "amount": coin.format(wanted)}, sent, title="Withdrawn", as_json=as_json)
