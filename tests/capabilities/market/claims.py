"""What annotators do: claim, release, submit; and those who end what expired."""

from __future__ import annotations

from typing import Any

from offchain.reference.records import task_pay
from offchain.states import job_of
from offchain.terms import ZERO_ADDRESS
from tests.capabilities.market.base import ALL
from tests.capabilities.market.jobs import JobActions
from tests.capabilities.market.results import Batch, Results
from tests.engine.capability import action
from tests.engine.dice import Dice

LONG_URI = "ipfs://" + "x" * 250


class ClaimActions(JobActions):
    """Tasks are claimed, by signature too, and given back or submitted."""

    results: Results

    @action(16, lambda self: self.seen.places)
    def claim(self, dice: Dice) -> None:
        self._claim(dice, signed=False)

    @action(10, lambda self: self.seen.places)
    def claim_by_sig(self, dice: Dice) -> None:
        self._claim(dice, signed=True)

    def _claim(self, dice: Dice, *, signed: bool) -> None:
        anywhere = [(job_id, word) for job_id in (*self.model.jobs, 99) for word in range(2)]
        job_id, word = dice.pick(self.places(), anywhere)
        job = self.model.jobs[job_id]
        terms = job.terms if job else self.job(1).terms
        annotator = self._annotator(dice, job_id, signed=signed)
        latest = [terms.deadline - terms.claim_window] if dice.chance(8) else []
        time = self.moment(dice, *latest)
        expired, freed = self._expired(dice, job_id, word, time)
        mask = self._mask(dice, job_id, annotator, self.model.free_tasks(job_id, word) | freed)
        data_for_hook = self._pass(dice, annotator) if terms.hook != ZERO_ADDRESS else b""
        value = self.value_for(dice, terms.token, task_pay(terms, word).bond * mask.bit_count())
        args = (job_id, word, mask, data_for_hook, expired)
        if not signed:
            self.act("claim", *args, sender=annotator, at=time, value=value)
            return
        digest = job.terms_hash if job else bytes(32)
        message = {"termsHash": digest, "jobId": job_id, "word": word, "mask": mask}
        consent = self.signed(dice, "Claim", annotator, time, **message)
        self.act("claimBySig", *args, consent, sender=self.cast.keeper, at=time, value=value)

    def _annotator(self, dice: Dice, job_id: int, *, signed: bool) -> str:
        """Somebody who has room for more and, where he has to, can sign."""
        job = self.model.jobs[job_id]
        terms = (job or self.job(1)).terms
        able = [who for who in self.cast.annotators if not signed or who in self.stage.signers]
        roomy = [who for who in able if self.model.held(job_id, who) < terms.max_open]
        strangers = [terms.creator, self.cast.sink, self.cast.keeper, self.cast.arbiter]
        return dice.pick(roomy, [*able, *strangers])

    def _mask(self, dice: Dice, job_id: int, annotator: str, free: int) -> int:
        """Some of the free tasks, mostly not more than the annotator may have (R3)."""
        mask = self.part_of(dice, free, ALL)
        job = self.model.jobs[job_id]
        room = (job.terms.max_open if job else 0) - self.model.held(job_id, annotator)
        greedy = dice.wrong() or dice.chance(6)
        return _lowest(mask, room) if 0 < room < mask.bit_count() and not greedy else mask

    def _expired(self, dice: Dice, job_id: int, word: int, time: int) -> tuple[list[int], int]:
        """Claims to end on the way, and the tasks that this sets free."""
        over = [
            claim_id
            for claim_id in self.claimed()
            if job_of(claim_id) == job_id
            and self.model.claims[claim_id].word == word
            and self.model.claims[claim_id].time < time
        ]
        if self.claims() and dice.wrong():
            over = [*over, dice.choose(self.claims())]
        if dice.wrong():
            over = [1 << 24] * 17
        masks = (self.model.claims[claim_id].mask for claim_id in over)
        return over, sum(masks) if len(set(over)) == len(over) else 0

    def _pass(self, dice: Dice, annotator: str) -> bytes:
        """What the hook wants to see; of one who is not on the list, somebody else's."""
        own = self.stage.pass_for(annotator) or self.stage.pass_for(self.cast.annotator)
        other = self.stage.pass_for(self.cast.barred)
        assert own is not None
        assert other is not None
        return other if dice.wrong() else own

    @action(90, lambda self: self.seen.to_submit)
    def submit_batch(self, dice: Dice) -> None:
        self._submit(dice, signed=False)

    @action(54, lambda self: self.seen.to_submit)
    def submit_batch_by_sig(self, dice: Dice) -> None:
        self._submit(dice, signed=True)

    def _submit(self, dice: Dice, *, signed: bool) -> None:
        claim_id = self.pick_claim(dice, self.claimed())
        claim = self.model.claims[claim_id]
        time = self.moment(dice, *self.deadlines(claim_id))
        done = self.part_of(dice, claim.mask or 1, ~claim.mask & ALL)
        annotator = self._holder(claim_id)
        batch = Batch(annotator, claim.word, done)
        root = bytes(32) if dice.wrong() else self.results.root(claim_id, batch)
        uri = LONG_URI if dice.wrong() else f"0g://{claim_id:x}"
        if not signed:
            sender = self.sender(dice, annotator)
            if self.act("submitBatch", claim_id, root, done, uri, sender=sender, at=time):
                self.results.batches[claim_id] = batch
            return
        signer = dice.pick([annotator], self.cast.annotators)
        message = {"claimId": claim_id, "root": root, "done": done, "uri": uri}
        consent = self.signed(dice, "SubmitBatch", signer, time, **message)
        sender = self.cast.keeper
        if self.act("submitBatchBySig", claim_id, root, done, uri, consent, sender=sender, at=time):
            self.results.batches[claim_id] = batch

    @action(28, lambda self: self.seen.to_submit)
    def release(self, dice: Dice) -> None:
        claim_id, time = self._to_release(dice)
        self.act("release", claim_id, sender=self.sender(dice, self._holder(claim_id)), at=time)

    @action(30, lambda self: self.seen.to_submit)
    def release_by_sig(self, dice: Dice) -> None:
        claim_id, time = self._to_release(dice)
        signer = dice.pick([self._holder(claim_id)], self.cast.annotators)
        consent = self.signed(dice, "Release", signer, time, claimId=claim_id)
        self.act("releaseBySig", claim_id, consent, sender=self.cast.keeper, at=time)

    def _to_release(self, dice: Dice) -> tuple[int, int]:
        claim_id = self.pick_claim(dice, self.claimed())
        return claim_id, self.moment(dice, *self.deadlines(claim_id))

    def _holder(self, claim_id: int) -> str:
        """Who has the claim; somebody for a claim that was never made."""
        holder = self.model.claims[claim_id].annotator
        return holder if int(holder, 16) else self.cast.annotator

    @action(8, lambda self: self.seen.claimed)
    def release_expired(self, dice: Dice) -> None:
        first = self.pick_claim(dice, self.claimed(), in_time=False)
        job_id = job_of(first) + dice.wrong()
        beside = [claim for claim in self.claimed() if job_of(claim) == job_of(first) and claim != first]
        claim_ids = [first, *(beside if dice.chance(2) else [])]
        if dice.wrong():
            claim_ids = [*claim_ids, first]
        if dice.wrong():
            claim_ids = [first] * 65
        time = self.after(dice, max(self.model.claims[claim_id].time for claim_id in claim_ids))
        self.act("releaseExpired", job_id, claim_ids, sender=self.cast.keeper, at=time)

    @action(4, lambda self: self.model.claims)
    def call_back(self, dice: Dice) -> None:
        """Whoever calls back when paid, and the token that calls back when moved, get new words to say: acts
        that would succeed if the market let itself be called while it pays.
        """
        puppet = dice.choose((self.chain.contracts["caller"], self.stage.tokens[2]))
        claim_id = dice.choose(self.claims())
        own = [claim for claim in self.claimed() if self.model.claims[claim].annotator == puppet.address]
        calls: list[tuple[str, tuple[Any, ...]]] = [("release", (claim,)) for claim in own]
        calls += [("finalize", (claim_id,)), ("close", (job_of(claim_id),)), ("settleRejection", (claim_id,))]
        calls += [("releaseExpired", (job_of(claim_id), [claim_id])), ("settleAppeal", (claim_id,))]
        name, args = dice.choose(calls)
        self.say_when_called(puppet, name, *args)


def _lowest(mask: int, tasks: int) -> int:
    """The lowest tasks of a mask."""
    kept = 0
    for _ in range(tasks):
        kept |= mask & -mask
        mask &= mask - 1
    return kept
