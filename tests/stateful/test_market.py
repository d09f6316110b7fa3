"""The market against its model: random programs of many actors, and the way out of wherever they end.

The numbers are those of README.md in this folder.
"""

from __future__ import annotations

from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from tests.stateful.drain import assert_only_credits_are_owed, drain
from tests.stateful.review_rules import ReviewRules

STEPS_PER_PROGRAM = 40


class MarketMachine(ReviewRules):
    """Everything at once; when a program ends, all parties fall silent and the market must drain."""

    def teardown(self) -> None:
        try:
            if self.twin.agreed:
                drain(self.twin)
                assert_only_credits_are_owed(self.twin)
        finally:
            super().teardown()


def test_market_does_what_its_model_says_and_always_drains(stage, reader):
    """Invariants 1 to 10, 12 and 15 (T1, T2, T3, T6, T9, T10, T12 to T15, T17 to T24, T41, T42; R1, R2, R7).

    Each step is compared: status or exact custom error, events, balances, liabilities, every view, and
    the state that an indexer rebuilt from events alone.
    """
    machine = type("MarketMachine", (MarketMachine,), {"stage": stage, "reader": reader})
    programs = 4 * settings.default.max_examples  # a program takes a third of a second
    run_state_machine_as_test(
        machine, settings=settings(max_examples=programs, stateful_step_count=STEPS_PER_PROGRAM)
    )
