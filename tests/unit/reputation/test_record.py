"""
record
├── when a listed market counts answers: they add up by account, domain and class, and are told
├── after each period: what was there is halved first, rounded down; to the second
├── where a counter would overflow: what was there is halved, then what is new
└── reverts when
    ├── the market is not listed (T61)
    ├── a class was right more often than asked
    └── there are bits above the classes
"""

import pytest

from offchain.reference.reputation import CLASSES, MOST, PERIOD, pack, unpack
from tests.support.calls import now, reverts
from tests.support.market import mine_at, next_at

LAST = 30 * (CLASSES - 1)


def counters(reputation, account, domain):
    """What the contract has, of the classes that were asked."""
    found = unpack(reputation.call("answersOf", account, domain))
    return {number: counter for number, counter in enumerate(found) if counter != (0, 0)}


def test_record__answers__add_up_by_account_domain_and_class(reputation, who, domain):
    answers = pack([(3, 4), (0, 2)])
    receipt = reputation.send("record", who.annotator, domain, answers, sender=who.guild)
    told = {"account": who.annotator, "domain": domain, "market": who.guild, "answers": answers}
    assert receipt.of(reputation) == [("AnswersRecorded", told)]
    reputation.send("record", who.annotator, domain, pack([(0, 0)] * 7 + [(5, 6)]), sender=who.guild)
    reputation.send("record", who.annotator, domain, answers, sender=who.guild)
    assert counters(reputation, who.annotator, domain) == {0: (6, 8), 1: (0, 4), 7: (5, 6)}
    assert counters(reputation, who.rival, domain) == {}
    assert counters(reputation, who.annotator, bytes(32)) == {}
    reputation.send("record", who.rival, bytes(32), answers, sender=who.guild)
    assert counters(reputation, who.rival, bytes(32)) == {0: (3, 4), 1: (0, 2)}
    assert counters(reputation, who.rival, domain) == {}


def test_record__after_a_period__halves_what_was_there(reputation, who, domain):
    end = (now() // PERIOD + 1) * PERIOD
    mine_at(end - 100)
    reputation.send("record", who.annotator, domain, pack([(7, 9), (1, 1)]), sender=who.guild)
    mine_at(end - 1)
    assert counters(reputation, who.annotator, domain) == {0: (7, 9), 1: (1, 1)}
    mine_at(end)
    assert counters(reputation, who.annotator, domain) == {0: (3, 4)}
    reputation.send("record", who.annotator, domain, pack([(2, 2)]), sender=who.guild)
    assert counters(reputation, who.annotator, domain) == {0: (5, 6)}
    mine_at(end + PERIOD)
    assert counters(reputation, who.annotator, domain) == {0: (2, 3)}


def test_record__in_the_first_second_of_a_period__belongs_to_it(reputation, who, domain):
    end = (now() // PERIOD + 1) * PERIOD
    mine_at(end - 10)
    next_at(end)
    reputation.send("record", who.annotator, domain, pack([(8, 8)]), sender=who.guild)
    mine_at(end + PERIOD - 1)
    assert counters(reputation, who.annotator, domain) == {0: (8, 8)}
    mine_at(end + PERIOD)
    assert counters(reputation, who.annotator, domain) == {0: (4, 4)}


@pytest.mark.parametrize("periods", [1, 13, 14, 15, 16, 300])
def test_record__after_many_periods__is_halved_as_often(reputation, who, domain, periods):
    reputation.send("record", who.annotator, domain, pack([(MOST, MOST)] * CLASSES), sender=who.guild)
    mine_at((now() // PERIOD + periods) * PERIOD)
    left = MOST >> periods
    expected = dict.fromkeys(range(CLASSES), (left, left)) if left else {}
    assert counters(reputation, who.annotator, domain) == expected


def test_record__as_much_as_fits__is_kept_whole(reputation, who, domain):
    half = MOST // 2
    reputation.send("record", who.annotator, domain, pack([(half, half), (1, 1)]), sender=who.guild)
    reputation.send("record", who.annotator, domain, pack([(0, MOST - half), (1, 1)]), sender=who.guild)
    assert counters(reputation, who.annotator, domain) == {0: (half, MOST), 1: (2, 2)}


def test_record__more_than_fits__halves_what_was_there_in_that_class_alone(reputation, who, domain):
    reputation.send("record", who.annotator, domain, pack([(MOST, MOST), (3, 3)]), sender=who.guild)
    reputation.send("record", who.annotator, domain, pack([(0, 1), (1, 1)]), sender=who.guild)
    assert counters(reputation, who.annotator, domain) == {0: (MOST // 2, MOST // 2 + 1), 1: (4, 4)}


def test_record__even_then_more_than_fits__halves_what_is_new_too(reputation, who, domain):
    for right in (MOST, MOST - 2):
        reputation.send("record", who.annotator, domain, pack([(right, MOST)]), sender=who.guild)
    assert counters(reputation, who.annotator, domain) == {0: (MOST // 2 + (MOST - 2) // 2, MOST // 2 * 2)}


def test_record__nothing__is_no_harm(reputation, who, domain):
    reputation.send("record", who.annotator, domain, 0, sender=who.guild)
    assert counters(reputation, who.annotator, domain) == {}


@pytest.mark.parametrize("role", ["owner", "forum", "annotator", "stranger"])
def test_record__by_who_is_no_listed_market__reverts(reputation, who, domain, role):
    """T61: not even the owner writes."""
    account = getattr(who, role)
    for answers in (pack([(1, 1)]), 2**256 - 1):
        with reverts("NotListed", account):
            reputation.call("record", who.annotator, domain, answers, sender=account)


@pytest.mark.parametrize("number", range(CLASSES))
def test_record__right_more_often_than_asked__reverts(reputation, who, domain, number):
    good = [(2, 2)] * CLASSES
    bad = pack([*good[:number], (3, 2), *good[number + 1 :]])
    with reverts("BadAnswers", bad):
        reputation.call("record", who.annotator, domain, bad, sender=who.guild)
    reputation.call("record", who.annotator, domain, pack(good), sender=who.guild)


@pytest.mark.parametrize("bit", [240, 247, 255])
def test_record__bits_above_the_classes__revert(reputation, who, domain, bit):
    answers = pack([(1, 1)]) | 1 << bit
    with reverts("BadAnswers", answers):
        reputation.call("record", who.annotator, domain, answers, sender=who.guild)
    top = (1 << 15) - 1 << LAST + 15
    reputation.call("record", who.annotator, domain, top, sender=who.guild)
