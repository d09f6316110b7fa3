"""The creator's gold is no weapon: whatever he commits to, opens, keeps back or has challenged, his wallet
and a seat of his own together never have more than with true gold (F2).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random

import ape
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from offchain.consensus import GoldTree, GoldWord, PanelKind, Phase, account_panel, encode_labels
from offchain.hashing import keccak256
from offchain.reference.consensus import Opening, Seat, Truth
from tests.conftest import isolated
from tests.support.calls import ZERO, balance
from tests.support.consensus import HOUR, System, World, deploy_system

SIZES = (256, 24)
GOLD_EVERY = 8
FEE_BPS = 500
EXAMPLES = max(4, settings.default.max_examples // 2)


@dataclass(frozen=True)
class Scheme:
    """What a creator is up to. `gold`: "true", or "any" mask and labels; `opens`: "all", "part" or "none";
    `seat`: how his own seat answers, what the gold "knows", "noise", or one class; `challenges`: his seat
    challenges some of the gold, and the panel, which is his, is silent.
    """

    gold: str
    opens: str
    seat: str
    challenges: bool
    seed: int


HONEST = Scheme("true", "all", "knows", challenges=False, seed=0)
SCHEMES = st.builds(
    Scheme,
    gold=st.sampled_from(["any", "true"]),
    opens=st.sampled_from(["all", "part", "none"]),
    seat=st.sampled_from(["knows", "noise", "constant"]),
    challenges=st.booleans(),
    seed=st.integers(0, 2**16),
)


@pytest.fixture(scope="module")
def system(networks) -> System:
    found = deploy_system()
    found.market.send("setFee", FEE_BPS, sender=found.who.owner)
    return found


class Plot:
    """One job of two words from its beginning to its end: `ann` and `cleo` are the crowd, `ben` is the
    creator's.
    """

    def __init__(self, system: System, scheme: Scheme, skill: float) -> None:
        self.system, self.world, self.scheme, self.skill = system, World(system), scheme, skill
        self.market, self.who, self.random = system.market, system.who, Random(scheme.seed)
        self.gold = {word: self._gold(word) for word in (0, 1)}
        self.tree = GoldTree(self.gold)
        self.seats: dict[tuple[int, str], Seat] = {}

    def wealth(self) -> int:
        """What the creator and his other account have, base units."""
        return balance(ZERO, self.who.creator) + balance(ZERO, self.who.ben)

    def play(self) -> int:
        """What the two gain by the job, base units: mostly they pay for it."""
        before = self.wealth()
        self.world.create(
            self.tree,
            task_count=sum(SIZES),
            fee_bps=FEE_BPS,
            gold_bps=1,
            rule=self.system.rules["weighted"].address,
            panel_kind=PanelKind.ACCOUNT,
            panel=account_panel(self.who.expert),
            windows=(HOUR,) * 6,
        )
        for layer, annotator in enumerate((self.who.ann, self.who.ben, self.who.cleo)):
            for word in (0, 1):
                self._sit(word, layer, annotator)
        self.world.wait(Phase.REVEAL)
        for (word, annotator), seat in self.seats.items():
            args = (self.world.job, word, seat.struct(), seat.labels, seat.salt)
            self.market.send("reveal", *args, sender=annotator)
        truths = self._challenged() if self._opened() else self._known()
        self._end(truths)
        return self.wealth() - before

    def _gold(self, word: int) -> GoldWord:
        size = SIZES[word]
        tasks = range(0, size, GOLD_EVERY)
        if self.scheme.gold == "any":
            tasks = sorted(self.random.sample(range(size), self.random.randint(1, size)))
        classes = {task: self._class(word, task) for task in tasks}
        salt = keccak256(bytes([word, self.random.randrange(256)]))
        return GoldWord(sum(1 << task for task in classes), encode_labels(classes, size, 2), salt)

    def _class(self, word: int, task: int) -> int:
        if self.scheme.gold == "any":
            return self.random.randrange(2)
        return self.truth(word, task)

    @staticmethod
    def truth(word: int, task: int) -> int:
        """The class of a task."""
        return keccak256(bytes([word, task]))[0] % 2

    def _answers(self, word: int, annotator: str) -> bytes:
        """The crowd's answers are the same whatever the scheme is."""
        dice, known = Random(f"{word}{annotator}"), self.gold[word].labels
        answers = {}
        for task in range(SIZES[word]):
            truth = self.truth(word, task)
            if annotator != self.who.ben:
                answers[task] = truth if dice.random() < self.skill else 1 - truth
            elif self.scheme.seat == "knows":
                answers[task] = known[task] - 1 if known[task] else truth
            else:
                answers[task] = dice.randrange(2) if self.scheme.seat == "noise" else 1
        return encode_labels(answers, SIZES[word], 2)

    def _sit(self, word: int, layer: int, annotator: str) -> None:
        labels, salt = self._answers(word, annotator), keccak256(annotator.encode() + bytes([word]))
        mask = (1 << SIZES[word]) - 1
        wanted = self.world.place.seat(annotator, mask, labels, salt, word=word, layer=layer)
        request = self.world.place.request(wanted, word=word).struct()
        told = dict(self.market.send("seat", request, b"", sender=annotator).of(self.market))["SeatTaken"]
        self.seats[word, annotator] = replace(wanted, stake=told["stake"], audit=told["audit"])

    def _opened(self) -> bool:
        """Opens what the scheme says; whether that is all."""
        words = {"all": (0, 1), "part": (self.random.randrange(2),), "none": ()}[self.scheme.opens]
        self.world.wait(Phase.GOLD)
        if words:
            openings = [Opening(word, self.gold[word], tuple(self.tree.proof(word))) for word in words]
            structs = [opening.struct() for opening in openings]
            self.market.send("openGold", self.world.job, structs, sender=self.who.creator)
        return len(words) == len(SIZES)

    def _known(self) -> dict[int, Truth]:
        return {word: Truth(gold.mask, gold.labels, gold.salt) for word, gold in self.gold.items()}

    def _challenged(self) -> dict[int, Truth]:
        """What is known after the creator's seat challenged some of the gold, of one word or of both."""
        truths = self._known()
        if not self.scheme.challenges:
            return truths
        self.world.wait(Phase.CHALLENGE)
        for word in sorted(self.random.sample((0, 1), self.random.randint(1, 2))):
            truth, seat = truths[word], self.seats[word, self.who.ben]
            mask = truth.gold & self.random.getrandbits(SIZES[word]) or truth.gold
            args = (self.world.job, word, mask, seat.sealed_struct(), truth.struct())
            self.market.send("challenge", *args, sender=self.who.ben)
            truths[word] = replace(truth, challenged=mask)
        return truths

    def _end(self, truths: dict[int, Truth]) -> None:
        """A keeper scores what can be scored and settles everything; the job is closed."""
        job, keeper = self.world.job, self.who.keeper
        told = {
            word: self.world.told([seat for (at, _), seat in self.seats.items() if at == word])
            for word in (0, 1)
        }
        self.world.wait(Phase.SCORE)
        for word, truth in truths.items():
            if self.scheme.opens == "all" and not truth.undecided:
                self.market.send("score", job, word, truth.struct(), told[word], sender=keeper)
        self.world.wait(Phase.SETTLE)
        for word, truth in truths.items():
            if truth.undecided:
                self.market.send("settleChallenge", job, word, 0, truth.struct(), sender=keeper)
            self.market.send("settle", job, word, truth.struct(), told[word], sender=keeper)
        self.world.wait(None)
        self.market.send("close", job, sender=keeper)


@settings(max_examples=EXAMPLES)
@given(scheme=SCHEMES, skill=st.sampled_from([0.5, 0.8, 1.0]))
def test_creator__whatever_he_does_with_gold__never_gains_by_it(system, scheme, skill):
    """F2: what is not earned goes to the sink, so neither false gold, nor gold that is kept back, opened in
    part, or challenged by his own seat before a silent panel leaves him more than true gold does.
    """
    with isolated(ape.chain):
        honest = Plot(system, HONEST, skill).play()
    with isolated(ape.chain):
        assert Plot(system, scheme, skill).play() <= honest
