"""
Money in: every act that takes money takes exactly what it says, or reverts as a whole (F21, T8, T9)
├── tokens of 6, 8 and 18 decimals, and one that returns nothing, work alike
├── a token that delivers less than asked reverts with what arrived: nothing, where it took something away
├── a token that answers false or moves nothing reverts
├── a token that takes more from the payer than asked is his own choice: the market books what was asked
└── what arrives without being asked for is a donation that nobody can take out
"""

import pytest

from tests.support.calls import ZERO, Contract, balance, deploy, reverts, rpc
from tests.support.ledger import assert_ledger
from tests.support.market import ARBITER_FEE, FULL, REWARD, World, endow

BOUNTY, BOND, REJECT_FEE = 600 * REWARD, 100_001, 100_101


def with_token(world: World, name: str, *args) -> Contract:
    token = deploy(name, *args, sender=world.who.owner)
    endow(world.system, token)
    world.tokens.append(token)
    return token


@pytest.mark.parametrize(
    ("name", "args"), [("MockToken", (6,)), ("MockToken", (8,)), ("MockToken", (18,)), ("SilentToken", ())]
)
def test_receive__ordinary_tokens__live_a_whole_life(world, market, who, name, args):
    """T8: a job from funding to a decision and a refund."""
    token = with_token(world, name, *args)
    with world.moves(token) as moved:
        job_id = world.open(token=token.address)
        claim_id = world.appealed(job_id, 0b011, pending=0b100)
        world.approve(claim_id, 0b100)
        market.send("decide", claim_id, 0b001, sender=who.arbiter)
        market.send("close", job_id, sender=who.creator)
    half = ARBITER_FEE // 2
    assert moved == {
        "annotator": 2 * REWARD - BOND + REJECT_FEE - half,
        "creator": -2 * REWARD - 2 * REJECT_FEE - (ARBITER_FEE - half),
        "arbiter": ARBITER_FEE,
        "market": BOND + REJECT_FEE,
        "sink's credit": BOND + REJECT_FEE,
    }
    with world.moves(token) as moved:
        market.send("withdraw", token.address, who.stranger, BOND + REJECT_FEE, sender=who.sink)
    assert moved == {
        "stranger": BOND + REJECT_FEE,
        "market": -BOND - REJECT_FEE,
        "sink's credit": -BOND - REJECT_FEE,
    }


def test_receive__token_with_a_fee__reverts(world, market, who):
    token = with_token(world, "FeeToken")
    with reverts("DepositShort", token.address, BOUNTY, BOUNTY - BOUNTY // 100):
        market.call(*world.create_call(world.terms(token=token.address)), sender=who.creator)


def test_receive__token_with_a_fee_that_is_here_already__reverts_all_the_same(world, market, who):
    """T8: what a deposit brings is measured, not what is there after it."""
    token = with_token(world, "FeeToken")
    world.tokens.remove(token)  # a gift is in no ledger
    token.send("mint", market.address, 2 * BOUNTY, sender=who.owner)
    with reverts("DepositShort", token.address, BOUNTY, BOUNTY - BOUNTY // 100):
        market.call(*world.create_call(world.terms(token=token.address)), sender=who.creator)


@pytest.mark.parametrize("surplus", [0, 1])
def test_receive__token_that_takes_from_the_market__brought_nothing(world, market, who, surplus):
    """T8: what is there falls in the middle of a deposit by as much as it brings, or by more."""
    token = with_token(world, "HookToken")
    world.tokens.remove(token)  # a gift is in no ledger
    token.send("mint", market.address, BOUNTY, sender=who.owner)
    rpc("anvil_impersonateAccount", market.address)
    token.send("approve", token.address, FULL, sender=market.address)
    rpc("anvil_stopImpersonatingAccount", market.address)
    loss = token.data("transferFrom", market.address, who.stranger, BOUNTY + surplus)
    token.send("callBackWith", token.address, loss, sender=who.owner)
    with reverts("DepositShort", token.address, BOUNTY, 0):
        market.call(*world.create_call(world.terms(token=token.address)), sender=who.creator)


@pytest.mark.parametrize("mood", [1, 2])
def test_receive__token_that_answers_false__reverts(world, market, who, mood):
    token = with_token(world, "FalseToken")
    token.send("setMood", mood, sender=who.owner)
    with reverts("SafeERC20FailedOperation", token.address):
        market.call(*world.create_call(world.terms(token=token.address)), sender=who.creator)


def test_receive__token_that_takes_more_from_the_payer__books_what_was_asked(world, who):
    token = with_token(world, "GreedyToken")
    token.send("takeFrom", who.creator, 5, sender=who.owner)
    with world.moves(token) as moved:
        world.open(token=token.address)
    assert moved == {"creator": -BOUNTY - 5, "market": BOUNTY}


def test_receive__deposit_within_a_deposit__is_a_donation(world, market, who):
    """F21: a token's hook delivers again while the market measures; only what was asked is booked."""
    token = with_token(world, "HookToken")
    donation = token.data("mint", market.address, 77)
    token.send("callBackWith", token.address, donation, sender=who.owner)
    world.open(token=token.address)
    token.send("callBackWith", ZERO, b"", sender=who.owner)
    assert token.call("calledBack")
    assert market.call("liabilities", token.address) == BOUNTY
    assert balance(token, market.address) == BOUNTY + 77
    world.tokens.remove(token)
    assert_ledger(world)


def test_receive__donations__belong_to_nobody(world, market, who):
    """T1: more than is owed is possible, and changes no balance of anybody."""
    world.open()
    rpc("anvil_setBalance", market.address, hex(balance(ZERO, market.address) + 99))
    for account in (who.owner, who.sink, who.creator):
        with reverts("CreditTooLow", ZERO, account, 0, 1):
            market.call("withdraw", ZERO, account, 1, sender=account)
    assert_ledger(world, {ZERO: 99})
    rpc("anvil_setBalance", market.address, hex(balance(ZERO, market.address) - 99))


def test_receive__plain_transfer_of_the_native_coin__is_refused(market, who):
    request = {"from": who.stranger, "to": market.address, "value": "0x1", "gas": hex(100_000)}
    with reverts(""):
        rpc("eth_call", request, "latest")
