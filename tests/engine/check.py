"""A capability as a property: every program does on chain what its model says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tests.engine.capability import Capability
from tests.engine.chain import Chain
from tests.engine.executor import MODEL, Difference, Executor, Outcome
from tests.engine.program import Program
from tests.engine.story import tell


class Disagreement(AssertionError):  # noqa: N818 - what it is
    """Contract and model differ, or the model breaks its own rules. The message is the story of the program
    up to there, below the lines of `heading`: the seed, how to replay it.
    """

    def __init__(
        self,
        play: Troupe,
        program: Program,
        difference: Difference,
        tapes: Sequence[bytes] = (),
        silence: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__()
        self.play, self.program, self.difference = play, program, difference
        self.tapes, self.silence = tapes, dict(silence or {})
        self.heading: tuple[str, ...] = ()

    @property
    def length(self) -> int:
        """Steps up to and including the one that differs; all of them for the views at the end."""
        index = self.difference.index
        return len(self.program.steps) if index is None else index + 1

    def __str__(self) -> str:
        return tell(self.play.chain, self.play.capability, self.program, self.difference, *self.heading)


class Troupe:
    """A capability on its stage, ready to play any number of programs. `home` is the id of the chain on which
    the stage was set.
    """

    def __init__(self, capability: type[Capability], chain: Chain) -> None:
        self.capability, self.chain = capability, chain
        self.stage, self.home = capability.deploy(chain), chain.chain_id
        self.executor = Executor(chain)

    def begin(self) -> Capability:
        """A play that has no steps yet."""
        return self.capability(self.chain, self.stage)

    def write(self, tapes: Sequence[bytes], *, closing: bool = True, **silence: Any) -> Program:
        """The program of these tapes; the chain is not asked. Raises Disagreement where the model breaks its
        own rules.
        """
        play = self.begin()
        try:
            return play.write(tapes, closing=closing, **silence)
        except AssertionError as error:
            steps = play.steps
            at, last = (len(steps) - 1, steps[-1]) if steps else (None, None)
            difference = Difference(at, last, MODEL, "its own rules kept", str(error))
            raise Disagreement(self, Program(steps), difference, tapes, silence) from error

    def run(self, program: Program, tapes: Iterable[bytes] = (), **silence: Any) -> Outcome:
        """Run a program that was written from `tapes`. Raises Disagreement at the first difference."""
        outcome = self.executor.run(program)
        if outcome.difference:
            raise Disagreement(self, program, outcome.difference, tuple(tapes), silence)
        return outcome

    def check(
        self, tapes: Sequence[bytes], *, closing: bool = True, **silence: Any
    ) -> tuple[Program, Outcome]:
        """Write and run a program; all views are asked at the end unless `closing` is false. Raises
        Disagreement at the first difference.
        """
        program = self.write(tapes, closing=closing, **silence)
        return program, self.run(program, tapes, **silence)
