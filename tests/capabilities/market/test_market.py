"""The market against its model: random programs of many actors, and the way out of wherever they end."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from tests.engine.check import Disagreement
from tests.engine.program import Program, View, probe_of
from tests.engine.strategies import programs

PROGRAMS = 6 * settings.default.max_examples
"""150 in the quick profile, 6,000 in the deep one."""


@settings(max_examples=PROGRAMS)
@given(tapes=programs())
def test_market_does_what_its_model_says_and_always_drains(indexed, tapes):
    """Invariants 1 to 10, 12, 14 and 15 of tests/capabilities/README.md.

    1. A call succeeds exactly when the model says so; if not, with the model's custom error and values. (T9,
       T17, T19, T22, T23, T41, T42)
    2. Events are the model's, in order, with every value; the indexer, which sees nothing else, tells every
       view. (T52)
    3. For each token the market holds exactly what it owes: funds of open and taken tasks, bonds of taken
       tasks, deposits of live disputes, credits. (T1, T3, T12; R5, R7)
    4. A call changes no view of any job but its own; a closed job never pays. (T2; R1)
    5. `open + taken + approved + refunded == taskCount` in every job. (T3, T24; R2)
    6. Claimed, pending, disputed and approved tasks of a word are disjoint and exist. (T6, T23)
    7. No annotator holds more tasks than the job's cap. (T21; R3)
    8. Pay, weight and count of the annotators add up to what the approved tasks are worth. (T5, T7)
    9. A recipient who refuses money, burns gas or calls back gets a credit and hinders nobody. (T10, T62; R4,
       R8)
    10. Fee and terms of an open job do not change with governance. (T18)
    12. From wherever a program ends, one permissionless call for each thing that waits closes every job, and
        every credit can be taken out. (T13, T14, T15, T20; R2, R7)
    14. A way out fails at the deadline and works a second later; the party's own act works at the deadline.
        (T14, T15, T23)
    15. While new business is paused every exit works at the same time. (T17)
    """
    indexed.check(tapes)


def test_a_view_of_a_struct_that_differs_is_told(troupe):
    """Regression: to name a view with a struct among its arguments, a proof, raised TypeError."""
    play = troupe.begin()
    play.write([])
    proof = {
        "claimId": 0,
        "annotator": troupe.stage.cast.annotator,
        "done": 1,
        "root": bytes(32),
        "task": 0,
        "resultHash": bytes(32),
        "salt": bytes(32),
        "proof": (),
    }
    lie = probe_of(View(troupe.stage.lens, "isAccepted", (proof,), True))
    with pytest.raises(Disagreement) as caught:
        troupe.run(Program(play.steps, [lie]))
    assert caught.value.difference.what.startswith("MarketLens.isAccepted({")
