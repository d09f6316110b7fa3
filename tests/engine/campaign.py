"""A campaign: programs against contracts for as long as one likes, and what was seen in that time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.engine.capability import Capability
from tests.engine.chain import Chain
from tests.engine.check import Troupe
from tests.engine.corpus import Corpus
from tests.engine.stream import Stream, subsets
from tests.engine.tally import Errors, Tally, median
from tests.engine.workers import Failure, Harvest, Worker, labour


@dataclass(frozen=True)
class Plan:
    """What is played for how many seconds. Nothing is kept between campaigns where `corpus` is None."""

    capabilities: Sequence[type[Capability]]
    seconds: float
    seed: int
    workers: int = 2
    corpus: Path | None = None


def fork_of(chain_id: int) -> int:
    """The chain as which things go on, as after a fork of a network: what was signed for the old id must not
    hold there, and what is signed for the new one must (T41). Of the signatures for "another chain", some
    are for the old one there.
    """
    return chain_id - 1


def stream_for(plan: Plan, troupe: Troupe, worker: int = 0) -> Stream:
    """A worker's programs: its share of the corpus, then new ones."""
    kept = Corpus(plan.corpus, troupe.capability.name).load()
    roles = list(troupe.capability.parties(troupe.stage))
    return Stream(plan.seed, worker, roles, kept[worker :: plan.workers])


@dataclass
class Campaign:
    """The troupes of a plan on their stages, and what they have found. `chains` makes a chain for each
    capability, all on one node.
    """

    plan: Plan
    chains: Callable[[], Chain]
    troupes: list[Troupe] = field(default_factory=list)
    harvest: Harvest = field(default_factory=Harvest)
    kept: dict[str, int] = field(default_factory=dict)

    def set_stages(self) -> None:
        """Deploy what is played on. Raises NodeError where a stage cannot be set."""
        self.troupes = [Troupe(capability, self.chains()) for capability in self.plan.capabilities]

    @property
    def home(self) -> int:
        """The chain on which everything was deployed."""
        return self.troupes[0].chain.chain_id

    def run(self, tell: Callable[[Harvest], None] = lambda _: None) -> Failure | None:
        """Play; returns the first failure. The chain is left as `set_stages` left it, the corpus is written
        unless there was a failure. Raises WorkerLost.
        """
        home, half = self.home, self.plan.seconds / 2
        workers = [
            Worker(
                number, self.plan.seed, [(one, stream_for(self.plan, one, number)) for one in self.troupes]
            )
            for number in range(self.plan.workers)
        ]
        try:
            self.harvest = labour(workers, [(half, home), (half, fork_of(home))], tell)
        finally:
            for troupe in self.troupes:
                troupe.chain.move_to(home)
        if self.harvest.failure is None:
            self._keep()
        return self.harvest.failure

    def _keep(self) -> None:
        for name, finds in self.harvest.finds.items():
            self.kept[name] = Corpus(self.plan.corpus, name).keep(finds)

    @property
    def errors(self) -> list[Errors]:
        """Declared and explained, by capability."""
        return [Errors.of(troupe.capability, troupe.chain) for troupe in self.troupes]

    def missing_errors(self) -> list[str]:
        """`capability.error` of those declared that were neither reached nor explained."""
        return [error for errors in self.errors for error in errors.missing(self.harvest.tally)]

    def silent_subsets(self) -> tuple[int, int]:
        """How many choices of silent parties were played, and how many there are."""
        there = sum(len(subsets(list(each.capability.parties(each.stage)))) for each in self.troupes)
        return len(self.harvest.tally.silenced), there

    def report(self) -> dict[str, Any]:
        """What out/fuzz.json says of the fuzzing. A step is a call that changes state, compared with the
        model; views and jumps in time do not count.
        """
        tally, seconds, errors = self.harvest.tally, self.harvest.seconds, self.errors
        played, there = self.silent_subsets()
        return {
            "seed": self.plan.seed,
            "capabilities": [one.name for one in self.plan.capabilities],
            "contracts": [source for one in self.plan.capabilities for source in one.sources],
            "chain_id": {"first_half": self.home, "second_half": fork_of(self.home)},
            "workers": self.plan.workers,
            "seconds": round(seconds, 3),
            "steps": tally.steps,
            "steps_per_second": round(tally.steps / seconds, 1) if seconds else 0.0,
            "programs": tally.programs,
            "success_share": round(tally.success_share, 4),
            "median_steps": median(tally.lengths),
            "median_actors": median(tally.actors),
            "actions": {name: round(share, 5) for name, share in tally.actions().items()},
            "errors_declared": sorted(frozenset().union(*(each.declared for each in errors))),
            "errors_reached": dict(sorted(tally.errors().items())),
            "errors_explained": _explained(errors, tally),
            "errors_missing": self.missing_errors(),
            "silent_subsets": f"{played} of {there}",
            "gas": dict(sorted(tally.gas.items())),
            "corpus": self.kept,
        }


def _explained(errors: Sequence[Errors], tally: Tally) -> Mapping[str, str]:
    """Why errors are not reached: only of those that are declared and were indeed not reached."""
    return {
        error: reason
        for each in errors
        for error, reason in sorted(each.explained.items())
        if error in each.declared - each.reached(tally)
    }
