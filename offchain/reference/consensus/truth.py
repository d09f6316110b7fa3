"""Reference model of the consensus market: gold, challenges, experts, scores."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from offchain.consensus import Phase, WordState, merged
from offchain.hashing import verify_batch_proof
from offchain.reference.calls import Call, Consent, act, payable_act
from offchain.reference.consensus.book import FOREVER
from offchain.reference.consensus.records import BPS, Challenge, Job, Opening, Seat, Truth
from offchain.reference.consensus.seats import ConsensusSeats
from offchain.reference.revert import Revert

MAX_CHALLENGES = 255


class ConsensusTruth(ConsensusSeats):
    """What is known to be true. `expert` says whether the panel knows the caller: a model asks nobody."""

    @act
    def open_gold(self, call: Call, job_id: int, openings: Sequence[Opening]) -> None:
        """Open the gold of words."""
        job = self._open_job(job_id)
        self._require_in(job, Phase.GOLD, call.now)
        opened = 0
        for opening in openings:
            if self.words[job_id, opening.word].truth is None:
                self._open_word(job, job_id, opening)
                opened += 1
        if not opened:
            raise Revert("NothingToDo")

    @payable_act
    def challenge(  # noqa: PLR0913, PLR0917 - as declared
        self, call: Call, job_id: int, word: int, mask: int, seat: Seat, truth: Truth
    ) -> None:
        """Say that gold is false."""
        self._challenge(call, call.sender, job_id, word, mask, seat, truth)

    @payable_act
    def challenge_by_sig(  # noqa: PLR0913, PLR0917 - as declared
        self, call: Call, job_id: int, word: int, mask: int, seat: Seat, truth: Truth, consent: Consent
    ) -> None:
        """The same in the signer's name."""
        self._authorize(call, consent)
        self._challenge(call, consent.signer, job_id, word, mask, seat, truth)

    @act
    def settle_challenge(self, call: Call, job_id: int, word: int, index: int, truth: Truth) -> None:
        """End a challenge."""
        self._require_truth(job_id, word, truth)
        challenges = self.words[job_id, word].challenges
        if index >= len(challenges) or not challenges[index].open:
            raise Revert("NoSuchChallenge", job_id, word, index)
        challenge, terms = challenges[index], self.job_of(job_id).terms
        if challenge.mask & ~truth.decided:
            self._require_between(terms.end(Phase.EXPERT), FOREVER, call.now)
        confirmed = sum(
            truth.verdicts[task] == truth.labels[task]
            for task in range(len(truth.labels))
            if challenge.mask & truth.decided & 1 << task
        )
        forfeited = confirmed * terms.challenge_bond
        returned = challenge.mask.bit_count() * terms.challenge_bond - forfeited
        self._put_challenge(job_id, word, index, replace(challenge, open=False))
        self._emit(
            "ChallengeEnded", jobId=job_id, word=word, index=index, returned=returned, forfeited=forfeited
        )
        self._credit(terms.token, self.fee_recipient, forfeited)
        self._pay(terms.token, challenge.challenger, returned)

    @act
    def decide(  # noqa: PLR0913, PLR0917 - as declared
        self,
        call: Call,
        job_id: int,
        word: int,
        mask: int,
        verdicts: bytes,
        truth: Truth,
        audited: Sequence[Seat],
        *,
        expert: bool = True,
    ) -> None:
        """Say what is true."""
        self._decide(call, call.sender, job_id, word, mask, verdicts, truth, audited, expert=expert)

    @act
    def decide_by_sig(  # noqa: PLR0913, PLR0917 - as declared
        self,
        call: Call,
        job_id: int,
        word: int,
        mask: int,
        verdicts: bytes,
        truth: Truth,
        audited: Sequence[Seat],
        consent: Consent,
        *,
        expert: bool = True,
    ) -> None:
        """The same in the signer's name."""
        self._authorize(call, consent)
        self._decide(call, consent.signer, job_id, word, mask, verdicts, truth, audited, expert=expert)

    @act
    def score(self, call: Call, job_id: int, word: int, truth: Truth, seats: Sequence[Seat]) -> None:
        """Count the known tasks of a word."""
        self._score(call, job_id, word, truth, seats)

    # Inside

    def _score(self, call: Call, job_id: int, word: int, truth: Truth, seats: Sequence[Seat]) -> None:
        job = self._open_job(job_id)
        self._require_in(job, Phase.SCORE, call.now)
        self._require_opened(job_id)
        self._require_truth(job_id, word, truth)
        state = self.words[job_id, word].state
        if state != WordState.OPEN:
            raise Revert("WrongWordState", job_id, word, state)
        if truth.undecided:
            raise Revert("TasksUndecided", job_id, word, truth.undecided)
        self._require_all_revealed(job_id, word, seats)
        self._change_word(job_id, word, state=WordState.SCORED)
        self.scored_words[job_id, word] = True
        self._emit("WordScored", jobId=job_id, word=word)

    def _open_word(self, job: Job, job_id: int, opening: Opening) -> None:
        word, gold = opening.word, opening.gold
        kept = self.words[job_id, word]
        if not kept.annotators:
            raise Revert("TasksNotAvailable", word, gold.mask, 0)
        leaf, words = gold.leaf(word), len(job.tasks)
        if not verify_batch_proof(job.terms.gold_root, leaf, word, words, opening.proof):
            raise Revert("NotInTree", word)
        tasks = job.tasks_in(word)
        if gold.mask & ~tasks:
            raise Revert("TasksNotAvailable", word, gold.mask, tasks)
        least = tasks.bit_count() * job.terms.gold_bps // BPS
        if gold.mask.bit_count() < least:
            raise Revert("GoldTooSmall", word, gold.mask.bit_count(), least)
        labelled = self._check_labels(gold.labels, self._labels_length(job, word), job.terms.classes)
        self._require_exactly(word, labelled, gold.mask)
        self._change_word(job_id, word, truth=Truth(gold.mask, gold.labels, gold.salt))
        self._emit("GoldOpened", jobId=job_id, word=word, mask=gold.mask, labels=gold.labels, salt=gold.salt)

    def _challenge(  # noqa: PLR0913, PLR0917 - as declared
        self, call: Call, challenger: str, job_id: int, word: int, mask: int, seat: Seat, truth: Truth
    ) -> None:
        job = self._open_job(job_id)
        self._require_in(job, Phase.CHALLENGE, call.now)
        self._require_opened(job_id)
        self._require_truth(job_id, word, truth)
        if seat.annotator != challenger:
            raise Revert("WrongSeat", job_id, word, challenger)
        self._require_seat(job_id, word, seat, revealed=True)
        allowed = seat.mask & truth.gold & ~truth.challenged
        if not mask or mask & ~allowed:
            raise Revert("TasksNotAvailable", word, mask, allowed)
        index = len(self.words[job_id, word].challenges)
        if index >= MAX_CHALLENGES:
            raise Revert("TooManyChallenges", job_id, word)
        self._put_challenge(job_id, word, index, Challenge(challenger, mask))
        self._change_word(job_id, word, truth=replace(truth, challenged=truth.challenged | mask))
        bond = mask.bit_count() * job.terms.challenge_bond
        self._emit(
            "GoldChallenged",
            jobId=job_id,
            word=word,
            challenger=challenger,
            index=index,
            mask=mask,
            bond=bond,
        )
        self._receive(call, job.terms.token, challenger, bond)

    def _decide(  # noqa: PLR0913, PLR0917 - as declared
        self,
        call: Call,
        account: str,
        job_id: int,
        word: int,
        mask: int,
        verdicts: bytes,
        truth: Truth,
        audited: Sequence[Seat],
        *,
        expert: bool,
    ) -> None:
        job = self._open_job(job_id)
        self._require_in(job, Phase.EXPERT, call.now)
        self._require_opened(job_id)
        self._require_truth(job_id, word, truth)
        self._require_expert(job, job_id, word, account, expert=expert)
        drawn = 0
        for seat in audited:
            kept = self._require_seat(job_id, word, seat, revealed=True)
            drawn |= self.audit_of(job_id, word, kept, truth.salt)
        allowed = (truth.challenged | (drawn & ~truth.gold)) & ~truth.decided
        if not mask or mask & ~allowed:
            raise Revert("TasksNotAvailable", word, mask, allowed)
        labelled = self._check_labels(verdicts, self._labels_length(job, word), job.terms.classes)
        self._require_within(word, labelled, mask)
        fee = self._take_fee(job, job_id, mask)
        every = merged(truth.verdicts, verdicts) if truth.decided else verdicts
        self._change_word(job_id, word, truth=replace(truth, decided=truth.decided | mask, verdicts=every))
        self._emit(
            "TruthDecided", jobId=job_id, word=word, expert=account, mask=mask, verdicts=verdicts, fee=fee
        )
        self._pay(job.terms.token, account, fee)

    def _require_expert(self, job: Job, job_id: int, word: int, account: str, *, expert: bool) -> None:
        if not expert:
            raise Revert("NotExpert", job_id, account)
        if account in {job.creator, self.fee_recipient} or any(self.seat_digest(job_id, word, account)):
            raise Revert("RoleConflict", account)

    def _take_fee(self, job: Job, job_id: int, mask: int) -> int:
        fee = min(mask.bit_count() * job.terms.expert_fee, self.budget(job_id))
        self.jobs[job_id] = job.plus(experts=fee)
        return fee
