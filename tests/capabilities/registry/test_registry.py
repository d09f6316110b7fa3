"""The registry against its model: random programs of many actors, and everybody's way out of them."""

from __future__ import annotations

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.capabilities.registry import RegistryPlay
from tests.engine.strategies import STEPS, programs

PROGRAMS = 6 * settings.default.max_examples
"""150 in the quick profile, 6,000 in the deep one."""

ROLES = ("publishers", "annotators", "buyers", "governance")
MONEY_ACTS = frozenset({"publish", "publishFromJob", "purchase", "payRoyalty", "withdraw", "withdrawBySig"})
SEEN: Counter[tuple[str, str]] = Counter()
"""How often each function ended how."""


@settings(max_examples=PROGRAMS)
@given(tapes=programs(), silent=st.sets(st.sampled_from(ROLES)), after=st.integers(0, STEPS))
def test_registry_does_what_its_model_says_and_everybody_gets_his(troupe, tapes, silent, after):
    """Whoever falls silent, and whenever:

    1. A call succeeds exactly when the model says so; if not, with the model's custom error and values. (T9,
       T17, T41, T42, T43)
    2. Events are the model's, in order, with every value; so is every view.
    3. For each token the registry holds exactly what it owes: credits, and what annotators have not
       collected. (T1, T12)
    4. Every unit of a price goes to the sink, the annotators' pool or the publisher, by the fee and the share
       of the day of publication. (T18)
    5. Whatever comes in, an annotator has earned his share by weight of all of it, rounded down; what
       rounding leaves is less than a unit for each annotator. (T5)
    6. Whoever refuses money, burns gas or is blacklisted gets a credit and hinders nobody; who calls back
       finds every door locked. (T10, T62)
    7. Who publishes another's package first has a data set of his own beside the author's, and no right over
       the author's, his job or his sales; ids follow from publisher and package. (R9, T45, T63)
    8. A buyer has the version and the licence that he ordered, for his price at most, or nothing happens.
       (T48)
    9. A licence names its publisher for resale, within the cap. It is handed on by its holder, by whom he
       approved, and by his operators only. (T49)
    10. There is always an owner, handover takes two steps, and no power moves users' money. (T61)
    11. In the end, new business being paused, royalties are paid by an outsider's calls and every credit is
        taken out, until nothing but the rest of 5 is left. (T13, T17)
    """
    program, _ = troupe.check(tapes, silent=sorted(silent), after=after)
    SEEN.update((step.function, step.outcome) for step in program.steps)


def test_money_moves_in_the_programs(troupe):
    """What the programs above were worth: each act that moves money succeeded in many of them."""
    done = {function: SEEN[function, "ok"] for function in MONEY_ACTS}
    assert min(done.values()) >= PROGRAMS // 20, done


def test_every_role_falls_silent_in_some_program(troupe):
    """A role that is added has to be silenced here, too (T13)."""
    assert set(ROLES) == set(RegistryPlay.parties(troupe.stage))
