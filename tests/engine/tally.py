"""What a campaign counts, a whole program at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from tests.engine.capability import Capability
from tests.engine.chain import Chain
from tests.engine.program import Program
from tests.engine.trial import Trial

OK = "ok"


@dataclass
class Tally:
    """Counts that can be added up. `outcomes` are steps by (capability, action, function, outcome); `lengths`
    and `actors` are programs by their number of steps and of accounts that call.
    """

    outcomes: Counter[tuple[str, str, str, str]] = field(default_factory=Counter)
    lengths: Counter[int] = field(default_factory=Counter)
    actors: Counter[int] = field(default_factory=Counter)
    silenced: Counter[tuple[str, tuple[str, ...]]] = field(default_factory=Counter)
    gas: dict[str, int] = field(default_factory=dict)
    steps: int = 0
    programs: int = 0

    def add(self, capability: str, trial: Trial, program: Program, gas: Iterable[int]) -> None:
        """Count a program; `gas` is what each of its steps used."""
        steps = program.steps
        self.programs += 1
        self.steps += len(steps)
        self.outcomes.update([(capability, step.action, step.function, step.outcome) for step in steps])
        self.lengths[len(steps)] += 1
        self.actors[program.actors] += 1
        if trial.silent:
            self.silenced[capability, trial.silent] += 1
        most = self.gas
        for step, used in zip(steps, gas, strict=True):
            if used > most.get(step.function, 0) and step.succeeds:
                most[step.function] = used

    def merge(self, other: Tally) -> None:
        """Add another one's counts."""
        self.outcomes += other.outcomes
        self.lengths += other.lengths
        self.actors += other.actors
        self.silenced += other.silenced
        self.gas |= {name: max(used, self.gas.get(name, 0)) for name, used in other.gas.items()}
        self.steps += other.steps
        self.programs += other.programs

    @property
    def success_share(self) -> float:
        """Of all steps."""
        done = sum(count for (*_, outcome), count in self.outcomes.items() if outcome == OK)
        return done / self.steps if self.steps else 0.0

    def actions(self) -> dict[str, float]:
        """The share of each action, `capability.action`, in the steps of its capability."""
        found: Counter[tuple[str, str]] = Counter()
        steps: Counter[str] = Counter()
        for (capability, action, *_), count in self.outcomes.items():
            found[capability, action] += count
            steps[capability] += count
        shares = {f"{name}.{action}": count / steps[name] for (name, action), count in found.items()}
        return dict(sorted(shares.items()))

    def errors(self, capability: str | None = None) -> Counter[str]:
        """How many steps failed with each error: of one capability, or all."""
        found: Counter[str] = Counter()
        for (name, _, _, outcome), count in self.outcomes.items():
            if outcome != OK and capability in {None, name}:
                found[outcome] += count
        return found


def median(counts: Counter[int]) -> int:
    """The lower median of numbers that are counted; 0 where there is none."""
    left = (counts.total() + 1) // 2
    for number in sorted(counts):
        left -= counts[number]
        if left <= 0:
            return number
    return 0


@dataclass(frozen=True)
class Errors:
    """The custom errors that one capability's contracts declare, and those of them that no program can
    reach, each with its reason.
    """

    capability: str
    declared: frozenset[str]
    explained: dict[str, str]

    @classmethod
    def of(cls, capability: type[Capability], chain: Chain) -> Errors:
        """Raises LookupError where `sources` names a contract that the project does not have."""
        abis = [chain.artifacts.abi(source) for source in capability.sources]
        declared = frozenset(entry["name"] for abi in abis for entry in abi if entry["type"] == "error")
        return cls(capability.name, declared, dict(capability.unreachable))

    def reached(self, tally: Tally) -> set[str]:
        """Those declared that steps of the capability failed with."""
        return self.declared & tally.errors(self.capability).keys()

    def missing(self, tally: Tally) -> list[str]:
        """`capability.error` of those neither reached nor explained."""
        left = self.declared - self.explained.keys() - self.reached(tally)
        return [f"{self.capability}.{error}" for error in sorted(left)]
