"""What must hold of a model of the consensus market at every step, in sentences."""

from __future__ import annotations

from collections.abc import Iterator

from offchain.consensus import ConsensusState, WordState
from offchain.reference.calls import Effects
from offchain.reference.consensus import LabelConsensus
from offchain.reference.consensus.records import MAX_SEATS, bounty


class Watch:
    """One program's rules."""

    def __init__(self, model: LabelConsensus) -> None:
        self.model, self.now = model, 0

    def after_step(self, effects: Effects) -> Iterator[str]:
        """The sentences that do not hold after a step."""
        jobs = {values["jobId"] for _, values in effects.events if "jobId" in values}
        for job_id in jobs:
            yield from self._job(job_id)
        yield from self._payments(effects)

    def whole(self) -> Iterator[str]:
        """The sentences that do not hold of all there is."""
        for job_id in self.model.jobs:
            yield from self._job(job_id)
        yield from self._money()
        yield from self._locks()

    def _job(self, job_id: int) -> Iterator[str]:
        model, job = self.model, self.model.job_of(job_id)
        if not 0 <= job.spent <= bounty(job) or not 0 <= job.experts <= job.terms.expert_budget:
            yield f"job {job_id} spent {job.spent} and {job.experts} of what it has"
        for word in job.words:
            seats = model.seats_of(job_id, word)
            if len(seats) > MAX_SEATS or len({seat.annotator for seat in seats}) < len(seats):
                yield f"job {job_id} word {word} has the seats of {[seat.annotator for seat in seats]}"
            for number in range(job.terms.redundancy):
                masks = [seat.mask for seat in seats if seat.layer == number]
                if sum(mask.bit_count() for mask in masks) != _union(masks).bit_count():
                    yield f"job {job_id} word {word} layer {number}: two seats share a task"
            if any(seat.annotator in {job.creator, model.fee_recipient} for seat in seats):
                yield f"job {job_id} word {word}: the creator or the sink annotates (T34)"
            yield from self._word(job_id, word)

    def _word(self, job_id: int, word: int) -> Iterator[str]:
        kept, job = self.model.words[job_id, word], self.model.job_of(job_id)
        tasks = job.tasks_in(word)
        if kept.state == WordState.SETTLED:
            labelled = sum(1 << task for task, label in enumerate(kept.labels) if label)
            if labelled & kept.unresolved or labelled | kept.unresolved != tasks:
                yield f"job {job_id} word {word}: {labelled:b} have a label, {kept.unresolved:b} have none"
        if kept.truth and kept.truth.challenged & ~kept.truth.gold:
            yield f"job {job_id} word {word}: something was challenged that is not gold"
        if kept.truth and kept.truth.undecided and self.model.scored_words[job_id, word]:
            yield f"job {job_id} word {word}: whoever challenged its gold chose what is measured"
        if job.state == ConsensusState.CLOSED and self.model.live_seats(job_id, word):
            yield f"job {job_id} is closed, and seats of word {word} are not done"

    def _payments(self, effects: Effects) -> Iterator[str]:
        """Nobody is paid more than his seats can earn, and no stake loses more than was locked (T29, T35)."""
        model = self.model
        for name, values in effects.events:
            if name != "SeatSettled":
                continue
            job_id, word, annotator = values["jobId"], values["word"], values["annotator"]
            seat = model.seats[job_id, word, annotator]
            pay = model.word_terms(model.job_of(job_id), word)[0]
            if seat is None or not seat.done or not seat.revealed:
                yield f"{annotator} was paid for a seat that is not done"
            elif values["paid"] > seat.tasks * pay or values["slashed"] > seat.stake:
                yield f"{annotator} got {values['paid']} and lost {values['slashed']} for {seat}"
            elif values["paid"] and values["slashed"]:
                yield f"{annotator} was paid and slashed at once"

    def _money(self) -> Iterator[str]:
        """The market holds what it owes, to the unit (T1)."""
        model = self.model
        for (token, account), held in list(model.bank.balances.items()):
            if account == model.address and held != model.liabilities(token):
                yield f"the market holds {held} of {token} and owes {model.liabilities(token)} (T1)"
        negative = [key for key, held in model.bank.balances.items() if held < 0]
        yield from (f"{key} is below zero" for key in negative)

    def _locks(self) -> Iterator[str]:
        """The stakes of live seats are locked, all of them, as long as their locks last."""
        model = self.model
        lasting: dict[str, int] = {}
        for (job_id, _, account), seat in model.seats.items():
            if seat is not None and not seat.done and model.lock_end(model.job_of(job_id)) >= self.now:
                lasting[account] = lasting.get(account, 0) + seat.stake
        for account, stake in lasting.items():
            locked = model.staking.bonds[account, model.address].locked
            if locked < stake:
                yield f"{account} has {stake} at stake, of which {locked} are locked"


def _union(masks: list[int]) -> int:
    union = 0
    for mask in masks:
        union |= mask
    return union
