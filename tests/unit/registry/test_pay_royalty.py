"""
payRoyalty
├── an annotator gets pool * weight / total weight, rounded down, native coin and ERC-20
├── what rounding left stays for the next sale, whoever collects first
├── who collects again gets nothing until the next sale
├── after the next sale everybody earns on what has flowed in since
├── anyone may call; the annotator is paid, and RoyaltyPaid is emitted
├── weights count difficulty, not tasks
├── an annotator's share is at least own / n, whoever else is approved (F18)
├── an annotator who refuses is credited (T10)
├── an account without approved work gets nothing, without event
├── works while paused
└── reverts when there is no such data set, or no job stands behind it
royaltyDue
├── is what payRoyalty would pay
└── reverts as payRoyalty does
"""

import pytest

from offchain.terms import difficulty
from tests.support.calls import ZERO, balance, reverts
from tests.support.registry import (
    PRICE,
    closed_job,
    content,
    from_job_call,
    job_terms,
    listing,
    open_job,
    work_on,
)
from tests.unit.registry.conftest import BURN_GAS, REFUSE

POOL = PRICE * 3_000 // 10_000  # 300,000


def pay(world, id_, annotator, sender=None):
    return world.registry.send("payRoyalty", id_, annotator, sender=sender or world.who.stranger)


@pytest.mark.parametrize("kind", ["native", "ERC-20"])
def test_shares_by_approved_work(world, registry, who, kind):
    purse = ZERO if kind == "native" else world.token
    id_ = world.publish_from_job(token=ZERO if kind == "native" else world.token.address)
    world.buy(id_)
    seven, three, _ = who.annotators
    before = [balance(purse, account) for account in (seven, three)]
    assert [registry.call("royaltyDue", id_, account) for account in (seven, three)] == [210_000, 90_000]
    assert [pay(world, id_, account).value for account in (seven, three)] == [210_000, 90_000]
    assert [balance(purse, account) for account in (seven, three)] == [
        before[0] + 210_000,
        before[1] + 90_000,
    ]
    assert registry.call("poolOf", id_)["collected"] == POOL


def test_emits_royalty_paid_alone(world, registry, who):
    id_ = world.publish_from_job()
    world.buy(id_)
    paid = {"datasetId": id_, "annotator": who.annotators[0], "amount": 210_000}
    assert pay(world, id_, who.annotators[0]).of(registry) == [("RoyaltyPaid", paid)]


def odd_job(world):
    """Three annotators with 1, 1 and 1 of 3 tasks, and a price of which 30 % do not divide by three."""
    who = world.who
    terms = job_terms(who.publisher, task_count=3)
    job_id = closed_job(world.market, terms, dict.fromkeys(who.annotators, 1))
    call = from_job_call(job_id, terms, content(5), listing(price=37))  # a pool of 11
    return world.registry.send(*call, sender=who.publisher).value


@pytest.mark.parametrize("turn", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_whoever_comes_when_each_gets_the_same_and_the_remainder_stays(world, registry, who, turn):
    id_ = odd_job(world)
    world.buy(id_)
    assert [pay(world, id_, who.annotators[i]).value for i in turn] == [3, 3, 3]
    assert registry.call("poolOf", id_) == {"total": 11, "collected": 9}
    assert registry.call("liabilities", ZERO) == 2


def test_what_stayed_is_paid_with_the_next_sale(world, registry, who):
    id_ = odd_job(world)
    world.buy(id_)
    for annotator in who.annotators:
        pay(world, id_, annotator)
    registry.send("setPrice", id_, 4, sender=who.publisher)
    world.buy(id_)  # 12 in all: each has earned 4
    assert [registry.call("royaltyDue", id_, annotator) for annotator in who.annotators] == [1, 1, 1]
    assert [pay(world, id_, annotator).value for annotator in who.annotators] == [1, 1, 1]
    assert registry.call("poolOf", id_) == {"total": 12, "collected": 12}


def test_a_second_call_pays_nothing_until_the_next_sale(world, registry, who):
    id_ = world.publish_from_job()
    world.buy(id_)
    annotator = who.annotators[0]
    assert pay(world, id_, annotator).value == 210_000
    again = pay(world, id_, annotator)
    assert (again.value, again.events, registry.call("royaltyDue", id_, annotator)) == (0, (), 0)
    world.buy(id_)
    assert pay(world, id_, annotator).value == 210_000


def test_it_makes_no_difference_in_how_many_parts_the_money_came(world, who):
    id_ = world.publish_from_job()
    for _ in range(3):
        world.buy(id_)
    assert pay(world, id_, who.annotators[1]).value == 3 * POOL * 3 // 10


def test_nothing_is_due_before_the_first_sale(world, registry, who):
    id_ = world.publish_from_job()
    assert registry.call("royaltyDue", id_, who.annotators[0]) == 0
    assert pay(world, id_, who.annotators[0]).events == ()


def test_a_stranger_earns_nothing(world, registry, who):
    id_ = world.publish_from_job()
    world.buy(id_)
    for account in (who.stranger, who.publisher, who.annotators[2]):
        assert registry.call("royaltyDue", id_, account) == 0
        assert pay(world, id_, account).events == ()
    assert registry.call("poolOf", id_) == {"total": POOL, "collected": 0}


def test_pools_of_two_data_sets_do_not_mix(world, registry, who):
    terms = job_terms(who.publisher)
    job_id = closed_job(world.market, terms, {who.annotators[0]: 10})
    other = registry.send(*from_job_call(job_id, terms, content(2), listing()), sender=who.publisher).value
    id_ = world.publish_from_job(1)
    world.buy(id_)
    assert registry.call("royaltyDue", other, who.annotators[0]) == 0
    pay(world, id_, who.annotators[0])
    world.buy(other)
    assert pay(world, other, who.annotators[0]).value == POOL


def test_weights_count_difficulty(world, registry, who):
    hard, easy, _ = who.annotators
    multipliers, classes = difficulty([10_000, 30_000])
    terms = job_terms(who.publisher, task_count=257, multipliers=multipliers, word_classes=classes)
    job_id = open_job(world.market, terms, funds=256 * 1_000 + 3_000)
    for annotator, word in ((easy, 0), (hard, 1)):
        world.market.send(
            "approve", work_on(world.market, job_id, annotator, 1, word), 1, sender=who.publisher
        )
    world.market.send("close", job_id, sender=who.publisher)
    id_ = registry.send(*from_job_call(job_id, terms, content(7), listing()), sender=who.publisher).value
    world.buy(id_)
    assert [registry.call("royaltyDue", id_, account) for account in (hard, easy)] == [225_000, 75_000]


@pytest.mark.parametrize(("own", "sham"), [(1, 0), (1, 9), (4, 6), (3, 2)])
def test_the_share_is_at_least_own_by_n(world, registry, who, own, sham):
    """A creator who approves work of accounts of his own cannot thin an annotator below own / n (F18)."""
    honest, puppet = who.annotators[0], who.annotators[2]
    terms = job_terms(who.publisher, task_count=10)
    shares = {honest: own} | ({puppet: sham} if sham else {})
    job_id = closed_job(world.market, terms, shares)
    id_ = registry.send(*from_job_call(job_id, terms, content(8), listing()), sender=who.publisher).value
    world.buy(id_)
    assert registry.call("royaltyDue", id_, honest) >= POOL * own // 10
    assert registry.call("royaltyDue", id_, honest) == POOL * own // (own + sham)


@pytest.mark.parametrize("mood", [REFUSE, BURN_GAS])
def test_an_annotator_who_does_not_take_it_is_credited(world, registry, who, puppet, mood):
    terms = job_terms(who.publisher)
    job_id = open_job(world.market, terms)
    claim = world.market.data("claim", job_id, 0, 1, b"", [])
    puppet.send("execute", world.market.address, claim, sender=who.stranger)
    submit = world.market.data("submitBatch", job_id << 24, b"\x01" * 32, 1, "")
    puppet.send("execute", world.market.address, submit, sender=who.stranger)
    world.market.send("approve", job_id << 24, 1, sender=who.publisher)
    world.market.send("close", job_id, sender=who.publisher)
    id_ = registry.send(*from_job_call(job_id, terms, content(4), listing()), sender=who.publisher).value
    world.buy(id_)
    puppet.send("setMood", mood, sender=who.stranger)
    paid = {"datasetId": id_, "annotator": puppet.address, "amount": POOL}
    credited = {"token": ZERO, "account": puppet.address, "amount": POOL}
    assert pay(world, id_, puppet.address).of(registry) == [("RoyaltyPaid", paid), ("Credited", credited)]
    assert registry.call("creditOf", ZERO, puppet.address) == POOL


def test_works_while_paused_and_off_sale(world, registry, who):
    id_ = world.publish_from_job()
    world.buy(id_)
    registry.send("setForSale", id_, False, sender=who.publisher)
    registry.send("pause", sender=who.owner)
    assert pay(world, id_, who.annotators[0], sender=who.annotators[0]).value == 210_000


@pytest.mark.parametrize("changes", [{"price": 0}, {"price": PRICE}])
def test_price_changes_do_not_touch_what_was_earned(world, registry, who, changes):
    id_ = world.publish_from_job()
    world.buy(id_)
    registry.send("setPrice", id_, changes["price"], sender=who.publisher)
    assert registry.call("royaltyDue", id_, who.annotators[0]) == 210_000


def test_unknown_data_set_reverts(registry, who):
    with reverts("UnknownDataset", 3):
        registry.send("payRoyalty", 3, who.annotators[0], sender=who.stranger)
    with reverts("UnknownDataset", 3):
        registry.call("royaltyDue", 3, who.annotators[0])


def test_a_data_set_without_job_reverts(world, registry, who):
    id_ = world.publish()
    world.buy(id_)
    with reverts("NoJob"):
        registry.send("payRoyalty", id_, who.annotators[0], sender=who.stranger)
    with reverts("NoJob"):
        registry.call("royaltyDue", id_, who.annotators[0])
