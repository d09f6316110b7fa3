"""Approval, rejection, appeal, decision."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from ape.api.accounts import AccountAPI

from scripts._cli import facts
from scripts._job.common import JOB, command, file_option, report, sign_only_option
from scripts._job.signed import sign_to_file


@command()
@click.argument("claim_id", type=int)
@click.option("--tasks", help="Only these: 0-31,40. Without it, all that are pending.")
def approve(system: Any, account: AccountAPI, as_json: bool, claim_id: int, tasks: str | None) -> None:
    """As the creator, pay tasks of a submission."""
    from offchain.states import ClaimState  # noqa: PLC0415
    from scripts._chain.jobs import chosen_mask, claim_in  # noqa: PLC0415
    from scripts._chain.transactions import send  # noqa: PLC0415

    _, job, claim = claim_in(system, claim_id)
    if claim.done and not claim.mask:
        facts({"claim": claim_id, "note": "nothing is pending: paid already"}, title="Claim", as_json=as_json)
        return
    pending = claim.mask if claim.state == ClaimState.SUBMITTED else 0
    mask = chosen_mask(claim, tasks, pending, "await approval")
    sent = send(system, "approve", system.market.approve, claim_id, mask, sender=account)
    report(_paid(system, job, claim_id, sent), sent, title="Approved", as_json=as_json)


@command()
@click.argument("claim_id", type=int)
def finalize(system: Any, account: AccountAPI, as_json: bool, claim_id: int) -> None:
    """Pay a submission whose review ended in silence; anyone may."""
    from offchain.states import ClaimState  # noqa: PLC0415
    from scripts._chain.amounts import when  # noqa: PLC0415
    from scripts._chain.jobs import claim_in, review_end  # noqa: PLC0415
    from scripts._chain.transactions import send  # noqa: PLC0415

    _, job, claim = claim_in(system, claim_id)
    if claim.done and not claim.mask:
        facts({"claim": claim_id, "note": "nothing is pending: paid already"}, title="Claim", as_json=as_json)
        return
    if claim.state == ClaimState.SUBMITTED and system.now <= review_end(job, claim):
        raise click.ClickException(
            f"the review of claim {claim_id} lasts until {when(review_end(job, claim), system.now)}"
        )
    sent = send(system, "finalize", system.market.finalize, claim_id, sender=account)
    report(_paid(system, job, claim_id, sent), sent, title="Finalized", as_json=as_json)


def _paid(system: Any, job: Any, claim_id: int, sent: Any) -> dict[str, Any]:
    from scripts._chain.amounts import coin_of  # noqa: PLC0415

    coin, paid = coin_of(system, job.terms.token), sent.one("RewardPaid")
    return {
        "claim": claim_id,
        "annotator": paid["annotator"],
        "tasks": paid["mask"].bit_count(),
        "reward": coin.format(paid["reward"]),
        "bond_back": coin.format(paid["bond"]),
        "fee": coin.format(paid["fee"]),
    }


@command()
@click.argument("claim_id", type=int)
@click.option("--tasks", help="Only these: 0-31,40. Without it, all that are pending.")
@click.option("--reason", help="Why, in words; its hash goes on chain.")
@file_option("--reason-file", help="Why, in a file.")
def reject(
    system: Any,
    account: AccountAPI,
    as_json: bool,
    claim_id: int,
    tasks: str | None,
    reason: str | None,
    reason_file: Path | None,
) -> None:
    """As the creator, reject tasks of a submission: once, within the review, against deposits."""
    from offchain.hashing import keccak256  # noqa: PLC0415
    from offchain.states import DisputeState  # noqa: PLC0415
    from scripts._chain.amounts import NATIVE, allow, coin_of  # noqa: PLC0415
    from scripts._chain.jobs import chosen_mask, claim_in, pay_of  # noqa: PLC0415
    from scripts._chain.places import Work  # noqa: PLC0415
    from scripts._chain.transactions import send  # noqa: PLC0415

    text = reason_file.read_bytes() if reason_file else (reason or "").encode()
    if not text.strip():
        raise click.UsageError(
            "say why with --reason TEXT or --reason-file FILE: the annotator has a right to know"
        )
    _, job, claim = claim_in(system, claim_id)
    if claim.dispute != DisputeState.NONE:
        facts({"claim": claim_id, "note": "rejected already"}, title="Claim", as_json=as_json)
        return
    mask = chosen_mask(claim, tasks, claim.mask if claim.done else 0, "await review")
    deposit = pay_of(job, claim.word).reject_fee * mask.bit_count() + job.terms.arbiter_fee
    digest = keccak256(text)
    kept = Work.of(system).write(f"reasons/{claim_id}.txt", text)
    allow(system, job.terms.token, system.market.address, deposit, account)
    value = deposit if job.terms.token == NATIVE else 0
    sent = send(system, "reject", system.market.reject, claim_id, mask, digest, sender=account, value=value)
    values = {
        "claim": claim_id,
        "tasks": mask.bit_count(),
        "deposit": coin_of(system, job.terms.token).format(deposit),
        "reason": str(kept),
        "reason_hash": digest,
    }
    report(values, sent, title="Rejected", as_json=as_json)


@command()
@click.argument("claim_id", type=int)
@sign_only_option
def appeal(system: Any, account: AccountAPI, as_json: bool, claim_id: int, sign_only: Path | None) -> None:
    """As the annotator, call the arbiter; the deposit is his fee."""
    from offchain.states import DisputeState  # noqa: PLC0415
    from scripts._chain.amounts import NATIVE, allow, coin_of  # noqa: PLC0415
    from scripts._chain.jobs import claim_in  # noqa: PLC0415
    from scripts._chain.transactions import send  # noqa: PLC0415

    _, job, claim = claim_in(system, claim_id)
    if claim.dispute == DisputeState.APPEALED:
        facts({"claim": claim_id, "note": "appealed already"}, title="Claim", as_json=as_json)
        return
    if sign_only is not None:
        sign_to_file(system, account, "Appeal", {"claimId": claim_id}, sign_only, as_json)
        return
    fee = job.terms.arbiter_fee
    allow(system, job.terms.token, system.market.address, fee, account)
    value = fee if job.terms.token == NATIVE else 0
    sent = send(system, "appeal", system.market.appeal, claim_id, sender=account, value=value)
    values = {
        "claim": claim_id,
        "arbiter": job.terms.arbiter,
        "deposit": coin_of(system, job.terms.token).format(fee),
    }
    report(values, sent, title="Appealed", as_json=as_json)


@command()
@click.argument("claim_id", type=int)
@click.option("--uphold", help="Tasks whose rejection stands: 0-31,40; the others are paid.")
@click.option("--uphold-all", is_flag=True, help="The rejection stands for all of them.")
@click.option("--overturn-all", is_flag=True, help="All of them are paid.")
def decide(
    system: Any,
    account: AccountAPI,
    as_json: bool,
    claim_id: int,
    uphold: str | None,
    uphold_all: bool,
    overturn_all: bool,
) -> None:
    """As the arbiter, decide an appeal task by task."""
    from offchain.states import DisputeState  # noqa: PLC0415
    from scripts._chain.amounts import coin_of  # noqa: PLC0415
    from scripts._chain.jobs import chosen_mask, claim_in  # noqa: PLC0415
    from scripts._chain.tasks import show_mask  # noqa: PLC0415
    from scripts._chain.transactions import send  # noqa: PLC0415

    if (uphold is not None) + uphold_all + overturn_all != 1:
        raise click.UsageError("say one of --uphold TASKS, --uphold-all, --overturn-all")
    _, job, claim = claim_in(system, claim_id)
    if claim.dispute == DisputeState.ENDED:
        upheld = show_mask(claim.word, claim.upheld)
        facts(
            {"claim": claim_id, "note": "decided already", "upheld": upheld}, title="Claim", as_json=as_json
        )
        return
    mask = 0 if overturn_all else chosen_mask(claim, uphold, claim.disputed, "are disputed")
    sent = send(system, "decide", system.market.decide, claim_id, mask, sender=account)
    ended, coin = sent.one("DisputeEnded"), coin_of(system, job.terms.token)
    values = {
        "claim": claim_id,
        "upheld": show_mask(claim.word, ended["upheld"]) or "none",
        "overturned": show_mask(claim.word, ended["overturned"]) or "none",
        "to_arbiter": coin.format(ended["toArbiter"]),
        "to_annotator": coin.format(ended["toAnnotator"] + ended["compensation"]),
        "to_creator": coin.format(ended["toCreator"]),
        "next": f"{JOB} status {job.job_id}",
    }
    report(values, sent, title="Decided", as_json=as_json)
