"""Markets whose models are wrong on purpose, to see what becomes of a failure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from offchain.reference.calls import Effects
from offchain.reference.market import Market
from offchain.reference.records import Claim
from offchain.reference.review import Verdict
from offchain.reference.terms import DAY, HOUR
from offchain.states import SEQUENCE_BITS, ClaimState
from offchain.terms import JobTerms
from tests.capabilities.market import MarketPlay
from tests.capabilities.market.jobs import Offer
from tests.engine.chain import EPOCH, Contract


class RoundsUp(Market):
    """Rounds the annotator's part of the arbiter's fee up instead of down."""

    def _end_dispute(self, claim_id: int, claim: Claim, verdict: Verdict) -> None:
        fee, lost = verdict.toArbiter, verdict.upheld.bit_count()
        if fee:
            part = -(-fee * lost // claim.disputed.bit_count())
            verdict = replace(verdict, toAnnotator=fee - part, toCreator=part)
        super()._end_dispute(claim_id, claim, verdict)


class RoundingPlay(MarketPlay):
    """The market against that model: seen first in `decide`, which takes five steps before it."""

    def begin(self) -> tuple[Contract, Any]:
        contract, model = super().begin()
        model.__class__ = RoundsUp
        return contract, model


class StrictPlay(MarketPlay):
    """A rule that its own model breaks with the third step of a program: that nothing is ever submitted."""

    def invariants(self, effects: Effects | None) -> Iterable[str]:
        yield from super().invariants(effects)
        if any(claim.state == ClaimState.SUBMITTED for claim in self.model.claims.values()):
            yield "something was submitted"


def decided(play: MarketPlay) -> None:
    """Six steps to a decision whose rounding shows: one of three tasks stays rejected, the fee is 1 wei."""
    cast = play.cast
    terms = JobTerms(
        creator=cast.creator,
        reward=10_000,
        task_count=3,
        review_window=HOUR,
        appeal_window=HOUR,
        decision_window=DAY,
        deadline=EPOCH + 10 * DAY,
        max_open=3,
        bond_bps=1_000,
        reject_fee_bps=500,
        arbiter=cast.arbiter,
        arbiter_fee=1,
        data_root=b"\xda" * 32,
        data_length=4_096,
        instructions_hash=b"\x1a" * 32,
    )
    offer = Offer(play.contract.address, terms, EPOCH + DAY, play.stage.signers[cast.arbiter])
    play.act("createJob", offer, sender=cast.creator, value=30_000)
    play.act("claim", 1, 0, 7, b"", [], sender=cast.annotator, at=EPOCH + 20, value=3_000)
    claim_id = 1 << SEQUENCE_BITS
    play.act("submitBatch", claim_id, b"\x01" * 32, 7, "0g://x", sender=cast.annotator)
    play.act("reject", claim_id, 7, b"\x33" * 32, sender=cast.creator, value=1_501)
    play.act("appeal", claim_id, sender=cast.annotator, value=1)
    play.act("decide", claim_id, 1, sender=cast.arbiter)
