"""
withdraw
├── pays the caller's credit, whole or in parts, to any address, and emits CreditWithdrawn
├── works while paused
└── reverts for 0, for more than the credit, for somebody else's credit, for the zero address and the
    registry, and as a whole where the recipient refuses
withdrawBySig
├── pays the signer's credit to the address that he signed; the relayer gets nothing (T43)
└── reverts for a changed recipient, amount or token, for a used nonce, after the deadline, for another
    registry's signature, and for a key that is not the signer's (T41)
cancelNonce makes a signature worthless
domainSeparator is that of the registry's own name
"""

import pytest
from ape import accounts
from eth_account import Account

from offchain.signing import Domain, domain_separator, sign, typed_data
from tests.support.calls import ZERO, balance, now, reverts, rpc
from tests.support.registry import PRICE, deploy_registry
from tests.unit.registry.conftest import REFUSE

FEE = PRICE * 500 // 10_000
NAME = "Winnow DatasetRegistry"


@pytest.fixture
def credit(world, registry, who):
    """The sink has earned a fee."""
    registry.send("setFee", 500, sender=who.owner)
    world.buy(world.publish())
    assert registry.call("creditOf", ZERO, who.sink) == FEE
    return FEE


def test_pays_in_parts_to_any_address(registry, who, credit):
    before = balance(ZERO, who.rival)
    for amount in (1, FEE - 1):
        receipt = registry.send("withdraw", ZERO, who.rival, amount, sender=who.sink)
        taken = {"token": ZERO, "account": who.sink, "to": who.rival, "amount": amount}
        assert receipt.of(registry) == [("CreditWithdrawn", taken)]
    assert balance(ZERO, who.rival) == before + FEE
    assert registry.call("creditOf", ZERO, who.sink) == registry.call("liabilities", ZERO) == 0


def test_pays_tokens(world, registry, who):
    registry.send("setFee", 500, sender=who.owner)
    world.buy(world.publish(token=world.token.address))
    registry.send("withdraw", world.token.address, who.stranger, FEE, sender=who.sink)
    assert balance(world.token, who.stranger) == FEE


def test_works_while_paused(registry, who, credit):
    registry.send("pause", sender=who.owner)
    registry.send("withdraw", ZERO, who.sink, FEE, sender=who.sink)


@pytest.mark.parametrize("amount", [0, FEE + 1, 2**256 - 1])
def test_another_amount_than_the_credit_reverts(registry, who, credit, amount):
    with reverts("CreditTooLow", ZERO, who.sink, FEE, amount):
        registry.send("withdraw", ZERO, who.sink, amount, sender=who.sink)


def test_somebody_elses_credit_reverts(registry, who, credit):
    with reverts("CreditTooLow", ZERO, who.owner, 0, FEE):
        registry.send("withdraw", ZERO, who.owner, FEE, sender=who.owner)


def test_a_bad_recipient_reverts(registry, who, credit):
    for to in (ZERO, registry.address):
        with reverts("BadRecipient", to):
            registry.send("withdraw", ZERO, to, FEE, sender=who.sink)


def test_a_recipient_who_refuses_reverts_the_whole(registry, who, credit, puppet):
    puppet.send("setMood", REFUSE, sender=who.stranger)
    with reverts("Error", "no money, please"):
        registry.send("withdraw", ZERO, puppet.address, FEE, sender=who.sink)
    assert registry.call("creditOf", ZERO, who.sink) == FEE


def order(registry, who, **changes):
    """A signed withdrawal of the sink's fee to the rival, as arguments; `changes` come after signing."""
    message = {"token": ZERO, "to": who.rival, "amount": FEE, "account": who.sink}
    message |= {"nonce": 7, "deadline": now() + 60}
    chain_id = int(rpc("eth_chainId"), 16)
    document = typed_data(Domain(chain_id, registry.address, name=NAME), "Withdraw", message)
    signature = sign(Account.from_key(accounts[who.sink].private_key), document)
    message |= {"signature": signature} | changes
    consent = tuple(message[name] for name in ("account", "nonce", "deadline", "signature"))
    return message["token"], message["to"], message["amount"], consent


def test_by_signature_pays_whom_the_signer_named(registry, who, credit):
    before = balance(ZERO, who.rival)
    receipt = registry.send("withdrawBySig", *order(registry, who), sender=who.stranger)
    taken = {"token": ZERO, "account": who.sink, "to": who.rival, "amount": FEE}
    assert receipt.of(registry) == [
        ("NonceUsed", {"account": who.sink, "nonce": 7}),
        ("CreditWithdrawn", taken),
    ]
    assert balance(ZERO, who.rival) == before + FEE
    assert registry.call("isNonceUsed", who.sink, 7) is True
    assert registry.call("isNonceUsed", who.sink, 8) is False


def test_by_signature_works_while_paused(registry, who, credit):
    registry.send("pause", sender=who.owner)
    registry.send("withdrawBySig", *order(registry, who), sender=who.stranger)


@pytest.mark.parametrize("field", ["to", "amount", "nonce", "token"])
def test_what_a_relayer_changed_reverts(world, registry, who, credit, field):
    values = {"to": who.stranger, "amount": FEE - 1, "nonce": 8, "token": world.token.address}
    with reverts("InvalidSignature", who.sink):
        changed = order(registry, who, **{field: values[field]})
        registry.send("withdrawBySig", *changed, sender=who.stranger)


def test_another_signer_reverts(registry, who, credit):
    with reverts("InvalidSignature", who.owner):
        registry.send("withdrawBySig", *order(registry, who, account=who.owner), sender=who.stranger)


def test_nobody_as_signer_reverts(registry, who, credit):
    with reverts("InvalidSignature", ZERO):
        forged = order(registry, who, account=ZERO, signature=b"\x00" * 65)
        registry.send("withdrawBySig", *forged, sender=who.stranger)


def test_twice_reverts(registry, who, credit):
    signed = order(registry, who)
    registry.send("withdrawBySig", *signed, sender=who.stranger)
    with reverts("NonceAlreadyUsed", who.sink, 7):
        registry.send("withdrawBySig", *signed, sender=who.stranger)


def test_after_the_deadline_reverts(registry, who, credit):
    signed = order(registry, who)
    deadline = signed[3][2]
    rpc("evm_setNextBlockTimestamp", hex(deadline + 1))
    rpc("evm_mine")
    with pytest.raises(Exception, match="SignatureExpired"):
        registry.send("withdrawBySig", *signed, sender=who.stranger)


def test_a_signature_for_another_registry_reverts(world, registry, who, credit):
    other = deploy_registry(who, world.market.address)
    with reverts("InvalidSignature", who.sink):
        registry.send("withdrawBySig", *order(other, who), sender=who.stranger)


def test_a_cancelled_nonce_reverts(registry, who, credit):
    signed = order(registry, who)
    receipt = registry.send("cancelNonce", 7, sender=who.sink)
    assert receipt.of(registry) == [("NonceUsed", {"account": who.sink, "nonce": 7})]
    with reverts("NonceAlreadyUsed", who.sink, 7):
        registry.send("withdrawBySig", *signed, sender=who.stranger)
    with reverts("NonceAlreadyUsed", who.sink, 7):
        registry.send("cancelNonce", 7, sender=who.sink)


def test_the_domain_is_the_registrys_own(registry):
    chain_id = int(rpc("eth_chainId"), 16)
    assert registry.call("domainSeparator") == domain_separator(Domain(chain_id, registry.address, name=NAME))
