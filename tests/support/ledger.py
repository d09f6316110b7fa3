"""The market's ledger, added up from its views: what must hold after every test (T1, T2, T3)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from offchain.states import DisputeState, JobState
from tests.support.calls import ZERO, Contract, balance
from tests.support.market import World
from tests.support.money import task_money


def assert_ledger(world: World, donated: dict[str, int] | None = None) -> None:
    """For every token: the market holds what it owes, and owes the jobs' shares and all credits."""
    jobs = {job_id: world.job(job_id) for job_id in range(1, world.market.call("jobCount") + 1)}
    coins: list[Contract | str] = [ZERO, *world.tokens]
    for coin in coins:
        address = coin if isinstance(coin, str) else coin.address
        liabilities = world.market.call("liabilities", address)
        shares = sum(share(world, job_id, job) for job_id, job in jobs.items() if job["token"] == address)
        credits_ = sum(world.credit(account, address) for account in set(world.people.values()))
        assert liabilities == shares + credits_, f"{address}: owes {liabilities}, not {shares} + {credits_}"
        assert balance(coin, world.market.address) == liabilities + (donated or {}).get(address, 0)
    for job_id, job in jobs.items():
        assert_counts(world, job_id, job)


def share(world: World, job_id: int, job: dict[str, Any]) -> int:
    """What the market keeps for one job: open and taken funds, bonds, deposits of live disputes."""
    total = int(world.market.call("freeFunds", job_id))
    for record in records(world, job_id, job):
        money = task_money(world.terms_of[job_id], record["word"])
        live = record["dispute"] in {DisputeState.REJECTED, DisputeState.APPEALED}
        disputed = record["disputed"].bit_count() if live else 0
        total += (record["mask"].bit_count() + disputed) * (money.locked + money.bond)
        total += disputed * money.reject_fee
        if live:
            total += job["arbiterFee"] * (2 if record["dispute"] == DisputeState.APPEALED else 1)
    return total


def records(world: World, job_id: int, job: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """All claims that a job ever had."""
    for sequence in range(job["records"]):
        yield world.record(job_id << 24 | sequence)


def assert_counts(world: World, job_id: int, job: dict[str, Any]) -> None:
    """Taken tasks are those of live claims, each once; an open job's tasks are open, taken or approved."""
    seen: dict[int, int] = {}
    for record in records(world, job_id, job):
        live = record["dispute"] in {DisputeState.REJECTED, DisputeState.APPEALED}
        mask = record["mask"] | (record["disputed"] if live else 0)
        assert seen.get(record["word"], 0) & mask == 0, f"job {job_id} has a task taken twice"
        seen[record["word"]] = seen.get(record["word"], 0) | mask
    assert job["taken"] == sum(mask.bit_count() for mask in seen.values())
    if job["state"] == JobState.OPEN:
        assert job["open"] + job["taken"] + job["approved"] == job["taskCount"]
    if job["state"] == JobState.CLOSED:
        assert (job["open"], job["taken"]) == (0, 0)
