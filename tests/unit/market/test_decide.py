"""
decide
├── when the arbiter decides in time, bit by bit
│   ├── upheld tasks reopen, with bond and rejection fee to the sink
│   ├── overturned tasks are paid, with their rejection fee to the annotator and the protocol fee to the sink
│   └── the arbiter gets his fee: `arbiterFee * upheld / all`, rounded down, of the annotator's deposit,
│       the rest of the creator's
├── given a closing job: the upheld tasks' funds go back to the creator
├── given parties who cannot be paid: each has his credit (T10)
└── reverts when
    ├── the caller is not the arbiter
    ├── the decision window has passed (T23)
    ├── tasks are named that are not in dispute
    └── there is no appeal, or it was decided or settled before
"""

import pytest

from offchain.states import ClaimState, DisputeState, JobState
from offchain.terms import difficulty
from tests.support.calls import ZERO, deploy, reverts
from tests.support.market import ARBITER_FEE, FULL, REWARD, mine_at, next_at
from tests.support.money import task_money

BOND, REJECT_FEE, FEE = 100_001, 100_101, 10_000


def decision_end(world, claim_id):
    return world.record(claim_id)["disputedAt"] + world.terms_of[claim_id >> 24].decision_window


@pytest.mark.parametrize(
    ("upheld", "from_annotator"), [(0, 0), (0b0010, 25_925), (0b0110, 51_851), (0b1110, ARBITER_FEE)]
)
def test_decide__bit_by_bit__every_unit_goes_where_it_belongs(
    world, market, who, coin, upheld, from_annotator
):
    """Of 3 disputed tasks; 77,777 / 3 = 25,925.67, rounded down for the annotator."""
    market.send("setFee", 100, sender=who.owner)
    job_id = world.open(token=coin, fee_bps=100)
    claim_id = world.appealed(job_id, 0b1110, pending=0b0001)
    lost, won = upheld.bit_count(), 3 - upheld.bit_count()
    with world.moves(coin) as moved:
        receipt = market.send("decide", claim_id, upheld, sender=who.arbiter)

    to_annotator = ARBITER_FEE - from_annotator
    pay = won * (REWARD + BOND + REJECT_FEE) + to_annotator
    expected = {
        "annotator": pay,
        "creator": from_annotator,
        "arbiter": ARBITER_FEE,
        "sink's credit": lost * (BOND + REJECT_FEE) + won * FEE,
        "market": -pay - from_annotator - ARBITER_FEE,
    }
    assert moved == {name: amount for name, amount in expected.items() if amount}
    overturned = 0b1110 & ~upheld
    ended = {
        "jobId": job_id,
        "claimId": claim_id,
        "upheld": upheld,
        "overturned": overturned,
        "forfeited": lost * (BOND + REJECT_FEE),
        "compensation": won * REJECT_FEE,
        "toAnnotator": to_annotator,
        "toCreator": from_annotator,
        "toArbiter": ARBITER_FEE,
    }
    paid = {"jobId": job_id, "claimId": claim_id, "annotator": who.annotator, "mask": overturned}
    paid |= {"reward": won * REWARD, "bond": won * BOND, "fee": won * FEE}
    credit = {"token": coin, "account": who.sink}
    events = [("DisputeEnded", ended)]
    if won:
        events += [("RewardPaid", paid), ("Credited", credit | {"amount": won * FEE})]
    if lost:
        events += [("Credited", credit | {"amount": lost * (BOND + REJECT_FEE)})]
    assert receipt.of(market) == events

    record = world.record(claim_id)
    assert (record["state"], record["dispute"]) == (ClaimState.SUBMITTED, DisputeState.ENDED)
    assert (record["mask"], record["disputed"], record["disputedAt"]) == (0b0001, upheld, 0)
    assert market.call("freeTasks", job_id, 0) == FULL & ~0b1111 | upheld
    account = {"open": 1, "approved": won, "weight": 10_000 * won, "earned": won * REWARD}
    account["rejected"] = lost
    assert market.call("accountOf", job_id, who.annotator) == account
    job = world.job(job_id)
    assert (job["open"], job["taken"], job["approved"]) == (596 + lost, 1, won)


def test_decide__whole_submission__ends_it(world, market, who):
    claim_id = world.appealed(world.open(), 0b111)
    market.send("decide", claim_id, 0b010, sender=who.arbiter)
    record = world.record(claim_id)
    assert (record["state"], record["dispute"], record["disputed"]) == (ClaimState.DONE, 0, 0b010)


def test_decide__scattered_tasks_of_a_class__are_paid_by_their_word(world, market, who, coin):
    multipliers, classes = difficulty((10_000, 33_333, 10_000))
    job_id = world.open(token=coin, multipliers=multipliers, word_classes=classes)
    claim_id = world.appealed(job_id, 0b10101, word=1)
    money = task_money(world.terms_of[job_id], 1)
    with world.moves(coin) as moved:
        market.send("decide", claim_id, 0b00100, sender=who.arbiter)
    pay = 2 * (money.reward + money.bond + money.reject_fee) + ARBITER_FEE - 25_925
    assert moved["annotator"] == pay
    assert moved["sink's credit"] == money.bond + money.reject_fee
    assert market.call("accountOf", job_id, who.annotator)["weight"] == 2 * 33_333


def test_decide__closing_job__refunds_upheld_tasks_and_closes(world, market, who, coin):
    job_id = world.open(token=coin)
    claim_id = world.appealed(job_id, 0b1111)
    market.send("close", job_id, sender=who.creator)
    with world.moves(coin) as moved:
        receipt = market.send("decide", claim_id, 0b0001, sender=who.arbiter)
    assert moved["creator"] == REWARD + ARBITER_FEE // 4
    names = [name for name, _ in receipt.of(market)]
    assert names == ["DisputeEnded", "RewardPaid", "TasksRefunded", "JobClosed", "Credited"]
    assert receipt.of(market)[3][1] == {"jobId": job_id, "approved": 3}
    assert world.job(job_id)["state"] == JobState.CLOSED


def test_decide__last_tasks_overturned__closes_an_open_job(world, market, who):
    job_id = world.open(task_count=2)
    claim_id = world.appealed(job_id, 0b11)
    market.send("decide", claim_id, 0, sender=who.arbiter)
    assert world.job(job_id)["state"] == JobState.CLOSED
    assert market.call("liabilities", ZERO) == 0


def test_decide__parties_who_are_blacklisted__have_credits(world, market, who):
    """T10, R8: annotator, creator and arbiter fail, each for himself; the decision stands."""
    token = deploy("BlacklistToken", sender=who.owner)
    world.tokens.append(token)
    for account in (who.creator, who.annotator):
        token.send("mint", account, 10**12, sender=account)
        token.send("approve", market.address, 10**12, sender=account)
    claim_id = world.appealed(world.open(token=token.address), 0b11)
    for account in (who.creator, who.annotator, who.arbiter):
        token.send("setBlocked", account, True, sender=who.owner)
    with world.moves(token) as moved:
        market.send("decide", claim_id, 0b01, sender=who.arbiter)
    half = ARBITER_FEE // 2
    assert moved == {
        "annotator's credit": REWARD + BOND + REJECT_FEE + ARBITER_FEE - half,
        "creator's credit": half,
        "arbiter's credit": ARBITER_FEE,
        "sink's credit": BOND + REJECT_FEE,
    }
    amount = world.credit(who.annotator, token)
    market.send("withdraw", token.address, who.stranger, amount, sender=who.annotator)
    assert token.call("balanceOf", who.stranger) == amount


@pytest.mark.parametrize("role", ["creator", "annotator", "owner", "stranger"])
def test_decide__by_anyone_else__reverts(world, market, who, role):
    claim_id = world.appealed(world.open(), 1)
    with reverts("NotAuthorized", getattr(who, role), who.arbiter):
        market.call("decide", claim_id, 1, sender=getattr(who, role))


def test_decide__in_the_last_second__counts_and_not_later(world, market, who):
    """T23: a late decision finds the appeal lapsed."""
    claim_id = world.appealed(world.open(), 1)
    end = decision_end(world, claim_id)
    mine_at(end + 1)
    with reverts("TooLate", end, end + 1):
        market.call("decide", claim_id, 1, sender=who.arbiter)


def test_decide__at_the_deadline__is_in_time(world, market, who):
    claim_id = world.appealed(world.open(), 1)
    end = decision_end(world, claim_id)
    next_at(end)
    assert market.send("decide", claim_id, 1, sender=who.arbiter).time == end


@pytest.mark.parametrize("upheld", [0b0001, 0b1110, FULL])
def test_decide__tasks_that_are_not_in_dispute__revert(world, market, who, upheld):
    claim_id = world.appealed(world.open(), 0b0110, pending=0b1001)
    with reverts("BadMask", upheld, 0b0110):
        market.call("decide", claim_id, upheld, sender=who.arbiter)


def test_decide__no_appeal__reverts(world, market, who):
    job_id = world.open()
    with reverts("WrongClaimState", job_id << 24, ClaimState.NONE):
        market.call("decide", job_id << 24, 0, sender=who.arbiter)
    claim_id = world.submitted(job_id, 0b11)
    with reverts("WrongDisputeState", claim_id, DisputeState.NONE):
        market.call("decide", claim_id, 0, sender=who.arbiter)
    world.reject(claim_id, 0b01)
    with reverts("WrongDisputeState", claim_id, DisputeState.REJECTED):
        market.call("decide", claim_id, 0, sender=who.arbiter)
    world.appeal(claim_id)
    market.send("decide", claim_id, 0, sender=who.arbiter)
    with reverts("WrongDisputeState", claim_id, DisputeState.ENDED):
        market.call("decide", claim_id, 0, sender=who.arbiter)


def test_decide__without_an_arbiter_fee__pays_the_arbiter_nothing(world, market, who):
    claim_id = world.appealed(world.open(arbiter_fee=0), 0b11)
    with world.moves() as moved:
        market.send("decide", claim_id, 0b11, sender=who.arbiter)
    assert moved == {"sink's credit": 2 * (BOND + REJECT_FEE)}
