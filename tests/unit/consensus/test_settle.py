"""
openGold, score, settle, expire
├── everybody is paid by what is known to be true, as the reference model says
├── the creator's gold moves nothing towards him, whatever he does with it (F2)
├── a rule that answers badly stops nobody's pay
├── reputation counts only what fees have paid for, and only at the end (T35, F17)
└── reverts when it is not time, or something is missing
"""

from dataclasses import replace

import pytest

from offchain.consensus import GoldTree, GoldWord, Phase, encode_labels
from offchain.hashing import keccak256
from tests.support.calls import ZERO, balance, deploy, now, reverts
from tests.support.consensus import GOLD_EVERY, HOUR, PAY, TASKS, World, deploy_system
from tests.support.market import mine_at

FULL = TASKS * PAY
DOMAIN = keccak256(b"birds")


def test_settle__everybody_by_his_merit__as_the_model_says(world, system, who):
    """F1: two are right, one is wrong about half of all tasks, one about everything."""
    before = system.staking.call("stakeOf", who.dan)
    receipt = world.run(0, 0, TASKS // 2, TASKS, redundancy=4, min_seat=16)
    told = world.settled(receipt)
    for seat in world.seats:
        merit = world.merit(seat)
        assert told[seat.annotator] == (merit.pay(FULL), merit.slash(seat.stake))
    assert told[who.ann] == (FULL, 0)
    paid, slashed = told[who.dan]
    assert (paid, slashed) == (0, world.seats[-1].stake)
    left = system.staking.call("stakeOf", who.dan)
    assert before["available"] + before["locked"] - left["available"] - left["locked"] == slashed


def test_settle__what_is_not_earned__goes_to_the_sink(world, market, who):
    """The creator gets back what no revealed seat took, to the unit."""
    sink = market.call("creditOf", ZERO, who.sink)
    receipt = world.run(0, 0, TASKS)
    earned = sum(paid for paid, _ in world.settled(receipt).values())
    assert market.call("creditOf", ZERO, who.sink) - sink == 3 * FULL - earned
    closed = market.send("close", world.job, sender=who.stranger)
    assert closed.of(market)[0][1]["refunded"] == 0


@pytest.mark.parametrize("trick", ["true", "poisoned", "withheld", "one class"])
def test_creator__whatever_he_does_with_gold__gets_nothing_for_it(world, market, who, trick):
    """F2: his refund is the same, and seats of his own would get no more than full pay, which true gold gives
    them, too.
    """
    shift = {"poisoned": 1}.get(trick, 0)
    tree = world.gold(2, shift=shift)
    if trick == "one class":
        mask = tree.words[0].mask
        ones = dict.fromkeys(range(0, TASKS, GOLD_EVERY), 1)
        tree = GoldTree({0: GoldWord(mask, encode_labels(ones, TASKS, 2), keccak256(b"gold"))})
    world.create(tree)
    for annotator in who.crowd[:2]:
        world.sit(annotator, world.labels(3))
    world.reveal_all()
    if trick != "withheld":
        world.open_gold()
        receipt = world.score_and_settle()
    else:
        world.wait(Phase.SCORE)
        args = (world.job, 0, world.known().struct(), world.told())
        receipt = market.send("settle", *args, sender=who.keeper)
    before = balance(ZERO, who.creator)
    market.send("close", world.job, sender=who.stranger)
    assert balance(ZERO, who.creator) - before == FULL
    paid = [paid for paid, _ in world.settled(receipt).values()]
    assert max(paid) <= FULL
    if trick in {"withheld", "one class"}:
        assert paid == [FULL, FULL]


def test_settle__gold_not_opened__pays_in_full_at_once(world, market, who):
    """T13: a silent creator pays, nobody is slashed; it need not wait for scores that cannot come."""
    world.create()
    for annotator in who.crowd[:3]:
        world.sit(annotator, world.labels(TASKS))
    world.reveal_all()
    ends = world.terms.end(Phase.GOLD)
    args = (world.job, 0, world.known().struct(), world.told())
    mine_at(ends)
    with reverts("OutsidePhase", ends, world.terms.end(Phase.SETTLE), ends):
        market.call("settle", *args, sender=who.keeper)
    mine_at(ends + 1)
    receipt = market.send("settle", *args, sender=who.keeper)
    assert set(world.settled(receipt).values()) == {(FULL, 0)}


def test_settle__word_not_scored__waits_for_the_phase__and_pays_in_full(world, market, who):
    world.create()
    for annotator in who.crowd[:3]:
        world.sit(annotator, world.labels(TASKS))
    world.reveal_all()
    world.open_gold()
    args = (world.job, 0, world.known().struct(), world.told())
    ends = world.terms.end(Phase.SCORE)
    mine_at(ends)
    with reverts("OutsidePhase", ends, world.terms.end(Phase.SETTLE), ends):
        market.call("settle", *args, sender=who.keeper)
    mine_at(ends + 1)
    receipt = market.send("settle", *args, sender=who.keeper)
    assert set(world.settled(receipt).values()) == {(FULL, 0)}
    with reverts("OutsidePhase", world.terms.end(Phase.EXPERT), ends, now()):
        market.call("score", *args, sender=who.keeper)


def test_settle__twice__reverts(world, market, who):
    """T35: it happens once and for good."""
    world.run(0, 0, 0)
    args = (world.job, 0, world.known().struct(), world.told())
    with reverts("WrongWordState", world.job, 0, 2):
        market.call("settle", *args, sender=who.keeper)
    with reverts("WrongTruth", world.job, 0):
        market.call("score", *args, sender=who.keeper)


def test_expire__nobody_settled__pays_in_full__each_seat_once(world, system, market, who):
    """T13, T14: after the settle phase, not in its last second; nobody is paid twice for a seat."""
    world.create()
    for annotator in who.crowd[:3]:
        world.sit(annotator, world.labels(TASKS))
    world.reveal_all()
    ends = world.terms.end(Phase.SETTLE)
    mine_at(ends)
    with reverts("OutsidePhase", ends, 2**256 - 1, ends):
        market.call("expire", world.job, 0, world.told(), sender=who.keeper)
    mine_at(ends + 1)
    first = world.told()[0]
    with reverts("SeatsNotSorted", 1):
        market.call("expire", world.job, 0, [first, first], sender=who.keeper)
    receipt = market.send("expire", world.job, 0, [first], sender=who.keeper)
    assert list(world.settled(receipt).values()) == [(FULL, 0)]
    with reverts("WrongSeat", world.job, 0, first["seat"]["annotator"]):
        market.call("expire", world.job, 0, [first], sender=who.keeper)
    market.send("expire", world.job, 0, world.told()[1:], sender=who.keeper)
    market.send("close", world.job, sender=who.stranger)


def test_seats__missing_or_out_of_order__revert(world, market, who):
    """Nobody's labels can be left out of a settlement."""
    world.create()
    for annotator in who.crowd[:3]:
        world.sit(annotator, world.labels())
    world.reveal_all()
    world.open_gold()
    world.wait(Phase.SCORE)
    told, known = world.told(), world.known().struct()
    with reverts("SeatsMissing", 3, 2):
        market.call("score", world.job, 0, known, told[:2], sender=who.keeper)
    with reverts("SeatsNotSorted", 1):
        market.call("score", world.job, 0, known, told[::-1], sender=who.keeper)
    with reverts("SeatsNotSorted", 1):
        market.call("score", world.job, 0, known, [told[0], told[0], told[1]], sender=who.keeper)
    other = {**told[0], "labels": world.labels(1)}
    with reverts("WrongSeat", world.job, 0, told[0]["seat"]["annotator"]):
        market.call("score", world.job, 0, known, [other, *told[1:]], sender=who.keeper)


@pytest.mark.parametrize(("label", "extra"), [(9, 0), (1, 32), (1, 0)])
def test_settle__rule_that_answers_badly__stops_nobodys_pay(world, market, who, label, extra):
    """A class that is not there, too many labels, labels of tasks that are not there: no settlement, and full
    pay after its phase.
    """
    rule = deploy("MockRule", label, extra, sender=who.owner)
    world.create(rule=rule.address)
    for annotator in who.crowd[:3]:
        world.sit(annotator, world.labels())
    world.reveal_all()
    world.open_gold()
    world.wait(Phase.SCORE)
    args = (world.job, 0, world.known().struct(), world.told())
    error = ("BadLabels", 0) if label > 2 else ("BadVerdict", rule.address)
    with reverts(*error):
        market.call("scoreAndSettle", *args, sender=who.keeper)
    world.wait(None)
    receipt = market.send("expire", world.job, 0, world.told(), sender=who.keeper)
    assert set(world.settled(receipt).values()) == {(FULL, 0)}


@pytest.mark.parametrize(("noise_bps", "noisy"), [(0, False), (5_000, False), (9_999, True)])
def test_settle__too_little_agreement__accepts_nothing(world, market, noise_bps, noisy):
    """The noise breaker: pay stays as it is, the tasks are open again for a job of their own."""
    receipt = world.run(0, 0, TASKS // 4, redundancy=3, noise_bps=noise_bps, accept_bps=9_000)
    told = next(args for name, args in receipt.of(market) if name == "WordSettled")
    disputed = (1 << TASKS // 4) - 1
    assert (told["noisy"], told["unresolved"]) == (noisy, (1 << TASKS) - 1 if noisy else disputed)
    assert any(told["labels"]) != noisy
    assert max(paid for paid, _ in world.settled(receipt).values()) == FULL


def test_parent__labels_what_was_not_accepted__and_nothing_else(world, system, market, who):
    world.run(0, 0, TASKS // 4, accept_bps=9_000)
    first, disputed = world.job, (1 << TASKS // 4) - 1
    with reverts("BadParent", first):
        world.send_terms(replace(world.terms, parent=first, seats_until=now() + HOUR))
    market.send("close", first, sender=who.creator)
    for wrong in ({"classes": 3}, {"task_count": TASKS + 1}):
        terms = world.good_terms(parent=first, **wrong)
        with reverts("BadParent", first):
            world.send_terms(terms)
    again = World(system)
    again.terms = again.good_terms(parent=first)
    struct = again.terms.struct()
    value = (TASKS // 4) * PAY * 3
    receipt = market.send("createJob", struct, [], sender=who.creator, value=value)
    assert market.call("freeTasks", receipt.value, 0, 0) == disputed


def test_parent__settled_nothing__leaves_what_its_own_parent_left(world, system, market, who):
    """A job in which nobody sat down must not make its creator pay anew for what was accepted before."""
    world.run(0, 0, TASKS // 4, accept_bps=9_000)
    last, disputed = world.job, (1 << TASKS // 4) - 1
    for _ in range(8):
        market.send("close", last, sender=who.creator)
        terms = world.good_terms(parent=last)
        value = (TASKS // 4) * PAY * 3
        last = market.send("createJob", terms.struct(), [], sender=who.creator, value=value).value
        assert market.call("freeTasks", last, 0, 0) == disputed
    market.send("close", last, sender=who.creator)
    far = market.call(
        "createJob", world.good_terms(parent=last).struct(), [], sender=who.creator, value=TASKS * PAY * 3
    )
    assert far == last + 1, "no more than eight parents are asked: it is labelled whole"


def test_reputation__only_what_fees_have_paid_for(who):
    """T35, F17: nothing before the settlement; and not an answer more than its seat's fees cover."""
    system = deploy_system()
    world = World(system)
    market, reputation = system.market, system.reputation
    market.send("setFee", 500, sender=who.owner)
    fee = FULL * 500 // 10_000
    gold = -(-TASKS // GOLD_EVERY)
    for unit, counts in ((fee // gold, True), (fee // gold + 1, False)):
        market.send("setUnit", ZERO, unit, sender=who.owner)
        domain = keccak256(bytes([counts]))
        world.create(domain=domain, fee_bps=500)
        for annotator, wrong in zip(who.crowd, (0, 0, TASKS), strict=False):
            world.sit(annotator, world.labels(wrong))
        world.reveal_all()
        world.open_gold()
        assert reputation.call("answersOf", who.ann, domain) == 0
        world.score_and_settle()
        asked = [_counters(reputation.call("answersOf", account, domain)) for account in who.crowd[:3]]
        assert [sum(row[1] for row in rows) for rows in asked] == [gold * counts] * 3
        assert [sum(row[0] for row in rows) for rows in asked] == [gold * counts, gold * counts, 0]
        assert market.call("feesOf", world.job, who.ann) == (ZERO, fee)
        assert market.call("feesOf", world.job, who.cleo) == (ZERO, 0)
        assert market.call("feesOfJob", world.job) == (ZERO, 2 * fee)
        assert market.call("origin") == market.address


def _counters(answers):
    """(right, asked) by class."""
    return [(answers >> 30 * number & 0x7FFF, answers >> 30 * number + 15 & 0x7FFF) for number in range(2)]
