"""Makes the tapes of a failing program smaller while it fails the same way. Each try is one request, a few
milliseconds. Hypothesis shrinks, too; this is for programs that it did not draw, and for after it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from time import monotonic
from typing import Any

from tests.engine.check import Disagreement
from tests.engine.executor import MODEL, Reverted
from tests.engine.program import Program

SECONDS = 10.0
"""How long shrinking may take."""

SHORT = 4
"""Turns of the longest run whose removal is tried at every place."""

PREFIXES = (0, 1, 2, 4, 8, 16)
"""Bytes of a tape that are kept when the rest becomes zeros."""

Tapes = tuple[bytes, ...]


def shrink(failure: Disagreement, seconds: float = SECONDS) -> Disagreement:
    """The smallest failure of the same kind that is found in this time: fewest steps up to the difference,
    then the smallest bytes.
    """
    return Shrinker(failure, monotonic() + seconds).run()


def kind_of(failure: Disagreement) -> tuple[str, ...]:
    """What two failures of one bug have in common: what differs, in which function, and of results which
    errors; neither the values nor the account or the job.
    """
    difference = failure.difference
    what = difference.view.function if difference.view else re.sub(r"\(.*\)", "", difference.what)
    function = difference.step.function if difference.step else "the end"
    outcomes = () if what == MODEL else (_outcome(difference.expected), _outcome(difference.found))
    return what, function, *outcomes


class Shrinker:
    """Keeps the best failure so far. A tape of zeros is no turn, so to zero a tape is to remove it."""

    def __init__(self, failure: Disagreement, until: float) -> None:
        self.best, self._kind, self._until = failure, kind_of(failure), until
        self._seen: set[Tapes] = set()
        self.tries = 0

    @property
    def tapes(self) -> Tapes:
        """Those of the best failure."""
        return tuple(self.best.tapes)

    def run(self) -> Disagreement:
        """Goes over all tapes until that finds nothing any more, or the time is over."""
        self._until_nothing_helps(self._remove_turns, self._cut)
        self._until_nothing_helps(self._remove_turns, self._cut, self._zero)
        self._until_nothing_helps(self._remove_turns, self._zero, self._lower)
        return self._failure(self.tapes, whole=True) or self.best

    def _until_nothing_helps(self, *passes: Callable[[], None]) -> None:
        before = None
        while before != self._key(self.best) and monotonic() < self._until:
            before = self._key(self.best)
            for one in passes:
                one()

    def _remove_turns(self) -> None:
        """The last ones first, in ever smaller runs; short runs wherever they begin."""
        size = len(self.tapes)
        while size:
            at = len(self.tapes) - size
            while at >= 0:
                self._try(self.tapes[:at] + self.tapes[at + size :])
                at = min(at - (size if size > SHORT else 1), len(self.tapes) - size)
            size = min(size - 1, max(size // 2, SHORT))

    def _cut(self) -> None:
        """Zeros for the ends of tapes."""
        for number in reversed(range(len(self.tapes))):
            for keep in PREFIXES:
                tape = self._tape(number)
                used = len(tape.rstrip(b"\0"))
                if used > keep and self._put(number, tape[:keep].ljust(len(tape), b"\0")):
                    break

    def _zero(self) -> None:
        """Zeros for single bytes."""
        for number in reversed(range(len(self.tapes))):
            for at, byte in enumerate(self._tape(number)):
                if byte:
                    self._put_byte(number, at, 0)

    def _lower(self) -> None:
        """The lowest byte at each place, as far as halving finds it."""
        for number in reversed(range(len(self.tapes))):
            for at, byte in enumerate(self._tape(number)):
                self._lower_byte(number, at, byte)

    def _lower_byte(self, number: int, at: int, byte: int) -> None:
        low, high = 0, byte
        while high - low > 1:
            middle = (low + high) // 2
            if self._put_byte(number, at, middle):
                high = middle
            else:
                low = middle

    def _tape(self, number: int) -> bytes:
        return self.tapes[number] if number < len(self.tapes) else b""

    def _put_byte(self, number: int, at: int, byte: int) -> bool:
        tape = self._tape(number)
        return self._put(number, tape[:at] + bytes([byte]) + tape[at + 1 :])

    def _put(self, number: int, tape: bytes) -> bool:
        kept = (tape,) if any(tape) else ()
        return self._try(self.tapes[:number] + kept + self.tapes[number + 1 :])

    def _try(self, tapes: Tapes) -> bool:
        """Whether these tapes fail the same way and are better."""
        if monotonic() > self._until or tapes in self._seen:
            return False
        self._seen.add(tapes)
        self.tries += 1
        failure = self._failure(tapes)
        if failure is None or kind_of(failure) != self._kind or self._key(failure) >= self._key(self.best):
            return False
        self.best = failure
        return True

    def _failure(self, tapes: Tapes, *, whole: bool = False) -> Disagreement | None:
        """How these tapes fail. Steps that come later than the best failure's last are left out, unless the
        `whole` program is asked for.
        """
        troupe, silence = self.best.play, self.best.silence
        try:
            program = troupe.write(tapes, **silence)
            if not whole and self.best.difference.index is not None:
                program = Program(program.steps[: self.best.length], [], program.silent)
            troupe.run(program, tapes, **silence)
        except Disagreement as failure:
            failure.heading = self.best.heading
            return failure
        return None

    @staticmethod
    def _key(failure: Disagreement) -> tuple[int, int, int]:
        return failure.length, sum(map(sum, failure.tapes)), len(failure.tapes)


def _outcome(value: Any) -> str:
    if isinstance(value, Reverted):
        return value.error
    return value if isinstance(value, str) else ""
