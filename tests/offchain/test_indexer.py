"""The fold of events into a market's state, without any chain: the reference model is the source of
events.
"""

from dataclasses import replace

import pytest

from offchain.annotations import TextLabel, TextResult
from offchain.exceptions import InputError, IntegrityError
from offchain.indexer import Indexer, MarketEvent
from offchain.packaging import accepted_results, build_batch
from offchain.reference.bank import World
from offchain.reference.calls import Call
from offchain.reference.market import Market
from offchain.reference.records import bounty
from offchain.states import ClaimState, JobState
from offchain.terms import ZERO_ADDRESS, JobTerms

MARKET, OWNER, SINK, CREATOR, ANNOTATOR, KEEPER = (f"0x{digit * 40}" for digit in "123456")
NATIVE, CHAIN_ID, JOB = ZERO_ADDRESS, 31_337, 1
TERMS = JobTerms(
    creator=CREATOR,
    reward=1_000,
    task_count=4,
    review_window=3_600,
    deadline=1_000_000,
    max_open=4,
    bond_bps=1_000,
    data_root=b"\xda" * 32,
    data_length=77,
    instructions_hash=b"\x1a" * 32,
)


class Tape:
    """A model, and the events of everything that happened in it."""

    def __init__(self):
        self.model = Market(MARKET, OWNER, SINK, World())
        self.events = []

    def act(self, name, *args, sender, now, value=0):
        effects = getattr(self.model, name)(Call(sender, now, value), *args)
        for event, values in effects.events:
            place = len(self.events)
            self.events.append(MarketEvent(event, values, now, place, 0, MARKET))
        return effects.result

    def indexer(self):
        indexer = Indexer(MARKET)
        for event in self.events:
            indexer.apply(event)
        return indexer


def a_batch():
    results = {task: TextResult(TextLabel(f"label {task}")) for task in (0, 2)}
    return build_batch(
        chain_id=CHAIN_ID, contract=MARKET, job_id=JOB, annotator=ANNOTATOR, results=results, claim_id=1 << 24
    )


@pytest.fixture
def tape():
    """Four tasks, three claimed, two of them done, one of these paid and one under review."""
    tape = Tape()
    batch = a_batch()
    tape.act("create_job", TERMS, sender=CREATOR, now=100, value=bounty(TERMS))
    claim_id = tape.act("claim", JOB, 0, 0b0111, sender=ANNOTATOR, now=200, value=300)
    tape.payload = batch.to_bytes()
    tape.act("submit_batch", claim_id, batch.root, 0b0101, "0g://batch", sender=ANNOTATOR, now=300)
    tape.act("approve", claim_id, 0b0100, sender=CREATOR, now=400)
    tape.claim_id = claim_id
    return tape


def test_state_is_rebuilt(tape):
    indexer = tape.indexer()
    job, claim = indexer.jobs[JOB], indexer.claims[tape.claim_id]
    assert (job.open, job.taken, job.approved, job.refunded, job.state) == (2, 1, 1, 0, JobState.OPEN)
    assert (claim.state, claim.mask, claim.accepted, claim.uri) == (
        ClaimState.SUBMITTED,
        1,
        0b0100,
        "0g://batch",
    )
    assert claim.time == 300, "a submission's time is that of its block"
    assert vars(indexer.account(JOB, ANNOTATOR)) == {
        "open": 1,
        "approved": 1,
        "weight": 10_000,
        "earned": 1_000,
        "rejected": 0,
    }
    assert (
        indexer.liabilities(NATIVE)
        == tape.model.liabilities(NATIVE)
        == tape.model.bank.balances[NATIVE, MARKET]
    )
    assert indexer.free_tasks(JOB, 0) == 0b1010


def test_accepted_batches_are_what_an_export_takes(tape):
    indexer = tape.indexer()
    asked = []

    def payload_of(claim):
        asked.append(claim.uri)
        return tape.payload

    batches = indexer.accepted_batches(JOB, payload_of)
    (result,) = accepted_results(indexer.job_reference(JOB, CHAIN_ID), batches)
    assert (result.task, result.annotator, result.claim_id) == (2, ANNOTATOR, tape.claim_id)
    assert asked == ["0g://batch"]
    tape.act("finalize", tape.claim_id, sender=KEEPER, now=3_901)
    results = accepted_results(
        indexer.job_reference(JOB, CHAIN_ID), tape.indexer().accepted_batches(JOB, payload_of)
    )
    assert [result.task for result in results] == [0, 2]


def test_fees_and_forfeits_are_told_apart(tape):
    forfeit = -(-100 * 100 // 1_800)  # one undone task of bond 100, given back after 100 of 1,800 seconds
    assert tape.indexer().forfeits[NATIVE] == forfeit
    assert tape.indexer().fees[NATIVE] == 0


def test_events_out_of_order_are_refused(tape):
    indexer = tape.indexer()
    with pytest.raises(IntegrityError, match="comes after"):
        indexer.apply(tape.events[-1])


def test_events_of_another_contract_are_refused(tape):
    with pytest.raises(IntegrityError, match="not from"):
        tape.indexer().apply(replace(tape.events[-1], emitter=KEEPER, block=99))


def test_a_gap_is_noticed(tape):
    indexer = Indexer(MARKET)
    with pytest.raises(IntegrityError, match="feed all of them"):
        indexer.apply(tape.events[1])


def test_an_unknown_event_is_refused(tape):
    with pytest.raises(InputError, match="no event 'Minted'"):
        tape.indexer().apply(replace(tape.events[-1], name="Minted", block=99))
