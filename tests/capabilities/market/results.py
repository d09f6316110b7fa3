"""Results that are submitted: small batches have a real tree, so that acceptance can be proven later."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from offchain.hashing import batch_leaf, batch_proof, batch_root, tasks_of
from offchain.reference.market import Market
from offchain.states import job_of

REAL = 4
"""Tasks of the largest batch that has a real tree; larger ones get a root that stands for nothing."""

RESULT, SALT = b"\x5e" * 32, b"\x5a" * 32


@lru_cache(maxsize=1 << 14)
def _leaf(place: tuple[int, str, int], task: int, annotator: str) -> bytes:
    chain_id, market, job_id = place
    return batch_leaf(
        chain_id=chain_id,
        market=market,
        job_id=job_id,
        task=task,
        annotator=annotator,
        result_hash=RESULT,
        salt=SALT,
    )


@dataclass(frozen=True)
class Batch:
    """What was submitted of a claim."""

    annotator: str
    word: int
    done: int

    @property
    def is_real(self) -> bool:
        return 0 < self.done.bit_count() <= REAL


@dataclass
class Results:
    """The batches on one market, their roots, and the proofs that go with them."""

    chain_id: int
    market: str
    batches: dict[int, Batch] = field(default_factory=dict)
    _proofs: dict[int, list[dict[str, Any]]] = field(default_factory=dict)

    def root(self, claim_id: int, batch: Batch) -> bytes:
        """The root of a batch."""
        if not batch.is_real:
            return (claim_id << 8 | 1).to_bytes(32)
        return batch_root(self._leaves(claim_id, batch))

    def acceptances(self, model: Market, claim_ids: Iterable[int]) -> Iterator[tuple[dict[str, Any], bool]]:
        """(what is said to be accepted, whether it is): each result of the real batches among the claims, and
        the first one in another name, which is worth nothing (T25).
        """
        for claim_id in claim_ids:
            batch = self.batches.get(claim_id)
            if batch is None or not batch.is_real:
                continue
            if claim_id not in self._proofs:
                self._proofs[claim_id] = list(self._prove(claim_id, batch))
            record, proofs = model.claim_record(claim_id), self._proofs[claim_id]
            waits = record.mask | record.disputed
            for proof in proofs:
                yield proof, not waits >> proof["task"] % 256 & 1
            yield {**proofs[0], "annotator": self.market}, False

    def _prove(self, claim_id: int, batch: Batch) -> Iterator[dict[str, Any]]:
        """What proves each result of a batch, which is submitted once."""
        leaves = self._leaves(claim_id, batch)
        for index, task in enumerate(tasks_of(batch.word, batch.done)):
            yield {
                "claimId": claim_id,
                "annotator": batch.annotator,
                "done": batch.done,
                "root": batch_root(leaves),
                "task": task,
                "resultHash": RESULT,
                "salt": SALT,
                "proof": tuple(batch_proof(leaves, index)),
            }

    def _leaves(self, claim_id: int, batch: Batch) -> list[bytes]:
        place = (self.chain_id, self.market, job_of(claim_id))
        return [_leaf(place, task, batch.annotator) for task in tasks_of(batch.word, batch.done)]
