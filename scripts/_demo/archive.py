"""Reads a job back from the chain's events and the store alone, as anybody can, and makes its data set."""

from __future__ import annotations

from dataclasses import dataclass, field

from offchain.annotations import Instructions
from offchain.packaging import AcceptedBatch, Card, Export, JobReference, Schema, export_job
from offchain.storage import Ref
from scripts._chain.events import market_state
from scripts._demo.jobs import Job
from scripts._demo.world import World


@dataclass(frozen=True)
class Recovered:
    """What the events of a job and the payloads they point to say: all that an export is made of."""

    reference: JobReference
    batches: tuple[AcceptedBatch, ...] = field(repr=False)
    instructions: Instructions = field(repr=False)
    source: bytes = field(repr=False)

    def export(self, card: Card, schema: Schema = "chat") -> Export:
        """The files of the data set."""
        parts = (self.reference, self.instructions, self.source, self.batches)
        return export_job(*parts, card, schema)


def recover(world: World, job: Job) -> Recovered:
    """Reads the market's events anew from the node, and source and payloads from the store.

    Only the instructions are taken from the creator; their hash is in the job's terms. Raises IntegrityError,
    StorageError.
    """
    state = market_state(world.stage.system, job.id)
    reference = state.job_reference(job.id, world.chain_id)
    batches = state.accepted_batches(job.id, lambda claim: world.store.get(ref_of(claim.uri)))
    source = world.store.get(reference_to(reference.data_root, reference.data_length))
    return Recovered(reference, tuple(batches), job.instructions, source)


def ref_of(uri: str) -> Ref:
    """The reference that a `local://<root>-<length>` address stands for."""
    root, _, length = uri.removeprefix("local://").partition("-")
    return Ref(bytes.fromhex(root.removeprefix("0x")), int(length), uri)


def reference_to(root: bytes, length: int) -> Ref:
    """The reference to what the chain names by root and length."""
    return Ref(root, length, f"local://0x{root.hex()}-{length}")
