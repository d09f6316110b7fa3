"""
withdraw, withdrawBySig
├── when there is credit: it pays all or a part to any address, and emits CreditWithdrawn
│   ├── with all the gas, so that who could not be paid at once can be paid now
│   └── what the recipient gives back on the spot stays his credit
├── by signature: to the address that was signed, whoever sends it (T43)
└── reverts when
    ├── it asks for nothing, for more than the credit, or for somebody else's
    ├── it would go to nobody or back into the market
    ├── the recipient or the token refuses: the credit stays
    └── the token takes nothing, or more than it is asked to
"""

import pytest

from tests.support.calls import ZERO, Contract, balance, deploy, reverts, rpc
from tests.support.market import REWARD, World, endow

BOND = 100_001
CREDIT = 256 * BOND


@pytest.fixture
def credit(world, market, who, coin):
    """The sink has the bond of an expired claim; returns its coin."""
    job_id = world.open(token=coin)
    claim_id = world.claim(job_id, 2**256 - 1)
    rpc("evm_increaseTime", 2_000)
    rpc("evm_mine")
    market.send("releaseExpired", job_id, [claim_id], sender=who.keeper)
    assert world.credit(who.sink, coin) == CREDIT
    return coin


def test_withdraw__in_parts_to_another_address__pays_exactly_that(world, market, who, credit):
    for amount in (1, CREDIT - 1):
        with world.moves(credit) as moved:
            receipt = market.send("withdraw", credit, who.stranger, amount, sender=who.sink)
        assert moved == {"stranger": amount, "market": -amount, "sink's credit": -amount}
        taken = {"token": credit, "account": who.sink, "to": who.stranger, "amount": amount}
        assert receipt.of(market) == [("CreditWithdrawn", taken)]
    assert (world.credit(who.sink, credit), market.call("liabilities", credit)) == (0, 600 * REWARD)


@pytest.mark.parametrize("amount", [0, CREDIT + 1, 2**256 - 1])
def test_withdraw__nothing_or_too_much__reverts(market, who, credit, amount):
    with reverts("CreditTooLow", credit, who.sink, CREDIT, amount):
        market.call("withdraw", credit, who.sink, amount, sender=who.sink)


@pytest.mark.parametrize("role", ["owner", "creator", "annotator", "stranger"])
def test_withdraw__somebody_elses_credit__reverts(market, who, credit, role):
    """T61: no role takes what is owed to others."""
    account = getattr(who, role)
    with reverts("CreditTooLow", credit, account, 0, 1):
        market.call("withdraw", credit, account, 1, sender=account)


def test_withdraw__credit_in_another_token__reverts(world, market, who, credit):
    other = world.system.token.address if credit == ZERO else ZERO
    with reverts("CreditTooLow", other, who.sink, 0, 1):
        market.call("withdraw", other, who.sink, 1, sender=who.sink)


def test_withdraw__to_nobody_or_the_market__reverts(market, who, credit):
    for to in (ZERO, market.address):
        with reverts("BadRecipient", to):
            market.call("withdraw", credit, to, CREDIT, sender=who.sink)


@pytest.mark.parametrize("coin", [ZERO])
def test_withdraw__recipient_who_refuses__reverts_and_keeps_the_credit(world, market, who, credit):
    puppet = deploy("Puppet", sender=who.stranger)
    puppet.send("setMood", 1, sender=who.stranger)
    with reverts("Error", "no money, please"):
        market.call("withdraw", ZERO, puppet.address, CREDIT, sender=who.sink)
    puppet.send("setMood", 0, sender=who.stranger)
    market.send("withdraw", ZERO, puppet.address, CREDIT, sender=who.sink)
    assert balance(ZERO, puppet.address) == CREDIT


def test_withdraw__token_that_takes_another_amount__reverts(world, market, who):
    token = deploy("GreedyToken", sender=who.owner)
    endow(world.system, token)
    world.tokens.append(token)
    job_id = world.open(token=token.address)
    claim_id = world.claim(job_id, 0b11)
    rpc("evm_increaseTime", 2_000)
    rpc("evm_mine")
    market.send("releaseExpired", job_id, [claim_id], sender=who.keeper)
    token.send("takeFrom", market.address, 1, sender=who.owner)
    with reverts("TransferMismatch", token.address, 2 * BOND, 2 * BOND + 1):
        market.call("withdraw", token.address, who.sink, 2 * BOND, sender=who.sink)
    token.send("takeFrom", ZERO, 0, sender=who.owner)
    market.send("withdraw", token.address, who.sink, 2 * BOND, sender=who.sink)


@pytest.mark.parametrize("back", [1, BOND, 2 * BOND - 1])
def test_withdraw__recipient_who_gives_back_on_the_spot__leaves_that_as_credit(world, market, who, back):
    """T8: whatever left is paid, whatever did not is still owed."""
    token = credit_in_hook_token(world, back)
    with world.moves(token) as moved:
        market.send("withdraw", token.address, world.people["giver"], 2 * BOND, sender=who.sink)
    left = 2 * BOND - back
    assert moved == {"giver": left, "market": -left, "sink's credit": -left}


@pytest.mark.parametrize("back", [2 * BOND, 2 * BOND + 1])
def test_withdraw__nothing_that_leaves__reverts(world, market, who, back):
    token = credit_in_hook_token(world, back)
    with reverts("TransferMismatch", token.address, 2 * BOND, 0):
        market.call("withdraw", token.address, world.people["giver"], 2 * BOND, sender=who.sink)


def credit_in_hook_token(world: World, back: int) -> Contract:
    """The sink has a credit of two bonds, and a contract gives so much back when it is paid."""
    token, giver = (deploy(name, sender=world.who.owner) for name in ("HookToken", "Puppet"))
    endow(world.system, token)
    world.tokens.append(token)
    world.people["giver"] = giver.address
    token.send("mint", giver.address, 10 * BOND, sender=world.who.owner)
    job_id = world.open(token=token.address)
    claim_id = world.claim(job_id, 0b11)
    rpc("evm_increaseTime", 2_000)
    rpc("evm_mine")
    world.market.send("releaseExpired", job_id, [claim_id], sender=world.who.keeper)
    give = giver.data("execute", token.address, token.data("transfer", world.market.address, back))
    token.send("callBackWith", giver.address, give, sender=world.who.owner)
    return token


# --- by signature ---


def order(world: World, coin: str, **changes):
    """The arguments of a signed withdrawal to the stranger; `changes` are made after signing."""
    signed = {"token": coin, "to": world.who.stranger, "amount": CREDIT}
    auth = world.auth("Withdraw", signer=world.who.sink, nonce=3, **signed)
    return *(signed | changes).values(), auth


def test_withdraw_by_sig__sent_by_a_keeper__pays_whom_the_signer_named(world, market, who, credit):
    arguments = order(world, credit)
    with world.moves(credit) as moved:
        receipt = market.send("withdrawBySig", *arguments, sender=who.keeper)
    assert moved == {"stranger": CREDIT, "market": -CREDIT, "sink's credit": -CREDIT}
    taken = {"token": credit, "account": who.sink, "to": who.stranger, "amount": CREDIT}
    assert receipt.of(market) == [
        ("NonceUsed", {"account": who.sink, "nonce": 3}),
        ("CreditWithdrawn", taken),
    ]


@pytest.mark.parametrize("change", ["to", "amount", "token"])
def test_withdraw_by_sig__changed_by_the_relayer__reverts(world, market, who, credit, change):
    """T43."""
    other = world.system.token.address if credit == ZERO else ZERO
    changes = {"to": who.keeper, "amount": CREDIT - 1, "token": other}
    with reverts("InvalidSignature", who.sink):
        market.call("withdrawBySig", *order(world, credit, **{change: changes[change]}), sender=who.keeper)
