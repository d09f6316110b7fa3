"""Where Hypothesis comes in: it draws the tapes that programs are written from, and shrinks them."""

from __future__ import annotations

from hypothesis import strategies as st

from tests.engine.dice import TAPE

STEPS = 80
"""Turns of the longest program; what happens at its end comes on top."""

TAPES = st.binary(min_size=TAPE, max_size=TAPE)


@st.composite
def programs(draw: st.DrawFn, most: int = STEPS) -> list[bytes]:
    """The tapes of a program with up to `most` turns."""
    return [draw(TAPES) for _ in range(draw(st.integers(0, most)))]
