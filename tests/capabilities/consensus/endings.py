"""Words are settled or expire, experts label what is left."""

from __future__ import annotations

from offchain.consensus import PanelKind, Phase, WordState
from offchain.reference.consensus.records import Seat
from tests.capabilities.consensus.arguments import Known, Seats
from tests.capabilities.consensus.base import Place, once_a_step
from tests.capabilities.consensus.truth import TruthActions
from tests.engine.capability import action
from tests.engine.dice import Dice

MANY = 4
"""Seats of a job that can be worth while."""


class EndingActions(TruthActions):
    """What happens when everything is known."""

    @action(70, lambda self: self.settleable())
    def settle(self, dice: Dice) -> None:
        job_id, word = dice.choose(self.settleable())
        seats = self.all_seats(dice, self.model.revealed_seats(job_id, word))
        truth = Known(self.other_truth(dice, self.truth(job_id, word)))
        at = self.moment(dice, self.job(job_id).terms.end(Phase.SETTLE))
        self.act("settle", job_id, word, truth, Seats(seats, labelled=True), sender=self.cast.keeper, at=at)

    @action(2, lambda self: self.places(self.jobs(), self.model.revealed_seats))
    def settle_early(self, dice: Dice) -> None:
        """Before it is time, or again."""
        job_id, word = dice.choose(self.places(self.jobs(), self.model.revealed_seats))
        seats = Seats(tuple(self.model.revealed_seats(job_id, word)), labelled=True)
        known = Known(self.truth(job_id, word))
        function = dice.choose(("settle", "score"))
        self.act(function, job_id, word, known, seats, sender=self.cast.keeper, at=self.moment(dice))

    @once_a_step
    def settleable(self) -> list[Place]:
        """Words that can be settled now."""
        jobs = [
            job_id
            for job_id in self.jobs()
            if self.model.settle_start(self.job(job_id), job_id)
            < self.now
            <= self.job(job_id).terms.end(Phase.SETTLE)
        ]
        return self.places(jobs, self._unsettled)

    def _unsettled(self, job_id: int, word: int) -> bool:
        kept = self.model.words[job_id, word]
        return (
            kept.state != WordState.SETTLED
            and not kept.open_challenges
            and bool(self.model.revealed_seats(job_id, word))
        )

    @action(32, lambda self: self.settleable())
    def oversleep(self, dice: Dice) -> None:
        """Nobody settles a job in time."""
        job_id, _ = dice.choose(self.settleable())
        self.now = self.job(job_id).terms.end(Phase.SETTLE) + 1
        self.turn(dice)

    def _revealed(self, job_id: int, word: int) -> list[Seat]:
        return [seat for seat in self.model.live_seats(job_id, word) if seat.revealed]

    @action(200, lambda self: self.expired())
    def expire(self, dice: Dice) -> None:
        job_id, word = dice.choose(self.expired())
        seats = self.some_seats(dice, self._revealed(job_id, word))
        at = self.moment(dice)
        self.act("expire", job_id, word, Seats(seats, labelled=True), sender=self.cast.keeper, at=at)

    @once_a_step
    def expired(self) -> list[Place]:
        late = [job_id for job_id in self.jobs() if self.now > self.job(job_id).terms.end(Phase.SETTLE)]
        return self.places(late, self._revealed)

    @action(70, lambda self: self.jobs() and not self.urgent())
    def go_on(self, dice: Dice) -> None:
        """There is nothing to do in this phase: the next one begins."""
        self._next_phase(dice, max(self.jobs()))

    @once_a_step
    def urgent(self) -> bool:
        """Whether something can be done now and not later."""
        seated = [
            job_id for job_id, phase in self.phases().items() if phase is None and self._is_empty(job_id)
        ]
        ready = (
            self.revealable,
            self.openable,
            self.challengeable,
            self.decidable,
            self.scorable,
            self.settleable,
        )
        return bool(seated) or any(places() for places in ready)

    def _is_empty(self, job_id: int) -> bool:
        """Whether seats can be taken, and few are."""
        seats = sum(len(self.model.words[job_id, word].annotators) for word in self.job(job_id).words)
        return self.now <= self.job(job_id).terms.seats_until and seats < MANY

    # Money

    @action(60, lambda self: self.credits())
    def withdraw(self, dice: Dice) -> None:
        super().withdraw(dice)

    @action(60, lambda self: self.signable_credits())
    def withdraw_by_sig(self, dice: Dice) -> None:
        super().withdraw_by_sig(dice)

    # Governance

    @action(2)
    def pause(self, dice: Dice) -> None:
        """Seldom: nobody sits down in a pause, and everything lives of seats."""
        super().pause(dice)

    # Experts

    @action(140, lambda self: self.resolvable())
    def resolve(self, dice: Dice) -> None:
        """By himself or by signature."""
        signed = dice.below(3) == 0
        job_id, word = dice.choose(self.resolvable())
        job, kept = self.job(job_id), self.model.words[job_id, word]
        mask = self.part_of(dice, kept.unresolved)
        verdicts = self.verdicts(dice, job_id, word, mask, all_labelled=True)
        labels = kept.labels if not dice.wrong() else bytes([kept.labels[0] ^ 1]) + kept.labels[1:]
        account = self.expert(dice, job.terms.panel_kind)
        at = self.moment(dice, self.model.resolve_end(job))
        args = (job_id, word, mask, verdicts, labels)
        self._as_expert("resolve", args, job.terms.panel_kind, account, at, dice if signed else None)

    @once_a_step
    def resolvable(self) -> list[Place]:
        """Words of which experts could label something."""
        jobs = [
            job_id
            for job_id in self.jobs()
            if self.job(job_id).terms.panel_kind != PanelKind.NONE
            and self.now <= self.model.resolve_end(self.job(job_id))
        ]
        return self.places(jobs, lambda *place: self.model.words[place].unresolved)
