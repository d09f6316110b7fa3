"""What the third scene is played from: who labels which texts how well, what the creator knows, the terms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from offchain.annotations import Instructions, LabelSet
from offchain.consensus import (
    ConsensusTerms,
    GoldTree,
    GoldWord,
    PanelKind,
    account_panel,
    encode_labels,
)
from offchain.hashing import keccak256
from offchain.packaging import text_source
from scripts._chain.blueprints import WHOLE
from scripts._demo.annotators import Annotator
from scripts._demo.chance import dice, secret
from scripts._demo.items import TextSet
from scripts._demo.quality import FEE_BPS
from scripts._demo.results import item_of
from scripts._demo.world import CENT, DAY, DOLLAR, World

PAY = 12 * CENT
STAKE = WHOLE // 2
BOND, EXPERT_FEE = DOLLAR // 2, DOLLAR
BUDGET = 20  # tasks that the experts can be paid for
REDUNDANCY = 5
GOLD_EACH = 3  # known tasks of each class
TITLE = "What does the writer think of what he bought?"
DOMAIN = keccak256(b"sentiment of short texts in English")


@dataclass(frozen=True)
class Part:
    """What somebody does: the layer, which half of it (None: all), how often he errs. `always` is the answer
    of who does not read; `silent` is who never reveals.
    """

    layer: int
    wrong: float = 0.0
    half: int | None = None
    always: str | None = None
    silent: bool = False

    @property
    def told(self) -> str:
        """For the report."""
        if self.silent:
            return "never reveals"
        if self.always is not None:
            return f"always says {self.always}"
        return f"wrong {self.wrong * 100:g} % of the time"


PARTS = {
    "Hugo": Part(0, 0.04),
    "Joao": Part(1, 0.12),
    "Mika": Part(2, 0.40),
    "Bruno": Part(3, always="neutral"),
    "Yara": Part(4, 0.08, half=0),
    "Noor": Part(4, half=1, silent=True),
}
CHALLENGER, BLUFFER = "Hugo", "Bruno"


@dataclass(frozen=True)
class CrowdPlan:
    """The job before anything is sent."""

    world: World
    texts: TextSet

    @property
    def size(self) -> int:
        """How many tasks there are."""
        return len(self.texts.texts)

    @cached_property
    def right(self) -> list[int]:
        """The true classes, by the place of their label."""
        labels = self.texts.labels
        return [labels.index(text.truth) for text in self.texts.texts if text.truth is not None]

    @cached_property
    def answers(self) -> dict[str, dict[int, int]]:
        """The classes that each annotator gives to his tasks; who is silent gives none."""
        return {name: self._answers(name, part) for name, part in PARTS.items() if not part.silent}

    @cached_property
    def gold(self) -> GoldTree:
        """Some tasks of each class. About one of them the creator is wrong, and the challenger is not."""
        rng, known = dice(self.world.seed, "gold"), dict[int, int]()
        for number in range(len(self.texts.labels)):
            tasks = [task for task, of in enumerate(self.right) if of == number]
            known |= dict.fromkeys(rng.sample(tasks, GOLD_EACH), number)
        mistaken = next(task for task in sorted(known) if self.answers[CHALLENGER][task] == known[task])
        known[mistaken] = (known[mistaken] + 1) % len(self.texts.labels)
        return GoldTree({0: GoldWord(mask_of(known), self.encoded(known), secret(self.world.seed, "gold"))})

    @cached_property
    def terms(self) -> ConsensusTerms:
        """The terms of a job that opens now; source and instructions are stored."""
        texts, world = self.texts, self.world
        told = Instructions("text", LabelSet(texts.labels), "Say what the writer thinks of what he bought.")
        root = world.store.put(text_source([item_of(text) for text in texts.texts]))
        world.store.put(told.to_bytes())
        return ConsensusTerms(
            token=str(world.token.address),
            pay=PAY,
            task_count=self.size,
            redundancy=REDUNDANCY,
            classes=len(texts.labels),
            min_seat=self.size // 2,
            accept_bps=8_000,
            fee_bps=FEE_BPS,
            stake=STAKE,
            max_stake_bps=20_000,
            seats_until=world.stage.now + DAY,
            windows=(DAY,) * 6,
            rule=str(world.quality.rule.address),
            panel_kind=PanelKind.ACCOUNT,
            panel=account_panel(world.cast["Orsolya"].address),
            expert_fee=EXPERT_FEE,
            expert_budget=BUDGET * EXPERT_FEE,
            challenge_bond=BOND,
            gold_root=self.gold.root,
            domain=DOMAIN,
            data_root=root.root,
            data_length=root.length,
            instructions_hash=told.hash,
        )

    @property
    def funds(self) -> int:
        """Pay and fees of all labels, and what experts get, base units."""
        each = PAY + PAY * FEE_BPS // 10_000
        return self.size * REDUNDANCY * each + BUDGET * EXPERT_FEE

    def half(self, number: int) -> range:
        """The tasks of the first half, or of the second."""
        middle = self.size // 2
        return range(middle) if number == 0 else range(middle, self.size)

    def encoded(self, answers: Mapping[int, int]) -> bytes:
        """Classes by task as label bytes."""
        return encode_labels(answers, self.size, len(self.texts.labels))

    def verdicts(self, mask: int) -> bytes:
        """What is right about the tasks of a mask."""
        return self.encoded({task: of for task, of in enumerate(self.right) if mask >> task & 1})

    def doubts(self, gold: Mapping[int, int]) -> dict[str, list[int]]:
        """Who challenges which gold: who is sure of his answers, all that differs from them; the bluffer one
        task that does.
        """
        differs = {
            name: [task for task, of in gold.items() if self.answers[name][task] != of]
            for name in (CHALLENGER, BLUFFER)
        }
        rest = [task for task in differs[BLUFFER] if task not in differs[CHALLENGER]]
        return {CHALLENGER: differs[CHALLENGER], BLUFFER: rest[:1]}

    def _answers(self, name: str, part: Part) -> dict[int, int]:
        labels, skill = self.texts.labels, Annotator(name, wrong_label=part.wrong, seed=self.world.seed)
        tasks = range(self.size) if part.half is None else self.half(part.half)
        said = (part.always or skill.classify(self.texts.texts[task], labels) for task in tasks)
        return {task: labels.index(label) for task, label in zip(tasks, said, strict=True)}


def mask_of(tasks: Sequence[int] | Mapping[int, object]) -> int:
    """The bits of some tasks of the first word."""
    return sum(1 << task for task in tasks)
