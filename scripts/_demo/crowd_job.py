"""The third scene: the same texts for several annotators, and a contract that finds out who is right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from offchain.consensus import ConsensusTerms, GoldWord, Phase, merged
from offchain.reference.consensus import Seat, Truth
from scripts._chain.blueprints import WHOLE
from scripts._chain.consensus_job import ANY_STAKE, JobPlace, in_order, openings, undisputed
from scripts._demo.cast import Actor
from scripts._demo.chance import secret
from scripts._demo.crowd_plan import (
    BLUFFER,
    BOND,
    BUDGET,
    CHALLENGER,
    DOMAIN,
    PARTS,
    REDUNDANCY,
    CrowdPlan,
    Part,
    mask_of,
)
from scripts._demo.items import TextSet
from scripts._demo.jobs import tasks_text
from scripts._demo.stage import Act, Note, Tone
from scripts._demo.world import DAY, DOLLAR, HOUR, World

POCKET = 100 * WHOLE


@dataclass(frozen=True)
class Sitter:
    """An annotator with his seat, and his standing (basis points) before the job and after it."""

    actor: Actor
    part: Part
    seat: Seat
    before: int
    after: int


@dataclass(frozen=True)
class CrowdScene:
    """The job after its end. `truth` is what the market knew when it measured, `labels` what it accepted,
    those of the expert included; `right` are the true classes.
    """

    place: JobPlace
    texts: TextSet
    right: Sequence[int]
    terms: ConsensusTerms
    gold: GoldWord
    truth: Truth
    labels: bytes
    sitters: tuple[Sitter, ...]
    acts: tuple[Act, ...]


def play(world: World, texts: TextSet) -> CrowdScene:
    """From the posting to the refund."""
    return _Play(world, CrowdPlan(world, texts)).run()


class _Play:
    def __init__(self, world: World, plan: CrowdPlan) -> None:
        self.world, self.plan = world, plan
        self.market, self.stage, self.terms = world.quality.market, world.stage, plan.terms
        self.first = len(world.stage.acts)
        self.place = JobPlace(world.chain_id, str(self.market.address), int(self.market.jobCount()) + 1)
        self.truth = undisputed(plan.gold.words[0])

    def run(self) -> CrowdScene:
        self._prepare()
        self._create()
        before = {name: self._standing(name) for name in PARTS}
        seats = {name: self._sit(name, part) for name, part in PARTS.items()}
        self._reveal(seats)
        self._open_gold(seats)
        self._challenge(seats)
        self._decide()
        labels = self._resolve(*self._settle(seats))
        self._close()
        sitters = tuple(
            Sitter(self.world.cast[name], part, seats[name], before[name], self._standing(name))
            for name, part in PARTS.items()
        )
        plan = self.plan
        known = (self.terms, plan.gold.words[0], self.truth, labels)
        return CrowdScene(self.place, plan.texts, plan.right, *known, sitters, tuple(self._acts()))

    def _prepare(self) -> None:
        """Money for the creator and for bonds, and stakes that the market may lock."""
        cast, token, quality = self.world.cast, self.world.token, self.world.quality
        for name, amount in (("Rosa", self.plan.funds), (CHALLENGER, 5 * DOLLAR), (BLUFFER, 5 * DOLLAR)):
            self._do("Dana", token.mint, cast[name].address, amount, told=f"gives {name} money to pay with")
        for name in PARTS:
            account = cast[name].address
            self._do("Dana", quality.token.mint, account, POCKET, told=f"gives {name} something to stake")
            self._do(name, quality.token.approve, quality.staking.address, POCKET, told="lets it be staked")
            self._do(name, quality.staking.stake, account, POCKET, told="stakes it")
            allow = (quality.staking.allow, self.market.address, ANY_STAKE)
            self._do(name, *allow, told="lets the market lock it")

    def _create(self) -> None:
        funds = self.plan.funds
        self._do("Rosa", self.world.token.approve, self.market.address, funds, told="lets the money be taken")
        what = (
            f"posts {tasks_text(self.plan.size)} for {REDUNDANCY} annotators each, with hidden gold in them"
        )
        self._do("Rosa", self.market.createJob, self.terms.struct(), [], told=what)

    def _sit(self, name: str, part: Part) -> Seat:
        """A seat with a commitment to all labels; who will be silent commits to something, too."""
        tasks = self.plan.answers.get(name) or dict.fromkeys(self.plan.half(part.half or 0), 0)
        salt, account = secret(self.world.seed, "seat", name), self.world.cast[name].address
        labels = self.plan.encoded(tasks)
        seat = self.place.seat(account, mask_of(tasks), labels, salt, layer=part.layer)
        what = f"commits to the labels of {tasks_text(seat.tasks)}; the stake is locked"
        request = self.place.request(seat).struct()
        taken = self._do(name, self.market.seat, request, b"", told=what, units=seat.tasks).one("SeatTaken")
        return replace(seat, stake=int(taken["stake"]), audit=int(taken["audit"]))

    def _reveal(self, seats: Mapping[str, Seat]) -> None:
        self._wait(Phase.REVEAL)
        for name in self.plan.answers:
            seat = seats[name]
            call = (self.place.job_id, 0, seat.struct(), seat.labels, seat.salt)
            self._do(name, self.market.reveal, *call, told="reveals the labels", units=seat.tasks)

    def _open_gold(self, seats: Mapping[str, Seat]) -> None:
        self._wait(Phase.GOLD)
        for name in (name for name, part in PARTS.items() if part.silent):
            sealed = replace(seats[name], labels=None).sealed_struct()
            what = f"has the stake of {name} burnt, who revealed nothing"
            self._do("Quinn", self.market.slashSilent, self.place.job_id, 0, [sealed], told=what, tone="bad")
        known = tasks_text(self.truth.gold.bit_count())
        opened = [one.struct() for one in openings(self.plan.gold)]
        what = f"opens the gold: {known} whose truth she fixed before anybody sat down"
        self._do("Rosa", self.market.openGold, self.place.job_id, opened, told=what)

    def _challenge(self, seats: Mapping[str, Seat]) -> None:
        self._wait(Phase.CHALLENGE)
        for name, tasks in self.plan.doubts(self.truth.known()).items():
            if not tasks:
                continue
            mask, bond = mask_of(tasks), BOND * len(tasks)
            approve = (self.world.token.approve, self.market.address, bond)
            self._do(name, *approve, told="lets the bond be taken")
            what = f"says that the gold of {tasks_text(len(tasks))} is wrong, and deposits a bond"
            call = (self.place.job_id, 0, mask, seats[name].sealed_struct(), self.truth.struct())
            self._do(name, self.market.challenge, *call, told=what)
            self.truth = replace(self.truth, challenged=self.truth.challenged | mask)

    def _decide(self) -> None:
        """The expert knows the truth; bonds come back or are forfeited."""
        self._wait(Phase.EXPERT)
        mask = self.truth.challenged
        verdicts = self.plan.verdicts(mask)
        what = f"decides {tasks_text(mask.bit_count())} whose gold was challenged"
        call = (self.place.job_id, 0, mask, verdicts, self.truth.struct(), [], b"")
        self._do("Orsolya", self.market.decide, *call, told=what, tone="good")
        self.truth = replace(self.truth, decided=mask, verdicts=verdicts)
        challenges = [act.actor for act in self._acts() if act.note.act == "consensus.challenge"]
        for index, name in enumerate(challenges):
            what = f"ends the challenge of {name} as the expert decided"
            call = (self.place.job_id, 0, index, self.truth.struct())
            self._do("Quinn", self.market.settleChallenge, *call, told=what)

    def _settle(self, seats: Mapping[str, Seat]) -> tuple[bytes, int]:
        """Labels, pay and slashes: the labels, and the mask of tasks without one."""
        self._wait(Phase.SCORE)
        revealed = in_order(seats[name] for name in self.plan.answers)
        told = [seat.revealed_struct() for seat in revealed]
        what = "has everybody measured by what is known, labels accepted, annotators paid and slashed"
        call = (self.place.job_id, 0, self.truth.struct(), told)
        units = sum(seat.tasks for seat in revealed)
        act = self._do("Quinn", self.market.scoreAndSettle, *call, told=what, tone="good", units=units)
        settled = act.one("WordSettled")
        return bytes(settled["labels"]), int(settled["unresolved"])

    def _resolve(self, labels: bytes, unresolved: int) -> bytes:
        """The expert labels what was left open, as far as the budget goes."""
        left = BUDGET - self.truth.decided.bit_count()
        tasks = [task for task in range(self.plan.size) if unresolved >> task & 1][:left]
        if not tasks:
            return labels
        mask, verdicts = mask_of(tasks), self.plan.verdicts(mask_of(tasks))
        what = f"labels {tasks_text(len(tasks))} for which the annotators found none"
        call = (self.place.job_id, 0, mask, verdicts, labels, b"")
        self._do("Orsolya", self.market.resolve, *call, told=what, units=len(tasks))
        return merged(labels, verdicts)

    def _close(self) -> None:
        """Once nobody can resolve any more; whoever calls, the creator is refunded."""
        self.stage.wait(max(0, self.terms.end(Phase.SETTLE) + DAY + HOUR - self.stage.now))
        what = "closes the job: what no revealed seat took goes back to Rosa"
        self._do("Quinn", self.market.close, self.place.job_id, told=what)

    # --- pieces ---

    def _acts(self) -> list[Act]:
        return self.stage.acts[self.first :]

    def _standing(self, name: str) -> int:
        account = self.world.cast[name].address
        return int(self.world.quality.reputation.standingOf(account, DOMAIN, self.terms.classes))

    def _wait(self, phase: Phase) -> None:
        """Until the phase began an hour ago."""
        begins = self.terms.seats_until + sum(self.terms.windows[:phase])
        self.stage.wait(max(0, begins + HOUR - self.stage.now))

    def _do(self, name: str, method: Any, *call: Any, told: str, units: int = 1, tone: Tone = "plain") -> Act:
        note = Note(f"consensus.{method.abis[0].name}", told, units=units, tone=tone)
        return self.stage.send(self.world.cast[name], method, *call, note=note)
