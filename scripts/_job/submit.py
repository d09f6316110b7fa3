"""Handing results in, and reading what others handed in."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
from ape.api.accounts import AccountAPI

from scripts._chain.places import store_options
from scripts._cli import note, progress, table
from scripts._job.common import JOB, command, file_option, sign_only_option
from scripts._job.signed import sign_to_file

HEADINGS = {"claim": "Claim", "tasks": "Tasks", "root": "Root", "uri": "Payload", "note": ""}


@command()
@click.argument("job", type=int)
@click.option(
    "--results", required=True, type=click.Path(path_type=Path, exists=True), help="JSONL file or folder."
)
@click.option("--claim", "claim_id", type=int, help="This claim only; else every claim of yours in the job.")
@file_option("--instructions", help="The job's instructions, if they are not kept here.")
@file_option("--data", help="The job's source data, if they are not kept here.")
@click.option("--partial", is_flag=True, help="Give tasks without a result back, as by release.")
@sign_only_option
@store_options
def submit(
    system: Any,
    account: AccountAPI,
    as_json: bool,
    job: int,
    results: Path,
    claim_id: int | None,
    instructions: Path | None,
    data: Path | None,
    partial: bool,
    sign_only: Path | None,
    **places: Any,
) -> None:
    """Check results, store them, and submit one batch for each of your claims in JOB."""
    from scripts._chain.events import market_state  # noqa: PLC0415
    from scripts._chain.places import Work, stores_of  # noqa: PLC0415
    from scripts._chain.results import check_results, items_of, job_rules, read_results  # noqa: PLC0415

    state, stores, work = market_state(system, job), stores_of(places), Work.of(system)
    told, source = job_rules(state.jobs[job].terms, stores, work, instructions, data)
    items = items_of(told, source)
    found = read_results(results, items)
    check_results(found, told, items)
    mine, rows = _claims_of(state, job, account.address, claim_id, found, system.now)
    if sign_only is not None and len(mine) != 1:
        raise click.ClickException(f"one signature submits one batch, here are {len(mine)}: choose --claim")
    with progress("Submitting", len(mine), unit="batches", as_json=as_json) as advance:
        for claim in mine:
            batch = _batch(system, work, claim, account.address, found, partial)
            uri = stores.put(batch.to_bytes(), system, account)
            values = {"claimId": claim.claim_id, "root": batch.root, "done": batch.mask, "uri": uri}
            if sign_only is not None:
                sign_to_file(system, account, "SubmitBatch", values, sign_only, as_json)
                return
            rows.append(_submit(system, account, claim, values))
            advance(1)
    table(rows, HEADINGS, title=f"Submitted in job {job}", as_json=as_json)


def _submit(system: Any, account: AccountAPI, claim: Any, values: Mapping[str, Any]) -> dict[str, Any]:
    from scripts._chain.tasks import show_mask  # noqa: PLC0415
    from scripts._chain.transactions import send  # noqa: PLC0415

    sent = send(system, "submitBatch", system.market.submitBatch, *values.values(), sender=account)
    tasks = show_mask(claim.word, values["done"])
    shown = {"claim": claim.claim_id, "tasks": tasks, "root": values["root"], "uri": values["uri"]}
    return {**shown, **sent.facts()}


def _claims_of(
    state: Any, job: int, annotator: str, claim_id: int | None, found: Mapping[int, Any], now: int
) -> tuple[list[Any], list[dict[str, Any]]]:
    """The claims that can be submitted now, and rows for those that were submitted before."""
    from offchain.states import ClaimState  # noqa: PLC0415
    from scripts._chain.jobs import expired  # noqa: PLC0415
    from scripts._chain.tasks import show_mask  # noqa: PLC0415

    own = [c for c in state.claims.values() if c.annotator == annotator and claim_id in {None, c.claim_id}]
    ready = [claim for claim in own if claim.state == ClaimState.CLAIMED and not expired(claim, now)]
    covered = [claim for claim in own if claim.done and _overlap(claim, claim.done, found)]
    rows = [
        {
            "claim": claim.claim_id,
            "tasks": show_mask(claim.word, claim.done),
            "root": claim.root,
            "uri": claim.uri,
            "note": "already submitted",
        }
        for claim in covered
    ]
    mine = [claim for claim in ready if _overlap(claim, claim.mask, found)]
    if not mine and not rows:
        late = [claim.claim_id for claim in own if expired(claim, now)]
        why = f"your claim {late[0]} expired" if late else "you hold no claim that these results belong to"
        raise click.ClickException(f"{why}: claim the tasks (again) with `{JOB} claim {job} --tasks …`")
    return mine, rows


def _overlap(claim: Any, mask: int, found: Mapping[int, Any]) -> bool:
    from offchain.hashing import tasks_of  # noqa: PLC0415

    return any(task in found for task in tasks_of(claim.word, mask))


def _batch(
    system: Any, work: Any, claim: Any, annotator: str, found: Mapping[int, Any], partial: bool
) -> Any:
    """The batch of a claim. Salts are kept: the same results give the same payload in a second run."""
    from offchain.hashing import tasks_of  # noqa: PLC0415
    from offchain.packaging import build_batch, parse_batch  # noqa: PLC0415
    from scripts._chain.tasks import show_tasks  # noqa: PLC0415

    tasks = tasks_of(claim.word, claim.mask)
    results = {task: found[task] for task in tasks if task in found}
    if len(results) < len(tasks) and not partial:
        missing = show_tasks(task for task in tasks if task not in found)
        raise click.ClickException(
            f"claim {claim.claim_id} has no results for the tasks {missing}: add them, or give them back "
            f"with --partial"
        )
    name = f"batches/{claim.claim_id}.json"
    kept = work.read(name)
    salts = {entry.task: entry.salt for entry in parse_batch(kept).results} if kept else {}
    batch = build_batch(
        chain_id=system.network.chain_id,
        contract=str(system.market.address),
        job_id=claim.job_id,
        annotator=annotator,
        results=results,
        claim_id=claim.claim_id,
        salts=salts,
    )
    work.write(name, batch.to_bytes())
    return batch


@command(signs=False)
@click.argument("claim_id", type=int)
@store_options
def review(system: Any, account: AccountAPI, as_json: bool, claim_id: int, **places: Any) -> None:  # noqa: ARG001
    """Fetch the payload of a submission, check it against the root on chain, and show its results."""
    from offchain.hashing import canonical_json, tasks_of  # noqa: PLC0415
    from offchain.packaging import AcceptedBatch, check_batch  # noqa: PLC0415
    from scripts._chain.jobs import claim_in  # noqa: PLC0415
    from scripts._chain.places import stores_of  # noqa: PLC0415

    state, job, claim = claim_in(system, claim_id)
    if not claim.done:
        raise click.ClickException(f"nothing was submitted in claim {claim_id}: `{JOB} status {job.job_id}`")
    payload = stores_of(places).get(claim.uri)
    ids = (claim_id, claim.annotator, claim.root, claim.done, claim.accepted, claim.word)
    batch = check_batch(
        state.job_reference(job.job_id, system.network.chain_id), AcceptedBatch(*ids, payload)
    )
    places_of = {
        "pending": claim.mask,
        "disputed": claim.disputed,
        "accepted": claim.accepted,
        "rejected": claim.upheld,
    }
    known = {task: name for name, mask in places_of.items() for task in tasks_of(claim.word, mask)}
    rows = [
        {
            "task": entry.task,
            "state": known.get(entry.task, ""),
            "result": entry.result.to_json()
            if as_json
            else canonical_json(entry.result.to_json()).decode()[:120],
        }
        for entry in batch.results
    ]
    note(f"The payload fits the root 0x{claim.root.hex()}")
    title = f"Results of claim {claim_id}"
    table(rows, {"task": "Task", "state": "State", "result": "Result"}, title=title, as_json=as_json)
