"""Short ways to a certain state, told as acts on both markets."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from offchain.reference.calls import NOT_ACCEPTED, Acceptance
from offchain.reference.market import struct_of
from offchain.reference.records import bounty, task_pay
from offchain.reference.terms import DAY, HOUR
from offchain.signing import Domain, sign, terms_hash, typed_data
from offchain.states import SEQUENCE_BITS
from offchain.terms import ZERO_ADDRESS, JobTerms
from tests.stateful.cast import Stage
from tests.stateful.chain import Reader, rpc
from tests.stateful.twin import Twin

ROOT = b"\x01" * 32


class Story:
    """A market in which everything that is told succeeds, one second after the other unless `at` says
    when.
    """

    def __init__(self, stage: Stage, reader: Reader) -> None:
        self.twin, self.stage, self.cast = Twin(stage, reader), stage, stage.cast

    def job(self, **changes: Any) -> int:
        """The creator opens a job of 8 tasks in the native coin, with arbiter, bonds and difficulty
        classes.
        """
        start = self.twin.now
        terms = JobTerms(
            creator=self.cast.creator,
            reward=10_001,
            task_count=8,
            review_window=HOUR,
            appeal_window=2 * HOUR,
            decision_window=DAY,
            deadline=start + 30 * DAY,
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
        terms = replace(terms, **changes)
        domain = Domain(int(rpc("eth_chainId"), 16), self.stage.market.address)
        acceptance, signature = NOT_ACCEPTED, b""
        if terms.arbiter != ZERO_ADDRESS:
            acceptance = Acceptance(start + DAY)
            message = {
                "termsHash": terms_hash(terms),
                "arbiter": terms.arbiter,
                "deadline": acceptance.deadline,
            }
            signature = sign(self.stage.keys[terms.arbiter], typed_data(domain, "ArbiterAcceptance", message))
        args = (struct_of(terms), list(terms.word_classes), acceptance.deadline, signature)
        value = 0 if int(terms.token, 16) else bounty(terms)
        self.act("createJob", *args, sender=terms.creator, value=value, model_args=(terms, acceptance))
        return len(self.twin.model.jobs)

    def claim(self, job_id: int, mask: int, annotator: str = "", word: int = 0) -> int:
        terms = self._terms(job_id)
        bond = 0 if int(terms.token, 16) else task_pay(terms, word).bond * mask.bit_count()
        args = (job_id, word, mask, b"", [])
        self.act("claim", *args, sender=annotator or self.cast.annotator, value=bond)
        job = self.twin.model.jobs[job_id]
        assert job is not None
        return job_id << SEQUENCE_BITS | job.records - 1

    def submission(self, job_id: int, mask: int, annotator: str = "", word: int = 0) -> int:
        claim_id = self.claim(job_id, mask, annotator, word)
        sender = annotator or self.cast.annotator
        self.act("submitBatch", claim_id, ROOT, mask, "0g://payload", sender=sender)
        return claim_id

    def rejection(self, job_id: int, mask: int, rejected: int) -> int:
        claim_id, terms = self.submission(job_id, mask), self._terms(job_id)
        value = task_pay(terms, 0).reject_fee * rejected.bit_count() + terms.arbiter_fee
        self.act("reject", claim_id, rejected, b"\x33" * 32, sender=terms.creator, value=value)
        return claim_id

    def appeal(self, job_id: int, mask: int, rejected: int) -> int:
        claim_id = self.rejection(job_id, mask, rejected)
        fee = self._terms(job_id).arbiter_fee
        self.act("appeal", claim_id, sender=self.cast.annotator, value=fee)
        return claim_id

    def act(self, function: str, *args: Any, sender: str, at: int = 0, **sent: Any) -> None:
        time = at or self.twin.now + 1
        assert self.twin.act(function, *args, sender=sender, time=time, **sent), f"{function} failed"

    def _terms(self, job_id: int) -> JobTerms:
        job = self.twin.model.jobs[job_id]
        assert job is not None
        return job.terms
