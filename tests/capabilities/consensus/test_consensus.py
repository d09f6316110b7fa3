"""Programs of many actors: the consensus market does what its model says, and no silence strands money."""

from __future__ import annotations

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.strategies import STEPS, programs

PROGRAMS = 8 * settings.default.max_examples
"""200 in the quick profile, 8,000 in the deep one."""

ROLES = ("creators", "annotators", "experts", "governance")
ACTS = frozenset(
    {
        "createJob",
        "seat",
        "seatBySig",
        "reveal",
        "slashSilent",
        "openGold",
        "challenge",
        "settleChallenge",
        "decide",
        "score",
        "settle",
        "expire",
        "resolve",
        "close",
    }
)
SEEN: Counter[tuple[str, str]] = Counter()
"""How often each function ended how."""


@settings(max_examples=PROGRAMS)
@given(tapes=programs(), silent=st.sets(st.sampled_from(ROLES)), after=st.integers(0, STEPS))
def test_market_does_what_its_model_says_and_comes_to_an_end(troupe, tapes, silent, after):
    """Whoever falls silent, and whenever:

    1. A call succeeds exactly when the model says so; if not, with the model's custom error and values. (T9,
       T26, T28, T41, T42, T43)
    2. Events are the model's, in order, with every value, those of stakes and reputation, too; so is every
       view.
    3. The market holds exactly what it owes: deposits of jobs, bonds of challenges, credits. (T1, T12)
    4. The stakes of seats that are not done are locked, all of them.
    5. Nobody is paid more than his seats can earn, nor loses more than their stakes; nobody does both. (T29)
    6. Two seats of a layer share no task, and nobody has two on a word. (T23, F4)
    7. The creator, the sink and whoever decides do not annotate there. (T34)
    8. Whoever refuses money, burns gas or calls back hinders nobody. (T10, T62)
    9. In the end a keeper's calls bring every seat, challenge and job to its end, every credit is taken out,
       and nothing is left in the market, nor locked for it. (T13, T14, T35)
    """
    program, _ = troupe.check(tapes, silent=sorted(silent), after=after)
    SEEN.update((step.function, step.outcome) for step in program.steps)


def test_all_acts_happen_in_the_programs(troupe):
    """What the programs above were worth: each act succeeded in many of them."""
    done = {function: SEEN[function, "ok"] for function in ACTS}
    assert min(done.values()) >= PROGRAMS // 40, done
