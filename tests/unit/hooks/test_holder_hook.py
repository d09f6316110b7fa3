"""
HolderHook
├── by collection: admits who holds a token now, without any data
├── by attestation: admits whom the attester attested, by this schema, unrevoked and unexpired
│   ├── the second before the expiry is good, the expiry is not
│   └── refuses another recipient, schema, attester, a revoked one, an unknown one, the id zero, a record
│       under another id than its own, and data of another length
├── either of the two is enough, and a zero address turns one off; with both off nobody is admitted
└── in a market: a holder claims, others do not
"""

import pytest
from eth_abi import encode

from tests.support.calls import ZERO, deploy, now, reverts, rpc
from tests.support.registry import job_terms, open_job

UID, SCHEMA = b"\x77" * 32, b"\x5c" * 32


@pytest.fixture
def collection(who):
    return deploy("MockCollection", sender=who.owner)


@pytest.fixture
def eas(who):
    return deploy("MockEAS", sender=who.owner)


@pytest.fixture
def annotator(who):
    return who.annotators[0]


def hook_for(who, *, collection=None, eas=None):
    addresses = [contract.address if contract else ZERO for contract in (collection, eas)]
    return deploy("HolderHook", *addresses, SCHEMA, who.rival, sender=who.owner)


def attest(eas, who, recipient, key=UID, **changes):
    plain = {
        "uid": UID,
        "schema": SCHEMA,
        "time": 1,
        "expirationTime": 0,
        "revocationTime": 0,
        "refUID": bytes(32),
        "recipient": recipient,
        "attester": who.rival,
        "revocable": True,
        "data": b"anything",
    }
    eas.send("set", key, plain | changes, sender=who.stranger)


def eligible(hook, account, data=b""):
    return hook.call("isEligible", 1, account, 1, data)


def test_keeps_its_conditions(who, collection, eas):
    hook = hook_for(who, collection=collection, eas=eas)
    names = ("collection", "eas", "schema", "attester")
    kept = tuple(hook.call(name) for name in names)
    assert kept == (collection.address, eas.address, SCHEMA, who.rival)


def test_a_holder_is_admitted_while_he_holds(who, collection, annotator):
    hook = hook_for(who, collection=collection)
    assert not eligible(hook, annotator)
    collection.send("mint", annotator, 5, sender=who.owner)
    assert eligible(hook, annotator)
    assert eligible(hook, annotator, b"whatever")
    assert not eligible(hook, who.stranger)
    collection.send("transferFrom", annotator, who.stranger, 5, sender=annotator)
    assert not eligible(hook, annotator)
    assert eligible(hook, who.stranger)


def test_an_attested_account_is_admitted(who, eas, annotator):
    hook = hook_for(who, eas=eas)
    assert not eligible(hook, annotator, UID)
    attest(eas, who, annotator)
    assert eligible(hook, annotator, UID)
    assert not eligible(hook, who.stranger, UID)


@pytest.mark.parametrize(
    "change",
    [
        {"schema": b"\x5d" * 32},
        {"revocationTime": 1},
        {"revocationTime": 2**63},
        {"expirationTime": 1},
        {"uid": b"\x78" * 32},
    ],
    ids=lambda change: f"{next(iter(change))}",
)
def test_an_attestation_that_does_not_fit_is_refused(who, eas, annotator, change):
    attest(eas, who, annotator, **change)
    assert not eligible(hook_for(who, eas=eas), annotator, UID)


def test_another_attester_is_refused(who, eas, annotator):
    attest(eas, who, annotator, attester=annotator)
    assert not eligible(hook_for(who, eas=eas), annotator, UID)


def test_the_expiry_is_the_first_bad_second(who, eas, annotator):
    hook, expiry = hook_for(who, eas=eas), now() + 100
    attest(eas, who, annotator, expirationTime=expiry)
    for time, good in ((expiry - 1, True), (expiry, False), (expiry + 1, False)):
        rpc("evm_setNextBlockTimestamp", hex(time))
        rpc("evm_mine")
        assert eligible(hook, annotator, UID) is good


def test_the_id_zero_is_refused_even_where_a_record_stands_under_it(who, eas, annotator):
    attest(eas, who, annotator, key=bytes(32), uid=bytes(32))
    assert not eligible(hook_for(who, eas=eas), annotator, bytes(32))


@pytest.mark.parametrize("data", [b"", UID[:31], UID + b"\0", UID + UID])
def test_data_of_another_length_is_refused(who, eas, annotator, data):
    attest(eas, who, annotator)
    assert not eligible(hook_for(who, eas=eas), annotator, data)


def test_either_is_enough(who, collection, eas, annotator):
    hook = hook_for(who, collection=collection, eas=eas)
    attest(eas, who, annotator)
    collection.send("mint", who.stranger, 1, sender=who.owner)
    assert eligible(hook, annotator, UID)
    assert eligible(hook, who.stranger, encode(["bytes32"], [b"\x01" * 32]))
    assert not eligible(hook, who.buyer, UID)


def test_with_both_turned_off_nobody_is_admitted(who, annotator):
    assert not eligible(hook_for(who), annotator, UID)
    assert not eligible(hook_for(who), annotator)


def test_in_a_market(who, market, collection, eas, annotator):
    hook = hook_for(who, collection=collection, eas=eas)
    terms = job_terms(who.publisher, hook=hook.address)
    job_id = open_job(market, terms)
    with reverts("NotEligible", job_id, annotator):
        market.send("claim", job_id, 0, 1, UID, [], sender=annotator)
    attest(eas, who, annotator)
    market.send("claim", job_id, 0, 1, UID, [], sender=annotator)
    collection.send("mint", who.stranger, 1, sender=who.owner)
    market.send("claim", job_id, 0, 2, b"", [], sender=who.stranger)
