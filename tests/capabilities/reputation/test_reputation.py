"""Programs of many actors: reputation does what its model says, and fades."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.capabilities.reputation import ReputationPlay
from tests.engine.strategies import STEPS, programs

PROGRAMS = 4 * settings.default.max_examples
"""100 in the quick profile, 4,000 in the deep one."""

ROLES = ("owner", "markets")


@settings(max_examples=PROGRAMS)
@given(tapes=programs(), silent=st.sets(st.sampled_from(ROLES)), after=st.integers(0, STEPS))
def test_reputation_does_what_its_model_says_and_fades(troupe, tapes, silent, after):
    """Whoever falls silent, and whenever:

    1. A call succeeds exactly when the model says so; if not, with the model's custom error and values.
       Events are the model's, in order, with every value; so is every view, at every second.
    2. Nobody was right more often than asked, and no counter overflows.
    3. Nobody stands better than the mean share of his right answers, and nobody is riskier than a new
       account. (T33)
    4. Only markets that the owner listed write, and there is always an owner. (T61)
    5. Four years later nothing is remembered.
    """
    troupe.check(tapes, silent=sorted(silent), after=after)


def test_every_role_falls_silent_in_some_program(troupe):
    """A role that is added has to be silenced here, too (T13)."""
    assert set(ROLES) == set(ReputationPlay.parties(troupe.stage))
