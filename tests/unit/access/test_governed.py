"""
Owner, pauser and protocol fee (T18, T61, F10)
├── constructor: the first owner is the pauser, there is no fee, owner and sink are required
├── setFee: the owner, up to 5 %; nothing that is open changes
├── setPauser: the owner; nobody is possible
├── pause: pauser or owner; unpause: the owner only
├── ownership: handed over in two steps, never given up
└── no role can touch anybody's money
"""

import pytest

from tests.support.calls import ZERO, deploy, reverts
from tests.support.market import REWARD, mine_at


def test_constructor__a_new_market__has_its_roles_and_no_fee(market, who):
    assert market.call("owner") == market.call("pauser") == who.owner
    assert (market.call("pendingOwner"), market.call("feeRecipient")) == (ZERO, who.sink)
    assert (market.call("feeBps"), market.call("MAX_FEE_BPS"), market.call("paused")) == (0, 500, False)
    assert market.call("jobCount") == 0


def test_constructor__without_owner_or_sink__reverts(who):
    with reverts("OwnableInvalidOwner", ZERO):
        deploy("AnnotationMarket", ZERO, who.sink, sender=who.owner)
    with reverts("FeeRecipientRequired"):
        deploy("AnnotationMarket", who.owner, ZERO, sender=who.owner)


@pytest.mark.parametrize("fee", [1, 500, 0])
def test_set_fee__by_the_owner__is_kept(market, who, fee):
    receipt = market.send("setFee", fee, sender=who.owner)
    assert receipt.of(market) == [("FeeSet", {"feeBps": fee})]
    assert market.call("feeBps") == fee


def test_set_fee__above_the_cap__reverts(market, who):
    with reverts("FeeAboveCap", 501, 500):
        market.call("setFee", 501, sender=who.owner)


def test_set_fee__in_the_middle_of_a_job__changes_nothing_in_it(world, market, who):
    """T12, T18."""
    job_id = world.open()
    submitted = world.submitted(job_id, 0b11)
    market.send("setFee", 500, sender=who.owner)
    with world.moves() as moved:
        world.approve(submitted, 0b01)
        world.approve(world.submitted(job_id, 0b100), 0b100)
        market.send("close", job_id, sender=who.creator)
    assert "sink's credit" not in moved
    assert moved["creator"] == 597 * REWARD


def test_set_pauser__by_the_owner__is_kept(market, who):
    for pauser in (who.keeper, ZERO):
        receipt = market.send("setPauser", pauser, sender=who.owner)
        assert receipt.of(market) == [("PauserSet", {"pauser": pauser})]
        assert market.call("pauser") == pauser


def test_pause__by_pauser_or_owner__and_unpause_by_the_owner(market, who):
    market.send("setPauser", who.keeper, sender=who.owner)
    for account in (who.keeper, who.owner):
        receipt = market.send("pause", sender=account)
        assert receipt.of(market) == [("Paused", {"account": account})]
        assert market.call("paused")
        with reverts("OwnableUnauthorizedAccount", who.keeper):
            market.call("unpause", sender=who.keeper)
        assert market.send("unpause", sender=who.owner).of(market) == [("Unpaused", {"account": who.owner})]


def test_pause__twice_or_unpause_what_runs__reverts(market, who):
    with reverts("ExpectedPause"):
        market.call("unpause", sender=who.owner)
    market.send("pause", sender=who.owner)
    with reverts("EnforcedPause"):
        market.call("pause", sender=who.owner)


@pytest.mark.parametrize("role", ["creator", "sink", "keeper", "stranger"])
def test_governance__by_anyone_else__reverts(market, who, role):
    account = getattr(who, role)
    with reverts("NotPauser", account):
        market.call("pause", sender=account)
    for act, arguments in {
        "setFee": (1,),
        "setPauser": (account,),
        "unpause": (),
        "transferOwnership": (account,),
        "renounceOwnership": (),
        "acceptOwnership": (),
    }.items():
        with reverts("OwnableUnauthorizedAccount", account):
            market.call(act, *arguments, sender=account)


def test_pauser__who_was_replaced__has_no_power(market, who):
    market.send("setPauser", who.keeper, sender=who.owner)
    market.send("setPauser", who.stranger, sender=who.owner)
    with reverts("NotPauser", who.keeper):
        market.call("pause", sender=who.keeper)


def test_ownership__handover__takes_two_steps(market, who):
    """T61: an heir who never accepts leaves the owner where he is."""
    market.send("transferOwnership", who.keeper, sender=who.owner)
    assert (market.call("owner"), market.call("pendingOwner")) == (who.owner, who.keeper)
    with reverts("OwnableUnauthorizedAccount", who.keeper):
        market.call("setFee", 1, sender=who.keeper)
    market.send("acceptOwnership", sender=who.keeper)
    assert (market.call("owner"), market.call("pendingOwner")) == (who.keeper, ZERO)
    with reverts("OwnableUnauthorizedAccount", who.owner):
        market.call("setFee", 1, sender=who.owner)
    assert market.call("pauser") == who.owner


def test_ownership__given_up__reverts(market, who):
    """T61: a market that nobody could unpause."""
    with reverts("OwnerRequired"):
        market.call("renounceOwnership", sender=who.owner)


def test_owner__every_power_used__moves_no_money(world, market, who):
    """T61: a job under way and a credit, and everything that an owner can do."""
    job_id = world.open()
    expired = world.claim(job_id, 1)
    mine_at(world.record(expired)["time"] + 1)
    market.send("releaseExpired", job_id, [expired], sender=who.keeper)
    with world.moves() as moved:
        market.send("setFee", 500, sender=who.owner)
        market.send("pause", sender=who.owner)
        market.send("setPauser", who.stranger, sender=who.owner)
        market.send("unpause", sender=who.owner)
        market.send("transferOwnership", who.stranger, sender=who.owner)
        market.send("acceptOwnership", sender=who.stranger)
    assert moved == {}
