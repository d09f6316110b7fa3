"""How far a campaign is: one line that is written over, or a plain line now and then where nobody looks."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence

import click

from tests.engine.tally import Errors
from tests.engine.workers import Harvest

PLAIN = 10.0
"""Seconds between the lines where stderr is no terminal."""


class Progress:
    """Told what was harvested so far, a few times a second."""

    def __init__(self, seconds: float, errors: Sequence[Errors]) -> None:
        self._seconds, self._errors = seconds, errors
        self._began = self._told = time.monotonic()
        self._live = sys.stderr.isatty()

    def __call__(self, harvest: Harvest) -> None:
        """Write the line, if it is time."""
        now = time.monotonic()
        if self._live:
            click.echo(f"\r\x1b[K{self.line(harvest, now)}", nl=False, err=True)
        elif now - self._told >= PLAIN:
            self._told = now
            click.echo(self.line(harvest, now), err=True)

    def line(self, harvest: Harvest, now: float) -> str:
        """Steps, their rate, programs, share of success, errors reached of those there are to reach."""
        tally, spent = harvest.tally, now - self._began
        reached = sum(len(errors.reached(tally) - errors.explained.keys()) for errors in self._errors)
        there = sum(len(errors.declared - errors.explained.keys()) for errors in self._errors)
        return (
            f"{tally.steps:,} steps, {tally.steps / spent:,.0f} a second, {tally.programs:,} programs, "
            f"{tally.success_share:.0%} of the steps succeed, {reached} of {there} errors reached, "
            f"{max(self._seconds - spent, 0):.0f} s left"
        )

    def end(self) -> None:
        """Leave the line as it is."""
        if self._live:
            click.echo(err=True)
