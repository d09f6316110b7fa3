"""Reputation on any answers: nobody stands better by having several accounts, nor by a new one (T33)."""

from __future__ import annotations

from fractions import Fraction

import ape
import pytest
from hypothesis import given
from hypothesis import strategies as st

from offchain.reference.reputation import (
    BPS,
    CLASSES,
    MOST,
    PRIOR,
    Counters,
    faded,
    joined,
    pack,
    risk,
    standing,
    unpack,
)
from tests.conftest import isolated
from tests.support.calls import deploy

DOMAIN = b"\x07" * 32


@pytest.fixture(scope="module")
def reputation(who):
    contract = deploy("Reputation", who.owner, sender=who.owner)
    contract.send("setWriter", who.owner, True, sender=who.owner)
    return contract


@st.composite
def counters(draw, most=MOST):
    asked = draw(st.lists(st.integers(0, most), min_size=CLASSES, max_size=CLASSES))
    return tuple((draw(st.integers(0, one)), one) for one in asked)


@st.composite
def splits(draw):
    """Answers of one account, and the same answers on several, none of which is righter than the whole in any
    class: nobody knows beforehand which of his answers are right.
    """
    parts = draw(st.integers(2, 5))
    shares = [draw(st.tuples(st.integers(0, 6), st.integers(1, 6))) for _ in range(CLASSES)]
    sizes = draw(st.lists(st.integers(0, MOST // 30), min_size=parts, max_size=parts))
    split = [tuple((min(right, of) * size, of * size) for right, of in shares) for size in sizes]
    whole = split[0]
    for part in split[1:]:
        whole = joined(whole, part)
    return whole, split


@given(case=splits(), classes=st.integers(2, CLASSES))
def test_answers_on_several_accounts_are_never_less_risky_than_on_one(case, classes):
    """T33."""
    whole, split = case
    one, several = standing(whole[:classes]), [standing(part[:classes]) for part in split]
    assert max(several) <= one
    assert min(map(risk, several)) >= risk(one)


@given(
    part=counters(most=MOST // 5), accounts=st.integers(2, 5), classes=st.integers(2, CLASSES), data=st.data()
)
def test_nor_when_they_have_faded(part, accounts, classes, data):
    """T33: the same answers on each of several accounts, after any time."""
    periods = data.draw(st.integers(0, 16))
    whole = tuple((right * accounts, asked * accounts) for right, asked in part)
    one, each = (standing(faded(one, periods)[:classes]) for one in (whole, part))
    assert each <= one
    assert risk(each) >= risk(one)


@given(case=splits(), classes=st.integers(2, CLASSES), periods=st.integers(0, 16))
def test_rounding_gains_less_than_one_answer_a_class(case, classes, periods):
    """T33: of unequal parts, fading can round one up by less than that."""
    whole, split = case
    one = faded(whole, periods)[:classes]
    rounded = sum(Fraction((right + 1) * BPS, asked - 1 + PRIOR) for right, asked in one) / classes
    assert all(standing(faded(part, periods)[:classes]) < rounded for part in split)


@given(parts=st.lists(st.tuples(st.integers(0, 2_000), st.integers(0, 2_000)), min_size=2, max_size=8))
def test_however_answers_are_split_their_mean_standing_does_not_rise(parts):
    """T33: even who is lucky on one account pays for it on the others. In one class; weighed by answers."""
    split = [(min(pair), max(pair)) for pair in parts]
    right, asked = (sum(values) for values in zip(*split, strict=True))
    mean = sum(Fraction(r * a, a + PRIOR) for r, a in split)
    assert mean * (asked + PRIOR) <= right * asked


@given(answers=counters(), classes=st.integers(2, CLASSES))
def test_a_new_account_is_never_better_than_any_other(answers, classes):
    """T33: nothing is gained by throwing a bad name away."""
    new = standing(((0, 0),) * classes)
    assert (new, risk(new)) == (0, BPS)
    assert standing(answers[:classes]) >= new
    assert risk(standing(answers[:classes])) <= risk(new)


@given(asked=st.lists(st.integers(0, MOST), min_size=2, max_size=CLASSES), always=st.integers(0, CLASSES - 1))
def test_who_always_gives_one_answer_risks_everything(asked, always):
    """T33: however frequent the answer, and however long he does it."""
    given_ = tuple((one * (number == always), one) for number, one in enumerate(asked))
    assert standing(given_) * len(asked) < BPS
    assert risk(standing(given_)) == BPS


@given(answers=counters(), more=counters())
def test_what_is_packed_is_what_was_counted(answers, more):
    assert unpack(pack(answers)) == answers
    total = joined(answers, more)
    assert all(0 <= right <= asked <= MOST for right, asked in total)
    assert all(
        asked >= max(pair) // 2 for (_, asked), *pair in zip(total, *_asked(answers, more), strict=True)
    )


def _asked(*given_: Counters) -> list[list[int]]:
    return [[asked for _, asked in one] for one in given_]


@given(case=splits(), classes=st.integers(2, CLASSES))
def test_the_contract_says_the_same(reputation, who, case, classes):
    """T30, T33: standing and risk of the whole and of its parts, as the contract tells them."""
    whole, split = case
    with isolated(ape.chain):
        for number, part in enumerate(split):
            account = f"0x{number + 1:040x}"
            reputation.send("record", account, DOMAIN, pack(part), sender=who.owner)
            reputation.send("record", who.owner, DOMAIN, pack(part), sender=who.owner)
            assert reputation.call("standingOf", account, DOMAIN, classes) == standing(part[:classes])
        assert reputation.call("answersOf", who.owner, DOMAIN) == pack(whole)
        assert reputation.call("riskOf", who.owner, DOMAIN, classes) == risk(standing(whole[:classes]))
