"""
isAccepted
├── true for a result that was submitted under the root and paid: by approval, silence or decision
├── false while it is pending or in dispute, and for ever once its rejection stands
└── false, never a revert, for whatever proves nothing (T59)
    ├── another task, word, annotator, result, salt, root, mask or claim
    ├── a proof that is too short, too long, tampered with, or for another place in the tree
    └── an inner node in place of a leaf
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import ape
import pytest
from hypothesis import assume, event, given
from hypothesis import strategies as st

from offchain.hashing import batch_leaf, batch_proof, batch_root
from tests.conftest import isolated
from tests.support.calls import ZERO
from tests.support.market import ANVIL_CHAIN, FULL, HOUR, System, World, mine_at, now

SALT = b"\x5a" * 32


@dataclass(frozen=True)
class Batch:
    """The results of the tasks in `done`: result number t is the hash 0x..t."""

    market: str
    job_id: int
    word: int
    done: int
    annotator: str

    @property
    def tasks(self) -> list[int]:
        return [256 * self.word + bit for bit in range(256) if self.done >> bit & 1]

    @property
    def leaves(self) -> list[bytes]:
        return [self.leaf(task) for task in self.tasks]

    def leaf(self, task: int) -> bytes:
        return batch_leaf(
            chain_id=ANVIL_CHAIN,
            market=self.market,
            job_id=self.job_id,
            task=task,
            annotator=self.annotator,
            result_hash=result(task),
            salt=SALT,
        )

    @property
    def root(self) -> bytes:
        return batch_root(self.leaves)

    def acceptance(self, claim_id: int, task: int) -> dict[str, Any]:
        """What proves the result of a task."""
        return {
            "claimId": claim_id,
            "annotator": self.annotator,
            "done": self.done,
            "root": self.root,
            "task": task,
            "resultHash": result(task),
            "salt": SALT,
            "proof": batch_proof(self.leaves, self.tasks.index(task)),
        }


def result(task: int) -> bytes:
    return task.to_bytes(32, "big")


def deliver(
    world: World, mask: int, done: int | None = None, word: int = 0, **terms: Any
) -> tuple[int, Batch]:
    """Open a job, claim the tasks in `mask` and submit those in `done` under their root."""
    done = mask if done is None else done
    job_id = world.open(**terms)
    batch = Batch(world.market.address, job_id, word, done, world.who.annotator)
    claim_id = world.claim(job_id, mask, word=word)
    world.submit(claim_id, done, root=batch.root)
    return claim_id, batch


def accepted(world: World, acceptance: dict[str, Any]) -> bool:
    return bool(world.lens.call("isAccepted", acceptance))


def accepted_tasks(world: World, claim_id: int, batch: Batch) -> list[int]:
    return [task for task in batch.tasks if accepted(world, batch.acceptance(claim_id, task))]


# --- the life of a batch ---


def test_is_accepted__pending_then_approved__follows_the_approval(world):
    claim_id, batch = deliver(world, 0b10111, word=1)
    assert accepted_tasks(world, claim_id, batch) == []
    world.approve(claim_id, 0b00101)
    assert accepted_tasks(world, claim_id, batch) == [256, 258]
    world.approve(claim_id, 0b10010)
    assert accepted_tasks(world, claim_id, batch) == [256, 257, 258, 260]


def test_is_accepted__after_silence__is_true(world, market, who):
    claim_id, batch = deliver(world, 0b11, review_window=HOUR)
    mine_at(now() + HOUR + 2)
    market.send("finalize", claim_id, sender=who.stranger)
    assert accepted_tasks(world, claim_id, batch) == [0, 1]


def test_is_accepted__disputed__only_what_the_arbiter_overturned(world, market, who):
    claim_id, batch = deliver(world, 0b1111)
    world.reject(claim_id, 0b0111)
    world.approve(claim_id, 0b1000)
    assert accepted_tasks(world, claim_id, batch) == [3]
    world.appeal(claim_id)
    assert accepted_tasks(world, claim_id, batch) == [3]
    market.send("decide", claim_id, 0b0010, sender=who.arbiter)
    assert accepted_tasks(world, claim_id, batch) == [0, 2, 3]


def test_is_accepted__rejection_that_stood__is_never_true(world, market, who):
    """Not even when somebody else's work on the same task is accepted."""
    claim_id, batch = deliver(world, 0b11)
    world.reject(claim_id, 0b01)
    mine_at(now() + 3 * 86_400)
    market.send("settleRejection", claim_id, sender=who.keeper)
    again = world.submitted(batch.job_id, 0b01, by=who.rival)
    world.approve(again, 0b01)
    assert accepted_tasks(world, claim_id, batch) == []
    world.approve(claim_id, 0b10)
    assert accepted_tasks(world, claim_id, batch) == [1]


def test_is_accepted__rejection_that_the_arbiter_let_lapse__is_true(world, market, who):
    claim_id, batch = deliver(world, 0b11)
    world.reject(claim_id, 0b11)
    world.appeal(claim_id)
    mine_at(now() + 6 * 86_400)
    market.send("settleAppeal", claim_id, sender=who.keeper)
    assert accepted_tasks(world, claim_id, batch) == [0, 1]


def test_is_accepted__claim_that_delivered_nothing__is_false(world, market, who):
    job_id = world.open()
    batch = Batch(market.address, job_id, 0, 0b1, who.annotator)
    proof = batch.acceptance(world.claim(job_id, 0b1), 0)
    assert not accepted(world, proof)
    market.send("release", job_id << 24, sender=who.annotator)
    assert not accepted(world, proof)
    empty = proof | {"annotator": ZERO, "root": bytes(32), "done": 0}
    for claim_id in (job_id << 24, job_id << 24 | 1, 0, 2**256 - 1):
        assert not accepted(world, empty | {"claimId": claim_id})
        assert not accepted(world, proof | {"claimId": claim_id})


# --- forgeries ---


@pytest.fixture
def approved(world):
    """Five tasks of word 1, approved."""
    claim_id, batch = deliver(world, 0b110111, word=1)
    world.approve(claim_id, 0b110111)
    return claim_id, batch


@pytest.mark.parametrize(
    "forgery",
    [
        {"annotator": "rival"},
        {"done": 0b110110},
        {"done": 0b111111},
        {"done": FULL},
        {"done": 0},
        {"root": b"\x01" * 32},
        {"task": 1},  # the same bit of word 0
        {"task": 513},  # the same bit of word 2
        {"task": 257 + 2**248},
        {"task": 258},  # its neighbour
        {"task": 259},  # not in the batch
        {"resultHash": b"\x01" * 32},
        {"salt": b"\x5b" * 32},
        {"proof": []},
        {"claimId": 0},
    ],
)
def test_is_accepted__one_part_forged__is_false(world, approved, forgery):
    claim_id, batch = approved
    proof = batch.acceptance(claim_id, 257)
    assert accepted(world, proof)
    forged = {name: world.who.rival if value == "rival" else value for name, value in forgery.items()}
    assert not accepted(world, proof | forged)


def test_is_accepted__proof_of_another_length__is_false(world, approved):
    claim_id, batch = approved
    proof = batch.acceptance(claim_id, 257)
    siblings = proof["proof"]
    for wrong in (siblings[:-1], siblings[1:], [*siblings, bytes(32)], [bytes(32), *siblings]):
        assert not accepted(world, proof | {"proof": wrong})


def test_is_accepted__leaf_of_the_same_bit_in_another_word__is_false(world, market, who):
    """T59: the root holds a leaf for task 1 of word 0, submitted in word 1: it proves neither."""
    job_id = world.open()
    wrong = Batch(market.address, job_id, 0, 0b11, who.annotator)
    claim_id = world.claim(job_id, 0b11, word=1)
    world.submit(claim_id, 0b11, root=wrong.root)
    world.approve(claim_id, 0b11)
    proof = wrong.acceptance(claim_id, 1)
    assert not accepted(world, proof)
    assert not accepted(world, proof | {"task": 257})


def test_is_accepted__another_jobs_or_markets_leaf__is_false(world, market, who):
    """T26: what was made for one job proves nothing in another."""
    first, second = world.open(), world.open()
    for market_of_leaf, job_of_leaf in ((market.address, first), (world.lens.address, second)):
        batch = Batch(market_of_leaf, job_of_leaf, 0, 0b1, who.annotator)
        claim_id = world.claim(second, 0b1 << (job_of_leaf - 1))
        batch = replace(batch, done=0b1 << (job_of_leaf - 1))
        world.submit(claim_id, batch.done, root=batch.root)
        world.approve(claim_id, batch.done)
        assert not accepted(world, batch.acceptance(claim_id, batch.tasks[0]))


def test_is_accepted__inner_node_in_place_of_a_leaf__is_false(world, market, who):
    """T59: a leaf is hashed twice, so an inner node is no leaf; and proofs have one length."""
    claim_id, batch = deliver(world, 0b1111)
    world.approve(claim_id, 0b1111)
    left, right, *_ = batch.leaves
    proof = batch.acceptance(claim_id, 0)
    upper = proof["proof"][1:]
    assert not accepted(world, proof | {"resultHash": left, "salt": right, "proof": upper})
    assert not accepted(world, proof | {"resultHash": batch_root([left, right]), "proof": upper})


# --- any batch ---


@pytest.fixture(scope="module")
def shared(system: System) -> World:
    """One world for all examples; each puts back what it did."""
    return World(system)


masks = st.one_of(
    st.integers(1, 256).map(lambda size: (1 << size) - 1),
    st.integers(1, FULL),
    st.sets(st.integers(0, 255), min_size=1, max_size=9).map(lambda bits: sum(1 << bit for bit in bits)),
)


@given(done=masks, undone=st.one_of(st.just(0), masks), approve=st.integers(0, FULL), data=st.data())
def test_is_accepted__any_batch__exactly_the_approved_results_are(shared, done, undone, approve, data):
    """T59: single leaves, odd sizes, scattered and partial masks; every tampering of a proof fails."""
    with isolated(ape.chain):
        word = data.draw(st.integers(0, 1), label="word")
        claim_id, batch = deliver(shared, done | undone, done, word=word)
        if approve & done:
            shared.approve(claim_id, approve & done)
        task = data.draw(st.sampled_from(batch.tasks), label="task")
        event(f"size {len(batch.tasks)}" if len(batch.tasks) < 4 else "more")
        proof = batch.acceptance(claim_id, task)
        assert accepted(shared, proof) == bool(approve >> (task % 256) & 1)
        assert not accepted(shared, tampered(proof, data))


def tampered(proof: dict[str, Any], data: st.DataObject) -> dict[str, Any]:
    """The proof with one thing wrong."""
    siblings, kind = (
        proof["proof"],
        data.draw(st.sampled_from(["longer", "shorter", "flipped", "swapped", "place"])),
    )
    if kind == "longer":
        return proof | {"proof": [*siblings, b"\0" * 32]}
    if kind == "place":
        other = data.draw(st.integers(0, 2**20 - 1).filter(lambda task: task != proof["task"]))
        return proof | {"task": other}
    assume(siblings)
    if kind == "shorter":
        gone = data.draw(st.integers(0, len(siblings) - 1))
        return proof | {"proof": siblings[:gone] + siblings[gone + 1 :]}
    if kind == "swapped":
        assume(len(siblings) > 1)
        return proof | {"proof": siblings[1:] + siblings[:1]}
    at = data.draw(st.integers(0, len(siblings) - 1))
    flipped = bytes(a ^ b for a, b in zip(siblings[at], (1).to_bytes(32, "big"), strict=True))
    return proof | {"proof": [*siblings[:at], flipped, *siblings[at + 1 :]]}
