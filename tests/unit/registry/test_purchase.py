"""
purchase
├── when the order fits
│   ├── price = fee (credit of the sink) + royalty (pool) + rest (publisher), native coin and ERC-20
│   ├── fee and royalty are rounded down, the publisher gets the remainder
│   ├── the licence keeps data set, version, licence and time, and goes to the recipient
│   └── it emits Transfer, LicencePurchased, Credited
├── when fee and royalty are 0, or the price is 0: nobody is credited nothing
├── when the price is below what the buyer would pay: he pays the price
├── when the fee changed since publication: the fee of that day counts (T18)
├── when the publisher refuses or burns gas: his part becomes a credit (T10)
├── when the publisher calls back: every door is locked (T62)
├── when the recipient is a contract without receiver hook: it gets the licence all the same
└── reverts when
    ├── paused, unknown, or not for sale
    ├── the price is above the buyer's maximum
    ├── licence or version is not the buyer's
    ├── too little or too much native coin comes along, or any with an ERC-20 payment (T9)
    ├── the recipient is the zero address
    ├── the buyer's token does not come
    └── the gas would not do for the publisher's payment
"""

import pytest

from tests.support.calls import ZERO, CallReverted, balance, deploy, reverts
from tests.support.registry import (
    LICENCE,
    OTHER_LICENCE,
    PRICE,
    closed_job,
    content,
    from_job_call,
    job_terms,
    listing,
)
from tests.unit.registry.conftest import BURN_GAS, CALL_BACK, REFUSE


def order(id_, recipient, *, version=1, licence=LICENCE, most=PRICE):
    return ("purchase", id_, version, licence, most, recipient)


def coin(world, kind):
    """The token's address, what balances are read by, and what comes along with a purchase."""
    return (ZERO, ZERO, PRICE) if kind == "native" else (world.token.address, world.token, 0)


@pytest.mark.parametrize("kind", ["native", "ERC-20"])
@pytest.mark.parametrize("royalty_bps", [0, 3_000, 9_000])
@pytest.mark.parametrize("fee_bps", [0, 123, 500])
def test_every_unit_of_the_price_goes_where_it_belongs(world, registry, who, kind, royalty_bps, fee_bps):
    token, purse, value = coin(world, kind)
    terms = job_terms(who.publisher, royalty_bps=royalty_bps)
    job_id = closed_job(world.market, terms, {who.annotators[0]: 2})
    registry.send("setFee", fee_bps, sender=who.owner)
    call = from_job_call(job_id, terms, content(), listing(token=token))
    id_ = registry.send(*call, sender=who.publisher).value
    before = {account: balance(purse, account) for account in (who.buyer, who.publisher, who.sink)}

    registry.send(*order(id_, who.buyer), sender=who.buyer, value=value)

    fee, royalty = PRICE * fee_bps // 10_000, PRICE * royalty_bps // 10_000
    assert balance(purse, who.buyer) == before[who.buyer] - PRICE
    assert balance(purse, who.publisher) == before[who.publisher] + PRICE - fee - royalty
    assert balance(purse, who.sink) == before[who.sink]
    assert registry.call("creditOf", token, who.sink) == fee
    assert registry.call("poolOf", id_) == {"total": royalty, "collected": 0}
    assert registry.call("liabilities", token) == fee + royalty == balance(purse, registry.address)


def test_the_licence_keeps_what_was_bought(world, registry, who):
    id_ = world.publish()
    receipt = registry.send(*order(id_, who.stranger), sender=who.buyer, value=PRICE)
    assert receipt.value == 1 == registry.call("licencesSold")
    assert registry.call("licenceOf", 1) == {
        "datasetId": id_,
        "licenceHash": LICENCE,
        "version": 1,
        "purchasedAt": receipt.time,
    }
    assert registry.call("ownerOf", 1) == who.stranger
    assert registry.call("licenceCount", id_, who.stranger) == 1
    assert registry.call("licenceCount", id_, who.buyer) == 0


def test_emits_exactly_three_events(world, registry, who):
    registry.send("setFee", 100, sender=who.owner)
    id_ = world.publish_from_job()
    receipt = registry.send(*order(id_, who.stranger), sender=who.buyer, value=PRICE)
    sold = {
        "datasetId": id_,
        "licenceId": 1,
        "recipient": who.stranger,
        "buyer": who.buyer,
        "version": 1,
        "licenceHash": LICENCE,
        "price": PRICE,
        "fee": 10_000,
        "royalty": 300_000,
    }
    assert receipt.of(registry) == [
        ("Transfer", {"from": ZERO, "to": who.stranger, "tokenId": 1}),
        ("LicencePurchased", sold),
        ("Credited", {"token": ZERO, "account": who.sink, "amount": 10_000}),
    ]


@pytest.mark.parametrize("kind", ["native", "ERC-20"])
def test_a_gift_moves_no_money(world, registry, who, kind):
    registry.send("setFee", 500, sender=who.owner)
    id_ = world.publish_from_job(price=0, token=coin(world, kind)[0])
    receipt = registry.send(*order(id_, who.buyer, most=0), sender=who.buyer)
    assert [name for name, _ in receipt.of(registry)] == ["Transfer", "LicencePurchased"]
    assert registry.call("poolOf", id_)["total"] == 0
    assert registry.call("licenceCount", id_, who.buyer) == 1


def test_a_price_of_one_goes_to_the_publisher(world, registry, who):
    registry.send("setFee", 500, sender=who.owner)
    id_ = world.publish_from_job(price=1)
    before = balance(ZERO, who.publisher)
    registry.send(*order(id_, who.buyer), sender=who.buyer, value=1)
    assert balance(ZERO, who.publisher) == before + 1


def test_the_price_counts_not_the_maximum(world, registry, who):
    id_ = world.publish()
    before = balance(ZERO, who.buyer)
    registry.send(*order(id_, who.buyer, most=2**256 - 1), sender=who.buyer, value=PRICE)
    assert balance(ZERO, who.buyer) == before - PRICE


def test_the_fee_of_the_day_of_publication_counts(world, registry, who):
    registry.send("setFee", 100, sender=who.owner)
    early = world.publish(1)
    registry.send("setFee", 500, sender=who.owner)
    late = world.publish(2)
    world.buy(early)
    assert registry.call("creditOf", ZERO, who.sink) == PRICE // 100
    world.buy(late)
    assert registry.call("creditOf", ZERO, who.sink) == PRICE // 100 + PRICE // 20


@pytest.mark.parametrize("mood", [REFUSE, BURN_GAS])
def test_a_publisher_who_does_not_take_it_is_credited(world, registry, who, puppet, mood):
    id_ = dataset_of_puppet(registry, who, puppet)
    puppet.send("setMood", mood, sender=who.stranger)
    receipt = registry.send(*order(id_, who.buyer), sender=who.buyer, value=PRICE)
    credited = {"token": ZERO, "account": puppet.address, "amount": PRICE}
    assert receipt.of(registry)[2:] == [("Credited", credited)]
    assert registry.call("creditOf", ZERO, puppet.address) == PRICE
    assert registry.call("ownerOf", 1) == who.buyer

    withdrawal = registry.data("withdraw", ZERO, who.rival, PRICE)
    before = balance(ZERO, who.rival)
    puppet.send("execute", registry.address, withdrawal, sender=who.stranger)
    assert balance(ZERO, who.rival) == before + PRICE


def dataset_of_puppet(registry, who, puppet, **changes):
    call = registry.data("publish", content().message(), listing(**changes).message(), "")
    puppet.send("execute", registry.address, call, sender=who.stranger)
    return registry.call("datasetIdOf", puppet.address, content().package_root)


def doors(id_, me):
    """A call of every function that changes anything, by name."""
    return {
        "publish": (content(9).message(), listing().message(), ""),
        "addVersion": (id_, content(2).message(), ""),
        "setPrice": (id_, 1),
        "setLicence": (id_, OTHER_LICENCE),
        "setForSale": (id_, False),
        "purchase": order(id_, me, most=0)[1:],
        "payRoyalty": (id_, me),
        "withdraw": (ZERO, me, 1),
        "withdrawBySig": (ZERO, me, 1, (me, 1, 2**40, b"")),
    }


@pytest.mark.parametrize("door", doors(0, ZERO))
def test_a_publisher_who_calls_back_finds_every_door_locked(world, registry, who, puppet, door):
    id_ = dataset_of_puppet(registry, who, puppet)
    call = registry.data(door, *doors(id_, puppet.address)[door])
    puppet.send("callBackWith", registry.address, call, sender=who.stranger)
    registry.send(*order(id_, who.buyer), sender=who.buyer, value=PRICE)
    assert puppet.call("mood") == CALL_BACK
    assert balance(ZERO, puppet.address) == PRICE
    assert puppet.call("calledBack") is False
    assert puppet.call("answer").hex() == "3ee5aeb5", "the selector of ReentrancyGuardReentrantCall()"


def test_a_recipient_without_receiver_hook_gets_it(world, registry, who):
    id_ = world.publish()
    registry.send(*order(id_, world.token.address), sender=who.buyer, value=PRICE)
    assert registry.call("ownerOf", 1) == world.token.address


def test_while_paused_reverts(world, registry, who):
    id_ = world.publish()
    registry.send("pause", sender=who.owner)
    with reverts("EnforcedPause"):
        registry.send(*order(id_, who.buyer), sender=who.buyer, value=PRICE)


def test_unknown_data_set_reverts(registry, who):
    with reverts("UnknownDataset", 77):
        registry.send(*order(77, who.buyer), sender=who.buyer, value=PRICE)


def test_not_for_sale_reverts(world, registry, who):
    id_ = world.publish()
    registry.send("setForSale", id_, False, sender=who.publisher)
    with reverts("NotForSale", id_):
        registry.send(*order(id_, who.buyer), sender=who.buyer, value=PRICE)


def test_price_above_the_maximum_reverts(world, registry, who):
    id_ = world.publish()
    with reverts("PriceAboveMax", PRICE, PRICE - 1):
        registry.send(*order(id_, who.buyer, most=PRICE - 1), sender=who.buyer, value=PRICE)


def test_another_licence_reverts(world, registry, who):
    id_ = world.publish()
    with reverts("LicenceChanged", OTHER_LICENCE, LICENCE):
        registry.send(*order(id_, who.buyer, licence=OTHER_LICENCE), sender=who.buyer, value=PRICE)


@pytest.mark.parametrize("version", [0, 1, 3, 2**32 + 2])
def test_another_version_than_the_latest_reverts(world, registry, who, version):
    id_ = world.publish()
    registry.send("addVersion", id_, content(2).message(), "", sender=who.publisher)
    with reverts("VersionChanged", version, 2):
        registry.send(*order(id_, who.buyer, version=version), sender=who.buyer, value=PRICE)


@pytest.mark.parametrize("value", [0, PRICE - 1, PRICE + 1])
def test_another_value_than_the_price_reverts(world, registry, who, value):
    id_ = world.publish()
    with reverts("WrongValue", PRICE, value):
        registry.send(*order(id_, who.buyer), sender=who.buyer, value=value)


@pytest.mark.parametrize("price", [PRICE, 0])
def test_native_coin_with_a_token_payment_reverts(world, registry, who, price):
    id_ = world.publish(token=world.token.address, price=price)
    with reverts("WrongValue", 0, 1):
        registry.send(*order(id_, who.buyer), sender=who.buyer, value=1)


def test_no_recipient_reverts(world, registry, who):
    id_ = world.publish()
    with reverts("ERC721InvalidReceiver", ZERO):
        registry.send(*order(id_, ZERO), sender=who.buyer, value=PRICE)


def test_a_buyer_without_allowance_reverts(world, registry, who):
    id_ = world.publish(token=world.token.address)
    with reverts("ERC20InsufficientAllowance", registry.address, 0, PRICE):
        registry.send(*order(id_, who.stranger), sender=who.stranger)
    assert registry.call("licencesSold") == 0


def test_too_little_gas_for_the_publisher_reverts(world, registry, who):
    """A relayer must not turn a payment into a credit by sending little gas (F20)."""
    id_ = world.publish()
    used = registry.send(*order(id_, who.buyer), sender=who.buyer, value=PRICE).gas_used
    with pytest.raises(CallReverted) as caught:
        registry.send(*order(id_, who.buyer), sender=who.buyer, value=PRICE, gas=used + 40_000)
    assert caught.value.error == "PaymentGasTooLow"
    assert caught.value.values[0] == 100_000 * 64 // 63 + 90_000 > caught.value.values[1]


def test_the_token_is_taken_from_the_buyer_not_from_the_recipient(world, registry, who):
    id_ = world.publish(token=world.token.address)
    before = balance(world.token, who.rival)
    registry.send(*order(id_, who.rival), sender=who.buyer)
    assert balance(world.token, who.rival) == before


def test_a_wallet_buys_like_everyone(world, registry, who, puppet):
    id_ = world.publish()
    call = registry.data(*order(id_, puppet.address))
    puppet.send("execute", registry.address, call, sender=who.stranger, value=PRICE)
    assert registry.call("ownerOf", 1) == puppet.address


def test_ids_count_over_all_data_sets(world, registry):
    one, other = world.publish(1), world.publish(2)
    assert [world.buy(one), world.buy(other), world.buy(one)] == [1, 2, 3]
    assert [registry.call("licenceOf", id_)["datasetId"] for id_ in (1, 2, 3)] == [one, other, one]


def test_a_puppet_in_a_good_mood_is_paid_at_once(world, registry, who):
    puppet = deploy("Puppet", sender=who.stranger)
    id_ = dataset_of_puppet(registry, who, puppet)
    registry.send(*order(id_, who.buyer), sender=who.buyer, value=PRICE)
    assert balance(ZERO, puppet.address) == PRICE
