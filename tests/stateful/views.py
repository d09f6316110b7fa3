"""The views that are compared, as the contract, the model and the indexer each tell them."""

from __future__ import annotations

from typing import Any

from offchain.indexer import IndexedClaim, Indexer
from offchain.reference.claims import commitment
from offchain.reference.market import Market
from offchain.reference.records import NO_CLAIM, Claim, task_pay
from offchain.states import ClaimState, JobState, job_of
from offchain.terms import ZERO_ADDRESS, ZERO_HASH, JobTerms, solidity_name
from tests.stateful.cast import NATIVE, Stage
from tests.stateful.chain import Read

Key = tuple[Any, ...]

KEPT_TERMS = [
    "task_count",
    "claim_window",
    "review_window",
    "deadline",
    "max_open",
    "bond_bps",
    "reward",
    "token",
    "fee_bps",
    "reject_fee_bps",
    "royalty_bps",
    "appeal_window",
    "decision_window",
    "arbiter",
    "arbiter_fee",
    "hook",
    "creator",
]


def market_reads(stage: Stage, model: Market) -> dict[Key, Read]:
    """Everything that the market tells about what the model knows of, and one job and claim more."""
    market, cast = stage.market, stage.cast
    keys: list[Key] = [("jobCount",), ("feeBps",), ("pauser",), ("owner",), ("pendingOwner",), ("paused",)]
    for job_id in range(1, len(model.jobs) + 2):
        job = model.jobs[job_id]
        words = -(-job.terms.task_count // 256) if job else 0
        keys += [("job", job_id), ("freeFunds", job_id), ("approvedWeight", job_id)]
        keys += [(view, job_id, word) for word in range(words + 1) for view in ("freeTasks", "taskPay")]
        keys += [("accountOf", job_id, annotator) for annotator in cast.annotators]
        keys += [("claimRecord", job_id << 24 | seq) for seq in range(job.records + 1 if job else 1)]
    for token in (NATIVE, stage.token.address):
        keys += [("liabilities", token), *(("creditOf", token, account) for account in cast.everybody)]
    keys += [("isNonceUsed", account, nonce) for account, nonce in model.nonces]
    return {key: Read(market, key[0], key[1:]) for key in keys}


def model_views(model: Market, keys: dict[Key, Any]) -> dict[Key, Any]:
    """The same views as the model tells them."""
    governance = model.governance
    tellers = {
        "jobCount": lambda: len(model.jobs),
        "feeBps": lambda: governance.fee_bps,
        "pauser": lambda: governance.pauser,
        "owner": lambda: governance.owner,
        "pendingOwner": lambda: governance.heir,
        "paused": lambda: governance.paused,
        "job": lambda job_id: _model_job(model, job_id),
        "freeFunds": model.free_funds,
        "approvedWeight": model.approved_weight,
        "freeTasks": model.free_tasks,
        "taskPay": lambda job_id, word: _task_pay(job.terms if (job := model.jobs[job_id]) else None, word),
        "accountOf": lambda job_id, annotator: model.account_of(job_id, annotator)._asdict(),
        "claimRecord": lambda claim_id: _record(model.claim_record(claim_id)),
        "liabilities": model.liabilities,
        "creditOf": model.credit_of,
        "isNonceUsed": lambda account, nonce: model.nonces[account, nonce],
    }
    return {key: tellers[key[0]](*key[1:]) for key in keys}


def indexer_views(indexer: Indexer, keys: dict[Key, Any]) -> dict[Key, Any]:
    """The same views as the indexer tells them, which has seen nothing but events."""
    jobs = indexer.jobs
    tellers = {
        "jobCount": lambda: len(jobs),
        "feeBps": lambda: indexer.fee_bps,
        "pauser": lambda: indexer.pauser,
        "owner": lambda: indexer.owner,
        "pendingOwner": lambda: indexer.heir,
        "paused": lambda: indexer.paused,
        "job": lambda job_id: _indexed_job(indexer, job_id),
        "freeFunds": lambda job_id: jobs[job_id].free_funds if job_id in jobs else 0,
        "approvedWeight": lambda job_id: jobs[job_id].approved_weight if job_id in jobs else 0,
        "freeTasks": lambda job_id, word: indexer.free_tasks(job_id, word) if job_id in jobs else 0,
        "taskPay": lambda job_id, word: _task_pay(jobs[job_id].terms if job_id in jobs else None, word),
        "accountOf": lambda job_id, annotator: vars(indexer.account(job_id, annotator)),
        "claimRecord": lambda claim_id: _record(_indexed_claim(indexer.claims.get(claim_id))),
        "liabilities": indexer.liabilities,
        "creditOf": lambda token, account: indexer.credits[token, account],
        "isNonceUsed": lambda account, nonce: (account, nonce) in indexer.nonces,
    }
    return {key: tellers[key[0]](*key[1:]) for key in keys}


def _task_pay(terms: JobTerms | None, word: int) -> tuple[int, int, int]:
    return (0, 0, 0) if terms is None else task_pay(terms, word)[:3]


def _model_job(model: Market, job_id: int) -> dict[str, Any]:
    job = model.jobs[job_id]
    if job is None:
        return _job(None, ZERO_HASH, (0, 0, 0), 0, JobState.NONE)
    return _job(job.terms, job.terms_hash, model.counts(job_id), job.records, job.state)


def _indexed_job(indexer: Indexer, job_id: int) -> dict[str, Any]:
    job = indexer.jobs.get(job_id)
    if job is None:
        return _job(None, ZERO_HASH, (0, 0, 0), 0, JobState.NONE)
    return _job(job.terms, job.terms_hash, (job.open, job.taken, job.approved), job.records, job.state)


def _job(
    terms: JobTerms | None, terms_hash: bytes, counts: tuple[int, int, int], records: int, state: JobState
) -> dict[str, Any]:
    addresses = {"token", "arbiter", "hook", "creator"}
    kept = {
        solidity_name(name): getattr(terms, name) if terms else ZERO_ADDRESS if name in addresses else 0
        for name in KEPT_TERMS
    }
    present = [terms.hook, terms.multipliers, terms.token, terms.fee_bps] if terms else []
    flags = sum(1 << bit for bit, value in enumerate(present) if value not in {0, ZERO_ADDRESS})
    moving = dict(zip(("open", "taken", "approved"), counts, strict=True))
    return kept | moving | {"termsHash": terms_hash, "records": records, "state": state, "flags": flags}


def _indexed_claim(claim: IndexedClaim | None) -> Claim:
    if claim is None:
        return NO_CLAIM
    kept = commitment(claim.annotator, claim.word, claim.root, claim.done) if claim.done else ZERO_HASH
    disputed = claim.disputed or claim.upheld
    if claim.state == ClaimState.DONE:
        return Claim(ZERO_ADDRESS, 0, 0, 0, ClaimState.DONE, disputed=disputed, commitment=kept)
    assert job_of(claim.claim_id) == claim.job_id
    return Claim(
        claim.annotator,
        claim.word,
        claim.time,
        claim.mask,
        claim.state,
        claim.dispute,
        disputed,
        claim.disputed_at,
        commitment=kept,
    )


def _record(claim: Claim) -> dict[str, Any]:
    return {
        "annotator": claim.annotator,
        "state": claim.state,
        "dispute": claim.dispute,
        "word": claim.word,
        "time": claim.time,
        "mask": claim.mask,
        "disputed": claim.disputed,
        "disputedAt": claim.disputed_at,
        "commitment": claim.commitment,
    }
