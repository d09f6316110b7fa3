"""Reference model of what annotators do: claim, release, submit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from offchain.hashing import address_bytes, keccak256
from offchain.reference.bank import World
from offchain.reference.calls import Call, Consent, act, payable_act
from offchain.reference.guards import require_account, require_in_time, require_passed, require_subset
from offchain.reference.jobs import JobBook
from offchain.reference.records import Claim, Job, task_pay, tasks_in_word
from offchain.reference.revert import Revert
from offchain.states import SEQUENCE_BITS, ClaimState, JobState
from offchain.terms import ZERO_ADDRESS, ZERO_HASH

MAX_EXPIRED = 16
MAX_RELEASES = 64
MAX_URI_BYTES = 256
MAX_RECORDS = 1 << SEQUENCE_BITS

Hook = Callable[[int, str, int, bytes], bool]
"""An eligibility hook: job id, annotator, number of tasks, data. It may raise `Revert`."""


class Claims(JobBook):
    """The market's acts of annotators. `hooks` are the eligibility hooks that jobs may name, by address."""

    def __init__(self, address: str, owner: str, fee_recipient: str, world: World) -> None:
        super().__init__(address, owner, fee_recipient, world)
        self.hooks: dict[str, Hook] = {}

    @payable_act
    def claim(  # noqa: PLR0913, PLR0917 - the contract's arguments
        self,
        call: Call,
        job_id: int,
        word: int,
        mask: int,
        hook_data: bytes = b"",
        expired: Sequence[int] = (),
    ) -> int:
        """Reserve tasks for the claim window against a bond; the effects' result is the claim's id."""
        self._require_running()
        return self._claim(call, call.sender, job_id, word, mask, hook_data, expired)

    @payable_act
    def claim_by_sig(  # noqa: PLR0913, PLR0917 - the contract's arguments
        self,
        call: Call,
        job_id: int,
        word: int,
        mask: int,
        hook_data: bytes,
        expired: Sequence[int],
        consent: Consent,
    ) -> int:
        """The same in the signer's name; a native bond comes with the call."""
        self._require_running()
        self._authorize(call, consent)
        return self._claim(call, consent.signer, job_id, word, mask, hook_data, expired)

    @act
    def release_expired(self, call: Call, job_id: int, claim_ids: Sequence[int]) -> None:
        """End expired claims of one job."""
        if len(claim_ids) > MAX_RELEASES:
            raise Revert("TooMany", len(claim_ids), MAX_RELEASES)
        refund = 0
        for claim_id in claim_ids:
            if claim_id >> SEQUENCE_BITS != job_id:
                raise Revert("ClaimElsewhere", claim_id, job_id, 0)
            refund += self._expire(call, claim_id)
        job = self.jobs[job_id]
        if job is not None:
            self._pay(job.terms.token, job.terms.creator, refund)

    @act
    def release(self, call: Call, claim_id: int) -> None:
        """Give all tasks of a claim back."""
        self._release(call, call.sender, claim_id)

    @act
    def release_by_sig(self, call: Call, claim_id: int, consent: Consent) -> None:
        """The same in the signer's name."""
        self._authorize(call, consent)
        self._release(call, consent.signer, claim_id)

    @act
    def submit_batch(self, call: Call, claim_id: int, root: bytes, done: int, uri: str) -> None:
        """Submit results; the claim's other tasks go back."""
        self._submit(call, call.sender, claim_id, root, done, uri)

    @act
    def submit_batch_by_sig(  # noqa: PLR0913, PLR0917 - the contract's arguments
        self, call: Call, claim_id: int, root: bytes, done: int, uri: str, consent: Consent
    ) -> None:
        """The same in the signer's name."""
        self._authorize(call, consent)
        self._submit(call, consent.signer, claim_id, root, done, uri)

    def _claim(  # noqa: PLR0913, PLR0917 - the contract's arguments
        self,
        call: Call,
        annotator: str,
        job_id: int,
        word: int,
        mask: int,
        hook_data: bytes,
        expired: Sequence[int],
    ) -> int:
        job = self.jobs[job_id]
        if job is None or job.state != JobState.OPEN:
            raise Revert("WrongJobState", job_id, self.state_of(job_id))
        if annotator in {job.terms.creator, self.fee_recipient}:
            raise Revert("MayNotClaim", annotator)
        expiry = call.now + job.terms.claim_window
        if expiry > job.terms.deadline:
            raise Revert("TooLate", job.terms.deadline, expiry)
        require_subset(mask, tasks_in_word(job.terms.task_count, word))
        self._end_expired(call, annotator, job_id, word, expired)
        self._require_eligible(job, job_id, annotator, mask.bit_count(), hook_data)
        claim_id = self._take(job_id, annotator, word, mask, expiry)
        bond = task_pay(job.terms, word).bond * mask.bit_count()
        self._emit(
            "TasksClaimed",
            jobId=job_id,
            claimId=claim_id,
            annotator=annotator,
            word=word,
            mask=mask,
            expiry=expiry,
            bond=bond,
        )
        self._receive(call, job.terms.token, annotator, bond)
        return claim_id

    def _take(self, job_id: int, annotator: str, word: int, mask: int, expiry: int) -> int:
        claim_id = job_id << SEQUENCE_BITS
        job = self._job(claim_id)[1]
        taken = self.unavailable(job, word) & mask
        if taken:
            raise Revert("TasksTaken", job_id, word, taken)
        held = self.held(job_id, annotator) + mask.bit_count()
        if held > job.terms.max_open:
            raise Revert("OpenCapExceeded", annotator, held, job.terms.max_open)
        if job.records + 1 == MAX_RECORDS:
            raise Revert("SafeCastOverflowedUintDowncast", SEQUENCE_BITS, MAX_RECORDS)
        claim_id |= job.records
        self.jobs[job_id] = replace(job, records=job.records + 1, live=job.live | {claim_id})
        self.claims[claim_id] = Claim(annotator, word, expiry, mask)
        return claim_id

    def _require_eligible(self, job: Job, job_id: int, annotator: str, tasks: int, hook_data: bytes) -> None:
        if job.terms.hook == ZERO_ADDRESS:
            return
        if not self.hooks[job.terms.hook](job_id, annotator, tasks, hook_data):
            raise Revert("NotEligible", job_id, annotator)

    def _end_expired(
        self, call: Call, annotator: str, job_id: int, word: int, expired: Sequence[int]
    ) -> None:
        if len(expired) > MAX_EXPIRED:
            raise Revert("TooMany", len(expired), MAX_EXPIRED)
        for claim_id in expired:
            claim = self._claim_in(claim_id, ClaimState.CLAIMED)
            if (claim_id >> SEQUENCE_BITS, claim.word) != (job_id, word):
                raise Revert("ClaimElsewhere", claim_id, job_id, word)
            if claim.annotator == annotator:
                raise Revert("MayNotClaim", annotator)
            self._expire(call, claim_id)

    def _expire(self, call: Call, claim_id: int) -> int:
        """Returns what is to be paid to the creator."""
        claim = self._claim_in(claim_id, ClaimState.CLAIMED)
        require_passed(claim.time, call.now)
        job_id, job = self._job(claim_id)
        tasks = claim.mask.bit_count()
        forfeited = task_pay(job.terms, claim.word).bond * tasks
        self._emit(
            "ClaimExpired",
            jobId=job_id,
            claimId=claim_id,
            annotator=claim.annotator,
            mask=claim.mask,
            forfeited=forfeited,
        )
        self._put(claim_id, replace(claim, mask=0))
        refund = self._give_back(job_id, claim.word, tasks)
        self._credit(job.terms.token, self.fee_recipient, forfeited)
        return refund

    def _release(self, call: Call, annotator: str, claim_id: int) -> None:
        claim = self._held_claim(call, annotator, claim_id)
        self._put(claim_id, replace(claim, mask=0))
        self._return_undone(call, claim_id, claim, claim.mask)

    def _submit(  # noqa: PLR0913, PLR0917 - the contract's arguments
        self, call: Call, annotator: str, claim_id: int, root: bytes, done: int, uri: str
    ) -> None:
        claim = self._held_claim(call, annotator, claim_id)
        if root == ZERO_HASH:
            raise Revert("EmptyRoot")
        if len(uri.encode()) > MAX_URI_BYTES:
            raise Revert("TooMany", len(uri.encode()), MAX_URI_BYTES)
        require_subset(done, claim.mask)
        submission = replace(
            claim,
            state=ClaimState.SUBMITTED,
            time=call.now,
            mask=done,
            commitment=commitment(annotator, claim.word, root, done),
        )
        self._put(claim_id, submission)
        self._emit(
            "LabelsSubmitted",
            jobId=claim_id >> SEQUENCE_BITS,
            claimId=claim_id,
            annotator=annotator,
            done=done,
            root=root,
            uri=uri,
        )
        if done != claim.mask:
            self._return_undone(call, claim_id, claim, claim.mask & ~done)

    def _return_undone(self, call: Call, claim_id: int, claim: Claim, mask: int) -> None:
        """The claim has let go of `mask`. Each task costs the part of its bond that belongs to the time that
        passed, rounded up.
        """
        job_id, job = self._job(claim_id)
        terms, tasks = job.terms, mask.bit_count()
        bond = task_pay(terms, claim.word).bond
        elapsed = call.now - (claim.time - terms.claim_window)
        forfeit = -(-bond * elapsed // terms.claim_window)
        self._emit(
            "TasksReturned",
            jobId=job_id,
            claimId=claim_id,
            annotator=claim.annotator,
            mask=mask,
            forfeited=forfeit * tasks,
        )
        refund = self._give_back(job_id, claim.word, tasks)
        self._credit(terms.token, self.fee_recipient, forfeit * tasks)
        self._pay(terms.token, claim.annotator, (bond - forfeit) * tasks)
        self._pay(terms.token, terms.creator, refund)

    def _held_claim(self, call: Call, annotator: str, claim_id: int) -> Claim:
        claim = self._claim_in(claim_id, ClaimState.CLAIMED)
        require_account(annotator, claim.annotator)
        require_in_time(claim.time, call.now)
        return claim


def commitment(annotator: str, word: int, root: bytes, done: int) -> bytes:
    """What the market keeps of a submission, so that anyone can later prove a result: 32 bytes."""
    words = (address_bytes(annotator).rjust(32, b"\0"), word.to_bytes(32), root, done.to_bytes(32))
    return keccak256(b"".join(words))
