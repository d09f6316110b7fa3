"""Gold is opened and challenged, experts decide, words are scored."""

from __future__ import annotations

from functools import partial
from typing import Any

from offchain.consensus import GoldWord, PanelKind, Phase, WordState
from offchain.hashing import keccak256
from offchain.reference.consensus.records import Opening, Seat, Truth
from tests.capabilities.consensus.arguments import Known, Openings, Pass, Sealed, Seats
from tests.capabilities.consensus.base import Place, once_a_step
from tests.capabilities.consensus.jobs import JobActions
from tests.engine.capability import action
from tests.engine.dice import Dice

ENOUGH = 2
"""Challenges of a word that a program waits for."""


class TruthActions(JobActions):
    """What happens once labels are known."""

    # Gold

    @action(60, lambda self: self.openable())
    def open_gold(self, dice: Dice) -> None:
        """All of it at once, or a word; now and then something that is not in the tree."""
        job_id, _ = dice.choose(self.openable())
        words = [word for of, word in self.openable() if of == job_id]
        words = words if dice.below(4) else words[:1]
        if dice.wrong():
            words = dice.choose(([words[0], words[0]], [len(self.job(job_id).tasks)], []))
        openings = tuple(self._opening(dice, job_id, word) for word in words)
        end = self.job(job_id).terms.end(Phase.GOLD)
        sender = dice.choose((self.job(job_id).creator, self.cast.keeper))
        self.act("openGold", job_id, Openings(openings), sender=sender, at=self.moment(dice, end))

    @once_a_step
    def openable(self) -> list[Place]:
        return self.places(
            self.in_phase(Phase.GOLD), lambda job_id, word: self.model.words[job_id, word].truth is None
        )

    def _opening(self, dice: Dice, job_id: int, word: int) -> Opening:
        tree = self.golds[job_id]
        if word not in tree.words:
            return Opening(word, GoldWord(0, bytes(32), bytes(32)))
        gold = tree.words[word]
        proof = tuple(tree.proof(word))
        if dice.wrong():
            gold = dice.choose(
                (
                    GoldWord(gold.mask ^ 1, gold.labels, gold.salt),
                    GoldWord(gold.mask, bytes([gold.labels[0] ^ 1]) + gold.labels[1:], gold.salt),
                    GoldWord(gold.mask, gold.labels, keccak256(gold.salt)),
                )
            )
        return Opening(word, gold, proof)

    # Challenges

    @action(70, lambda self: self.challengeable())
    def challenge(self, dice: Dice) -> None:
        """By himself or by signature."""
        job_id, word, seat, mask, truth = self._challenged(dice)
        terms = self.job(job_id).terms
        at = self.moment(dice, terms.end(Phase.CHALLENGE))
        value = self.value_for(dice, terms.token, mask.bit_count() * terms.challenge_bond)
        args = (job_id, word, mask, Sealed(seat), Known(truth))
        if dice.below(3):
            sender = self.sender(dice, seat.annotator)
            self.act("challenge", *args, sender=sender, at=at, value=value)
            return
        message = {"jobId": job_id, "word": word, "mask": mask}
        consent = self.signed(dice, "Challenge", seat.annotator, at, role="account", **message)
        self.act("challengeBySig", *args, consent, sender=self.cast.keeper, at=at, value=value)

    @once_a_step
    def challengeable(self) -> list[Place]:
        """Words whose gold can be challenged; few challenges are enough."""
        jobs = [job_id for job_id in self.in_phase(Phase.CHALLENGE) if self.model.is_opened(job_id)]
        places = self.places(jobs, self._doubts)
        return [place for place in places if len(self.model.words[place].challenges) < ENOUGH]

    def _doubts(self, job_id: int, word: int) -> list[Seat]:
        truth = self.truth(job_id, word)
        left = truth.gold & ~truth.challenged
        return [seat for seat in self.model.revealed_seats(job_id, word) if seat.mask & left]

    def _challenged(self, dice: Dice) -> tuple[int, int, Seat, int, Truth]:
        job_id, word = dice.choose(self.challengeable())
        truth, seat = self.truth(job_id, word), dice.choose(self._doubts(job_id, word))
        doubtful = seat.mask & truth.gold & ~truth.challenged
        mask = self.part_of(dice, doubtful if dice.below(3) == 0 else doubtful & -doubtful)
        return job_id, word, self.mistaken(dice, seat), mask, self.other_truth(dice, truth)

    @action(80, lambda self: self.challenged())
    def settle_challenge(self, dice: Dice) -> None:
        job_id, word = dice.choose(self.challenged())
        challenges = self.model.words[job_id, word].challenges
        live = [index for index, challenge in enumerate(challenges) if challenge.open]
        index = dice.pick(live, (len(challenges), *range(len(challenges))))
        end = self.job(job_id).terms.end(Phase.EXPERT)
        at = max(self.now, end + 1) if dice.below(2) else self.moment(dice, end)
        truth = Known(self.other_truth(dice, self.truth(job_id, word)))
        self.act("settleChallenge", job_id, word, index, truth, sender=self.cast.keeper, at=at)

    @once_a_step
    def challenged(self) -> list[Place]:
        """Words with challenges that experts have had the chance to decide."""
        jobs = [job_id for job_id in self.jobs() if self.phase_of(job_id) not in {None, Phase.CHALLENGE}]
        return self.places(jobs, lambda *place: self.model.words[place].open_challenges)

    # Experts

    @action(300, lambda self: self.decidable())
    def decide(self, dice: Dice) -> None:
        """By himself or by signature."""
        signed = dice.below(3) == 0
        job_id, word = dice.choose(self.decidable())
        terms, truth = self.job(job_id).terms, self.truth(job_id, word)
        seats = self.model.revealed_seats(job_id, word)
        drawn = self._drawn(job_id, word)
        open_tasks = (truth.challenged | (drawn & ~truth.gold)) & ~truth.decided
        mask = self.part_of(dice, open_tasks)
        audited = Seats(self.all_seats(dice, seats) if mask & ~truth.challenged else ())
        verdicts = self.verdicts(dice, job_id, word, mask)
        account, at = self.expert(dice, terms.panel_kind), self.moment(dice, terms.end(Phase.EXPERT))
        known = Known(self.other_truth(dice, truth))
        self._as_expert(
            "decide",
            (job_id, word, mask, verdicts, known, audited),
            terms.panel_kind,
            account,
            at,
            dice if signed else None,
        )

    def _as_expert(
        self,
        function: str,
        args: tuple[Any, ...],
        kind: PanelKind,
        account: str,
        at: int,
        dice: Dice | None,
    ) -> None:
        """An act of an expert, signed where there are dice for the signature."""
        data, expert = Pass(self.stage.panel_pass(kind, account)), self.stage.is_expert(kind, account)
        if dice is None:
            model = partial(getattr(self.model, function), expert=expert)
            self.act(function, *args, data, sender=account, at=at, model=model)
            return
        message = dict(
            zip(("jobId", "word", "mask", "verdictsHash"), (*args[:3], keccak256(args[3])), strict=True)
        )
        consent = self.signed(dice, function.capitalize(), account, at, role="account", **message)
        model = partial(getattr(self.model, f"{function}_by_sig"), expert=expert)
        self.act(f"{function}BySig", *args, data, consent, sender=self.cast.keeper, at=at, model=model)

    def _drawn(self, job_id: int, word: int) -> int:
        truth, drawn = self.truth(job_id, word), 0
        for seat in self.model.revealed_seats(job_id, word):
            drawn |= self.model.audit_of(job_id, word, seat, truth.salt)
        return drawn

    @once_a_step
    def decidable(self) -> list[Place]:
        jobs = [job_id for job_id in self.in_phase(Phase.EXPERT) if self.model.is_opened(job_id)]
        return self.places(jobs, self._undecided)

    def _undecided(self, job_id: int, word: int) -> int:
        truth = self.truth(job_id, word)
        return (truth.challenged | (self._drawn(job_id, word) & ~truth.gold)) & ~truth.decided

    # Scores

    @action(70, lambda self: self.scorable() or self.doubtful())
    def score(self, dice: Dice) -> None:
        """By itself, or with the settlement, which is too early where other words are not scored."""
        job_id, word = dice.pick(self.scorable(), self.doubtful())
        seats = self.all_seats(dice, self.model.revealed_seats(job_id, word))
        truth = Known(self.other_truth(dice, self.truth(job_id, word)))
        at = self.moment(dice, self.job(job_id).terms.end(Phase.SCORE))
        function = dice.choose(("score", "score", "scoreAndSettle"))
        self.act(function, job_id, word, truth, Seats(seats, labelled=True), sender=self.cast.keeper, at=at)

    @once_a_step
    def scorable(self) -> list[Place]:
        return [place for place in self._unscored() if not self.truth(*place).undecided]

    @once_a_step
    def doubtful(self) -> list[Place]:
        """Words with challenged gold of which experts said nothing."""
        return [place for place in self._unscored() if self.truth(*place).undecided]

    def _unscored(self) -> list[Place]:
        jobs = [job_id for job_id in self.in_phase(Phase.SCORE) if self.model.is_opened(job_id)]
        return self.places(jobs, lambda *place: self.model.words[place].state == WordState.OPEN)
