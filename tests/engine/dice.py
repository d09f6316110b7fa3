"""Choices from bytes. Hypothesis draws a program as a list of tapes of bytes, one a step; a step's choices
are read off its tape. So a choice costs a microsecond instead of the 20 of a draw, and Hypothesis shrinks
bytes towards zero as it does any: a zero is the first, the plainest choice.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar

T = TypeVar("T")

TAPE = 32
"""Bytes of a tape; a step that reads on gets zeros."""

FAULTS = 128
"""Of 256 steps, so many have one thing wrong, at the first to the 24th opportunity in the step."""

PER_FAULT = 4
BYTE = 256


class Dice:
    """One step's choices. Each step can have one thing wrong: the question is put with `wrong`."""

    def __init__(self, tape: bytes) -> None:
        self._tape, self._at, self._asked = tape, 0, 0
        draw = self.below(BYTE)
        self._fault = (draw - (BYTE - FAULTS)) // PER_FAULT if draw >= BYTE - FAULTS else -1

    def below(self, sides: int) -> int:
        """A number from 0 to `sides` - 1; 0 for zeros."""
        size = 1 if sides <= BYTE else (sides.bit_length() + 7) // 8 + 1
        drawn = self._tape[self._at : self._at + size].ljust(size, b"\0")
        self._at += size
        return int.from_bytes(drawn, "big") * sides >> 8 * size

    def choose(self, among: Sequence[T]) -> T:
        """One of a sequence that is not empty, the first for zeros."""
        return among[self.below(len(among))]

    def chance(self, sides: int) -> bool:
        """True once in `sides` times, never for zeros."""
        return self.below(sides) == sides - 1

    def wrong(self) -> bool:
        """Whether this is the one thing in the step that goes wrong."""
        self._asked += 1
        return self._asked - 1 == self._fault

    def pick(self, right: Iterable[T], wrong: Iterable[T] = ()) -> T:
        """One of `right`; one of `wrong` where it is this step's fault, or where nothing is right."""
        good = list(right)
        if self.wrong() or not good:
            good = list(wrong) or good
        return self.choose(good)

    def mask(self) -> int:
        """256 bits with a pattern that repeats after 16."""
        return self.below(1 << 16) * (((1 << 256) - 1) // 0xFFFF)
