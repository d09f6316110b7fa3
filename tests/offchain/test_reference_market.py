"""The reference model by itself: rounding by hand, atomicity, and that its checks notice what is wrong."""

from dataclasses import replace

import pytest

from offchain.reference.audit import invariants
from offchain.reference.bank import World
from offchain.reference.calls import Acceptance, Call, Consent
from offchain.reference.market import Market
from offchain.reference.records import bounty, task_pay, tasks_in_word
from offchain.reference.revert import Revert
from offchain.terms import ZERO_ADDRESS, JobTerms, pack_multipliers

MARKET, OWNER, SINK, CREATOR, ANNOTATOR, ARBITER = (f"0x{digit * 40}" for digit in "123456")
NATIVE, JOB, CLAIM = ZERO_ADDRESS, 1, 1 << 24
HOUR = 3_600
TERMS = JobTerms(
    creator=CREATOR,
    reward=1_001,
    task_count=10,
    review_window=HOUR,
    appeal_window=HOUR,
    decision_window=HOUR,
    deadline=1_000_000,
    max_open=10,
    bond_bps=999,
    fee_bps=250,
    reject_fee_bps=3_333,
    arbiter=ARBITER,
    arbiter_fee=100,
    data_root=b"\xda" * 32,
    data_length=77,
    instructions_hash=b"\x1a" * 32,
)


@pytest.fixture
def market():
    market = Market(MARKET, OWNER, SINK, World())
    for account in (CREATOR, ANNOTATOR):
        market.bank.balances[NATIVE, account] = 10**6
    market.set_fee(Call(OWNER, 1), 250)
    market.create_job(Call(CREATOR, 100, bounty(TERMS)), TERMS, Acceptance(100))
    market.claim(Call(ANNOTATOR, 200, 7 * 100), JOB, 0, 0b111_1111)
    market.submit_batch(Call(ANNOTATOR, 300), CLAIM, b"\x01" * 32, 0b111_1111, "")
    return market


def test_rounding_by_hand():
    assert task_pay(TERMS, 0) == (1_001, 25, 100, 334, 10_000)  # 25.025 down, 99.9999 up, 333.6 up
    harder = replace(TERMS, multipliers=pack_multipliers([10_000, 15_000]), word_classes=(1,))
    assert task_pay(harder, 0) == (
        1_501,
        37,
        100,
        501,
        15_000,
    )  # 1,501.5 down; the bond is the plain reward's
    assert bounty(TERMS) == 10 * 1_026
    assert tasks_in_word(300, 1) == (1 << 44) - 1
    assert tasks_in_word(256, 1) == 0


def test_a_decision_is_shared_by_what_each_side_lost(market):
    """Seven tasks in dispute, two upheld: the annotator bears 2/7 of the arbiter's 100, rounded down."""
    market.reject(Call(CREATOR, 400, 7 * 334 + 100), CLAIM, 0b111_1111, b"\x33" * 32)
    market.appeal(Call(ANNOTATOR, 500, 100), CLAIM)
    effects = market.decide(Call(ARBITER, 600), CLAIM, 0b11)
    (ended,) = [args for name, args in effects.events if name == "DisputeEnded"]
    assert (ended["toAnnotator"], ended["toCreator"], ended["toArbiter"]) == (72, 28, 100)
    assert ended["forfeited"] == 2 * (334 + 100)
    assert ended["compensation"] == 5 * 334
    paid = {payment.payee: payment.amount for payment in effects.payments}
    assert paid == {ANNOTATOR: 5 * (1_001 + 100 + 334) + 72, CREATOR: 28, ARBITER: 100}
    assert invariants(market) == []


def test_a_call_that_reverts_late_changes_nothing(market):
    """The nonce, the claim and the counts are written before the wrong value is noticed."""
    before = (market.counts(JOB), market.liabilities(NATIVE), len(market.claims), dict(market.nonces.items()))
    with pytest.raises(Revert, match="WrongValue"):
        market.claim_by_sig(Call(OWNER, 400, 1), JOB, 0, 1 << 8, b"", (), Consent(ANNOTATOR, 5, 400))
    assert before == (
        market.counts(JOB),
        market.liabilities(NATIVE),
        len(market.claims),
        dict(market.nonces.items()),
    )


def test_native_coin_sent_to_an_act_that_takes_none_reverts_without_data(market):
    with pytest.raises(Revert) as reverted:
        market.approve(Call(CREATOR, 400, 1), CLAIM, 1)
    assert (reverted.value.error, reverted.value.values) == ("", ())


def approve_without_clearing(market):
    job = market.jobs[JOB]
    market.jobs[JOB] = replace(job, approved={0: 1})


def forget_a_payment(market):
    market.bank.balances[NATIVE, MARKET] -= 1


def close_too_early(market):
    market.jobs[JOB] = replace(market.jobs[JOB], state=3)


def lose_a_task(market):
    market.claims[CLAIM] = replace(market.claims[CLAIM], mask=0b11_1111 | 1 << 30)


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        (approve_without_clearing, "kept twice"),
        (forget_a_payment, "holds"),
        (close_too_early, "is closed, yet"),
        (lose_a_task, "do not exist"),
    ],
)
def test_the_checks_notice_damage(market, damage, sentence):
    assert invariants(market) == []
    damage(market)
    assert any(sentence in violated for violated in invariants(market))
