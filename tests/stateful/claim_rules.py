"""Rules of annotators: claim, release, submit; and of those who end what expired."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from offchain.reference.records import task_pay
from offchain.states import ClaimState, job_of
from offchain.terms import ZERO_ADDRESS
from tests.stateful.base import Draw, move
from tests.stateful.job_rules import GovernanceRules

LONG_URI = "ipfs://" + "x" * 250


class ClaimRules(GovernanceRules):
    """Tasks are claimed, by signature too, and given back or submitted."""

    @move(16, lambda self: self.places())
    def claim(self, data: Draw) -> None:
        anywhere = [(job_id, word) for job_id in (*self.model.jobs, 99) for word in range(2)]
        job_id, word = self.pick(data, self.places(), anywhere)
        job = self.model.jobs[job_id]
        terms = job.terms if job else self.job(1).terms
        roomy = [who for who in self.cast.annotators if self.model.held(job_id, who) < terms.max_open]
        strangers = [terms.creator, self.cast.sink, self.cast.keeper, self.cast.arbiter]
        others = [*self.cast.annotators, *strangers]
        annotator = self.pick(data, roomy, others)
        latest = [terms.deadline - terms.claim_window] if self.rarely(data, 8) else []
        time = self.moment(data, *latest)
        expired, freed = self._expired(data, job_id, word, time)
        free = self.model.free_tasks(job_id, word) | freed
        room = terms.max_open - self.model.held(job_id, annotator)
        mask = self.part_of(data, free, (1 << 256) - 1)
        if 0 < room < mask.bit_count() and not self.rarely(data):
            mask = _lowest(mask, room)
        data_for_hook = self._pass(data, annotator) if terms.hook != ZERO_ADDRESS else b""
        bond = task_pay(terms, word).bond * mask.bit_count()
        value = self.value_for(data, terms.token, bond)
        args: tuple[Any, ...] = (job_id, word, mask, data_for_hook, expired)
        if not data.draw(st.booleans(), label="signed"):
            self.twin.act("claim", *args, sender=annotator, time=time, value=value)
            return
        digest = job.terms_hash if job else b"\0" * 32
        message = {"termsHash": digest, "jobId": job_id, "word": word, "mask": mask}
        consent, signature = self.consent(data, "Claim", annotator, time, **message)
        sent = {"sender": self.cast.keeper, "time": time, "value": value}
        self.twin.act("claimBySig", *args, consent, signature=signature, **sent)

    def _expired(self, data: Draw, job_id: int, word: int, time: int) -> tuple[list[int], int]:
        """Claims to end on the way, and the tasks that this sets free."""
        over = [
            claim_id
            for claim_id in self.claimed()
            if job_of(claim_id) == job_id
            and self.model.claims[claim_id].word == word
            and self.model.claims[claim_id].time < time
        ]
        if self.rarely(data) and self.claims():
            wrong = data.draw(st.lists(st.sampled_from(self.claims()), min_size=1, max_size=2), label="wrong")
            over = [*over, *wrong]
        if self.rarely(data, 40):
            over = [1 << 24] * 17
        masks = (self.model.claims[claim_id].mask for claim_id in over)
        return over, sum(masks) if len(set(over)) == len(over) else 0

    def _pass(self, data: Draw, annotator: str) -> bytes:
        """What the hook wants to see; of one who is not on the list, somebody else's."""
        own = self.stage.pass_for(annotator) or self.stage.pass_for(self.cast.annotator)
        other = self.stage.pass_for(self.cast.barred)
        assert own is not None
        assert other is not None
        return other if self.rarely(data) else own

    @move(20, lambda self: self.alive(self.claimed()))
    def submit(self, data: Draw) -> None:
        claim_id = self.pick_claim(data, self.claimed())
        claim = self.model.claims[claim_id]
        ends = self.deadlines(claim_id) if claim.state != ClaimState.NONE else []
        time = self.moment(data, *ends)
        done = self.part_of(data, claim.mask or 1, ~claim.mask & (1 << 256) - 1)
        root = bytes(32) if self.rarely(data) else (claim_id << 8 | 1).to_bytes(32)
        uri = LONG_URI if self.rarely(data) else f"0g://{claim_id:x}"
        annotator = claim.annotator if int(claim.annotator, 16) else self.cast.annotator
        if not data.draw(st.booleans(), label="signed"):
            sender = self.sender(data, annotator)
            self.twin.act("submitBatch", claim_id, root, done, uri, sender=sender, time=time)
            return
        signer = self.pick(data, [annotator], self.cast.annotators)
        message = {"claimId": claim_id, "root": root, "done": done, "uri": uri}
        consent, signature = self.consent(data, "SubmitBatch", signer, time, **message)
        args = (claim_id, root, done, uri, consent)
        self.twin.act("submitBatchBySig", *args, signature=signature, sender=self.cast.keeper, time=time)

    @move(4, lambda self: self.alive(self.claimed()))
    def release(self, data: Draw) -> None:
        claim_id = self.pick_claim(data, self.claimed())
        claim = self.model.claims[claim_id]
        ends = self.deadlines(claim_id) if claim.state != ClaimState.NONE else []
        time = self.moment(data, *ends)
        annotator = claim.annotator if int(claim.annotator, 16) else self.cast.annotator
        if not data.draw(st.booleans(), label="signed"):
            self.twin.act("release", claim_id, sender=self.sender(data, annotator), time=time)
            return
        signer = self.pick(data, [annotator], self.cast.annotators)
        consent, signature = self.consent(data, "Release", signer, time, claimId=claim_id)
        sent = {"sender": self.cast.keeper, "time": time}
        self.twin.act("releaseBySig", claim_id, consent, signature=signature, **sent)

    @move(4, lambda self: self.claimed())
    def release_expired(self, data: Draw) -> None:
        first = self.pick_claim(data, self.claimed(), in_time=False)
        job_id = job_of(first) if not self.rarely(data) else job_of(first) + 1
        beside = [claim for claim in self.claimed() if job_of(claim) == job_of(first) and claim != first]
        some = data.draw(st.lists(st.sampled_from(beside), unique=True), label="beside") if beside else []
        claim_ids = [first, *some]
        if self.rarely(data):
            claim_ids = [*claim_ids, first]
        if self.rarely(data, 40):
            claim_ids = [first] * 65
        ends = [self.model.claims[claim_id].time for claim_id in claim_ids]
        time = self.after(data, max(ends))
        self.twin.act("releaseExpired", job_id, claim_ids, sender=self.cast.keeper, time=time)


def _lowest(mask: int, tasks: int) -> int:
    """The lowest tasks of a mask."""
    kept = 0
    for _ in range(tasks):
        kept |= mask & -mask
        mask &= mask - 1
    return kept
