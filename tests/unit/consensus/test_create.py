"""
createJob
├── it locks what all labels can cost, and the experts' budget; the largest job fits
└── reverts when
    ├── a term is outside of its bounds, by one
    ├── reputation is to be kept and there is no registry of it
    ├── the fee or the classes of the words are not those of the day and of the job
    ├── the panel is not what its kind says
    └── an address that must be a contract has no code
close
├── by the creator before the first seat; by anyone once no seat can be taken
└── reverts when a seat is live
"""

from dataclasses import replace

import pytest

from offchain.consensus import PanelKind, account_panel
from offchain.hashing import keccak256
from offchain.terms import difficulty
from tests.support.calls import ZERO, balance, contract_at, deploy, field32, now, reverts
from tests.support.consensus import DAY, HOUR, PAY, TASKS, World, deploy_market
from tests.support.market import mine_at

PANEL = {"panel_kind": PanelKind.ACCOUNT, "windows": (HOUR,) * 6}
MAX96, MOST = 2**96 - 1, 2**15 - 1


def test_create__good_terms__locks_the_money(world, market, who):
    before = balance(ZERO, market.address)
    panel = {**PANEL, "panel": account_panel(who.expert), "expert_fee": 3, "expert_budget": 77}
    receipt = world.create(**panel)
    funds = TASKS * PAY * 3 + 77
    assert balance(ZERO, market.address) - before == funds
    assert receipt.of(market)[0][1]["funded"] == funds
    assert market.call("bookOf", world.job)["expertBudget"] == 77


@pytest.mark.parametrize(
    ("name", "value", "least", "most"),
    [
        ("pay", 0, 1, MAX96),
        ("task_count", 0, 1, MOST),
        ("task_count", MOST + 1, 1, MOST),
        ("redundancy", 2, 3, 63),
        ("redundancy", 64, 3, 63),
        ("classes", 1, 2, 3),
        ("classes", 4, 2, 3),
        ("min_seat", 12, 13, 256),
        ("min_seat", 257, 13, 256),
        ("accept_bps", 4_999, 5_000, 9_999),
        ("accept_bps", 10_000, 5_000, 9_999),
        ("noise_bps", 10_001, 0, 10_000),
        ("gold_bps", 5_001, 0, 5_000),
        ("gold_bps", 0, 1, 15_000),
        ("max_audit_bps", 1, 0, 0),
        ("slope_bps", 9_999, 10_000, 200_000),
        ("slope_bps", 200_001, 10_000, 200_000),
        ("stake", 0, 1, MAX96),
        ("max_stake_bps", 9_999, 10_000, 50_000),
        ("max_stake_bps", 50_001, 10_000, 50_000),
    ],
)
def test_create__term_out_of_bounds__reverts(world, name, value, least, most):
    """T31 among them: fewer than three annotators are no consensus."""
    terms = replace(world.good_terms(), **{name: value})
    first, *rest = name.split("_")
    field = field32(first + "".join(part.capitalize() for part in rest))
    with reverts("TermOutOfBounds", field, value, least, most):
        world.send_terms(terms)


@pytest.mark.parametrize(
    ("redundancy", "min_seat", "most"),
    [
        (63, 256, 3),
        (57, 256, 3),
        (56, 256, 4),
        (32, 256, 7),
        (32, 255, 3),
        (29, 256, 7),
        (28, 256, 8),
        (28, 128, 4),
        (8, 32, 3),
        (8, 86, 8),
        (3, 13, 3),
        (3, 256, 8),
    ],
)
def test_create__many_seats_of_many_classes__only_what_can_be_settled(world, redundancy, min_seat, most):
    """T11, T19: the worst word is settled within 15 million gas (tests/gas)."""
    terms = world.good_terms(redundancy=redundancy, min_seat=min_seat, classes=most)
    world.send_terms(terms)
    with reverts("TermOutOfBounds", field32("classes"), most + 1, 2, most):
        world.send_terms(replace(terms, classes=most + 1))


@pytest.mark.parametrize("phase", range(6))
def test_create__window_out_of_bounds__reverts(world, phase):
    """Phases of experts are as long as nothing without experts."""
    least, most = (0, 0) if phase in {2, 3} else (60, 20 * DAY)
    for wrong in {least - 1, most + 1} - {-1}:
        windows = list(world.good_terms().windows)
        windows[phase] = wrong
        with reverts("TermOutOfBounds", field32("windows"), wrong, least, most):
            world.send_terms(replace(world.good_terms(), windows=tuple(windows)))


def test_create__too_soon_or_too_late__reverts(world):
    for wrong in (59, 30 * DAY + 1):
        terms = replace(world.good_terms(), seats_until=now() + wrong)
        with reverts(
            "TermOutOfBounds", field32("seatsUntil"), terms.seats_until, now() + 60, now() + 30 * DAY
        ):
            world.send_terms(terms)


@pytest.mark.parametrize(("pay", "least"), [(1_000, 1_620), (1_001, 1_622)])
def test_create__paid_in_what_is_staked__asks_for_the_stake_that_makes_noise_lose(world, system, pay, least):
    """F1: as much as the luckiest answers win, pay times slope times the highest chance, rounded up."""
    terms = replace(world.good_terms(token=system.gem.address), pay=pay, stake=least - 1)
    with reverts("TermOutOfBounds", field32("stake"), least - 1, least, MAX96):
        world.send_terms(terms)


@pytest.mark.parametrize(
    ("kind", "panel"),
    [
        (PanelKind.NONE, keccak256(b"somebody")),
        (PanelKind.ACCOUNT, bytes(32)),
        (PanelKind.ACCOUNT, keccak256(b"more than an address")),
        (PanelKind.LIST, bytes(32)),
        (PanelKind.CONTRACT, account_panel("0x" + "12" * 20)),
    ],
)
def test_create__panel_is_not_what_its_kind_says__reverts(world, kind, panel):
    terms = replace(world.good_terms(), panel_kind=kind, panel=panel)
    with reverts("BadPanel", kind, panel):
        world.send_terms(terms)


def test_create__panel_is_a_contract_and_more__reverts(world, system):
    """Experts are asked for by the address alone, so nothing may stand beside it."""
    contract = account_panel(system.rules["expert"].address)
    world.create(**PANEL | {"panel_kind": PanelKind.CONTRACT, "panel": contract})
    more = b"\x01" + contract[1:]
    terms = replace(world.good_terms(), **PANEL | {"panel_kind": PanelKind.CONTRACT, "panel": more})
    with reverts("BadPanel", PanelKind.CONTRACT, more):
        world.send_terms(terms)


def test_create__panel_of_the_creator_or_the_sink__reverts(world, who):
    """T34: nobody judges his own job."""
    for account in (who.creator, who.sink):
        panel = account_panel(account)
        terms = replace(world.good_terms(), **PANEL, panel=panel)
        with reverts("BadPanel", PanelKind.ACCOUNT, panel):
            world.send_terms(terms)


@pytest.mark.parametrize("change", [{"expert_fee": 1}, {"expert_budget": 1}, {"challenge_bond": 1}])
def test_create__money_for_experts_without_any__reverts(world, change):
    with reverts("BadPanel", PanelKind.NONE, bytes(32)):
        world.send_terms(replace(world.good_terms(), **change))


def test_create__no_code_where_a_contract_must_be__reverts(world, who):
    for name in ("rule", "hook", "token"):
        with reverts("NotAContract", who.stranger):
            world.send_terms(replace(world.good_terms(), **{name: who.stranger}))


def test_create__without_a_registry_of_reputation__keeps_none(system, who):
    bare = deploy_market(who.owner, who.sink, system.staking.address, ZERO)
    world = World(replace(system, market=bare))
    with reverts("NoReputation"):
        world.send_terms(world.good_terms(domain=keccak256(b"birds")))
    world.create()


def test_extension__says_for_which_fee_recipient_it_is(system, who):
    """Deployments are checked by it before a market is made of one."""
    assert deploy("ConsensusExtension", who.stranger, sender=who.owner).call("sink") == who.stranger
    assert contract_at("ConsensusExtension", system.market.call("extension")).call("sink") == who.sink


def test_create__the_largest_job__fits(world, market, who):
    """T5: no amount is cut off: pay, difficulty, tasks and annotators at their bounds."""
    token = deploy("MockToken", 18, sender=who.owner)
    funds = MAX96 * 0xFFFF // 10_000 * MOST * 63
    token.send("mint", who.creator, funds, sender=who.owner)
    token.send("approve", market.address, funds, sender=who.creator)
    terms = world.good_terms(
        token=token.address, pay=MAX96, task_count=MOST, redundancy=63, min_seat=256, stake=1
    )
    receipt = world.send_terms(replace(terms, multipliers=0xFFFF, word_classes=(0,) * 2))
    assert market.call("bookOf", receipt.value)["balance"] == funds
    assert balance(token, market.address) == funds


def test_create__another_fee_than_that_of_the_day__reverts(world, market, who):
    """The owner may change the fee while the transaction waits; nobody pays one that he did not see."""
    market.send("setFee", 100, sender=who.owner)
    with reverts("FeeChanged", 0, 100):
        world.create(fee_bps=0)
    market.send("setFee", 0, sender=who.owner)
    with reverts("FeeChanged", 100, 0):
        world.create(fee_bps=100)


def test_create__classes_of_words__as_many_as_there_are_words_for(world):
    """64 words stand in one slot; a class without a multiplier would be work for nothing."""
    multipliers, words = difficulty([15_000])
    for slots in ((), (0, 0)):
        with reverts("BadWordClasses", len(slots)):
            world.create(multipliers=multipliers, word_classes=slots)
    with reverts("BadWordClasses", 1):
        world.create(word_classes=(0,))
    with reverts("BadWordClasses", 0):
        world.create(multipliers=multipliers, word_classes=(5,))
    usual = 3 * TASKS * PAY
    with reverts("WrongValue", usual * 3 // 2, usual):
        world.create(multipliers=multipliers, word_classes=tuple(words))


def test_close__before_the_first_seat__is_the_creators(world, market, who):
    world.create()
    with reverts("OutsidePhase", world.terms.seats_until, 2**256 - 1, now()):
        market.call("close", world.job, sender=who.stranger)
    before = balance(ZERO, who.creator)
    market.send("close", world.job, sender=who.creator)
    assert balance(ZERO, who.creator) - before == TASKS * PAY * 3


def test_close__nobody_sat_down__is_anyones(world, market, who):
    """T13: the money is not stuck."""
    world.create()
    mine_at(world.terms.seats_until + 1)
    market.send("close", world.job, sender=who.stranger)
    with reverts("WrongJobState", world.job, 2):
        market.call("close", world.job, sender=who.creator)


def test_close__a_seat_is_live__reverts(world, market, who):
    world.create()
    world.sit(who.ann, world.labels())
    mine_at(world.terms.seats_until + 1)
    for account in (who.creator, who.stranger):
        with reverts("SeatsLive", world.job, 1):
            market.call("close", world.job, sender=account)
