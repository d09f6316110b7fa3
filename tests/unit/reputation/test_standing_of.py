"""
standingOf, riskOf
├── of an account without answers: 0, and the risk is whole
├── of an account that always gives one answer: below 1 / classes, and the risk is whole
├── of an account that is right: near the whole; from 0.9 on there is no risk, below 0.5 all of it
├── only the first classes of the domain count
└── reverts for less than 2 and more than 8 classes
"""

import pytest

from offchain.reference.reputation import CLASSES, GOOD, MOST, PERIOD, POOR, PRIOR, pack
from tests.support.calls import reverts


def told(reputation, account, domain, classes=2):
    """(standing, risk) in basis points."""
    return tuple(reputation.call(name, account, domain, classes) for name in ("standingOf", "riskOf"))


def test_constants__are_those_of_the_interface(reputation):
    names = ("PERIOD", "PRIOR", "GOOD", "POOR")
    assert [reputation.call(name) for name in names] == [90 * 86_400, 5, 9_000, 5_000]
    assert (PERIOD, PRIOR, GOOD, POOR) == (90 * 86_400, 5, 9_000, 5_000)


@pytest.mark.parametrize("classes", range(2, CLASSES + 1))
def test_standing_of__no_answers__is_the_worst(reputation, who, domain, classes):
    """T33: nobody gains by a new account."""
    assert told(reputation, who.stranger, domain, classes) == (0, 10_000)


@pytest.mark.parametrize("asked", [(40, 3), (300, 0), (MOST, MOST)])
def test_standing_of__one_answer_always__is_never_good(reputation, who, domain, asked):
    """T33: however frequent the answer is."""
    answers = pack([(asked[0], asked[0]), (0, asked[1])])
    reputation.send("record", who.annotator, domain, answers, sender=who.guild)
    standing, risk = told(reputation, who.annotator, domain)
    assert standing == asked[0] * 10_000 // (asked[0] + 5) // 2 < 5_000
    assert risk == 10_000


@pytest.mark.parametrize(
    ("counters", "standing", "risk"),
    [
        ([(45, 45), (45, 45)], 9_000, 0),
        ([(45, 45), (44, 45)], 8_900, 250),
        ([(44, 44), (45, 45)], 8_989, 28),  # rounded down, and up
        ([(5, 5), (5, 5)], 5_000, 10_000),
        ([(6, 6), (5, 5)], 5_227, 9_433),
        ([(5, 5), (4, 5)], 4_500, 10_000),
        ([(MOST, MOST), (MOST, MOST)], 9_998, 0),
        ([(50, 100), (50, 100)], 4_761, 10_000),
    ],
)
def test_risk_of__standing__is_scaled_between_poor_and_good(
    reputation, who, domain, counters, standing, risk
):
    reputation.send("record", who.annotator, domain, pack(counters), sender=who.guild)
    assert told(reputation, who.annotator, domain) == (standing, risk)


def test_standing_of__classes__are_the_first_ones(reputation, who, domain):
    answers = pack([(45, 45)] * 2 + [(0, 45)] * 6)
    reputation.send("record", who.annotator, domain, answers, sender=who.guild)
    standings = [told(reputation, who.annotator, domain, classes)[0] for classes in range(2, 9)]
    assert standings == [18_000 // classes for classes in range(2, 9)]


@pytest.mark.parametrize("classes", [0, 1, 9, 2**256 - 1])
@pytest.mark.parametrize("view", ["standingOf", "riskOf"])
def test_standing_of__impossible_number_of_classes__reverts(reputation, who, domain, view, classes):
    with reverts("BadClasses", classes):
        reputation.call(view, who.annotator, domain, classes)
