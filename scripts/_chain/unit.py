"""Whether contracts and RPC count the native coin as the network's parameters say, tried with one base
unit.
"""

from __future__ import annotations

from typing import Any

import click
from ape.api.accounts import AccountAPI

from scripts._chain.system import System
from scripts._chain.transactions import rpc_value, send

ZERO = "0x" + "0" * 40
HOUR, DAY = 3_600, 86_400


def check_unit(system: System, account: AccountAPI) -> dict[str, Any]:
    """Lock one base unit in a job of one task and close it again: what goes in, what is owed, and what
    comes out must be the same unit. Costs the gas of two transactions and leaves a closed job behind.

    Raises ClickException that says what was counted where.
    """
    market, coin = system.market, system.network.coin
    before = system.provider.get_balance(market.address)
    opened = send(system, "createJob", market.createJob, _terms(system), [], 0, b"", sender=account, value=1)
    job_id = opened.one("JobCreated")["jobId"]
    held, owed = system.provider.get_balance(market.address) - before, int(market.freeFunds(job_id))
    closed = send(system, "close", market.close, job_id, sender=account)
    left = system.provider.get_balance(market.address) - before
    if (held, owed, left) != (rpc_value(coin, 1), 1, 0):
        raise click.ClickException(
            f"one base unit went in; the RPC counted {held}, the contract {owed}, and {left} stayed "
            f"behind: the "
            f"decimals in deployments/params/{system.network.name}.json are wrong, do not use this network"
        )
    return {"job": job_id, "opened": opened.tx, "closed": closed.tx, "rpc_units": held}


def _terms(system: System) -> tuple[Any, ...]:
    """The least job that there can be: it pays one base unit for one task."""
    from offchain.terms import JobTerms  # noqa: PLC0415
    from scripts._chain.terms import terms_tuple  # noqa: PLC0415

    terms = JobTerms(
        creator=ZERO,
        reward=1,
        task_count=1,
        claim_window=HOUR,
        review_window=HOUR,
        deadline=system.now + DAY,
        max_open=1,
        fee_bps=int(system.market.feeBps()),
        data_root=bytes(32),
        data_length=0,
        instructions_hash=bytes(32),
    )
    return terms_tuple(terms)
