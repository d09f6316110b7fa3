"""Programs that are told by hand: short ways to a certain state. What is told succeeds, one second after the
other unless `at` says when.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from offchain.reference.records import bounty, task_pay
from offchain.reference.terms import DAY, HOUR
from offchain.states import SEQUENCE_BITS, job_of
from offchain.terms import JobTerms
from tests.capabilities.market.jobs import Offer
from tests.capabilities.market.play import MarketPlay
from tests.capabilities.market.review import REASON
from tests.capabilities.market.stage import Stage
from tests.engine.chain import EPOCH
from tests.engine.check import Troupe
from tests.engine.program import Program, View, probe_of

ROOT = b"\x01" * 32
Telling = dict[tuple[str, str, tuple[Any, ...]], Any]
"""Answers by contract, view and arguments."""


class Story:
    """A market in which what is told happens; `run` has the chain do the same."""

    def __init__(self, troupe: Troupe, stage: Stage | None = None) -> None:
        self.troupe = troupe
        self.play = MarketPlay(troupe.chain, stage or troupe.stage)
        self.stage, self.cast, self.model = self.play.stage, self.play.cast, self.play.model

    def terms(self, **changes: Any) -> JobTerms:
        """8 tasks in the native coin, with arbiter, bonds and difficulty classes."""
        terms = JobTerms(
            creator=self.cast.creator,
            reward=10_001,
            task_count=8,
            review_window=HOUR,
            appeal_window=2 * HOUR,
            decision_window=DAY,
            deadline=EPOCH + 30 * DAY,
            max_open=300,
            bond_bps=1_000,
            reject_fee_bps=3_333,
            arbiter=self.cast.arbiter,
            arbiter_fee=501,
            data_root=b"\xda" * 32,
            data_length=4_096,
            instructions_hash=b"\x1a" * 32,
            multipliers=15_000,
            word_classes=(0,),
        )
        return replace(terms, **changes)

    def offer(self, terms: JobTerms) -> Offer:
        """Terms that the arbiter accepts."""
        arbiter = self.stage.signers[self.cast.arbiter]
        return Offer(self.stage.market.address, terms, EPOCH + DAY, arbiter)

    def job(self, **changes: Any) -> int:
        terms = self.terms(**changes)
        value = 0 if int(terms.token, 16) else bounty(terms)
        self.act("createJob", self.offer(terms), sender=terms.creator, value=value)
        return len(self.model.jobs)

    def claim(self, job_id: int, mask: int, annotator: str = "", word: int = 0) -> int:
        args = (job_id, word, mask, b"", ())
        bond = self.bond(job_id, mask, word)
        self.act("claim", *args, sender=annotator or self.cast.annotator, value=bond)
        return job_id << SEQUENCE_BITS | self.play.job(job_id).records - 1

    def bond(self, job_id: int, mask: int, word: int = 0) -> int:
        """The native coin that comes with a claim."""
        terms = self.play.job(job_id).terms
        return 0 if int(terms.token, 16) else task_pay(terms, word).bond * mask.bit_count()

    def submit(self, claim_id: int) -> None:
        claim = self.model.claims[claim_id]
        self.act("submitBatch", claim_id, ROOT, claim.mask, "0g://payload", sender=claim.annotator)

    def submission(self, job_id: int, mask: int, annotator: str = "", word: int = 0) -> int:
        claim_id = self.claim(job_id, mask, annotator, word)
        self.submit(claim_id)
        return claim_id

    def rejection(self, job_id: int, mask: int, rejected: int, annotator: str = "") -> int:
        claim_id, terms = self.submission(job_id, mask, annotator), self.play.job(job_id).terms
        value = task_pay(terms, 0).reject_fee * rejected.bit_count() + terms.arbiter_fee
        self.act("reject", claim_id, rejected, REASON, sender=terms.creator, value=value)
        return claim_id

    def appeal(self, job_id: int, mask: int, rejected: int) -> int:
        claim_id = self.rejection(job_id, mask, rejected)
        fee = self.play.terms_of(claim_id).arbiter_fee
        self.act("appeal", claim_id, sender=self.cast.annotator, value=fee)
        return claim_id

    def approve(self, claim_id: int, mask: int) -> None:
        self.act("approve", claim_id, mask, sender=self.play.job(job_of(claim_id)).terms.creator)

    def act(self, function: str, *args: Any, sender: str, **sent: Any) -> None:
        done = self.play.act(function, *args, sender=sender, **sent)
        assert done, f"{function} fails with {self.play.steps[-1].outcome}"

    def refused(self, function: str, *args: Any, sender: str, error: str, **sent: Any) -> None:
        """An act that has to fail with this error; its values are the model's."""
        done = self.play.act(function, *args, sender=sender, **sent)
        outcome = self.play.steps[-1].outcome
        assert not done, f"{function} succeeds instead of failing with {error}"
        assert outcome == error, f"{function} fails with {outcome}, not with {error}"

    def run(self) -> Telling:
        """Everything that can be seen at the end, told by the model and by the chain alike."""
        return confirmed(self.troupe, self.play)


def confirmed(troupe: Troupe, play: MarketPlay) -> Telling:
    """Have the chain do what a play wrote, and compare; what the market then tells of itself and of money."""
    views = list(play.views())
    troupe.run(Program(play.steps, [probe_of(view) for view in views]))
    return {_key(view): view.expected for view in views if view.contract is not play.stage.lens}


def _key(view: View) -> tuple[str, str, tuple[Any, ...]]:
    return str(view.contract), view.function, view.args
