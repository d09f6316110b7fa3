"""The payload of one batch: what an annotator stores and what the root on chain commits to."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from offchain.annotations import Result, result_from_json
from offchain.exceptions import SchemaError
from offchain.hashing import (
    batch_leaf,
    batch_proof,
    batch_root,
    bytes32,
    canonical_json,
    checksum_address,
    mask_of,
    parse_canonical_json,
    result_hash,
)

VERSION = 1
SALT_LENGTH = 32
KEYS = {"version", "chain_id", "contract", "job_id", "claim_id", "annotator", "results"}


@dataclass(frozen=True)
class TaskResult:
    """One result with its salt of 32 random bytes, without which a short result could be guessed from its
    hash.
    """

    task: int
    salt: bytes
    result: Result


@dataclass(frozen=True)
class Batch:
    """The results of one claim, tasks ascending, all in one word of 256 tasks. `claim_id` is None where
    it is not known.
    """

    chain_id: int
    contract: str
    job_id: int
    annotator: str
    results: tuple[TaskResult, ...]
    claim_id: int | None = None

    def __post_init__(self) -> None:
        """Raises InputError for tasks of two words, one twice, none at all, or an address that is none."""
        object.__setattr__(self, "contract", checksum_address(self.contract))
        object.__setattr__(self, "annotator", checksum_address(self.annotator))
        mask_of(entry.task for entry in self.results)
        if list(self.results) != sorted(self.results, key=lambda entry: entry.task):
            raise SchemaError("the results of a batch are in ascending order of their tasks")

    @property
    def word(self) -> int:
        """The word of 256 tasks that the batch lies in."""
        return mask_of(entry.task for entry in self.results)[0]

    @property
    def mask(self) -> int:
        """The tasks that were done: `done` of the submission."""
        return mask_of(entry.task for entry in self.results)[1]

    @cached_property
    def leaves(self) -> tuple[bytes, ...]:
        """The Merkle leaf of each result, in order."""
        return tuple(
            batch_leaf(
                chain_id=self.chain_id,
                market=self.contract,
                job_id=self.job_id,
                task=entry.task,
                annotator=self.annotator,
                result_hash=result_hash(entry.result.to_json()),
                salt=entry.salt,
            )
            for entry in self.results
        )

    @cached_property
    def root(self) -> bytes:
        """The Merkle root that is submitted, 32 bytes."""
        return batch_root(self.leaves)

    def proof(self, task: int) -> list[bytes]:
        """The Merkle proof of a task's result; raises InputError for a task that is not in the batch."""
        tasks = [entry.task for entry in self.results]
        return batch_proof(self.leaves, tasks.index(task) if task in tasks else -1)

    def to_bytes(self) -> bytes:
        """The payload as it is stored: canonical JSON, salts as hex."""
        results = [
            {"task": entry.task, "salt": "0x" + entry.salt.hex(), "result": entry.result.to_json()}
            for entry in self.results
        ]
        document: dict[str, Any] = {
            "version": VERSION,
            "chain_id": self.chain_id,
            "contract": self.contract,
            "job_id": self.job_id,
            "annotator": self.annotator,
            "results": results,
        }
        if self.claim_id is not None:
            document["claim_id"] = self.claim_id
        return canonical_json(document)


def build_batch(  # noqa: PLR0913 - keyword-only: what a payload names
    *,
    chain_id: int,
    contract: str,
    job_id: int,
    annotator: str,
    results: Mapping[int, Result],
    claim_id: int | None = None,
    salts: Mapping[int, bytes] | None = None,
) -> Batch:
    """A batch from results by task; salts are drawn where none are given. Raises InputError."""
    salts = salts or {}
    entries = [
        TaskResult(
            task, bytes32(salts.get(task) or secrets.token_bytes(SALT_LENGTH), "a salt"), results[task]
        )
        for task in sorted(results)
    ]
    return Batch(chain_id, contract, job_id, annotator, tuple(entries), claim_id)


def parse_batch(payload: bytes) -> Batch:
    """The batch in a payload. Raises SchemaError for another document, InputError for values that cannot
    be.
    """
    value = parse_canonical_json(payload)
    if not isinstance(value, dict) or set(value) | {"claim_id"} != KEYS:
        raise SchemaError(
            f"a payload is an object of {', '.join(sorted(KEYS))}; only claim_id may be left out"
        )
    if value["version"] != VERSION:
        raise SchemaError(
            f"the payload is of version {value['version']!r}: this package reads version {VERSION}"
        )
    for key in ("chain_id", "job_id", "claim_id"):
        if key in value and (type(value[key]) is not int or value[key] < 0):
            raise SchemaError(f"`{key}` of a payload is a whole number, not {value[key]!r}")
    if not isinstance(value["contract"], str) or not isinstance(value["annotator"], str):
        raise SchemaError("`contract` and `annotator` of a payload are addresses as text")
    if not isinstance(value["results"], list) or not value["results"]:
        raise SchemaError("`results` of a payload is a list of at least one result")
    results = tuple(_task_result(entry) for entry in value["results"])
    ids = (value["chain_id"], value["contract"], value["job_id"], value["annotator"])
    return Batch(*ids, results, value.get("claim_id"))


def _task_result(entry: Any) -> TaskResult:
    if not isinstance(entry, dict) or set(entry) != {"task", "salt", "result"}:
        raise SchemaError("each result of a payload is an object of task, salt and result")
    if type(entry["task"]) is not int or not isinstance(entry["salt"], str):
        raise SchemaError("`task` is a whole number and `salt` is 0x and 64 digits")
    return TaskResult(entry["task"], bytes32(entry["salt"], "a salt"), result_from_json(entry["result"]))
