"""From what the chain accepted to results that can be trusted: every payload is checked against its root."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from offchain.annotations import Result
from offchain.exceptions import InputError, ProvenanceError
from offchain.hashing import checksum_address, tasks_of
from offchain.packaging._batch import Batch, parse_batch


@dataclass(frozen=True)
class JobReference:
    """A job on a chain, with what its terms say of the source data and the instructions (32-byte hashes,
    bytes).
    """

    chain_id: int
    contract: str
    job_id: int
    data_root: bytes
    data_length: int
    instructions_hash: bytes


@dataclass(frozen=True)
class AcceptedBatch:
    """A submission as events tell it, and its payload.

    claim_id: also the submission's id. root: Merkle root, 32 bytes. word: number of the word of 256
    tasks. done_mask: tasks that were submitted, accepted_mask: those of them that were paid. payload:
    what was stored under the submission's URI.
    """

    claim_id: int
    annotator: str
    root: bytes
    done_mask: int
    accepted_mask: int
    word: int
    payload: bytes = field(repr=False)


@dataclass(frozen=True)
class AcceptedResult:
    """A result that was paid, and whose it is."""

    task: int
    annotator: str
    claim_id: int
    result: Result


def accepted_results(job: JobReference, batches: Iterable[AcceptedBatch]) -> list[AcceptedResult]:
    """The paid results of a job, tasks ascending.

    Raises ProvenanceError, which names the batch, where a payload is not what the chain's root commits to
    or a task was paid twice.
    """
    by_task: dict[int, AcceptedResult] = {}
    for accepted in sorted(batches, key=lambda batch: batch.claim_id):
        batch = check_batch(job, accepted)
        paid = set(tasks_of(accepted.word, accepted.accepted_mask))
        for entry in batch.results:
            if entry.task not in paid:
                continue
            if entry.task in by_task:
                other = by_task[entry.task].claim_id
                raise ProvenanceError(
                    f"batch {accepted.claim_id}: task {entry.task} was paid in batch {other} already"
                )
            by_task[entry.task] = AcceptedResult(entry.task, batch.annotator, accepted.claim_id, entry.result)
    return [by_task[task] for task in sorted(by_task)]


def check_batch(job: JobReference, accepted: AcceptedBatch) -> Batch:
    """The batch in an accepted payload. Raises ProvenanceError, which names the batch, for anything that
    does not fit.
    """
    name = f"batch {accepted.claim_id} of {accepted.annotator}"
    if accepted.accepted_mask & ~accepted.done_mask:
        raise ProvenanceError(f"{name}: tasks were accepted that were never done")
    try:
        batch = parse_batch(accepted.payload)
    except InputError as error:
        raise ProvenanceError(f"{name}: the payload cannot be read: {error}") from error
    pairs = (
        ("chain", batch.chain_id, job.chain_id),
        ("contract", batch.contract, checksum_address(job.contract)),
        ("job", batch.job_id, job.job_id),
        ("annotator", batch.annotator, checksum_address(accepted.annotator)),
        ("word", batch.word, accepted.word),
        ("tasks done", hex(batch.mask), hex(accepted.done_mask)),
        ("claim", accepted.claim_id if batch.claim_id is None else batch.claim_id, accepted.claim_id),
        ("root", "0x" + batch.root.hex(), "0x" + accepted.root.hex()),
    )
    for what, said, expected in pairs:
        if said != expected:
            raise ProvenanceError(f"{name}: the payload's {what} is {said}, the chain's {expected}")
    return batch
