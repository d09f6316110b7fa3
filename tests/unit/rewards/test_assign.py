"""
assign
├── when fees were paid: the reward by the day's rate, rounded down, becomes a credit; told in order
│   ├── for anybody by anybody, each fee once, each account, job and source by itself
│   ├── in each fee token by its own rate
│   └── fees worth less than one base unit wait for more
├── given a token that took what is owed away: nothing, until it is there again
├── given too little cap or supply: as many fees as there is a reward for, the rest later
├── given a source whose amount falls: nothing, until it has risen above what was counted
├── asking for nothing changes nothing: the job can still come to the tree
└── reverts when
    ├── the source is not listed, or does not answer
    ├── there are more than 64 accounts
    └── the job is in the tree
"""

import pytest

from tests.support.calls import ZERO, balance, deploy, reverts
from tests.support.rewards import (
    DIRECT,
    EPOCH_CAP,
    NONE,
    RATE,
    SUPPLY,
    TOKEN_RATE,
    TREE,
    UNIT,
    World,
    next_epoch,
    system_with,
)

FEES = 1_000_003


def test_assign__fees_were_paid__credits_the_reward_and_tells_so(world, distributor, who):
    world.pay(FEES)
    receipt = world.assign()
    reward = FEES * RATE // UNIT
    assert receipt.value == reward == 300_000
    source, annotator = world.source.address, who.annotator
    told = {"feeToken": ZERO, "fees": FEES, "reward": reward}
    assert receipt.of(distributor) == [
        ("RewardAssigned", {"origin": source, "jobId": 1, "account": annotator} | told),
        ("Credited", {"token": world.token.address, "account": annotator, "amount": reward}),
        ("ModeSet", {"origin": source, "jobId": 1, "mode": DIRECT}),
    ]
    assert (world.credit(annotator), world.owed(), world.counted(annotator)) == (reward, reward, FEES)
    assert distributor.call("liabilities", ZERO) == 0


def test_assign__again__gives_nothing_and_tells_nothing(world, distributor, who):
    """T64: a fee is counted once, whoever asks and however often."""
    world.rewarded(FEES)
    for accounts in ([who.annotator], [who.annotator] * 3, [who.rival]):
        receipt = world.assign(*accounts)
        assert (receipt.value, receipt.of(distributor)) == (0, [])
    world.pay(10)
    receipt = world.assign(who.annotator, who.annotator)
    assert [(name, args.get("fees")) for name, args in receipt.of(distributor)] == [
        ("RewardAssigned", 10),
        ("Credited", None),
    ]


def test_assign__several_accounts__credits_each_and_returns_the_sum(world, who):
    """T5: however the accounts are split over calls, each has the same."""
    world.pay(1_000, who.annotator)
    world.pay(2_009, who.rival)
    world.pay(50, who.creator)
    assert world.assign(who.rival, who.stranger, who.annotator).value == 300 + 602
    assert world.assign(who.creator, who.rival).value == 15
    credits_ = [world.credit(account) for account in (who.annotator, who.rival, who.creator, who.stranger)]
    assert credits_ == [300, 602, 15, 0]


def test_assign__64_accounts__work_and_one_more_reverts(world, distributor, who):
    world.pay(1_000)
    accounts = [who.stranger] * 63 + [who.annotator]
    assert world.assign(*accounts).value == 300
    with reverts("TooMany", 65, 64):
        distributor.call("assign", world.source.address, 1, [*accounts, who.rival], sender=who.keeper)


def test_assign__jobs_and_sources__are_counted_by_themselves(world, who):
    other = deploy("MockFees", sender=who.owner)
    world.own("setSource", other.address, other.address)
    world.pay(1_000, job=1)
    world.pay(2_000, job=2)
    world.pay(3_000, job=1, source=other)
    rewards = [world.assign(job=1).value, world.assign(job=2).value, world.assign(source=other).value]
    assert rewards == [300, 600, 900]
    assert [world.assign(job=job).value for job in (1, 2, 3)] == [0, 0, 0]


def test_assign__fees_in_a_token__are_rewarded_by_its_own_rate(world, who):
    coin = world.system.coin
    world.pay(5_000_000, token=coin.address, job=2)
    receipt = world.assign(job=2)
    assert receipt.value == 5_000_000 * TOKEN_RATE // UNIT
    assert receipt.events[0].args["feeToken"] == coin.address
    world.pay(10**9, token=world.token.address, job=3)  # has no rate
    assert world.assign(job=3).value == 0
    assert (world.counted(who.annotator, 3), world.mode(3)) == (0, NONE)


def test_assign__fees_worth_less_than_a_unit__wait_for_more(world, who):
    """Three fees are worth 0.9 of a unit: nothing is lost by asking early."""
    for fees in (1, 2):
        world.pay(1)
        assert (world.assign().value, world.counted(who.annotator)) == (0, 0), fees
    world.pay(2)
    assert (world.assign().value, world.counted(who.annotator)) == (1, 4)


def test_assign__more_than_the_epochs_cap__gives_the_rest_in_the_next(world, who):
    next_epoch()
    fees = 2 * EPOCH_CAP * UNIT // RATE
    world.pay(fees)
    first = world.assign().value
    assert first == world.counted(who.annotator) * RATE // UNIT
    assert EPOCH_CAP - 1 <= first <= EPOCH_CAP
    assert world.assign().value == 0
    next_epoch()
    assert world.assign().value >= EPOCH_CAP - 1
    next_epoch()
    world.assign()
    assert 0 <= fees - world.counted(who.annotator) <= UNIT // RATE  # the rest is worth less than a unit
    assert 0 <= fees * RATE // UNIT - world.credit(who.annotator) <= 2


def test_assign__more_than_the_supply__gives_the_rest_when_there_is_more(world, distributor, who):
    world.own("setEpochCap", 10 * SUPPLY)
    world.own("setRate", ZERO, UNIT)
    world.pay(SUPPLY + 77)
    assert world.assign().value == SUPPLY
    assert world.assign().value == 0
    world.token.send("mint", distributor.address, 70, sender=who.admin)
    assert world.assign().value == 70
    assert world.counted(who.annotator) == SUPPLY + 70


def test_assign__token_whose_balance_shrank_below_what_is_owed__gives_nothing(who):
    """The missing part is nobody's reward: what is asked for is neither counted nor lost."""
    token = deploy("GreedyToken", sender=who.admin)
    world = World(system_with(token, who))
    distributor = world.distributor
    owed = world.rewarded(1_000)
    token.send("takeFrom", distributor.address, SUPPLY - owed + 1, sender=who.stranger)
    token.send("transferFrom", distributor.address, who.stranger, 0, sender=who.stranger)
    assert balance(token, distributor.address) == owed - 1 == world.owed() - 1
    world.pay(1_000)
    assert (world.available(), world.assign().value, world.counted(who.annotator)) == (0, 0, 1_000)
    token.send("mint", distributor.address, 301, sender=who.stranger)
    assert (world.available(), world.assign().value) == (300, 300)


def test_assign__first_come_first_served__the_second_gets_what_is_left(world, who):
    next_epoch()
    world.own("setRate", ZERO, UNIT)
    world.own("setEpochCap", 100)
    world.pay(70, who.annotator)
    world.pay(70, who.rival)
    assert world.assign(who.annotator, who.rival).value == 100
    assert (world.credit(who.annotator), world.credit(who.rival)) == (70, 30)


def test_assign__amount_that_falls__gives_nothing_until_it_has_risen_again(world, who):
    """T64: a source that goes down and up again is not rewarded for it."""
    world.rewarded(1_000)
    world.pay(-400)
    assert (world.assign().value, world.counted(who.annotator)) == (0, 1_000)
    world.pay(400)
    assert world.assign().value == 0
    world.pay(10)
    assert world.assign().value == 3


@pytest.mark.parametrize("accounts", [0, 1, 64])
def test_assign__nothing_to_reward__leaves_the_job_free_for_the_tree(world, distributor, who, accounts):
    """Or else anybody could keep every job out of the tree by asking for nothing."""
    world.pay(1_000, who.rival)
    args = (world.source.address, 1, [who.annotator] * accounts)
    receipt = distributor.send("assign", *args, sender=who.stranger)
    assert (receipt.value, receipt.of(distributor), world.mode()) == (0, [], NONE)
    world.use_tree()
    assert world.mode() == TREE


def test_assign__source_that_is_not_listed__reverts(world, distributor, who):
    with reverts("NotListed", who.stranger):
        distributor.call("assign", who.stranger, 1, [who.annotator], sender=who.keeper)


def test_assign__source_that_does_not_answer__reverts_and_hinders_nobody_else(world, distributor, who):
    other = deploy("MockFees", sender=who.owner)
    world.own("setSource", other.address, other.address)
    world.pay(1_000, source=other)
    world.source.send("setSilent", True, sender=who.stranger)
    with reverts("Silent"):
        distributor.call("assign", world.source.address, 1, [who.annotator], sender=who.keeper)
    assert world.assign(source=other).value == 300


def test_assign__job_in_the_tree__reverts(world, distributor, who):
    world.use_tree()
    world.pay(1_000)
    for accounts in ([who.annotator], []):
        with reverts("WrongMode", world.source.address, 1, TREE):
            distributor.call("assign", world.source.address, 1, accounts, sender=who.keeper)
    world.pay(1_000, job=2)
    assert world.assign(job=2).value == 300
