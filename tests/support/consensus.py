"""A consensus market, the people around it, and short names for what they do with good values; whatever a
test wants to see fail, it calls on `World.market`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any

import ape

from offchain.consensus import (
    ConsensusTerms,
    GoldTree,
    GoldWord,
    Matrix,
    Phase,
    encode_labels,
    merit_of,
)
from offchain.hashing import keccak256
from offchain.reference.consensus import Opening, Seat, SeatRequest, Truth
from scripts._chain.consensus_job import JobPlace, in_order, openings, undisputed
from tests.support.calls import ZERO, Contract, Receipt, contract_at, deploy, now
from tests.support.market import mine_at
from tests.support.signing import ANVIL_CHAIN, NEVER

HOUR, DAY = 3_600, 86_400
UNBONDING = 21 * DAY
STAKE = 10**24
PAY = 1_000
HALVES = ("LabelConsensus", "ConsensusExtension")
TASKS = 40
GOLD_EVERY = 4


@dataclass(frozen=True)
class Cast:
    """Who is who."""

    owner: str
    sink: str
    creator: str
    ann: str
    ben: str
    cleo: str
    dan: str
    expert: str
    keeper: str
    stranger: str

    @property
    def crowd(self) -> tuple[str, ...]:
        """Everybody with a stake."""
        return self.ann, self.ben, self.cleo, self.dan


@dataclass(frozen=True)
class System:
    """What is deployed once for many tests. `gem` is what is staked."""

    market: Contract
    staking: Contract
    reputation: Contract
    rules: dict[str, Contract]
    gem: Contract
    who: Cast


def whole_market(address: str) -> Contract:
    """The market with the functions of both of its halves."""
    functions: dict[str, Any] = {}
    for half in reversed(HALVES):
        functions |= contract_at(half, address).functions
    return Contract(address, functions)


def deploy_market(owner: str, sink: str, staking: str, reputation: str) -> Contract:
    """A market with an extension of its own."""
    extension = deploy("ConsensusExtension", sink, sender=owner)
    core = deploy("LabelConsensus", owner, sink, staking, reputation, extension.address, sender=owner)
    return whole_market(core.address)


def deploy_system(gem: Contract | None = None) -> System:
    """Everything, with stakes that the market may lock; `gem` is a token that may be minted, else a plain one
    is taken.
    """
    who = Cast(*(account.address for account in ape.accounts.test_accounts[: len(fields(Cast))]))
    gem = gem or deploy("MockToken", 18, sender=who.owner)
    staking = deploy("Staking", who.owner, who.sink, gem.address, UNBONDING, sender=who.owner)
    reputation = deploy("Reputation", who.owner, sender=who.owner)
    market = deploy_market(who.owner, who.sink, staking.address, reputation.address)
    staking.send("setMarket", market.address, True, sender=who.owner)
    reputation.send("setWriter", market.address, True, sender=who.owner)
    for account in who.crowd:
        gem.send("mint", account, STAKE, sender=who.owner)
        gem.send("approve", staking.address, NEVER, sender=account)
        staking.send("stake", account, STAKE, sender=account)
        staking.send("allow", market.address, 2**128 - 1, sender=account)
    rules = {
        name: deploy(kind, sender=who.owner)
        for name, kind in (
            ("majority", "MajorityRule"),
            ("weighted", "WeightedRule"),
            ("expert", "ExpertRule"),
        )
    }
    return System(market, staking, reputation, rules, gem, who)


@dataclass
class World:
    """One test's job, of one word. `truth` has the class of every task, every fourth of which is gold."""

    system: System
    terms: ConsensusTerms = field(init=False)
    tree: GoldTree = field(init=False)
    job: int = 0
    seats: list[Seat] = field(default_factory=list)

    @property
    def market(self) -> Contract:
        return self.system.market

    @property
    def who(self) -> Cast:
        return self.system.who

    @property
    def place(self) -> JobPlace:
        return JobPlace(ANVIL_CHAIN, self.market.address, self.job)

    def truth(self, task: int) -> int:
        """The class of a task."""
        return keccak256(bytes([task]))[0] % self.terms.classes

    def gold(self, classes: int = 2, **answers: int) -> GoldTree:
        """The gold of the word; `answers` are added to its classes, to make it false."""
        shift = answers.get("shift", 0)
        known = {
            task: (keccak256(bytes([task]))[0] + shift) % classes for task in range(0, TASKS, GOLD_EVERY)
        }
        labels = encode_labels(known, TASKS, classes)
        mask = sum(1 << task for task in known)
        return GoldTree({0: GoldWord(mask, labels, keccak256(b"gold"))})

    def good_terms(self, **changes: Any) -> ConsensusTerms:
        """Terms of a job that opens now; a panel of one expert unless something else is said."""
        terms = ConsensusTerms(
            pay=PAY,
            task_count=TASKS,
            stake=2 * PAY,
            seats_until=now() + HOUR,
            windows=(HOUR, HOUR, 0, 0, HOUR, HOUR),
            rule=self.system.rules["majority"].address,
            gold_root=self.gold(changes.get("classes", 2)).root,
            min_seat=13,
        )
        return replace(terms, **changes)

    def create(self, tree: GoldTree | None = None, **changes: Any) -> Receipt:
        """Open the job."""
        self.terms = self.good_terms(**changes)
        self.tree = tree or self.gold(self.terms.classes)
        if tree:
            self.terms = replace(self.terms, gold_root=tree.root)
        receipt = self.send_terms(self.terms)
        self.job, self.seats = receipt.value, []
        return receipt

    def send_terms(self, terms: ConsensusTerms) -> Receipt:
        """`createJob` with the right money, by the creator."""
        funds = terms.task_count * (terms.pay + terms.pay * terms.fee_bps // 10_000) * terms.redundancy
        value = funds + terms.expert_budget if terms.token == ZERO else 0
        struct, classes = terms.struct(), list(terms.word_classes)
        return self.market.send("createJob", struct, classes, sender=self.who.creator, value=value)

    def labels(self, wrong: int = 0) -> bytes:
        """Right answers but for the first `wrong` tasks, which is gold and not."""
        classes = self.terms.classes
        answers = {task: (self.truth(task) + (task < wrong)) % classes for task in range(TASKS)}
        return encode_labels(answers, TASKS, classes)

    def request(self, annotator: str, layer: int, labels: bytes, salt: bytes, mask: int) -> SeatRequest:
        """What a seat is asked for with."""
        return self.place.request(self.place.seat(annotator, mask, labels, salt, layer=layer))

    def sit(self, annotator: str, labels: bytes, mask: int = (1 << TASKS) - 1) -> Seat:
        """Take a seat in the next layer."""
        salt = keccak256(annotator.encode())
        wanted = self.place.seat(annotator, mask, labels, salt, layer=len(self.seats))
        request = self.place.request(wanted).struct()
        told = self.market.send("seat", request, b"", sender=annotator).of(self.market)
        values = next(args for name, args in told if name == "SeatTaken")
        seat = replace(wanted, stake=values["stake"], audit=values["audit"])
        self.seats.append(seat)
        return seat

    def wait(self, phase: Phase | None) -> None:
        """Until the phase begins; None for the end of the last."""
        number = len(Phase) if phase is None else int(phase)
        mine_at(self.terms.seats_until + sum(self.terms.windows[:number]) + 1)

    def reveal(self, seat: Seat) -> Receipt:
        """By the annotator, in time."""
        args = (self.job, 0, seat.struct(), seat.labels, seat.salt)
        return self.market.send("reveal", *args, sender=seat.annotator)

    def reveal_all(self) -> None:
        """Everybody, in their phase."""
        self.wait(Phase.REVEAL)
        for seat in self.seats:
            self.reveal(seat)

    def challenge(self, seat: Seat, mask: int, truth: Truth | None = None) -> Truth:
        """Gold of a seat, by its annotator, in time; what is known afterwards."""
        truth = truth or self.known()
        args = (self.job, 0, mask, seat.sealed_struct(), truth.struct())
        value = self.terms.challenge_bond * mask.bit_count() if self.terms.token == ZERO else 0
        self.market.send("challenge", *args, sender=seat.annotator, value=value)
        return replace(truth, challenged=truth.challenged | mask)

    def decide(
        self, mask: int, answers: Mapping[int, int | None], truth: Truth, audited: Sequence[Seat] = ()
    ) -> Truth:
        """Classes of tasks by the expert, in time; what is known afterwards."""
        verdicts = encode_labels(answers, TASKS, self.terms.classes)
        told = [seat.sealed_struct() for seat in audited]
        args = (self.job, 0, mask, verdicts, truth.struct(), told, b"")
        self.market.send("decide", *args, sender=self.who.expert)
        return replace(truth, decided=truth.decided | mask, verdicts=verdicts)

    def opening(self) -> Opening:
        """The gold of the word with its proof."""
        return openings(self.tree)[0]

    def open_gold(self) -> Receipt:
        """By the creator, in time."""
        self.wait(Phase.GOLD)
        return self.market.send("openGold", self.job, [self.opening().struct()], sender=self.who.creator)

    def known(self) -> Truth:
        """What is known when nothing was challenged."""
        return undisputed(self.tree.words[0])

    def told(self, seats: Sequence[Seat] | None = None) -> list[Mapping[str, Any]]:
        """Revealed seats in the order of their annotators."""
        return [seat.revealed_struct() for seat in in_order(seats or self.seats)]

    def score_and_settle(self) -> Receipt:
        """By a keeper, as soon as it can be."""
        self.wait(Phase.SCORE)
        args = (self.job, 0, self.known().struct(), self.told())
        return self.market.send("scoreAndSettle", *args, sender=self.who.keeper)

    def run(self, *wrong: int, **changes: Any) -> Receipt:
        """A job in which each annotator is wrong about so many of the first tasks, up to its settlement."""
        self.create(**changes)
        for annotator, mistakes in zip(self.who.crowd, wrong, strict=False):
            self.sit(annotator, self.labels(mistakes))
        self.reveal_all()
        self.open_gold()
        return self.score_and_settle()

    def merit(self, seat: Seat) -> Any:
        """What the reference model says of a seat in a job of this one word."""
        known = self.known().known()
        labels = seat.labels or b""
        marks = [(of, labels[task] - 1 if labels[task] else None) for task, of in known.items()]
        gold = tuple(sum(of == number for of in known.values()) for number in range(self.terms.classes))
        return merit_of(Matrix(self.terms.classes).plus(marks), gold, self.terms.slope_bps)

    def settled(self, receipt: Receipt) -> dict[str, tuple[int, int]]:
        """(paid, slashed) by annotator, as the events tell."""
        return {
            args["annotator"]: (args["paid"], args["slashed"])
            for name, args in receipt.of(self.market)
            if name == "SeatSettled"
        }
