"""
createJob: the arbiter's acceptance
├── holds through its last second, for every job that this creator opens with these terms
├── by key or by the owner of a contract wallet (T42)
└── reverts when the arbiter did not sign these terms, for this creator, until so late, in this market (T41)
"""

from dataclasses import replace

import pytest

from offchain.signing import Domain, terms_hash
from tests.support.calls import deploy, now, reverts
from tests.support.market import ANVIL_CHAIN, DAY, REWARD, mine_at, next_at
from tests.support.money import bounty


def test_create_job__acceptance__holds_through_its_last_second(world, market, who):
    terms, until = world.terms(), now() + 100
    arguments = world.create_call(terms, until=until)
    next_at(until)
    market.send(*arguments, sender=who.creator, value=bounty(terms))
    world.terms_of[1] = terms
    mine_at(until + 1)
    with reverts("SignatureExpired", until, until + 1):
        market.call(*arguments, sender=who.creator, value=bounty(terms))


def test_create_job__acceptance__serves_for_every_job_with_these_terms(world):
    terms, until = world.terms(), now() + DAY
    signature = world.acceptance(terms, until)
    for _ in range(2):
        arguments = world.create_call(terms, until=until, signature=signature)
        world.terms_of[world.market.call("jobCount") + 1] = terms
        world.market.send(*arguments, sender=terms.creator, value=bounty(terms))
    assert world.market.call("jobCount") == 2


@pytest.mark.parametrize(
    "change",
    [
        {"reward": REWARD + 1},
        {"arbiter_fee": 0},
        {"decision_window": 6 * DAY},
        {"instructions_hash": b"\x77" * 32},
        {"data_length": 12_346},
        {"multipliers": 10_000, "word_classes": (0,)},
    ],
)
def test_create_job__acceptance_of_other_terms__reverts(world, who, change):
    terms, until = world.terms(), now() + DAY
    with reverts("InvalidSignature", who.arbiter):
        world.try_open(replace(terms, **change), until=until, signature=world.acceptance(terms, until))


def test_create_job__acceptance_for_another_creator__reverts(world, who):
    terms, until = world.terms(), now() + DAY
    signature = world.acceptance(terms, until)
    with reverts("InvalidSignature", who.arbiter):
        world.try_open(replace(terms, creator=who.stranger), until=until, signature=signature)


def test_create_job__acceptance_with_a_longer_deadline_than_signed__reverts(world, who):
    terms, until = world.terms(), now() + DAY
    with reverts("InvalidSignature", who.arbiter):
        world.try_open(terms, until=until + 1, signature=world.acceptance(terms, until))


@pytest.mark.parametrize("where", ["chain", "contract", "name", "version"])
def test_create_job__acceptance_for_another_domain__reverts(world, who, market, where):
    """T41."""
    other = {
        "chain": Domain(1, market.address),
        "contract": Domain(ANVIL_CHAIN, world.lens.address),
        "name": Domain(ANVIL_CHAIN, market.address, name="Winnow"),
        "version": Domain(ANVIL_CHAIN, market.address, version="2"),
    }[where]
    terms, until = world.terms(), now() + DAY
    message = {"termsHash": terms_hash(terms), "arbiter": who.arbiter, "deadline": until}
    signature = world.sign(who.arbiter, "ArbiterAcceptance", message, other)
    with reverts("InvalidSignature", who.arbiter):
        world.try_open(terms, until=until, signature=signature)


@pytest.mark.parametrize("signature", [b"", b"\0" * 65])
def test_create_job__no_acceptance__reverts(world, who, signature):
    with reverts("InvalidSignature", who.arbiter):
        world.try_open(world.terms(), signature=signature)


def test_create_job__acceptance_by_the_creator_himself__reverts(world, who):
    terms, until = world.terms(), now() + DAY
    with reverts("InvalidSignature", who.arbiter):
        world.try_open(terms, until=until, signature=world.acceptance(terms, until, key=who.creator))


def test_create_job__arbiter_with_a_contract_wallet__accepts_by_its_owner(world, who):
    """T42: a court or a committee can be the arbiter."""
    wallet = deploy("MockWallet", who.arbiter, sender=who.arbiter)
    terms, until = world.terms(arbiter=wallet.address), now() + DAY
    assert world.try_open(terms, until=until, signature=world.acceptance(terms, until, key=who.arbiter)) == 1
    with reverts("InvalidSignature", wallet.address):
        world.try_open(terms, until=until, signature=world.acceptance(terms, until, key=who.creator))
