"""
storage
├── of the common job (native coin, no fee, no classes, no arbiter): its acts look at few slots
├── of tasks that are no run: their slot is empty again once they are a run, or done
└── of a job's records: a job has no more than its counter of 24 bits can tell apart
"""

import pytest

from offchain.reference.claims import MAX_RECORDS
from offchain.states import SEQUENCE_BITS, ClaimState
from tests.support.calls import reverts, rpc
from tests.support.market import ZERO


def touched(market) -> set[str]:
    """The slots of the market that the latest transaction read or wrote."""
    block = rpc("eth_getBlockByNumber", "latest", False)
    before = rpc("debug_traceTransaction", block["transactions"][0], {"tracer": "prestateTracer"})
    return set(before[market.address.lower()]["storage"])


def word_at(market, slot: str) -> int:
    return int(rpc("eth_getStorageAt", market.address, slot, "latest"), 16)


@pytest.mark.parametrize(("mask", "more"), [(0b111, 0), (0b101, 1)])
def test_common_job__touches_no_slot_for_nothing(world, market, mask, more):
    """Each slot costs 2,100 gas or more. Tasks that are no run have one slot `more`."""
    job_id = world.open(arbiter=ZERO)
    used = {"createJob": touched(market)}
    claim_id = world.claim(job_id, mask)
    used["claim"] = touched(market)
    world.submit(claim_id, mask)
    used["submit"] = touched(market)
    world.approve(claim_id, mask)
    used["approve"] = touched(market)
    counted = {act: len(slots) - more * (act != "createJob") for act, slots in used.items()}
    assert counted == {"createJob": 8, "claim": 7, "submit": 2, "approve": 5}


@pytest.mark.parametrize("parts", [(0b1000, 0b0011), (0b1011,)])
def test_tasks_that_are_no_run__leave_their_slot_empty(world, market, parts):
    mask = 0b1011
    claim_id = world.submitted(world.open(), mask)
    (slot,) = [slot for slot in touched(market) if word_at(market, slot) == mask]
    world.approve(claim_id, parts[0])
    assert word_at(market, slot) == 0
    for part in parts[1:]:
        world.approve(claim_id, part)
        assert word_at(market, slot) == 0


def test_records__after_16_million__no_claim_gets_the_number_of_another(world, market, who):
    """T63: the last number but one is given out, and then none; what is claimed ends as ever."""
    job_id = world.open()
    world.claim(job_id, 0b1)
    counts = 599 | 1 << 24 | 0 << 48 | 600 << 72  # open, taken, approved, of all; then the records
    (slot,) = [slot for slot in touched(market) if word_at(market, slot) % (1 << 120) == counts | 1 << 96]
    early = word_at(market, slot)
    late = early + ((MAX_RECORDS - 2 - 1) << 96)
    rpc("anvil_setStorageAt", market.address, slot, f"0x{late:064x}")
    claim_id = world.claim(job_id, 0b10)
    assert claim_id == job_id << SEQUENCE_BITS | MAX_RECORDS - 2
    value = world.bond(job_id, 0b100)
    with reverts("SafeCastOverflowedUintDowncast", SEQUENCE_BITS, MAX_RECORDS):
        market.call("claim", job_id, 0, 0b100, b"", [], sender=who.rival, value=value)
    market.send("release", claim_id, sender=who.annotator)
    assert world.record(claim_id)["state"] == ClaimState.DONE
    rpc("anvil_setStorageAt", market.address, slot, f"0x{early:064x}")  # the ledger is told claim by claim
