"""Jobs are opened, annotators take seats and reveal what they said; time goes on."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

from offchain.consensus import ConsensusState, ConsensusTerms, GoldTree, GoldWord, PanelKind, Phase
from offchain.hashing import keccak256
from offchain.reference.consensus.records import SeatRequest, all_tasks, bounty_of
from offchain.reference.consensus.terms import MAX_OPINIONS, least_stake
from offchain.terms import ZERO_ADDRESS, ZERO_HASH, difficulty
from tests.capabilities.consensus.arguments import NewJob, Request, Revealing, Seats
from tests.capabilities.consensus.base import ConsensusBase, Place, bits, once_a_step
from tests.engine.capability import action
from tests.engine.dice import Dice

HOUR = 3_600
SIZES = (24, 17, 40, 300, 256, 520)
DOMAIN = keccak256(b"birds")
MAX_JOBS = 3
COUNTED_TOKEN = 1
"""Number of the coin in which an answer's reputation has a price."""


class JobActions(ConsensusBase):
    """What happens before anything is known."""

    def open(self, dice: Dice) -> None:
        """A job stands, and some have sat down."""
        self._create(dice)
        job_id = max(self.jobs(), default=0)
        if not job_id:
            return
        for number in range(3 + dice.below(4)):
            crowd = self.cast.annotators
            who = crowd[(number + dice.below(3)) % len(crowd)]
            self._sit(dice, job_id, 0, number % 3, who)

    # Jobs

    @action(4, lambda self: len(self.jobs()) < MAX_JOBS)
    def create_job(self, dice: Dice) -> None:
        self._create(dice, spoilt=dice.chance(3))

    def _create(self, dice: Dice, *, spoilt: bool = False) -> None:
        creator = dice.choose(self.cast.creators)
        terms, tree = self._terms(dice, creator)
        terms = self._spoilt(dice, terms) if spoilt or dice.wrong() else terms
        try:
            funds = bounty_of(terms, self.model._tasks(terms)) + terms.expert_budget
        except (IndexError, TypeError):
            funds = 0
        value = self.value_for(dice, terms.token, funds)
        argument = NewJob(terms, creator, self.hash_terms)
        if self.act("createJob", argument, sender=creator, value=value):
            self.golds[len(self.model.jobs)] = tree

    def _terms(self, dice: Dice, creator: str) -> tuple[ConsensusTerms, GoldTree]:
        coin_number = dice.below(4)
        token = self.stage.coins[coin_number]
        parents = [
            job_id for job_id in self.jobs(ConsensusState.CLOSED) if self.job(job_id).creator == creator
        ]
        parent = dice.choose(parents) if parents and dice.below(2) else 0
        size = self.job(parent).terms.task_count if parent else dice.choose(SIZES)
        classes = self.job(parent).terms.classes if parent else dice.choose((2, 2, 3, 5, 8))
        kind = dice.choose((PanelKind.ACCOUNT, PanelKind.NONE, PanelKind.LIST, PanelKind.CONTRACT))
        redundancy = dice.choose((3, 3, 4))
        multipliers, word_classes = (
            difficulty([15_000, 5_000, 10_000][: -(-size // 256)]) if dice.below(4) == 0 else (0, ())
        )
        panel = kind != PanelKind.NONE
        terms = ConsensusTerms(
            token=token,
            pay=dice.choose((100, 7, 1_003, 10**15)),
            task_count=size,
            redundancy=redundancy,
            classes=classes,
            min_seat=-(-256 // (min(64, MAX_OPINIONS // classes) // redundancy)),
            accept_bps=dice.choose((5_000, 6_700, 9_000)),
            noise_bps=dice.choose((0, 3_000, 9_000)),
            gold_bps=dice.choose((1_000, 3_000)),
            audit_bps=dice.choose((2_500, 0)) if panel else 0,
            max_audit_bps=5_000 if panel else 0,
            slope_bps=dice.choose((30_000, 10_000)),
            fee_bps=self.model.governance.fee_bps,
            stake=1,
            max_stake_bps=dice.choose((10_000, 30_000)),
            seats_until=self.now + dice.choose((HOUR, 5 * HOUR)),
            windows=(HOUR, HOUR, HOUR if panel else 0, HOUR if panel else 0, HOUR, 2 * HOUR),
            rule=dice.choose([rule.address for rule in self.stage.rules.values()]),
            hook=self.stage.hook.address if dice.chance(5) else ZERO_ADDRESS,
            panel_kind=kind,
            panel=self.stage.panels()[kind],
            expert_fee=9 if panel else 0,
            expert_budget=dice.choose((900, 40)) if panel else 0,
            challenge_bond=dice.choose((25, 0)) if panel else 0,
            domain=DOMAIN if coin_number == COUNTED_TOKEN or dice.chance(4) else ZERO_HASH,
            parent=parent,
            multipliers=multipliers,
            word_classes=word_classes,
        )
        stake = max(least_stake(terms, self.stage.gem.address), dice.choose((200, 1)))
        terms = replace(terms, stake=stake)
        tree = self._gold(dice, terms)
        return replace(terms, gold_root=tree.root), tree

    def _gold(self, dice: Dice, terms: ConsensusTerms) -> GoldTree:
        """Gold in every word, of several classes; now and then too little of it."""
        words = {}
        every = dice.choose((2, 3, 6, 12))
        masks = self.model._tasks(terms) if not terms.parent or terms.parent in self.model.jobs else ()
        for word, tasks in enumerate(masks or all_tasks(terms)):
            chosen = [task for number, task in enumerate(bits(tasks)) if number % every == 0]
            labels = bytearray(-(-min(terms.task_count - 256 * word, 256) // 32) * 32)
            shift = dice.below(terms.classes)
            for number, task in enumerate(chosen):
                labels[task] = (number + shift) % terms.classes + 1
            mask = sum(1 << task for task in chosen)
            words[word] = GoldWord(mask, bytes(labels), keccak256(bytes([word, dice.below(256)])))
        return GoldTree(words)

    def _spoilt(self, dice: Dice, terms: ConsensusTerms) -> ConsensusTerms:
        """The terms with one that cannot be."""
        changes: list[dict[str, Any]] = [
            {"pay": 0},
            {"task_count": 0},
            {"redundancy": 2},
            {"redundancy": 64},
            {"classes": 1},
            {"classes": 9},
            {"min_seat": 2},
            {"accept_bps": 4_999},
            {"accept_bps": 10_000},
            {"noise_bps": 10_001},
            {"gold_bps": 5_001},
            {"gold_bps": 0, "audit_bps": 0},
            {"max_audit_bps": 10_001},
            {"slope_bps": 9_999},
            {"fee_bps": terms.fee_bps + 1},
            {"stake": 0},
            {"max_stake_bps": 9_999},
            {"seats_until": self.now},
            {"windows": (59, *terms.windows[1:])},
            {"windows": (*terms.windows[:2], HOUR + 1 - terms.windows[2], *terms.windows[3:5], 0)},
            {"rule": self.cast.keeper},
            {"rule": ZERO_ADDRESS},
            {"hook": self.cast.keeper},
            {"panel": ZERO_HASH if terms.panel_kind else keccak256(b"panel")},
            {"parent": 99},
            {"word_classes": (*terms.word_classes, 0)},
            {"multipliers": 1, "word_classes": (0,)},
        ]
        return replace(terms, **dice.choose(changes))

    @action(3, lambda self: self.jobs())
    def close(self, dice: Dice) -> None:
        job_id = dice.pick(self.jobs(), (99, *self.jobs(ConsensusState.CLOSED)))
        sender = dice.choose((self.cast.keeper, *self.cast.creators))
        self.act("close", job_id, sender=sender, at=self.moment(dice))

    # Time

    @action(5, lambda self: self.jobs())
    def wait(self, dice: Dice) -> None:
        """The next phase of some job begins, whether or not everything is done in this one."""
        self._next_phase(dice, dice.choose(self.jobs()))

    def _next_phase(self, dice: Dice, job_id: int) -> None:
        """Time goes on, and then somebody does something."""
        before = self.now
        self._pass(dice, job_id)
        if self.now > before:
            self.turn(dice)

    def _pass(self, dice: Dice, job_id: int) -> None:
        terms = self.job(job_id).terms
        ahead = [end for end in (terms.seats_until, *terms.ends) if end >= self.now]
        if ahead:
            self.now = ahead[0] + 1
        elif dice.chance(3):
            self.now += 15 * 24 * HOUR

    # Seats

    @action(20, lambda self: self.free_places())
    def seat(self, dice: Dice) -> None:
        job_id, word = self._place(dice)
        layer, annotator = dice.below(self.job(job_id).terms.redundancy), dice.choose(self._workers(dice))
        self._sit(dice, job_id, word, layer, annotator)

    @action(12, lambda self: self.free_places())
    def seat_by_sig(self, dice: Dice) -> None:
        job_id, word = self._place(dice)
        signers = [who for who in self.cast.annotators if who in self.stage.signers]
        layer, annotator = dice.below(self.job(job_id).terms.redundancy), dice.choose(signers)
        self._sit(dice, job_id, word, layer, annotator, signed=True)

    @once_a_step
    def free_places(self) -> list[Place]:
        """Words in which somebody could sit down."""
        return [
            (job_id, word)
            for job_id in self.jobs()
            if self.now <= self.job(job_id).terms.seats_until
            for word in range(len(self.job(job_id).tasks))
            if any(self.model.free_tasks(job_id, word, layer) for layer in range(3))
        ]

    def _place(self, dice: Dice) -> Place:
        return dice.pick(self.free_places(), [(1, 0), (1, 7), *self.places(self.jobs(), lambda *_: True)])

    def _workers(self, dice: Dice) -> tuple[str, ...]:
        """Annotators, now and then those who must not or cannot be any."""
        if dice.wrong():
            return self.cast.creator, self.cast.sink, self.cast.pauper, self.cast.expert
        return self.cast.annotators

    def _sit(
        self, dice: Dice, job_id: int, word: int, layer: int, annotator: str, *, signed: bool = False
    ) -> None:
        if self.model.jobs[job_id] is None:
            return
        free = self.model.free_tasks(job_id, word, layer)
        some = self._seat_mask(dice, job_id, free)
        labels = self.labels_for(dice, job_id, word, some) if word < len(self.job(job_id).tasks) else b""
        salt = keccak256(bytes([len(self.steps) % 256, dice.below(256)]))
        chosen = layer if not dice.wrong() else dice.choose((layer, 200, 4))
        request = SeatRequest(
            job_id, word, chosen, some, self.commit(job_id, word, annotator, some, labels, salt), 2**128 - 1
        )
        stake, _ = self.model.security(self.job(job_id), annotator, request, self.now)
        if dice.wrong():
            request = replace(request, max_stake=max(stake - 1, 0))
        data, at = self.stage.hook_pass(annotator), self.moment(dice, self.job(job_id).terms.seats_until)
        argument = Request(request, data)
        admitted = annotator in self.stage.listed
        if signed:
            message = {
                "jobId": job_id,
                "word": word,
                "layer": chosen,
                "mask": some,
                "commitment": request.commitment,
                "maxStake": request.max_stake,
                "termsHash": self.job(job_id).terms_hash,
            }
            consent = self.signed(dice, "Seat", annotator, at, role="account", **message)
            model = partial(self.model.seat_by_sig, admitted=admitted)
            sender = self.cast.keeper
            done = self.act("seatBySig", argument, consent, sender=sender, at=at, model=model)
        else:
            model = partial(self.model.seat, admitted=admitted)
            done = self.act("seat", argument, sender=annotator, at=at, model=model)
        if done:
            self.secrets[job_id, word, annotator] = labels, salt

    def _seat_mask(self, dice: Dice, job_id: int, free: int) -> int:
        """All of what is free, or about half, or the smallest seat; now and then something else."""
        tasks = bits(free)
        least = self.job(job_id).terms.min_seat
        size = dice.choose((len(tasks), len(tasks), max(len(tasks) // 2, least), least))
        if dice.wrong():
            return dice.choose((0, free | 1 << 255, self.run_of(0, 1), free ^ 1))
        return sum(1 << task for task in tasks[:size])

    # Reveals

    @action(60, lambda self: self.revealable())
    def reveal(self, dice: Dice) -> None:
        job_id, word = dice.choose(self.revealable())
        seat = dice.choose(self.unrevealed(job_id, word))
        known = self.secret(job_id, word, seat)
        if dice.wrong() or dice.chance(20):
            known = self._misrevealed(dice, job_id, word, known)
        end = self.job(job_id).terms.end(Phase.REVEAL)
        sender = dice.choose((seat.annotator, self.cast.keeper))
        self.act("reveal", job_id, word, Revealing(known), sender=sender, at=self.moment(dice, end))

    @once_a_step
    def revealable(self) -> list[Place]:
        return self.places(self.in_phase(Phase.REVEAL), self.unrevealed)

    def _misrevealed(self, dice: Dice, job_id: int, word: int, seat: Any) -> Any:
        """Other labels, another salt, somebody else's seat: the commitment that follows is another (T26)."""
        labels, which = bytes(seat.labels or bytes(32)), dice.below(4)
        if which == 0:
            return replace(seat, salt=ZERO_HASH)
        if which == 1:
            seat = replace(seat, labels=bytes([labels[0] ^ 1]) + labels[1:])
        elif which == 2:
            seat = replace(seat, salt=keccak256(seat.salt))
        else:
            seat = replace(seat, annotator=self.cast.helper)
        whole = (job_id, word, seat.annotator, seat.mask, seat.labels, seat.salt)
        return replace(seat, commitment=self.commit(*whole))

    @action(20, lambda self: self.silent())
    def slash_silent(self, dice: Dice) -> None:
        job_id, word = dice.choose(self.silent())
        seats = self.some_seats(dice, self.unrevealed(job_id, word))
        self.act("slashSilent", job_id, word, Seats(seats), sender=self.cast.keeper, at=self.moment(dice))

    @once_a_step
    def silent(self) -> list[Place]:
        late = [job_id for job_id in self.phases() if self.now > self.job(job_id).terms.end(Phase.REVEAL)]
        return self.places(late, self.unrevealed)
