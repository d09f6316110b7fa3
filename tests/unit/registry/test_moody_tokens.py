"""
A token with bad habits harms at most those who trade in it (T8, T10)
├── a publisher or annotator on the token's block list is credited; the others are paid
├── a token that burns the gas of whoever pays out: everybody is credited
├── a token that takes a tax: the purchase is refused
├── a token that says false without moving anything: the purchase is refused
└── a token that says false, or nothing, and pays: what moved counts
"""

import pytest

from tests.support.calls import CallReverted, balance, reverts
from tests.support.registry import LICENCE, PRICE, deploy_token

MOVES_NOTHING, MOVES_ALL = 1, 2


def token_of(world, name):
    return deploy_token([world.who.buyer], [world.registry.address], name)


def buy(world, id_, gas=15_000_000):
    arguments = (id_, 1, LICENCE, PRICE, world.who.buyer)
    return world.registry.send("purchase", *arguments, sender=world.who.buyer, gas=gas)


def owes_what_it_holds(registry, token):
    return registry.call("liabilities", token.address) == balance(token, registry.address)


def test_a_blocked_publisher_is_credited(world, registry, who):
    token = token_of(world, "BlacklistToken")
    id_ = world.publish(token=token.address)
    token.send("setBlocked", who.publisher, True, sender=who.stranger)
    credited = {"token": token.address, "account": who.publisher, "amount": PRICE}
    assert buy(world, id_).of(registry)[2:] == [("Credited", credited)]
    assert owes_what_it_holds(registry, token)
    with reverts("Blocked", who.publisher):
        registry.send("withdraw", token.address, who.publisher, PRICE, sender=who.publisher)
    registry.send("withdraw", token.address, who.stranger, PRICE, sender=who.publisher)
    assert balance(token, who.stranger) == PRICE
    assert owes_what_it_holds(registry, token)


def test_a_blocked_annotator_is_credited_and_the_other_paid(world, registry, who):
    token = token_of(world, "BlacklistToken")
    id_ = world.publish_from_job(token=token.address)
    buy(world, id_)
    blocked, free, _ = who.annotators
    token.send("setBlocked", blocked, True, sender=who.stranger)
    for annotator in (blocked, free):
        registry.send("payRoyalty", id_, annotator, sender=who.stranger)
    assert registry.call("creditOf", token.address, blocked) == 210_000
    assert balance(token, free) == 90_000
    assert owes_what_it_holds(registry, token)


def test_a_token_that_burns_the_gas_leaves_a_credit(world, registry, who):
    token = token_of(world, "BurnerToken")
    id_ = world.publish(token=token.address)
    token.send("burnGasOf", registry.address, 2**256 - 1, sender=who.stranger)
    buy(world, id_)
    assert registry.call("creditOf", token.address, who.publisher) == PRICE
    assert owes_what_it_holds(registry, token)


def test_a_tax_on_the_deposit_is_refused(world, registry):
    token = token_of(world, "FeeToken")
    id_ = world.publish(token=token.address)
    with reverts("DepositShort", token.address, PRICE, PRICE - PRICE // 100):
        buy(world, id_)
    assert registry.call("licencesSold") == 0


def test_a_token_that_moves_nothing_is_refused(world, registry, who):
    token = token_of(world, "FalseToken")
    id_ = world.publish(token=token.address)
    token.send("setMood", MOVES_NOTHING, sender=who.stranger)
    with reverts("SafeERC20FailedOperation", token.address):
        buy(world, id_)
    assert registry.call("licencesSold") == 0


def test_what_moved_counts_not_what_the_token_says(world, registry, who):
    """The annotator is paid by a token that answers false although it moved everything."""
    token = token_of(world, "FalseToken")
    id_ = world.publish_from_job(token=token.address)
    buy(world, id_)
    token.send("setMood", MOVES_ALL, sender=who.stranger)
    registry.send("payRoyalty", id_, who.annotators[0], sender=who.stranger)
    assert balance(token, who.annotators[0]) == 210_000
    assert registry.call("creditOf", token.address, who.annotators[0]) == 0
    assert owes_what_it_holds(registry, token)


def test_a_token_that_says_nothing_works(world, registry, who):
    token = token_of(world, "SilentToken")
    id_ = world.publish(token=token.address)
    buy(world, id_)
    assert balance(token, who.publisher) == PRICE
    assert owes_what_it_holds(registry, token)


def test_too_little_gas_for_the_token_reverts(world):
    id_ = world.publish(token=token_of(world, "SilentToken").address)
    with pytest.raises(CallReverted) as caught:
        buy(world, id_, gas=420_000)
    assert caught.value.error == "PaymentGasTooLow"
    assert caught.value.values[0] == 200_000 * 64 // 63 + 90_000
