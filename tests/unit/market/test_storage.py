"""
storage
├── of the common job (native coin, no fee, no classes, no arbiter): its acts look at few slots
└── of tasks that are no run: their slot is empty again once they are a run, or done
"""

import pytest

from tests.support.calls import rpc
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
    job_id, used = world.open(arbiter=ZERO), {}
    claim_id = world.claim(job_id, mask)
    used["claim"] = touched(market)
    world.submit(claim_id, mask)
    used["submit"] = touched(market)
    world.approve(claim_id, mask)
    used["approve"] = touched(market)
    counted = {act: len(slots) - more for act, slots in used.items()}
    assert counted == {"claim": 7, "submit": 2, "approve": 5}


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
